"""The hall screen. It draws itself from the live stream; without scripts it shows the count at the moment it was asked."""

from __future__ import annotations

from starlette.responses import Response

from gateway.pages.frame.visit import Visit


async def hall(visit: Visit) -> Response:
    ref = visit.ref("ref")
    rpc = visit.site.contracts.rpc("evaluation.LiveTally")
    frames = visit.site.doors.follow(rpc, visit.site.doors.transcoder.pack(rpc.request, {"campaign_id": ref}), visit.caller)
    frame = visit.site.doors.transcoder.unpack(rpc.answer, await anext(frames))["frame"]
    await frames.aclose()  # type: ignore[attr-defined]
    campaign = await visit.part("evaluation.GetCampaign", campaign_id=ref) if visit.session else None
    return visit.site.page(
        visit,
        "campaigns/hall.html",
        frame=frame,
        ref=ref,
        title=campaign["campaign"]["plan"]["title"] if campaign else "",
    )
