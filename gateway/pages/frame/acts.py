"""What can be done with a record: buttons for what is allowed now, reasons for what is not, a form for each act.

Who may do what is the service's to say: its contract names the roles, its record what is next. A form is made
from the request message of the rpc; a refusal comes back beside the field it names, with everything typed kept.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from chassis.clock import new_id
from gateway.contracts import Rpc
from gateway.pages.frame.choices import Choices
from gateway.pages.frame.evidence import filled
from gateway.pages.frame.forms import Form, Option, message
from gateway.pages.frame.ledger import maker
from gateway.pages.frame.site import Site
from gateway.pages.frame.visit import Visit
from gateway.refusals import Refused
from gateway.transcode import Malformed

Options = Callable[[Visit, Mapping[str, Any]], Awaitable[Mapping[str, Sequence[Option]]]]
Complete = Callable[[Visit, dict[str, Any]], Awaitable[None]]
Record = Mapping[str, Any]


async def no_options(visit: Visit, record: Record) -> Mapping[str, Sequence[Option]]:
    return {}


async def as_typed(visit: Visit, command: dict[str, Any]) -> None:
    """Leaves the command as it is."""


def nothing(record: Record) -> Mapping[str, Any]:
    return {}


@dataclass(frozen=True, slots=True)
class Act:
    """One thing that can be done with a record, by its rpc. `possible` tells whether its turn has come."""

    rpc: str
    possible: Callable[[Record], bool] = lambda record: True
    only: Sequence[str] = ()
    options: Options = no_options
    back: str = ""
    """Where it leads afterwards; the record unless said otherwise."""
    template: str = "frame/act.html"
    start: Callable[[Record], Mapping[str, Any]] = nothing
    """What the form starts with: nobody types what the record already says."""
    complete: Complete = as_typed
    """Adds to the command what follows from a choice: nobody is asked the same thing twice."""

    @property
    def name(self) -> str:
        return self.rpc.partition(".")[2]


@dataclass(frozen=True, slots=True)
class RecordKind:
    """A kind of record that acts are done on: where it lives, how it is read, what can be done."""

    key: str
    path: str
    rpc: str
    field: str
    id: str
    acts: Sequence[Act]
    label: Callable[[Record], str] = lambda record: str(record["number"])

    async def read(self, visit: Visit) -> dict[str, Any]:
        """The record of the page's address."""
        answer = await visit.ask(self.rpc, **{self.id: visit.ref("ref")})
        record: dict[str, Any] = answer[self.field]
        return record

    def address(self, ref: str) -> str:
        return f"{self.path}/{ref}"


@dataclass(frozen=True, slots=True)
class Offered:
    """An act as a record's page shows it."""

    act: Act
    address: str
    open: bool
    bare: bool
    why: str = ""
    """Why it is not possible now, where the page knows more than the stage of the record."""


def offered(visit: Visit, kind: RecordKind, record: Record, ref: str) -> list[Offered]:
    """The acts open to the visitor's roles, those whose turn it is first."""
    own = [act for act in kind.acts if visit.may(act.rpc)]
    shown = [Offered(act, f"{kind.address(ref)}/acts/{act.name}", act.possible(record), is_bare(visit, act)) for act in own]
    return sorted(shown, key=lambda one: not one.open)


def is_bare(visit: Visit, act: Act) -> bool:
    """Whether there is nothing to fill in: then the button does it at once."""
    rpc = visit.site.contracts.rpc(act.rpc)
    return not maker(visit).make(rpc, only=act.only).fields


def act_routes(site: Site, kind: RecordKind) -> list[Route]:
    """One page for each act of a record."""
    acts = {act.name: act for act in kind.acts}

    async def show(visit: Visit) -> Response:
        act = acts.get(visit.ref("act"))
        if act is None or not visit.may(act.rpc):
            raise Refused(404, "NO_SUCH_PAGE", "")
        return await act_page(visit, kind, act)

    show.__qualname__ = f"act_{kind.key}"
    return [site.route(kind.path + "/{ref}/acts/{act}", show, post=True)]


async def act_page(visit: Visit, kind: RecordKind, act: Act) -> Response:
    record = await kind.read(visit)
    await visit.learn(record)
    rpc = visit.site.contracts.rpc(act.rpc)
    form = maker(visit).make(rpc, only=act.only)
    form = await Choices(visit, record).fill(form, **await act.options(visit, record))
    if visit.request.method == "GET":
        form = form.with_values(act.start(record))
        return _form_page(visit, kind, act, record, form, str(new_id(visit.site.clock)))
    values = await filled(visit, form)
    form = form.with_values(values)
    try:
        command = _command(visit, rpc, kind, record, form, values)
        await act.complete(visit, command)
        await visit.ask(act.rpc, **command)
    except (Refused, Malformed) as wrong:
        refusal = wrong if isinstance(wrong, Refused) else Refused(400, "MALFORMED_REQUEST", str(wrong))
        return _refused(visit, kind, act, record, form, refusal)
    target = act.back or kind.address(visit.ref("ref"))
    return RedirectResponse(f"{target}?done={act.name}", 303)


def _command(
    visit: Visit, rpc: Rpc, kind: RecordKind, record: Record, form: Form, values: Mapping[str, Any]
) -> dict[str, Any]:
    """What was typed, with the version the person saw and an id that makes pressing twice harmless."""
    known = visit.site.contracts.fields(rpc.request)
    command = message(form, values)
    if kind.id in known:
        command[kind.id] = visit.ref("ref")
    if "expected_version" in known:
        command["expected_version"] = str(visit.form.get("expected_version") or record["version"])
    if "request_id" in known:
        command["request_id"] = str(visit.form.get("request_id") or new_id(visit.site.clock))
    return command


def _form_page(
    visit: Visit, kind: RecordKind, act: Act, record: Record, form: Form, request_id: str, status: int = 200
) -> Response:
    version = str(visit.form.get("expected_version") or record.get("version", ""))
    return visit.site.page(
        visit,
        act.template,
        status,
        kind=kind,
        act=act,
        record=record,
        form=form,
        ref=visit.ref("ref"),
        request_id=request_id,
        version=version,
    )


def _refused(visit: Visit, kind: RecordKind, act: Act, record: Record, form: Form, refusal: Refused) -> Response:
    sentence = refusal.sentence or visit.site.words.refusal(refusal.reason, refusal.status, visit.language)
    shown = form.refused(refusal, sentence, visit.t("fill_in"), visit.t("pick_one"))
    return _form_page(visit, kind, act, record, shown, str(new_id(visit.site.clock)), refusal.status)
