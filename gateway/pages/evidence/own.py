"""What the holder of a receipt code hands in and sees again. The code travels in forms only, never in an address."""

from __future__ import annotations

from typing import Any

from starlette.responses import RedirectResponse, Response
from zhengfeng.complaints.v1 import uploads_pb2

from gateway.pages.evidence.passing import Outcome, hand_in, handed_out
from gateway.pages.frame.uploads import Sent, bounded, check_own
from gateway.pages.frame.visit import Visit

MOST_FORM = 64 * 1024
MOST_SHOWN = 100


async def give(visit: Visit) -> Response:
    """The page of one's own files; with files in the form, they are handed in first."""
    if visit.request.method == "GET":
        return visit.site.page(visit, "evidence/code.html")
    outcomes: list[Outcome] = []
    if Sent.has_files(visit.request):
        sent = Sent(visit.request)
        outcomes = await hand_in(visit, sent, "complaints.BeginOwnUpload", {})
        code = sent.fields.get("receipt_code", "")
    else:
        form = await bounded(visit.request, MOST_FORM).form()
        check_own(visit, str(form.get("csrf", "")))
        code = str(form.get("receipt_code", "")).strip()
    found = await visit.ask("complaints.ListOwnAttachments", receipt_code=code, page_size=MOST_SHOWN)
    refused = [one for one in outcomes if one.sentence]
    page: dict[str, Any] = {"found": found, "code": code, "outcomes": outcomes}
    return visit.site.page(visit, "evidence/own.html", 400 if refused else 200, **page)


async def file(visit: Visit) -> Response:
    """One of them back again."""
    if visit.request.method == "GET":
        return RedirectResponse("/evidence", 303)
    asked = {name: str(visit.form.get(name, "")) for name in ("receipt_code", "attachment_id")}
    kind = uploads_pb2.DownloadOwnAttachmentResponse
    return await handed_out(visit, "complaints.DownloadOwnAttachment", kind, **asked)
