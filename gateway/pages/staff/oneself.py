"""Oneself: who one is here, open sessions, a new password, a new second factor, saved views."""

from __future__ import annotations

from typing import Any

from starlette.responses import RedirectResponse, Response

from gateway.pages.frame.forms import message, typed
from gateway.pages.frame.ledger import maker
from gateway.pages.frame.visit import Visit
from gateway.pages.public.home import local
from gateway.pages.public.picture import qr
from gateway.refusals import Refused
from gateway.transcode import Malformed

SYSTEMS = {
    "HarmonyOS": "HarmonyOS",
    "iPhone": "iPhone",
    "iPad": "iPad",
    "Android": "Android",
    "Windows": "Windows",
    "Mac OS": "macOS",
    "Linux": "Linux",
}
BROWSERS = {"MicroMessenger": "WeChat", "Edg": "Edge", "Firefox": "Firefox", "Chrome": "Chrome", "Safari": "Safari"}
"""What a browser says of itself, the more telling words first: Edge says Chrome too, Chrome says Safari too."""


def device(visit: Visit, said: str) -> str:
    """The device of a session as people name it: its browser and its system."""
    system = next((name for mark, name in SYSTEMS.items() if mark in said), "")
    browser = next((name for mark, name in BROWSERS.items() if mark in said), "")
    if system and browser:
        return visit.t("device_on", system=system, browser=browser)
    return system or browser or visit.t("device_unknown")


async def me(visit: Visit) -> Response:
    person = (await visit.ask("directory.WhoAmI"))["person"]
    sessions = await visit.part("directory.ListSessions", page_size=100)
    await visit.learn(person)
    opened = sessions["sessions"] if sessions else []
    return visit.site.page(visit, "staff/me.html", person=person, sessions=opened, device=device)


async def password(visit: Visit) -> Response:
    """A new password; sessions elsewhere end."""
    return await _own_form(visit, "directory.ChangePassword", "staff/password.html", "/me?done=ChangePassword")


async def second_factor(visit: Visit) -> Response:
    """Two steps on one page: the password gives a new secret, a code from it puts it in force."""
    if visit.form.get("totp_code"):
        return await _own_form(visit, "directory.ConfirmTotp", "staff/second_factor.html", "/me?done=ConfirmTotp")
    if visit.request.method == "GET":
        return await _own_form(visit, "directory.EnrolTotp", "staff/second_factor.html", "")
    try:
        started = await visit.ask("directory.EnrolTotp", password=str(visit.form.get("password", "")))
    except Refused as refusal:
        return await _own_form(visit, "directory.EnrolTotp", "staff/second_factor.html", "", refusal)
    form = maker(visit).make(visit.site.contracts.rpc("directory.ConfirmTotp"))
    picture = qr(started["totp_uri"])
    return visit.site.page(visit, "staff/second_factor.html", form=form, secret=started["totp_secret"], picture=picture)


async def _own_form(visit: Visit, rpc: str, template: str, target: str, refusal: Refused | None = None) -> Response:
    form = maker(visit).make(visit.site.contracts.rpc(rpc))
    values: dict[str, Any] = {"secret": "", "picture": ""}
    if visit.request.method == "GET":
        return visit.site.page(visit, template, form=form, **values)
    if refusal is None:
        try:
            await visit.ask(rpc, **message(form, typed(form, visit.form)))
            return RedirectResponse(target, 303)
        except Refused as wrong:
            refusal = wrong
        except Malformed as wrong:
            refusal = Refused(400, "MALFORMED_REQUEST", str(wrong))
    sentence = refusal.sentence or visit.site.words.refusal(refusal.reason, refusal.status, visit.language)
    return visit.site.page(visit, template, refusal.status, form=form.refused(refusal, sentence), **values)


async def keep_view(visit: Visit) -> Response:
    page, name = str(visit.form.get("page", "")), str(visit.form.get("name", "")).strip()
    query = str(visit.form.get("query", ""))
    await visit.ask("directory.SaveView", page=page, name=name, query=query)
    return RedirectResponse(f"{local(str(visit.form.get('back', '/work')))}?{query}", 303)


async def drop_view(visit: Visit) -> Response:
    await visit.ask("directory.DeleteView", view_id=visit.ref("view"))
    return RedirectResponse(local(str(visit.form.get("back", "/work"))), 303)
