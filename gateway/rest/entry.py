"""The REST entry: one handler for every rpc. JSON in, bytes over gRPC, JSON out; refusals become problems.

Signed in by bearer token, or by the pages' cookie, in which case an unsafe method must also carry the session's
CSRF token (`X-CSRF-Token`).
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from google.protobuf.descriptor_pb2 import FieldDescriptorProto
from starlette.requests import Request
from starlette.responses import Response

from chassis.logs import log
from gateway.contracts import Contracts, Rpc
from gateway.doors import Caller, Doors
from gateway.refusals import Refused, Violation
from gateway.rest.problems import language_of, problem
from gateway.rest.routing import Routes
from gateway.rest.streams import event_stream, wire_messages
from gateway.session import Sessions
from gateway.transcode import Malformed
from gateway.words import Words

BODY_BYTES = 4 * 1024 * 1024
PREFIX = "/api"


class Rest:
    """Answers everything under /api."""

    def __init__(self, doors: Doors, sessions: Sessions, words: Words) -> None:
        self.doors = doors
        self.sessions = sessions
        self.words = words
        self.routes = Routes(doors.contracts.rpcs.values())

    async def answer(self, request: Request) -> Response:
        language = language_of(request)
        try:
            return await self._answer(request, language)
        except Refused as refusal:
            return problem(refusal, self.words, language)
        except Malformed as wrong:
            faults = (Violation(wrong.field, str(wrong)),) if wrong.field else ()
            return problem(Refused(400, "MALFORMED_REQUEST", str(wrong), faults), self.words, language)
        except Exception as error:
            log().error("request.failed", exc_info=error)
            return problem(Refused(500, "INTERNAL_ERROR", ""), self.words, language)

    async def _answer(self, request: Request, language: str) -> Response:
        path = request.scope["raw_path"].decode("ascii", "replace").partition("?")[0].removeprefix(PREFIX)
        found = self.routes.find(request.method, path)
        if found is None:
            return self._no_route(path, language)
        rpc, fields = found
        caller = await self.caller(request, rpc, language)
        transcoder = self.doors.transcoder
        if rpc.client_streaming:
            wires = wire_messages(rpc, request, fields, self.doors.contracts, transcoder)
            return _json(transcoder.from_wire(rpc.answer, await self.doors.send_many(rpc, wires, caller)))
        wire = transcoder.to_wire(rpc.request, await self._message(request, rpc), fields)
        if rpc.server_streaming:
            return await event_stream(self.doors, rpc, wire, caller)
        return _json(transcoder.from_wire(rpc.answer, await self.doors.send(rpc, wire, caller)))

    async def caller(self, request: Request, rpc: Rpc, language: str) -> Caller:
        """Who calls: the bearer token if there is one, else the session of the cookie."""
        header = request.headers.get("authorization", "")
        if header[:7].lower() == "bearer ":
            token = header[7:].strip()
        else:
            session = await self.sessions.of(request)
            token = session.token if session else ""
            if session and not rpc.reads_only and not session.owns(request.headers.get("x-csrf-token", "")):
                raise Refused(403, "CSRF_TOKEN_MISSING", "")
        return Caller(
            token=token,
            language=language,
            address=request.client.host if request.client else "",
            traceparent=request.headers.get("traceparent", ""),
        )

    async def _message(self, request: Request, rpc: Rpc) -> bytes:
        """The JSON of the request message: the body, or the query where the rpc takes no body."""
        if rpc.body == "":
            return json.dumps(from_query(self.doors.contracts, rpc, request.query_params.multi_items())).encode()
        body = await limited_body(request)
        if rpc.body != "*":
            body = b'{"%s":%s}' % (rpc.body.encode(), body or b"{}")
        key = request.headers.get("idempotency-key", "")
        if key and "request_id" in self.doors.contracts.fields(rpc.request):
            body = _with_request_id(body, key)
        return body

    def _no_route(self, path: str, language: str) -> Response:
        methods = self.routes.methods(path)
        if not methods:
            return problem(Refused(404, "NO_SUCH_ROUTE", ""), self.words, language)
        refusal = problem(Refused(405, "METHOD_NOT_ALLOWED", ""), self.words, language)
        refusal.headers["allow"] = ", ".join(methods)
        return refusal


async def limited_body(request: Request) -> bytes:
    """The body, refused as soon as it grows past what any message may be."""
    parts, size = [], 0
    async for part in request.stream():
        size += len(part)
        if size > BODY_BYTES:
            raise Refused(413, "BODY_TOO_LARGE", "")
        parts.append(part)
    return b"".join(parts)


def from_query(contracts: Contracts, rpc: Rpc, pairs: list[tuple[str, str]]) -> Mapping[str, Any]:
    """`filter.stages=A&filter.stages=B&page_size=5` as the request message. `lang` belongs to the gateway."""
    fields: dict[str, Any] = {}
    known = {name: one for name, _, one in contracts.flat_fields(rpc.request)}
    for name, text in pairs:
        if name == "lang":
            continue
        described = known.get(name)
        if described is None:
            raise Malformed(f"there is no parameter {name[:64]}", name[:64])
        value: Any = _truth(name, text) if described.type == FieldDescriptorProto.TYPE_BOOL else text
        *parents, last = name.split(".")
        place = fields
        for parent in parents:
            place = place.setdefault(parent, {})
        if described.label == FieldDescriptorProto.LABEL_REPEATED:
            place.setdefault(last, []).append(value)
        elif last in place:
            raise Malformed("given more than once", name)
        else:
            place[last] = value
    return fields


def _truth(name: str, text: str) -> bool:
    if text not in ("true", "false"):
        raise Malformed("true or false", name)
    return text == "true"


def _with_request_id(body: bytes, key: str) -> bytes:
    try:
        message = json.loads(body or b"{}")
    except ValueError as error:
        raise Malformed("not valid JSON") from error
    if isinstance(message, dict):
        message.setdefault("request_id", key)
    return json.dumps(message).encode()


def _json(text: str) -> Response:
    return Response(text, media_type="application/json", headers={"cache-control": "no-store"})
