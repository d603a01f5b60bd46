"""Entering a caller's complaint with the keyboard, while they talk.

The fields stand in the order one hears the answers. Beside them appear, as one types, complaints that look alike, a
suggested category and unit, and what the caller is to be told once; nothing of it is taken unless a key is pressed. With
scripts off, the button that looks does the same with a reload.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from starlette.responses import Response

from chassis.clock import new_id
from gateway.pages.frame.choices import Choices
from gateway.pages.frame.forms import Field, Form, message, typed
from gateway.pages.frame.ledger import maker
from gateway.pages.frame.single import shown_refusal
from gateway.pages.frame.visit import Visit
from gateway.refusals import Refused
from gateway.transcode import Malformed

REGISTER, JOIN = "complaints.RegisterForCaller", "complaints.JoinMatter"
TEXT, TITLE, UNIT, CATEGORY = "draft.text", "draft.title", "draft.accused_unit_path", "draft.category"
PLACE_PATH, CHANNEL = "draft.jurisdiction_path", "channel"
HEARD = (TEXT, UNIT, CATEGORY, TITLE, CHANNEL, "draft.manner", "draft.identity.name", "draft.identity.phone")
SELDOM = (
    "draft.identity.address",
    "draft.identity.id_number",
    "draft.confidential_text",
    "draft.accused_official_id",
    PLACE_PATH,
)
MOST_CALLS = "CHANNEL_HOTLINE"
LONGEST_PLACE = 200


@dataclass(frozen=True)
class Sheet:
    """The form as it stands: the answers, where it happened, and the complaint it is to be joined to."""

    form: Form
    place: str = ""
    into: str = ""

    def field(self, name: str) -> Field:
        """One question."""
        return next(one for one in self.form.fields if one.name == name)

    def said(self, name: str) -> str:
        """What was typed there."""
        return str(self.field(name).value or "")

    def options(self, name: str) -> dict[str, str]:
        """What may be chosen there."""
        return {option.value: option.word for option in self.field(name).options}

    @property
    def seldom(self) -> list[Field]:
        """What is rarely asked, folded away."""
        return [self.field(name) for name in SELDOM]


async def desk(visit: Visit) -> Response:
    """The page, and entering what was typed: as a complaint of its own or as part of another one's matter."""
    sheet = await _sheet(visit)
    if visit.request.method == "GET":
        return visit.site.page(visit, "desk/entry.html", **await _page(visit, sheet))
    sheet = _filled(visit, sheet)
    if visit.form.get("beside"):  # what appears while one types
        return visit.site.page(visit, "desk/beside.html", sheet=sheet, **await _found(visit, sheet))
    if visit.form.get("look") or visit.form.get("take"):
        return visit.site.page(visit, "desk/entry.html", **await _page(visit, sheet))
    try:
        receipt = await _enter(visit, sheet)
    except (Refused, Malformed) as wrong:
        sheet = replace(sheet, form=shown_refusal(visit, sheet.form, wrong))
        return visit.site.page(visit, "desk/entry.html", 400, **await _page(visit, sheet))
    return visit.site.page(visit, "desk/registered.html", receipt=receipt, joined=bool(sheet.into))


async def _sheet(visit: Visit) -> Sheet:
    form = maker(visit).make(visit.site.contracts.rpc(REGISTER), only=(*HEARD, *SELDOM))
    form = await Choices(visit).fill(form)
    fields = [_asked(visit, one) for one in form.fields]
    return Sheet(replace(form, fields=fields))


def _asked(visit: Visit, one: Field) -> Field:
    """The question as it is put about somebody else; the clerk's own place and the usual channel are chosen already."""
    label = visit.t(f"caller.{one.name}") if visit.site.words.has(f"caller.{one.name}") else one.label
    own = {PLACE_PATH: next((o.value for o in one.options if not o.depth), ""), CHANNEL: MOST_CALLS}.get(one.name, "")
    return replace(one, label=label, help="", value=own)


def _filled(visit: Visit, sheet: Sheet) -> Sheet:
    values = typed(sheet.form, visit.form)
    name, _, value = str(visit.form.get("take", "")).partition("=")
    if name in (UNIT, CATEGORY):
        values[name] = value
    if not values[PLACE_PATH]:
        values[PLACE_PATH] = sheet.said(PLACE_PATH)
    place = str(visit.form.get("place", "")).strip()[:LONGEST_PLACE]
    return Sheet(sheet.form.with_values(values), place, str(visit.form.get("into", "")))


async def _page(visit: Visit, sheet: Sheet) -> dict[str, Any]:
    request_id = str(visit.form.get("request_id") or new_id(visit.site.clock))
    return {"sheet": sheet, "form": sheet.form, "request_id": request_id, **await _found(visit, sheet)}


async def _found(visit: Visit, sheet: Sheet) -> Mapping[str, Any]:
    """Look-alikes, suggestions and checklists for what stands there; the caller's name is not sent."""
    draft = {"jurisdiction_path": sheet.said(PLACE_PATH), "title": sheet.said(TITLE), "text": sheet.said(TEXT)}
    if not draft["jurisdiction_path"] or not draft["text"]:
        return {"similar": [], "suggested": None}
    where = {"place": sheet.place, "accused_unit_path": sheet.said(UNIT)}
    found = await visit.parts(
        similar=("complaints.SimilarDrafts", {**draft, **where}),
        suggested=("complaints.SuggestRouting", draft),
    )
    similar = found["similar"]["similar"] if found["similar"] else []
    await visit.learn(similar, found["suggested"])
    return {"similar": similar, "suggested": found["suggested"]}


async def _enter(visit: Visit, sheet: Sheet) -> dict[str, Any]:
    values = {one.name: one.value for one in sheet.form.fields}
    if sheet.place and values[TEXT]:
        values[TEXT] = visit.t("place_line", place=sheet.place) + "\n" + str(values[TEXT])
    fields = message(sheet.form, values)
    request_id = str(visit.form.get("request_id") or new_id(visit.site.clock))
    if sheet.into:
        return await visit.ask(JOIN, **fields, into_complaint_id=sheet.into, request_id=request_id)
    return await visit.ask(REGISTER, **fields, request_id=request_id)
