"""Pictures of cards on their way from the service to a browser."""

from __future__ import annotations

from starlette.responses import Response
from zhengfeng.evaluation.v1 import keying_pb2

from gateway.pages.frame.visit import Visit

SHOWN = ("image/png", "image/jpeg")
PICTURE = "evaluation.ShowCardPicture"


async def picture(visit: Visit) -> Response:
    """A strip, a side, or what was seen of a page that was refused. It is never kept by a browser."""
    contract = visit.site.contracts.rpc(PICTURE)
    wire = visit.site.doors.transcoder.pack(contract.request, {"picture_id": visit.ref("picture")})
    kind, content = "", b""
    async for answer in visit.site.doors.follow(contract, wire, visit.caller):
        part = keying_pb2.ShowCardPictureResponse.FromString(answer)
        kind, content = kind or part.media_type, content + part.content
    headers = {"cross-origin-resource-policy": "same-origin"}
    return Response(content, media_type=kind if kind in SHOWN else "application/octet-stream", headers=headers)
