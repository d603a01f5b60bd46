"""The plan of a campaign as a form: read from what was sent, filled from a plan, turned into the message of the contract.

Labels, bounds and choices come from the contract. Here: texts by field, rows by list, and where a fault belongs. Not here:
what the buttons do (`plan_edits`), where objects come from (`picking`).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from decimal import Decimal, InvalidOperation
from typing import Any

from starlette.datastructures import FormData

from chassis.clock import SHANGHAI
from gateway.pages.campaigns.rated import Rated, objects_of
from gateway.pages.frame.forms import Field, FormMaker
from gateway.pages.frame.ledger import value
from gateway.pages.frame.visit import Visit
from gateway.refusals import Violation

Row = dict[str, Any]
RPC = "evaluation.CreateCampaign"
GROUPS, QUESTIONS, SCALE = "plan.object_groups", "plan.dimensions", "plan.scale"
RATERS, TIES, TARIFF, GRADES = "plan.rater_groups", "plan.tie_chain", "plan.points_off.rules", "plan.lines.grades"
KEYS = {GROUPS: "group", QUESTIONS: "question", SCALE: "grade", RATERS: "raters", GRADES: "line"}
"""Lists whose rows have a key, and what the key of a new row begins with."""
SHARES = frozenset({"plan.validity.min_answered", "plan.trim"})
"""Shares of one, which people write as per cent."""
WHOLE = re.compile(r"[0-9]{1,9}")


@dataclass(frozen=True)
class Written:
    """What stands in the form: texts by field, rows by list, what is wrong by field."""

    plain: dict[str, str]
    rows: dict[str, list[Row]]
    faults: dict[str, list[str]] = field(default_factory=dict)

    def without_blank(self) -> Written:
        """The same without rows in which nothing was written: an added row may stay empty."""
        rows = {name: [one for one in rows if name == GROUPS or _is_written(one)] for name, rows in self.rows.items()}
        return replace(self, rows=rows)

    def with_faults(self, faults: Mapping[str, Sequence[str]]) -> Written:
        return replace(self, faults={name: list(told) for name, told in faults.items()})

    @property
    def loose(self) -> list[str]:
        """Faults of no field that is shown."""
        return [told for name, tellings in self.faults.items() if not name for told in tellings]


def _is_written(row: Row) -> bool:
    return any(text not in ("", [], "false") for name, text in row.items() if name != "key")


def fields_of(visit: Visit) -> dict[str, Field]:
    """Every field of a plan by its name, with label, help and bounds of the contract.

    What stands inside an object of a group has no label: it travels unseen.
    """
    words = visit.site.words

    def said(kind: str, message: str, name: str) -> str:
        own = f"{kind}.{message}.{name}"
        general = own if words.has(own) else f"{kind}.{name}"
        return visit.t(general) if words.has(general) else ""

    form = FormMaker(
        visit.site.contracts,
        lambda message, name: said("field", message, name),
        lambda message, name: said("help", message, name),
        visit.label,
    ).make(visit.site.contracts.rpc(RPC))
    return {one.name: one for one in form.fields}


def read(fields: Mapping[str, Field], sent: FormData) -> Written:
    """What was typed."""
    plain = {name: str(sent.get(name, "")).strip() for name, one in fields.items() if one.kind != "rows"}
    rows = {name: _rows(one, sent) for name, one in fields.items() if one.kind == "rows"}
    return Written(plain, rows)


def _rows(one: Field, sent: FormData) -> list[Row]:
    at = re.compile(rf"{re.escape(one.name)}\.(\d{{1,4}})\.")
    places = sorted({int(found.group(1)) for name in sent if (found := at.match(name))})
    return [_row(one, f"{one.name}.{place}.", sent) for place in places]


def _row(one: Field, prefix: str, sent: FormData) -> Row:
    row: Row = {}
    for column in one.columns:
        given = [str(text).strip() for text in sent.getlist(prefix + column.name)]
        row[column.name] = given if column.repeated else given[0] if given else ""
    if one.name == GROUPS:
        row["objects"] = objects_of(str(sent.get(f"{prefix}objects", "")))
    return row


def written_of(fields: Mapping[str, Field], plan: Mapping[str, Any]) -> Written:
    """The form of a plan as the service keeps it."""
    within = {"plan": plan}
    plain = {name: _shown(one, value(within, name)) for name, one in fields.items() if one.kind != "rows"}
    rows = {name: _shown_rows(one, value(within, name) or ()) for name, one in fields.items() if one.kind == "rows"}
    return Written(plain, rows)


def _shown_rows(one: Field, found: Iterable[Mapping[str, Any]]) -> list[Row]:
    shown = []
    for given in found:
        row: Row = {column.name: _cell(column, value(given, column.name)) for column in one.columns}
        if one.name == GROUPS:
            row["objects"] = [Rated.of(rated) for rated in given["objects"]]
        shown.append(row)
    return shown


def _cell(column: Field, found: Any) -> Any:
    return list(found or ()) if column.repeated else _shown(column, found)


def _shown(one: Field, found: Any) -> str:
    if found is None or str(found).endswith("_UNSPECIFIED"):
        return ""
    if isinstance(found, bool):
        return "true" if found else "false"
    if one.kind == "moment" and found:
        return f"{datetime.fromisoformat(str(found).replace('Z', '+00:00')).astimezone(SHANGHAI):%Y-%m-%dT%H:%M}"
    return _times(str(found), 100) if one.name in SHARES else str(found)


def _times(text: str, factor: int | Decimal) -> str:
    """A decimal times a factor, without an exponent and without zeros at its end; what is none stays."""
    try:
        product = Decimal(text) * factor
    except InvalidOperation:
        return text
    return f"{product.normalize():f}" if product.is_finite() else text


def plan_of(fields: Mapping[str, Field], written: Written, jurisdiction_path: str) -> dict[str, Any]:
    """The message: what is empty is left to the settings, but a tariff without a row takes nothing off."""
    plan: dict[str, Any] = {"points_off": {"rules": []}}
    for name, text in written.plain.items():
        if text:
            _put(plan, name, _sent(fields[name], text))
    for name, rows in written.rows.items():
        _put(plan, name, [_sent_row(fields[name], row) for row in rows])
    plan["jurisdiction_path"] = plan.get("jurisdiction_path") or jurisdiction_path
    return plan


def _put(plan: dict[str, Any], name: str, sent: Any) -> None:
    *parents, last = name.split(".")[1:]
    place = plan
    for parent in parents:
        place = place.setdefault(parent, {})
    place[last] = sent


def _sent_row(one: Field, row: Row) -> dict[str, Any]:
    sent: dict[str, Any] = {}
    for column in one.columns:
        if row.get(column.name):
            _put(sent, f".{column.name}", row[column.name] if column.repeated else _sent(column, row[column.name]))
    if one.name == GROUPS:
        sent["objects"] = [rated.message() for rated in row["objects"]]
    return sent


def _sent(one: Field, text: str) -> Any:
    if one.kind == "truth":
        return text == "true"
    if one.kind == "moment":
        return f"{text}:00+08:00"
    return _times(text, Decimal("0.01")) if one.name in SHARES else text


def faults_of(visit: Visit, fields: Mapping[str, Field], written: Written) -> dict[str, list[str]]:
    """What is wrong before anybody is asked: a number that is none, a moment that is none."""
    faults: dict[str, list[str]] = {}
    for name, one, text in _texts(fields, written):
        if one.kind == "number" and text and not WHOLE.fullmatch(text):
            faults[name] = [visit.t("plan_fault.whole")]
        elif one.name in SHARES and text and not _is_percent(text):
            faults[name] = [visit.t("plan_fault.percent")]
        elif one.kind == "moment" and not _is_moment(text):
            faults[name] = [visit.t("fill_in")]
    for list_name in (QUESTIONS, RATERS):
        for place, row in enumerate(written.rows[list_name]):
            if not row["weight"]:
                faults[f"{list_name}.{place}.weight"] = [visit.t("plan_fault.weight")]
    if not any(group["objects"] or group["taken.number"] for group in written.rows[GROUPS]):
        faults[GROUPS] = [visit.t("plan_fault.no_objects")]
    return faults


def _texts(fields: Mapping[str, Field], written: Written) -> Iterable[tuple[str, Field, str]]:
    for name, text in written.plain.items():
        yield name, fields[name], text
    for name, rows in written.rows.items():
        for place, row in enumerate(rows):
            for column in fields[name].columns:
                if not column.repeated:
                    yield f"{name}.{place}.{column.name}", column, row[column.name]


def _is_percent(text: str) -> bool:
    return re.fullmatch(r"[0-9]{1,3}([.][0-9]{1,2})?", text) is not None and Decimal(text) <= 100


def _is_moment(text: str) -> bool:
    try:
        datetime.strptime(text, "%Y-%m-%dT%H:%M")  # noqa: DTZ007 - the form's own notation, in local time
    except ValueError:
        return False
    return True


def placed(fields: Mapping[str, Field], written: Written, violations: Iterable[Violation]) -> dict[str, list[str]]:
    """Faults told by the service at the fields that are shown: its own, its list's, or none."""
    faults: dict[str, list[str]] = {}
    for one in violations:
        name = re.sub(r"\[(\d+)\]", r".\1", one.field)
        tellings = faults.setdefault(_nearest(fields, written, name), [])
        if one.detail not in tellings:
            tellings.append(one.detail)
    return faults


def _nearest(fields: Mapping[str, Field], written: Written, name: str) -> str:
    for list_name, rows in written.rows.items():
        found = re.match(rf"{re.escape(list_name)}\.(\d+)(?:\.(\w+))?", name)
        if found and int(found.group(1)) < len(rows):
            columns = {column.name for column in fields[list_name].columns if column.name != "key"}
            return found.group(0) if found.group(2) in columns else f"{list_name}.{found.group(1)}"
    while name and name not in fields:
        name = name.rpartition(".")[0]
    return name
