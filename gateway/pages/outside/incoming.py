"""Where other systems post their signed reports: headers and body go to the service byte by byte, which checks them."""

from __future__ import annotations

import base64
import json
from collections.abc import Awaitable, Callable

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from gateway.doors import Caller
from gateway.pages.frame.site import Site
from gateway.refusals import Refused
from gateway.rest.entry import limited_body

RPC = "complaints.ReceiveReport"


def take(site: Site) -> Callable[[Request], Awaitable[Response]]:
    """The handler; it needs no page, no session and no form token, because what counts is the signature."""

    async def answer(request: Request) -> Response:
        try:
            message = {
                "webhook": request.path_params["ref"],
                "message_id": request.headers.get("webhook-id", ""),
                "timestamp": request.headers.get("webhook-timestamp", ""),
                "signature": request.headers.get("webhook-signature", ""),
                "body": base64.b64encode(await limited_body(request)).decode(),
            }
            rpc = site.contracts.rpc(RPC)
            wire = site.doors.transcoder.to_wire(rpc.request, json.dumps(message).encode(), {})
            await site.doors.send(rpc, wire, Caller(token="", language="en", address=_address(request), traceparent=""))
        except Refused as refusal:
            return JSONResponse({"reason": refusal.reason}, refusal.status)
        return Response(status_code=204)

    return answer


def _address(request: Request) -> str:
    return request.client.host if request.client else ""
