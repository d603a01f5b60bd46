"""The hall screen. It draws itself from the live stream; without scripts it shows the count at the moment it was asked."""

from __future__ import annotations

from starlette.responses import Response

from gateway.pages.frame.visit import Visit

TITLE_LENGTH = 120


async def hall(visit: Visit) -> Response:
    ref = visit.ref("ref")
    rpc = visit.site.contracts.rpc("evaluation.LiveTally")
    frames = visit.site.doors.follow(rpc, visit.site.doors.transcoder.pack(rpc.request, {"campaign_id": ref}), visit.caller)
    frame = visit.site.doors.transcoder.unpack(rpc.answer, await anext(frames))["frame"]
    await frames.aclose()  # type: ignore[attr-defined]
    title = visit.request.query_params.get("title", "")[:TITLE_LENGTH]
    return visit.site.page(visit, "campaigns/hall.html", frame=frame, ref=ref, title=title)
