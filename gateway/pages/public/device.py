"""A cookie that tells one browser behind an address from another, so that an office behind one address is not one visitor.

It is random, says nothing about anybody, is written down nowhere, and goes when the browser is closed. The service that
limits filing gives it out and knows its own again; one that somebody made up is like none.
"""

from __future__ import annotations

from starlette.responses import Response

from gateway.pages.frame.visit import DEVICE, Visit


async def known_again(visit: Visit, response: Response) -> Response:
    """The answer, with the cookie for a browser that has none."""
    if not visit.request.cookies.get(DEVICE):
        given = await visit.part("complaints.IssueDevice")
        secure = visit.site.sessions.secure
        if given is not None:
            response.set_cookie(DEVICE, given["device"], httponly=True, samesite="lax", secure=secure, path="/")
    return response
