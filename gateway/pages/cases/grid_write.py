"""The rule table written on a page: the sheets of the workbook, linted as they are typed, kept as a draft version.

The page itself is a script's work: five sheets of many cells are no form. Who has no scripts writes the same in Excel.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

from starlette.responses import JSONResponse, Response

from chassis.clock import new_id
from gateway.pages.frame.choices import Choices
from gateway.pages.frame.visit import Visit
from gateway.refusals import Refused

SHEETS = ("instrument", "conduct", "circumstance", "row", "golden")
# What a new version says anew; all else is carried over from the one it follows.
ANEW = ("label", "valid_from", "valid_to")
DRAFT = "RULE_VERSION_STATE_DRAFT"
# What the script says, by the keys of the words.
SAID = (
    "faults",
    "looks",
    "clean",
    "checking",
    "not_checked",
    "kept",
    "saved_not",
    "whole_sheet",
    "row_word",
    "empty_cell",
    "fault_word",
    "look_word",
    "any",
    "from",
    "to",
    "or_listed",
    "any_of",
    "all_of",
    "none_of",
    "months",
    "least",
    "most",
    "choose_one",
    "mark_fault",
    "mark_look",
)


async def write(visit: Visit) -> Response:
    """A new instrument, or a new version that begins as the one it follows."""
    base = visit.request.query_params.get("from", "")
    if visit.request.method == "POST":
        return await _answer(visit, "accountability.ImportRules", {})
    followed = await _version(visit, base) if base else None
    return await _page(visit, base, followed, f"from:{base}" if base else "new", {})


async def revise(visit: Visit) -> Response:
    """A draft changed by its author."""
    ref = visit.ref("ref")
    if visit.request.method == "POST":
        given = {"rule_version_id": ref, "expected_version": str(visit.form.get("expected_version", ""))}
        return await _answer(visit, "accountability.ReviseRules", given)
    rules = await _version(visit, ref)
    if not may_revise(visit, rules):
        return visit.site.page(visit, "cases/grid_not_mine.html", rules=rules, ref=ref)
    return await _page(visit, ref, rules, f"draft:{ref}:{rules['version']}", {"expected_version": rules["version"]})


def may_revise(visit: Visit, rules: Mapping[str, Any]) -> bool:
    """Whether it is the visitor's own draft."""
    mine = rules["state"] == DRAFT and rules["author"] == visit.account_id
    return mine and visit.may("accountability.ReviseRules")


async def _version(visit: Visit, ref: str) -> dict[str, Any]:
    found: dict[str, Any] = (await visit.ask("accountability.GetRuleVersion", rule_version_id=ref))["rule_version"]
    return found


async def _page(
    visit: Visit, laid_out: str, rules: Mapping[str, Any] | None, kept: str, hidden: Mapping[str, object]
) -> Response:
    answer = await visit.ask("accountability.LayOutRules", rule_version_id=laid_out)
    sheets = [_sheet(visit, key, sheet) for key, sheet in zip(SHEETS, answer["sheets"], strict=False)]
    places = [(one.value, one.word) for one in await Choices(visit).places()]
    if sheets and not laid_out:
        _begin(sheets[0], {"jurisdiction": places[0][0] if places else ""})
    elif sheets and not hidden:
        _begin(sheets[0], dict.fromkeys(ANEW, ""))
    return visit.site.page(
        visit,
        "cases/grid_write.html",
        rules=rules,
        kind="revise" if hidden else "follow" if rules else "new",
        hidden=hidden,
        request_id=str(new_id(visit.site.clock)),
        table={
            "sheets": sheets,
            "places": places,
            "kept": f"rules:{visit.account_id}:{kept}",
            "said": {name: visit.t(f"write_said.{name}") for name in SAID},
        },
    )


def _begin(sheet: dict[str, Any], values: Mapping[str, str]) -> None:
    """The head of a version that is not written yet."""
    row = sheet["rows"][0] if sheet["rows"] else [""] * len(sheet["columns"])
    names = [column["name"] for column in sheet["columns"]]
    sheet["rows"] = [[values.get(name, text) for name, text in zip(names, row, strict=False)]]


def _sheet(visit: Visit, key: str, sheet: Mapping[str, Any]) -> dict[str, Any]:
    columns = [{**column, "label": _label(visit, column)} for column in sheet["columns"]]
    word = sheet["name"] if visit.language == "zh" else visit.t(f"write_sheet.{key}")
    return {
        "key": key,
        "name": sheet["name"],
        "word": word,
        "columns": columns,
        "rows": [row["cells"] for row in sheet["rows"]],
    }


def _label(visit: Visit, column: Mapping[str, Any]) -> str:
    """Its head as in the workbook; in English what it means before it."""
    key = f"write_column.{column['name']}"
    known = visit.language == "en" and visit.site.words.has(key)
    return f"{visit.t(key)} {column['head']}" if known else str(column["head"])


async def _answer(visit: Visit, rpc: str, given: Mapping[str, str]) -> Response:
    """Lints what was typed; what is to be saved is saved only without a fault."""
    table = _table(str(visit.form.get("table", "")))
    try:
        linted = await visit.ask("accountability.LintRules", sheets=table)
        wrong = any(one["error"] for one in linted["faults"])
        if visit.form.get("act") != "save" or wrong:
            return JSONResponse({"faults": [_fault(visit, one) for one in linted["faults"]], "count": linted["count"]})
        request_id = str(visit.form.get("request_id") or new_id(visit.site.clock))
        made = await visit.ask(rpc, sheets=table, request_id=request_id, **given)
    except Refused as refusal:
        sentence = refusal.sentence or visit.site.words.refusal(refusal.reason, refusal.status, visit.language)
        return JSONResponse({"sentence": sentence}, refusal.status)
    return JSONResponse({"address": f"/rules/{made['rule_version']['id']}/grid?done={rpc.partition('.')[2]}"})


def _table(text: str) -> dict[str, Sequence[Any]]:
    try:
        sheets = json.loads(text)
    except ValueError:
        raise Refused(400, "MALFORMED_REQUEST", "") from None
    return {"sheets": sheets}


def _fault(visit: Visit, one: Mapping[str, Any]) -> dict[str, Any]:
    said = one["text_zh"] if visit.language == "zh" else one["text_en"]
    return {"sheet": one["sheet"], "row": one["sheet_row"], "cell": one["cell"], "text": said, "error": one["error"]}
