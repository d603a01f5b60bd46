"""A cookie that tells one browser behind an address from another, so that an office behind one address is not one visitor.

It is random, says nothing about anybody, is written down nowhere, and goes when the browser is closed.
"""

from __future__ import annotations

import secrets

from starlette.responses import Response

from gateway.pages.frame.visit import DEVICE, Visit


def known_again(visit: Visit, response: Response) -> Response:
    """The answer, with the cookie for a browser that has none."""
    if not visit.request.cookies.get(DEVICE):
        value = secrets.token_urlsafe(12)
        secure = visit.site.sessions.secure
        response.set_cookie(DEVICE, value, httponly=True, samesite="lax", secure=secure, path="/")
    return response
