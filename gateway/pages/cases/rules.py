"""The rules as a grid, their difference against another version, and a pack read in with its faults named."""

from __future__ import annotations

from typing import Any

from starlette.responses import Response

from gateway.pages.cases.acts import RULES
from gateway.pages.cases.rules_road import road, turns
from gateway.pages.frame.single import single
from gateway.pages.frame.visit import Visit


async def version(visit: Visit) -> Response:
    ref = visit.ref("ref")
    rules = await RULES.read(visit)
    others = await visit.part("accountability.ListRuleVersions", instrument_key=rules["instrument"]["key"], page_size=50)
    before = visit.request.query_params.get("before", "")
    changes = await visit.part("accountability.CompareVersions", before_id=before, after_id=ref) if before else None
    await visit.learn(rules, others)
    return visit.site.page(
        visit,
        "cases/rules.html",
        rules=rules,
        ref=ref,
        turns=turns(visit, rules, ref),
        road=road(visit, rules),
        before=before,
        others=[one for one in (others or {"rule_versions": []})["rule_versions"] if one["id"] != ref],
        changes=_changes(changes),
    )


def _changes(answer: dict[str, Any] | None) -> dict[str, dict[str, Any]]:
    """The changed rows by id, for the grid to mark."""
    return {one["row"]: one for one in answer["changes"]} if answer else {}


async def import_pack(visit: Visit) -> Response:
    """Reads a pack: faults are listed first; only a pack without them is taken in."""
    faults: list[dict[str, Any]] = []
    pack = str(visit.form.get("pack_text", ""))
    if pack:
        answer = await visit.part("accountability.LintRules", pack_text=pack)
        faults = answer["faults"] if answer else []
    return await single(
        visit,
        "accountability.ImportRules",
        visit.t("new.rules"),
        (visit.t("title.rules"), "/rules"),
        lambda answer: f"/rules/{answer['rule_version']['id']}?done=ImportRules",
        without=("workbook", "sheets.sheets"),
        template="cases/import.html",
        faults=faults,
    )
