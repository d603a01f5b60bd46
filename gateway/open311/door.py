"""The door of Open311: finds what was asked for, asks the service, answers in the standard's form, refusals too."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from chassis.logs import log
from gateway.doors import Caller, Doors
from gateway.open311 import standard, writing
from gateway.open311.shapes import Shapes
from gateway.open311.standard import COMMON, FORMATS, OF_REQUESTS, Fault, Told
from gateway.refusals import Refused
from gateway.rest.entry import limited_body
from gateway.rest.problems import language_of
from gateway.transcode import Malformed
from gateway.words import Words

PREFIX = "/open311/v2"
PAGE = 500
# Which fault of the standard a refusal of the service is; the others keep their own status and sentence.
_STATUS = {"OPEN311_KEY_UNKNOWN": 403, "JURISDICTION_UNKNOWN": 404, "CATEGORY_UNKNOWN": 404, "OPEN311_PLACE_NOT_OPEN": 403}
_METHODS = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"]


class Ask:
    """One question of a program: what it asks, in which form and language it wants the answer."""

    def __init__(self, request: Request, words: Words) -> None:
        self.request = request
        self.language = language_of(request)
        self.shapes = Shapes(words, self.language)
        path, _, form = str(request.path_params["path"]).rpartition(".")
        self.parts = path.split("/") if form in FORMATS else []
        self.form = form if form in FORMATS else "xml"

    @property
    def caller(self) -> Caller:
        """Nobody, from somewhere: a program has no account."""
        address = self.request.client.host if self.request.client else ""
        return Caller(language=self.language, address=address, traceparent=self.request.headers.get("traceparent", ""))

    def fields(self, known: frozenset[str]) -> dict[str, str]:
        """The query, each field once and known."""
        return standard.once(self.request.query_params.multi_items(), known)


Handler = Callable[[Ask], Awaitable[Response]]


class Open311:
    """Answers everything below /open311/v2."""

    def __init__(self, doors: Doors) -> None:
        self._doors = doors
        self._words = Words.load([Path(__file__).with_name("words.toml")])

    def routes(self) -> list[Route]:
        """One route: what is no address of the standard is refused in its form too."""
        return [Route(f"{PREFIX}/{{path:path}}", self.answer, methods=_METHODS)]

    async def answer(self, request: Request) -> Response:
        """The answer, or a fault: nothing leaves here in another form."""
        ask = Ask(request, self._words)
        try:
            return await self._handler(ask)(ask)
        except Refused as refusal:
            fault: Fault = self._fault(refusal)
        except Malformed:
            fault = Fault(400, "open311.no_form")
        except Fault as wrong:
            fault = wrong
        except Exception as error:
            log().error("open311.failed", exc_info=error)
            fault = Fault(500, "open311.not_answering")
        sentence = ask.shapes.t(fault.word, **fault.params)
        return writing.faults([{"code": fault.code, "description": sentence}], ask.form)

    def _handler(self, ask: Ask) -> Handler:
        found: Mapping[str, Handler] = {}
        match ask.parts:
            case ["services"]:
                found = {"GET": self._services}
            case ["services", _]:
                found = {"GET": self._definition}
            case ["requests"]:
                found = {"GET": self._requests, "POST": self._post}
            case ["requests", _]:
                found = {"GET": self._request}
            case ["tokens", _]:
                found = {"GET": self._token}
        if not found:
            raise Fault(404, "open311.no_route")
        if ask.request.method not in found:
            raise Fault(405, "open311.no_method", method=ask.request.method)
        return found[ask.request.method]

    async def _services(self, ask: Ask) -> Response:
        offered = await self._offered(ask, standard.place(ask.fields(COMMON)))
        return writing.rows("services", "service", [ask.shapes.service(one) for one in offered["services"]], ask.form)

    async def _definition(self, ask: Ask) -> Response:
        offered = await self._offered(ask, standard.place(ask.fields(COMMON)))
        code = ask.parts[1]
        _named(offered, code)
        return writing.record("service_definition", ask.shapes.definition(code, offered["attributes"]), ask.form)

    async def _requests(self, ask: Ask) -> Response:
        fields = ask.fields(OF_REQUESTS)
        wanted: dict[str, Any] = {
            "jurisdiction_path": standard.place(fields),
            "numbers": standard.several(fields, "service_request_id"),
            "service_codes": standard.several(fields, "service_code"),
            "status": standard.status(fields),
        }
        for name, field in (("received_from", "start_date"), ("received_before", "end_date")):
            asked = standard.moment(fields, field)
            wanted |= {name: _stamp(asked)} if asked else {}
        return self._shown(ask, await self._found(ask, wanted))

    async def _request(self, ask: Ask) -> Response:
        number = ask.parts[1]
        wanted = {"numbers": [standard.short("service_request_id", number)], "jurisdiction_path": self._place(ask)}
        found = await self._found(ask, wanted)
        if not found:
            raise Fault(404, "open311.no_request", id=number[:60])
        return self._shown(ask, found)

    async def _token(self, ask: Ask) -> Response:
        token = standard.short("token", ask.parts[1])
        self._place(ask)
        try:
            number = (await self._doors.ask("complaints.FindPublicRequest", ask.caller, token=token))["number"]
        except Refused as refusal:
            if refusal.status not in (400, 404):
                raise
            raise Fault(404, "open311.no_request", id=token[:60]) from None
        return writing.rows("service_requests", "request", [{"service_request_id": number, "token": token}], ask.form)

    async def _post(self, ask: Ask) -> Response:
        """Files one. The key is asked for before anything is read of the rest, and looked at by the service alone."""
        posted = standard.posting(await limited_body(ask.request))
        key = posted.fields.get("api_key") or ask.fields(COMMON).get("api_key", "")
        if not key:
            raise Fault(403, "open311.no_key")
        fields = standard.checked({**ask.fields(COMMON), **posted.fields})
        place = standard.place(fields)
        offered = await self._offered(ask, place)
        service = ask.shapes.said(_named(offered, fields["service_code"]), "name")
        draft = ask.shapes.draft(place, service, fields, posted, offered["attributes"])
        request_id = standard.short("idempotency-key", ask.request.headers.get("idempotency-key", ""))[:64]
        filing = {"api_key": key, "draft": draft, "request_id": request_id}
        told = await self._doors.ask("complaints.FilePublicRequest", ask.caller, **filing)
        return writing.rows("service_requests", "request", [ask.shapes.posted(told)], ask.form, 201)

    async def _offered(self, ask: Ask, place: str) -> dict[str, Any]:
        return await self._doors.ask("complaints.ShowOpen311Services", ask.caller, jurisdiction_path=place)

    async def _found(self, ask: Ask, wanted: Mapping[str, Any]) -> list[dict[str, Any]]:
        """All of it up to as many as the standard shows at once."""
        found: list[dict[str, Any]] = []
        token = ""
        while True:
            page = {"page_size": PAGE, "page_token": token}
            answer = await self._doors.ask("complaints.ListPublicRequests", ask.caller, **wanted, **page)
            found += answer["requests"]
            token = answer["next_page_token"]
            if not token or len(found) >= answer["most"]:
                return found[: answer["most"]]

    def _shown(self, ask: Ask, found: list[dict[str, Any]]) -> Response:
        return writing.rows("service_requests", "request", [ask.shapes.request(one) for one in found], ask.form)

    def _place(self, ask: Ask) -> str:
        return standard.place(ask.fields(COMMON))

    def _fault(self, refusal: Refused) -> Fault:
        code = _STATUS.get(refusal.reason, refusal.status)
        if code >= 500 or not refusal.sentence:
            return Fault(code if code >= 400 else 500, "open311.not_answering")
        return Told(code, refusal.sentence)


def _named(offered: Mapping[str, Any], code: str) -> Mapping[str, Any]:
    found = next((one for one in offered["services"] if one["code"] == code), None)
    if found is None:
        raise Fault(404, "open311.no_service", code=code[:60])
    return dict(found)


def _stamp(asked: datetime) -> str:
    return asked.isoformat().replace("+00:00", "Z")
