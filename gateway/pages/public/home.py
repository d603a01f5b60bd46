"""The way in for everybody."""

from __future__ import annotations

from starlette.responses import RedirectResponse, Response

from gateway.pages.frame.visit import Visit


async def show(visit: Visit) -> Response:
    found = await visit.part("evaluation.ListResults", page_size=5)
    return visit.site.page(visit, "public/home.html", results=found["results"] if found else [])


async def large(visit: Visit) -> Response:
    """The "Aa" switch: larger letters on this device."""
    response = RedirectResponse(local(str(visit.form.get("back", "/"))), 303)
    if visit.request.cookies.get("large"):
        response.delete_cookie("large")
    else:
        response.set_cookie("large", "1", max_age=365 * 86400, samesite="lax", path="/")
    return response


def local(address: str) -> str:
    """An address of this host only: a way back may not lead elsewhere."""
    safe = address.startswith("/") and not address.startswith(("//", "/\\")) and "\n" not in address
    return address if safe else "/"
