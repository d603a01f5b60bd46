"""The rule grid: a version row by row in words, its faults in the margin, its difference against the version in force.

The table itself is written in Excel: downloaded here, changed, uploaded; a faulty file comes back as a list of its cells.
"""

from __future__ import annotations

import base64
from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import quote

from starlette.datastructures import UploadFile
from starlette.responses import RedirectResponse, Response

from chassis.clock import new_id
from gateway.pages.cases.cells import operands
from gateway.pages.cases.grid_changes import beside_rows
from gateway.pages.cases.grid_write import may_revise
from gateway.pages.cases.rules_road import turns
from gateway.pages.frame.export import XLSX
from gateway.pages.frame.forms import Option
from gateway.pages.frame.single import single
from gateway.pages.frame.visit import Visit
from gateway.refusals import Refused

LARGEST = 4_000_000
CONDITIONS = (
    "severity",
    "consequence",
    "role",
    "post",
    "subject_kind",
    "mitigating",
    "aggravating",
    "trigger",
    "repeats",
)
# What a row says beside its conditions, by the names its changes and faults use.
SAYS = ("track", "choose", "always", "effect_months", "who_else", "competent", "appeal", "source", "off")
_JOINED = {
    **dict.fromkeys(("at_least", "at_most"), "choose"),
    **dict.fromkeys(("title_zh", "title_en", "zh", "en"), "article"),
}
_ALWAYS_SHOWN = {"track", "choose", "appeal", "source"}


async def grid(visit: Visit) -> Response:
    """The page of one version."""
    ref = visit.ref("ref")
    rules = (await visit.ask("accountability.GetRuleVersion", rule_version_id=ref))["rule_version"]
    key = rules["instrument"]["key"]
    answers = await visit.parts(
        lint=("accountability.LintRules", {"pack_text": rules["pack_text"]}),
        others=("accountability.ListRuleVersions", {"instrument_key": key, "page_size": 100}),
    )
    current = _in_force(rules, (answers["others"] or {"rule_versions": []})["rule_versions"])
    before = current["id"] if current else ""
    compared = await visit.part("accountability.CompareVersions", before_id=before, after_id=ref) if before else None
    aside = await beside_rows(visit, before, ref) if before else None
    await visit.learn(rules)
    changes = {one["row"]: one for one in compared["changes"]} if compared else {}
    faults = answers["lint"]["faults"] if answers["lint"] else []
    rows = [*rules["rows"], *(one["before"] for one in changes.values() if one["change"] == "removed")]
    return visit.site.page(
        visit,
        "cases/grid.html",
        rules=rules,
        ref=ref,
        current=current,
        changes=changes,
        aside=aside,
        mine=may_revise(visit, rules),
        turns=[one for one in turns(visit, rules, ref) if one.address],
        goldens=[_golden(visit, one) for one in rules["golden_cases"]],
        columns=[name for name in (*CONDITIONS, *SAYS) if name in _ALWAYS_SHOWN or any(_has(row, name) for row in rows)],
        lines=[_line(visit, row, changes.get(row["id"]), faults) for row in rows],
        head=[one for one in faults if not one["row"]],
        linted=answers["lint"] is not None,
    )


async def workbook(visit: Visit) -> Response:
    """The version as an Excel file."""
    answer = await visit.ask("accountability.ExportRules", rule_version_id=visit.ref("ref"))
    named = f"attachment; filename=\"rules.xlsx\"; filename*=UTF-8''{quote(answer['file_name'])}"
    return Response(base64.b64decode(answer["workbook"]), media_type=XLSX, headers={"content-disposition": named})


async def upload(visit: Visit) -> Response:
    """Takes a changed workbook in; any fault in it, and nothing is taken in and every fault is listed."""
    faults: Sequence[Mapping[str, Any]] = ()
    count, sentence = 0, ""
    draft = visit.request.query_params.get("draft", "")
    file = visit.form.get("workbook")
    if isinstance(file, UploadFile) and file.filename:
        content = base64.b64encode(await file.read(LARGEST + 1)).decode()
        try:
            linted = await visit.ask("accountability.LintRules", workbook=content)
            faults = [one for one in linted["faults"] if one["error"]]
            count = linted["count"] if faults else 0
            if not faults:
                return await _taken_in(visit, draft, content)
        except Refused as refusal:
            sentence = refusal.sentence or visit.site.words.refusal(refusal.reason, refusal.status, visit.language)
    return visit.site.page(
        visit,
        "cases/grid_upload.html",
        400 if sentence or faults else 200,
        faults=faults,
        count=count,
        sentence=sentence,
        draft=draft,
        expected_version=_seen(visit, visit.request.query_params.get("version", "")),
        request_id=str(new_id(visit.site.clock)),
    )


async def _taken_in(visit: Visit, draft: str, content: str) -> Response:
    """A faultless workbook becomes a new draft, or what one's own draft says from now on."""
    sent = {"workbook": content, "request_id": str(visit.form.get("request_id") or new_id(visit.site.clock))}
    if draft:
        which = {"rule_version_id": draft, "expected_version": _seen(visit, "")}
        await visit.ask("accountability.ReviseRules", **which, **sent)
        return RedirectResponse(f"/rules/{draft}/grid?done=ReviseRules", 303)
    made = await visit.ask("accountability.ImportRules", **sent)
    return RedirectResponse(f"/rules/{made['rule_version']['id']}/grid?done=ImportRules", 303)


async def freeze(visit: Visit) -> Response:
    """Freezes a row: what comes of it is a new version, in review."""
    ref = visit.ref("ref")
    rules = (await visit.ask("accountability.GetRuleVersion", rule_version_id=ref))["rule_version"]
    title = "title_zh" if visit.language == "zh" else "title_en"
    seen = _seen(visit, rules["version"])
    return await single(
        visit,
        "accountability.FreezeRow",
        visit.t("grid_freeze"),
        (f"{rules['instrument']['title']} {rules['label']}", f"/rules/{ref}/grid"),
        lambda answer: f"/rules/{answer['rule_version']['id']}/grid?done=FreezeRow",
        given={"rule_version_id": ref, "expected_version": seen},
        hidden={"expected_version": seen},
        options={"row": [Option(row["id"], f"{row['id']} {row[title]}") for row in rules["rows"] if not row["off"]]},
    )


def _seen(visit: Visit, now: object) -> str:
    """The version the form was drawn from: what changed since then is refused, never overwritten unseen."""
    return str(visit.form.get("expected_version") or now)


def _in_force(rules: Mapping[str, Any], others: Sequence[Mapping[str, Any]]) -> Mapping[str, Any] | None:
    """Another version of the same instrument in the same place that holds today."""
    where = rules["instrument"]["jurisdiction_path"]
    held = [
        one
        for one in others
        if one["state"] == "RULE_VERSION_STATE_IN_FORCE"
        and one["id"] != rules["id"]
        and one["instrument"]["jurisdiction_path"] == where
    ]
    return held[0] if held else None


def _line(
    visit: Visit, row: Mapping[str, Any], change: Mapping[str, Any] | None, faults: Sequence[Mapping[str, Any]]
) -> dict[str, Any]:
    """A row in words, with what is said about it in the margin and the cells that differ or deserve a look."""
    own = [one for one in faults if one["row"] == row["id"]]
    return {
        "row": row,
        "cells": _cells(visit, row),
        "before": _before(visit, change["before"]) if change and change["change"] == "changed" else {},
        "change": change["change"] if change else "",
        "changed": {_JOINED.get(name, name) for name in change["cells"]} if change else set(),
        "faults": own,
        "doubtful": {_JOINED.get(one["field"], one["field"]) for one in own},
    }


def _cells(visit: Visit, row: Mapping[str, Any]) -> dict[str, str]:
    cells = {name: _words(visit, row, name) for name in (*CONDITIONS, *SAYS)}
    return {**cells, "conduct": operands(visit, "conduct", row["conduct"])}


def _before(visit: Visit, row: Mapping[str, Any]) -> dict[str, str]:
    """The cells of a changed row as they were, and its article with its title in one."""
    title = row["title_zh"] if visit.language == "zh" else row["title_en"]
    pick = visit.t("grid_pick", least=row["at_least"], most=row["at_most"])
    cells = _cells(visit, row)
    return {**cells, "article": f"{row['article']} {title}", "choose": f"{cells['choose']} {pick}"}


def _golden(visit: Visit, case: Mapping[str, Any]) -> dict[str, Any]:
    """A golden case in words: its facts, and what the table answers."""
    facts = [
        (visit.label("choice.cell", one["column"]), operands(visit, one["column"], one["words"])) for one in case["facts"]
    ]
    if case["earlier_months"]:
        months = visit.t("list_comma").join(visit.t("months_ago", count=n) for n in case["earlier_months"])
        facts.append((visit.t("earlier_measures"), months))
    offers = visit.t("list_comma").join(visit.label("choice.measure", key) for key in case["offers"])
    return {**case, "told": facts, "offered": offers}


def _has(row: Mapping[str, Any], name: str) -> bool:
    if name in CONDITIONS:
        return any(one["column"] == name for one in row["conditions"])
    return bool(row[name])


def _words(visit: Visit, row: Mapping[str, Any], name: str) -> str:
    comma = visit.t("list_comma")
    if name in CONDITIONS:
        return "; ".join(demand(visit, one) for one in row["conditions"] if one["column"] == name)
    if name in ("choose", "always"):
        return comma.join(visit.label("choice.measure", key) for key in row[name])
    if name == "effect_months":
        periods = sorted(row[name].items())
        return comma.join(f"{visit.label('choice.measure', key)} {visit.t('months_count', count=n)}" for key, n in periods)
    if name == "who_else":
        return comma.join(visit.label("choice.post", key) for key in row[name])
    if name == "source":
        return visit.source(row[name])
    if name == "off":
        return str(row[name])
    kind = {"track": "choice.track", "competent": "choice.organ", "appeal": "choice.appeal"}[name]
    return visit.label(kind, row[name]) if row[name] else ""


def demand(visit: Visit, condition: Mapping[str, Any]) -> str:
    """A condition as one says it: 较重以上, 12个月内2次以上."""
    column, words = condition["column"], condition["operands"]
    key = f"demand.{'count_' if column == 'repeats' else ''}{condition['operator']}"
    if not visit.site.words.has(key):
        return operands(visit, column, words)
    ends = {"first": operands(visit, column, words[:1]), "last": operands(visit, column, words[-1:])}
    return visit.t(key, words=operands(visit, column, words), months=condition["months"], **ends)
