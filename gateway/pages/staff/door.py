"""Signing in with two factors in one form, and out."""

from __future__ import annotations

from starlette.responses import RedirectResponse, Response

from gateway.pages.frame.visit import Visit
from gateway.pages.public.home import local
from gateway.refusals import Refused
from gateway.session import COOKIE, session
from gateway.transcode import Malformed

DEVICE_LENGTH = 200


async def sign_in(visit: Visit) -> Response:
    back = local(str(visit.form.get("next") or visit.request.query_params.get("next") or "/work"))
    if visit.request.method == "GET":
        return visit.site.page(visit, "staff/sign_in.html", back=back, user_name="", sentence="")
    user_name = str(visit.form.get("user_name", "")).strip()
    try:
        answer = await visit.ask(
            "directory.SignIn",
            user_name=user_name,
            password=str(visit.form.get("password", "")),
            totp_code=str(visit.form.get("totp_code", "")).replace(" ", ""),
            device=visit.request.headers.get("user-agent", "")[:DEVICE_LENGTH],
        )
    except (Refused, Malformed) as wrong:
        return _again(visit, back, user_name, wrong)
    opened = session(answer["session_secret"], answer["token"]["token"])
    target = "/me/password" if answer["person"]["must_change_password"] else back
    response = RedirectResponse(target, 303)
    opened.keep(response, visit.site.sessions.secure)
    return response


def _again(visit: Visit, back: str, user_name: str, wrong: Refused | Malformed) -> Response:
    """One sentence for every way to be wrong, unless it is not the visitor's fault at all."""
    own = isinstance(wrong, Refused) and wrong.status in (429, 503, 504)
    status = wrong.status if isinstance(wrong, Refused) else 400
    sentence = visit.site.words.refusal("", status, visit.language) if own else visit.t("refusal.SIGN_IN_REFUSED")
    page = visit.site.page(visit, "staff/sign_in.html", status, back=back, user_name=user_name, sentence=sentence)
    visit.session = None
    return page


async def sign_out(visit: Visit) -> Response:
    """Ends the session; the cookie goes even where the directory cannot be reached now."""
    if visit.session and visit.request.method == "POST":
        await visit.part("directory.SignOut", session_secret=visit.session.secret)
    response = RedirectResponse("/", 303)
    if visit.request.method == "POST":
        response.delete_cookie(COOKIE)
        visit.session = None
    return response
