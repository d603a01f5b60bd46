"""Files on their way through: from a form to the service, and from the service to a browser, piece by piece."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

from starlette.responses import Response, StreamingResponse
from zhengfeng.complaints.v1 import uploads_pb2

from gateway.pages.frame.told import refusal_told
from gateway.pages.frame.uploads import Sent, check_own
from gateway.pages.frame.visit import Visit
from gateway.refusals import Refused

UPLOAD = "complaints.UploadAttachment"
SHOWN = ("image/", "audio/", "video/")
WHOLE = ("RECEIPT_UNKNOWN", "COMPLAINT_NOT_FOUND", "TOO_MANY_ATTEMPTS", "RECUSED", "ROLE_NOT_ALLOWED")
"""Refusals that are not about one file: the rest is read to its end and passed on to nobody."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one file: nothing in `sentence` means that it was taken."""

    file_name: str
    sentence: str = ""


async def hand_in(visit: Visit, sent: Sent, rpc: str, asked: Mapping[str, str]) -> list[Outcome]:
    """Hands every file of the form in; raises the refusal that is not about one file alone."""
    outcomes, ended = await hand_in_each(visit, sent, rpc, asked)
    if ended is not None:
        raise ended
    return outcomes


async def hand_in_each(visit: Visit, sent: Sent, rpc: str, asked: Mapping[str, str]) -> tuple[list[Outcome], Refused | None]:
    """Hands every file of the form in, each under a ticket of its own; one refused does not keep out the next.

    `asked` names the complaint; without it the form does, by its receipt code. The form's hidden fields come before its
    files, so whose form it is, is known before a file is passed on. What ended it before the last file is told beside.
    """
    outcomes: list[Outcome] = []
    ended: Refused | None = None
    async for file_name, content in sent.files():
        check_own(visit, sent.fields.get("csrf", ""))
        if ended is not None:
            outcomes.append(Outcome(file_name, _sentence(visit, ended)))
            continue
        try:
            ticket = (await visit.ask(rpc, **asked, **_named(sent, asked), file_name=file_name[:200]))["ticket"]
            await _upload(visit, ticket, content)
            outcomes.append(Outcome(file_name))
        except Refused as refusal:
            outcomes.append(Outcome(file_name, _sentence(visit, refusal)))
            ended = refusal if refusal.status >= 500 or refusal.reason in WHOLE else None
    check_own(visit, sent.fields.get("csrf", ""))
    return outcomes, ended


def _named(sent: Sent, asked: Mapping[str, str]) -> dict[str, str]:
    return {} if asked else {"receipt_code": sent.fields.get("receipt_code", "")}


async def _upload(visit: Visit, ticket: str, content: AsyncIterator[bytes]) -> None:
    async def wires() -> AsyncIterator[bytes]:
        yield uploads_pb2.UploadAttachmentRequest(ticket=ticket).SerializeToString()
        async for piece in content:
            yield uploads_pb2.UploadAttachmentRequest(content=piece).SerializeToString()

    try:
        await visit.site.doors.send_many(visit.site.contracts.rpc(UPLOAD), wires(), visit.caller)
    except Refused as refusal:
        raise await refusal_told(visit, refusal) from None


async def handed_out(visit: Visit, rpc: str, kind: type[Any], **asked: str) -> Response:
    """A file as a download. The head is awaited, so that a refusal is a page of its own; a file that turns out to be damaged
    on its way ends the connection instead of looking whole."""
    contract = visit.site.contracts.rpc(rpc)
    wire = visit.site.doors.transcoder.pack(contract.request, asked)
    answers = visit.site.doors.follow(contract, wire, visit.caller)
    try:
        head = kind.FromString(await anext(answers)).head
    except Refused as refusal:
        raise await refusal_told(visit, refusal) from None

    async def pieces() -> AsyncIterator[bytes]:
        async for answer in answers:
            yield kind.FromString(answer).content

    headers = {
        "content-disposition": f"attachment; filename*=UTF-8''{quote(head.file_name, safe='')}",
        "content-length": str(head.size),
        "cache-control": "no-store",
        "cross-origin-resource-policy": "same-origin",
    }
    return StreamingResponse(pieces(), media_type=head.media_type, headers=headers)


def shown_here(media_type: str) -> bool:
    """Whether a browser shows it in a page; the rest is downloaded."""
    return media_type.startswith(SHOWN)


def _sentence(visit: Visit, refusal: Refused) -> str:
    return refusal.sentence or visit.site.words.refusal(refusal.reason, refusal.status, visit.language)
