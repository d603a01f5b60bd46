"""Rating with a one-time code: the code, one object a screen, a review, the receipt. The code never stands in an address.

Nothing is kept here between the steps: what was chosen travels in the form, and on the rater's own device.
"""

from __future__ import annotations

import base64
from typing import Any

from starlette.responses import Response

from gateway.pages.frame.visit import Visit
from gateway.pages.public.picture import qr
from gateway.refusals import Refused
from gateway.transcode import Malformed

DONT_KNOW = 255


async def rate(visit: Visit) -> Response:
    code = str(visit.form.get("code", "")).strip()
    if visit.request.method == "GET" or not code:
        return visit.site.page(visit, "campaigns/code.html", code="", sentence="")
    try:
        paper = (await visit.ask("evaluation.GetBallotPaper", code=code))["paper"]
        step = str(visit.form.get("step", ""))
        if step == "cast":
            return await _cast(visit, code, paper)
    except (Refused, Malformed) as wrong:
        return visit.site.page(visit, "campaigns/code.html", 400, code=code, sentence=_sentence(visit, wrong))
    if paper["cast"] and not paper["may_cast_again"]:
        return await _proof(visit, code, paper)
    grades = _chosen(visit, paper)
    template = "campaigns/review.html" if step == "review" else "campaigns/ballot.html"
    return visit.site.page(visit, template, paper=paper, code=code, grades=grades, **_progress(paper, grades))


def _sentence(visit: Visit, wrong: Refused | Malformed) -> str:
    if isinstance(wrong, Malformed) or wrong.status in (400, 404):
        return visit.t("code_not_known")
    return wrong.sentence or visit.site.words.refusal(wrong.reason, wrong.status, visit.language)


def _chosen(visit: Visit, paper: dict[str, Any]) -> dict[str, list[str]]:
    """What was chosen so far: object -> one value a dimension, empty where nothing was."""
    return {
        one["object_id"]: [
            str(visit.form.get(f"{one['object_id']}.{dimension['key']}", "")) for dimension in paper["dimensions"]
        ]
        for group in paper["groups"]
        for one in group["objects"]
        if not one["own_unit"]
    }


def _progress(paper: dict[str, Any], grades: dict[str, list[str]]) -> dict[str, int]:
    return {"answered": sum(any(values) for values in grades.values()), "objects": len(grades)}


async def _cast(visit: Visit, code: str, paper: dict[str, Any]) -> Response:
    grades = _chosen(visit, paper)
    ratings = [
        {"object_id": ref, "grades": [int(value) if value.isdigit() else 0 for value in values]}
        for ref, values in grades.items()
        if any(values)
    ]
    try:
        receipt = (await visit.ask("evaluation.CastBallot", code=code, ratings=ratings))["receipt"]
    except (Refused, Malformed) as wrong:
        return visit.site.page(
            visit,
            "campaigns/review.html",
            400,
            paper=paper,
            code=code,
            grades=grades,
            sentence=_sentence(visit, wrong),
            **_progress(paper, grades),
        )
    return _receipt(visit, paper, receipt)


async def _proof(visit: Visit, code: str, paper: dict[str, Any]) -> Response:
    """Somebody comes back with a used code: the same receipt, proven anew."""
    proof = (await visit.ask("evaluation.ProveBallot", code=code))["proof"]
    return _receipt(visit, paper, {**proof, "number": paper["number"]}, again=True)


def _receipt(visit: Visit, paper: dict[str, Any], receipt: dict[str, Any], again: bool = False) -> Response:
    leaf = base64.b64decode(receipt["leaf_hash"]).hex()
    picture = qr(f"{paper['number']} {receipt['position']} {leaf}")
    return visit.site.page(
        visit, "campaigns/receipt.html", paper=paper, receipt=receipt, leaf=leaf, picture=picture, again=again
    )
