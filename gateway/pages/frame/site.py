"""The frame all pages hang in: routes, sign-in at the door, CSRF, refusals as pages, headers."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterable, Mapping
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from starlette.datastructures import FormData
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response
from starlette.routing import Route

from chassis.clock import Clock
from chassis.logs import log
from gateway.assets import Assets
from gateway.contracts import Contracts
from gateway.doors import Doors
from gateway.pages.frame import formats
from gateway.pages.frame.menu import Entry, Group, grouped
from gateway.pages.frame.uploads import FORM_BYTES, bounded
from gateway.pages.frame.visit import Visit
from gateway.refusals import Refused
from gateway.rest.problems import language_of
from gateway.session import COOKIE, Sessions
from gateway.transcode import Malformed
from gateway.words import Words

Handler = Callable[[Visit], Awaitable[Response]]
PAGES = Path(__file__).resolve().parent.parent
FORM_PARTS = 2000
# No page asks anything of anybody but this host, and nothing but our own files may run.
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; "
    "font-src 'self'; media-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'; manifest-src 'self'"
)
ORIGINS = {
    "complaints": ("/complaints", "complaints.GetComplaint"),
    "accountability": ("/cases", "accountability.GetCase"),
    "supervision": ("/findings", "supervision.GetFinding"),
    "evaluation": ("/campaigns", "evaluation.GetCampaign"),
    "flag": ("/flags", "accountability.GetFlag"),
    "review": ("/review-samples", "complaints.GetReviewSample"),
}
"""Where the record of an origin is shown, and the rpc whose access decides who is led there."""
HEADERS = {
    "content-security-policy": POLICY,
    "x-content-type-options": "nosniff",
    "referrer-policy": "same-origin",
    "cache-control": "no-store",
    "cross-origin-opener-policy": "same-origin",
}


class Site:
    """Built once; holds what every page needs and nothing about anybody."""

    def __init__(
        self, doors: Doors, sessions: Sessions, words: Words, clock: Clock, assets: Assets, menu: Iterable[Entry]
    ) -> None:
        self.doors = doors
        self.sessions = sessions
        self.words = words
        self.clock = clock
        self.assets = assets
        self.menu = tuple(menu)
        self.templates = Environment(
            loader=FileSystemLoader(PAGES),
            autoescape=True,
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
        )
        self.templates.filters.update(score=formats.score, quantity=formats.quantity, percent=formats.percent)

    def groups(self, visit: Visit) -> list[Group]:
        """The menu of this visitor."""
        own = [one for one in self.menu if one.signed_in == bool(visit.session)]
        return grouped([one for one in own if not one.rpc or visit.may(one.rpc)])

    def switched(self, visit: Visit) -> str:
        """The query of the same page in the other language."""
        other = "en" if visit.language == "zh" else "zh"
        kept = [pair for pair in visit.request.query_params.multi_items() if pair[0] not in ("lang", "done")]
        return urlencode([*kept, ("lang", other)])

    def origin(self, visit: Visit, origin: Mapping[str, str]) -> str:
        """The page of the record an origin names, for those who may see it; empty for others."""
        place = ORIGINS.get(origin["service"])
        if place is None or not origin["subject_id"] or not visit.may(place[1]):
            return ""
        return f"{place[0]}/{origin['subject_id']}"

    @property
    def contracts(self) -> Contracts:
        return self.doors.contracts

    def route(
        self, path: str, handler: Handler, *, signed_in: bool = True, post: bool = False, streams: bool = False
    ) -> Route:
        """A page. Those that are not open to everyone send a stranger to sign in first, and back afterwards. One that
        streams reads its form itself, as it arrives."""

        async def answer(request: Request) -> Response:
            visit = await self._visit(request)
            if signed_in and visit.session is None:
                return self._to_sign_in(request)
            response = await self._handle(visit, handler, streams)
            self._finish(visit, response)
            return response

        made = Route(path, answer, methods=["GET", "POST"] if post else ["GET"], name=handler.__qualname__)
        made.methods = (made.methods or set()) - {"HEAD"}  # what is not GET is a form that was sent, with its token
        return made

    async def _visit(self, request: Request) -> Visit:
        return Visit(self, request, await self.sessions.of(request), language_of(request))

    async def _handle(self, visit: Visit, handler: Handler, streams: bool) -> Response:
        try:
            if visit.request.method == "POST" and not streams:
                visit.form = await self._form(visit)
            return await handler(visit)
        except Refused as refusal:
            if refusal.status == 401 and visit.session:
                return self._to_sign_in(visit.request)
            return self.refusal(visit, refusal)
        except Malformed as wrong:
            return self.refusal(visit, Refused(400, "MALFORMED_REQUEST", str(wrong)))
        except Exception as error:
            log().error("page.failed", act=handler.__qualname__, exc_info=error)
            return self.refusal(visit, Refused(500, "INTERNAL_ERROR", ""))

    async def nowhere(self, request: Request) -> Response:
        """An address that is no page."""
        visit = await self._visit(request)
        response = self.refusal(visit, Refused(404, "NO_SUCH_PAGE", ""))
        self._finish(visit, response)
        return response

    async def _form(self, visit: Visit) -> FormData:
        """What was sent. Signed in, it must carry the session's CSRF token; always, it must come from our pages."""
        request = visit.request
        if request.headers.get("sec-fetch-site", "same-origin") not in ("same-origin", "none"):
            raise Refused(403, "FOREIGN_FORM", "")
        form = await bounded(request, FORM_BYTES[bool(visit.session)]).form(max_fields=FORM_PARTS, max_files=20)
        if visit.session and not visit.session.owns(str(form.get("csrf", ""))):
            raise Refused(403, "CSRF_TOKEN_MISSING", "")
        return form

    def _finish(self, visit: Visit, response: Response) -> None:
        for name, value in HEADERS.items():
            response.headers.setdefault(name, value)
        chosen = visit.request.query_params.get("lang")
        if chosen in ("zh", "en"):
            response.set_cookie("lang", chosen, max_age=365 * 86400, samesite="lax", path="/")
        if visit.session and visit.session.refreshed:
            visit.session.keep(response, self.sessions.secure)

    def _to_sign_in(self, request: Request) -> Response:
        back = request.url.path + (f"?{request.url.query}" if request.url.query else "")
        target = str(request.url_for("sign_in").include_query_params(next=back)) if request.method == "GET" else ""
        response = RedirectResponse(target or str(request.url_for("sign_in")), 303)
        response.delete_cookie(COOKIE)
        return response

    def page(self, visit: Visit, template: str, /, status: int = 200, **values: Any) -> HTMLResponse:
        return HTMLResponse(self.render(visit, template, **values), status)

    def render(self, visit: Visit, template: str, /, **values: Any) -> str:
        common: Mapping[str, Any] = {
            "visit": visit,
            "t": visit.t,
            "site": self,
            "request": visit.request,
            "large": visit.request.cookies.get("large", ""),
        }
        return self.templates.get_template(template).render({**common, **values})

    def refusal(self, visit: Visit, refusal: Refused) -> HTMLResponse:
        """A refusal with nothing else to show: what is wrong and what to do."""
        sentence = refusal.sentence or self.words.refusal(refusal.reason, refusal.status, visit.language)
        return self.page(visit, "frame/refusal.html", refusal.status, refusal=refusal, sentence=sentence)
