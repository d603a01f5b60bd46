"""The two kinds of stream, by one rule each: a client stream is the body of a PUT, a server stream is SSE.

A PUT with JSON lines sends one message a line. A PUT of anything else is a file: its bytes travel in the one
`bytes` field of the request message, in pieces, and path and query name the rest in the first message. Where that is a
code, it is a secret that must not stand in an address, which ends in logs: headers name the rest (`ticket` is `x-ticket`).
"""

from __future__ import annotations

import base64
import json
from collections.abc import AsyncIterator, Mapping

from google.protobuf.descriptor_pb2 import FieldDescriptorProto
from starlette.requests import Request
from starlette.responses import StreamingResponse

from gateway.contracts import Contracts, Rpc
from gateway.doors import Caller, Doors
from gateway.refusals import Refused
from gateway.transcode import Malformed, Transcoder

PIECE_BYTES = 256 * 1024
LINE_BYTES = 4 * 1024 * 1024


async def wire_messages(
    rpc: Rpc, request: Request, fields: Mapping[str, str], contracts: Contracts, transcoder: Transcoder
) -> AsyncIterator[bytes]:
    """The messages of a client stream, from the body of a PUT."""
    if request.headers.get("content-type", "").startswith(("application/json", "application/x-ndjson")):
        async for line in _lines(request):
            yield transcoder.to_wire(rpc.request, line, fields)
        return
    content = content_field(contracts, rpc.request)
    first = {**(_from_headers(rpc, request, contracts) if rpc.access.by_code else dict(request.query_params)), **fields}
    first.pop("lang", None)
    if rpc.access.by_code:  # so that a wrong code is refused before a file is sent
        yield transcoder.pack(rpc.request, first)
        first = dict(fields)
    async for piece in _pieces(request):
        yield transcoder.pack(rpc.request, {**first, content: base64.b64encode(piece).decode()})
        first = dict(fields)


def content_field(contracts: Contracts, message: str) -> str:
    """The name of the one field that carries bytes; a stream without one takes JSON lines only."""
    names = [f.name for f in contracts.fields(message).values() if f.type == FieldDescriptorProto.TYPE_BYTES]
    if len(names) != 1:
        raise Refused(415, "JSON_LINES_EXPECTED", "")
    return names[0]


def header_of(field: str) -> str:
    """The header a field of the first message comes in."""
    return "x-" + field.replace("_", "-")


def _from_headers(rpc: Rpc, request: Request, contracts: Contracts) -> dict[str, str]:
    if any(name != "lang" for name in request.query_params):
        raise Malformed("a code does not stand in an address but in a header")
    found = {name: request.headers.get(header_of(name), "") for name in contracts.fields(rpc.request)}
    return {name: value for name, value in found.items() if value}


async def _lines(request: Request) -> AsyncIterator[bytes]:
    rest = b""
    async for part in request.stream():
        *lines, rest = (rest + part).split(b"\n")
        if len(rest) > LINE_BYTES:
            raise Malformed("a line is too long")
        for line in lines:
            if line.strip():
                yield line
    if rest.strip():
        yield rest


async def _pieces(request: Request) -> AsyncIterator[bytes]:
    rest = b""
    async for part in request.stream():
        rest += part
        while len(rest) >= PIECE_BYTES:
            yield rest[:PIECE_BYTES]
            rest = rest[PIECE_BYTES:]
    if rest:
        yield rest


async def event_stream(doors: Doors, rpc: Rpc, wire: bytes, caller: Caller) -> StreamingResponse:
    """Server-sent events. The first answer is awaited, so that a refusal still has a status of its own."""
    answers = doors.follow(rpc, wire, caller)
    try:
        first: bytes | None = await anext(answers)
    except StopAsyncIteration:
        first = None

    async def events() -> AsyncIterator[str]:
        if first is None:
            return
        yield _event(doors.transcoder.from_wire(rpc.answer, first))
        try:
            async for answer in answers:
                yield _event(doors.transcoder.from_wire(rpc.answer, answer))
        except Refused as refusal:
            yield _event(json.dumps({"reason": refusal.reason, "status": refusal.status}), "problem")

    headers = {"cache-control": "no-store", "x-accel-buffering": "no"}
    return StreamingResponse(events(), media_type="text/event-stream", headers=headers)


def _event(data: str, name: str = "") -> str:
    head = f"event: {name}\n" if name else ""
    return f"{head}data: {data}\n\n"
