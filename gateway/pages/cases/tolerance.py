"""容错免责: every check is answered, yes or no, with what was found."""

from __future__ import annotations

from typing import Any

from starlette.responses import Response

from gateway.pages.cases.acts import CASE
from gateway.pages.cases.decision import case_form
from gateway.pages.frame.visit import Visit


async def tolerate(visit: Visit) -> Response:
    """The checks come from the settings of the jurisdiction; the decider answers each."""
    case = await CASE.read(visit)
    asked = await visit.ask("accountability.GetToleranceChecks", case_id=visit.ref("ref"))
    visit.lists["checks"] = {one["key"]: f"“{one[f'text_{visit.language}']}”" for one in asked["checks"]}
    await visit.learn(case)
    answers = [_answer(visit, one["key"]) for one in asked["checks"]]
    reason = str(visit.form.get("reason", "")).strip()
    return await case_form(
        visit,
        case,
        "accountability.TolerateCase",
        "cases/tolerate.html",
        checks=asked["checks"],
        typed={one["key"]: one for one in answers},
        reason=reason,
        command={"reason": reason, "checks": answers},
    )


def _answer(visit: Visit, key: str) -> dict[str, Any]:
    finding = str(visit.form.get(f"finding.{key}", "")).strip()
    return {"key": key, "met": visit.form.get(f"met.{key}") == "yes", "finding": finding}
