"""The files of a complaint for those who work on it: clerks and office, the unit what it is shown, the keeper originals."""

from __future__ import annotations

from typing import Any

from starlette.responses import RedirectResponse, Response
from zhengfeng.complaints.v1 import attachments_pb2

from chassis.clock import new_id
from gateway.pages.evidence.passing import Outcome, hand_in, handed_out, shown_here
from gateway.pages.frame.uploads import Sent
from gateway.pages.frame.visit import Visit

MOST_SHOWN = 100


async def files(visit: Visit) -> Response:
    """What was given with a complaint, and a place for more."""
    ref = visit.ref("ref")
    outcomes: list[Outcome] = []
    if visit.request.method == "POST":
        sent = Sent(visit.request)
        outcomes = await hand_in(visit, sent, "complaints.BeginUpload", {"complaint_id": ref})
    return await _page(visit, ref, outcomes)


async def _page(visit: Visit, ref: str, outcomes: list[Outcome]) -> Response:
    complaint = (await visit.ask("complaints.GetComplaint", complaint_id=ref))["complaint"]
    found = await visit.ask("complaints.ListAttachments", complaint_id=ref, page_size=MOST_SHOWN)
    looks = await visit.part("complaints.ListOriginalLooks", complaint_id=ref, page_size=MOST_SHOWN)
    await visit.learn(found, looks)
    values: dict[str, Any] = {
        "complaint": complaint,
        "found": found,
        "looks": looks["looks"] if looks else [],
        "outcomes": outcomes,
        "ref": ref,
        "shown_here": shown_here,
        "request_id": str(new_id(visit.site.clock)),
    }
    refused = [one for one in outcomes if one.sentence]
    return visit.site.page(visit, "evidence/files.html", 400 if refused else 200, **values)


async def copy(visit: Visit) -> Response:
    """The travelling copy."""
    kind = attachments_pb2.DownloadAttachmentResponse
    return await handed_out(visit, "complaints.DownloadAttachment", kind, attachment_id=visit.ref("file"))


async def show(visit: Visit) -> Response:
    """Shows a file to the unit, or hides it."""
    if visit.request.method == "POST":
        await visit.ask(
            "complaints.ShowToUnit",
            attachment_id=visit.ref("file"),
            expected_version=str(visit.form.get("expected_version", "0")),
            request_id=str(visit.form.get("request_id", "")),
            shown=visit.form.get("shown") == "true",
        )
    return RedirectResponse(f"/complaints/{visit.ref('ref')}/files", 303)


async def original(visit: Visit) -> Response:
    """The original, for a purpose that is put on record with the look."""
    if visit.request.method == "GET":
        return RedirectResponse(f"/complaints/{visit.ref('ref')}/files", 303)
    asked = {"attachment_id": visit.ref("file"), "purpose": str(visit.form.get("purpose", "")).strip()}
    return await handed_out(visit, "complaints.DownloadOriginal", attachments_pb2.DownloadOriginalResponse, **asked)
