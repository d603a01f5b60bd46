"""Rating with a one-time code: the code, one object a screen, a review, the receipt. The code never stands in an address.

Nothing is kept here between the steps: what was chosen travels in the form, and on the rater's own device; so does the nonce
by which a ballot sent twice is known, and how many ballots there were when it was opened. A used code alone leads neither to
the ballot nor to its place: for that the receipt is needed. The same pages serve a device in a hall that many use one after
another (`kiosk.py`).
"""

from __future__ import annotations

import base64
import hashlib
import json
import secrets
from typing import Any

from starlette.responses import Response

from gateway.pages.campaigns.audit import PATH as AUDIT
from gateway.pages.campaigns.audit import kept_receipt
from gateway.pages.frame.visit import Visit
from gateway.pages.public.picture import qr
from gateway.refusals import Refused
from gateway.transcode import Malformed

Chosen = dict[str, list[str]]
DRAFT_BYTES = 16
NONCE_BYTES, LONGEST_NONCE = 24, 64
STATEMENTS_AT_ONCE = 500
NO_KIOSK: dict[str, Any] = {}


async def rate(visit: Visit) -> Response:
    """The rater's own device."""
    return await answer(visit, NO_KIOSK)


async def worker(visit: Visit) -> Response:
    """What opens the rater's page again without a network; it lies at the root, because it serves no page outside its own
    folder."""
    headers = {"cache-control": "no-cache"}
    return Response(visit.site.assets.content("rate_worker.js"), media_type="text/javascript", headers=headers)


async def answer(visit: Visit, kiosk: dict[str, Any]) -> Response:
    """One step of the way from the code to the receipt; `kiosk` says how a shared device behaves, and for which campaign."""
    code = str(visit.form.get("code", "")).strip()
    if visit.request.method == "GET" or not code:
        return _page(visit, "code", kiosk, code="", sentence="")
    try:
        paper = (await visit.ask("evaluation.GetBallotPaper", code=code))["paper"]
        if kiosk and paper["campaign_id"] != kiosk["campaign_id"]:
            raise Refused(404, "CODE_NOT_KNOWN", "")
    except (Refused, Malformed) as wrong:
        return _not_opened(visit, code, kiosk, wrong)
    step = str(visit.form.get("step", ""))
    chosen = _chosen(visit, paper)
    if step == "cast":
        return await _cast(visit, code, paper, chosen, kiosk)
    if kiosk and paper["cast"] and not paper["may_cast_again"]:  # nobody's receipt is for a hall to see
        return _page(visit, "code", kiosk, 400, code="", sentence=visit.t("code_used"))
    if paper["cast"] and not paper["may_cast_again"]:
        return _used(visit, code, paper, kiosk)
    shown = _shown(visit, code, paper, chosen)
    if step == "review":
        return _page(visit, "review", kiosk, **shown, sentence="")
    return _page(visit, "ballot", kiosk, **shown, draft=_draft(code), statements=await _statements(visit, paper))


def _shown(visit: Visit, code: str, paper: dict[str, Any], chosen: Chosen) -> dict[str, Any]:
    """What the pages of one ballot share. Once shown, its nonce and its count of earlier ballots stay with it."""
    nonce = str(visit.form.get("nonce", ""))[:LONGEST_NONCE] or secrets.token_urlsafe(NONCE_BYTES)
    after = str(visit.form.get("after", "")) or str(paper["ballots_cast"])
    objects = rated(paper)
    known = {"paper": paper, "code": code, "nonce": nonce, "after": after, "objects": objects, "chosen": chosen}
    return {**known, **_progress(objects, chosen)}


def _draft(code: str) -> str:
    """The name under which the device keeps what belongs to a code: only the code leads to it."""
    return hashlib.sha256(f"draft {code.upper()}".encode()).hexdigest()[: 2 * DRAFT_BYTES]


def rated(paper: dict[str, Any]) -> list[dict[str, Any]]:
    """The objects this rater rates, each with its place among all that are shown: fields are named by it."""
    every = [{**one, "group": group["name"]} for group in paper["groups"] for one in group["objects"]]
    return [{**one, "place": place} for place, one in enumerate(every) if not one["own_unit"]]


def _not_opened(visit: Visit, code: str, kiosk: dict[str, Any], wrong: Refused | Malformed) -> Response:
    """A code that opens no paper: a wrong one and one of a closed campaign look alike; a receipt is checked without it."""
    if isinstance(wrong, Refused) and wrong.status >= 500:
        raise wrong
    unknown = isinstance(wrong, Malformed) or wrong.status in (400, 404)
    sentence = visit.t("code_not_known") if unknown else _sentence(visit, wrong)
    return _page(visit, "code", kiosk, 400, code=code, sentence=sentence)


def _sentence(visit: Visit, wrong: Refused | Malformed) -> str:
    if isinstance(wrong, Malformed) or wrong.status == 404:
        return visit.t("code_not_known")
    return wrong.sentence or visit.site.words.refusal(wrong.reason, wrong.status, visit.language)


def _chosen(visit: Visit, paper: dict[str, Any]) -> Chosen:
    """What was chosen so far: object -> one value a dimension, empty where nothing was.

    A script sends all of it as one field, because a form may have as many fields as a ballot has cells.
    """
    fields: Any = visit.form
    if visit.form.get("ballot"):
        try:
            fields = dict(json.loads(str(visit.form["ballot"])))
        except ValueError:
            raise Malformed("ballot", "ballot") from None
    return {
        one["object_id"]: [str(fields.get(f"{one['place']}.{number}", "")) for number in range(len(paper["dimensions"]))]
        for one in rated(paper)
    }


def _progress(objects: list[dict[str, Any]], chosen: Chosen) -> dict[str, Any]:
    """How far one is, and which objects lack an answer."""
    missing = [one for one in objects if not all(chosen[one["object_id"]])]
    return {"answered": sum(any(values) for values in chosen.values()), "missing": missing}


async def _statements(visit: Visit, paper: dict[str, Any]) -> dict[str, dict[str, Any]]:
    """What each object says about its duties and promises; nothing where none was asked for or nobody can tell."""
    wanted = {"campaign_id": paper["campaign_id"], "page_size": STATEMENTS_AT_ONCE}
    found = await visit.part("evaluation.ListStatements", **wanted)
    return {one["object_id"]: one["text"] for one in (found["statements"] if found else []) if one["text"]}


async def _cast(visit: Visit, code: str, paper: dict[str, Any], chosen: Chosen, kiosk: dict[str, Any]) -> Response:
    ratings = [
        {"object_id": ref, "grades": [int(value) if value.isdigit() else 0 for value in values]}
        for ref, values in chosen.items()
        if any(values)
    ]
    sent = {"code": code, "ratings": ratings, "nonce": str(visit.form.get("nonce", ""))}
    if str(visit.form.get("after", "")).isdigit():
        sent["after"] = str(visit.form["after"])
    try:
        receipt = (await visit.ask("evaluation.CastBallot", **sent))["receipt"]
    except (Refused, Malformed) as wrong:
        if isinstance(wrong, Refused) and (wrong.status >= 500 or wrong.status == 429):
            raise  # whoever sends it again is answered then
        reason = wrong.reason if isinstance(wrong, Refused) else ""
        if reason == "BALLOT_ALREADY_CAST":
            return _used(visit, code, paper, kiosk)
        shown = _shown(visit, code, paper, chosen)
        since = reason == "BALLOT_CAST_SINCE"
        if since:  # whoever sends it again now has been told
            shown["after"] = str(paper["ballots_cast"])
        return _page(visit, "review", kiosk, 409 if since else 400, **shown, sentence=_sentence(visit, wrong), since=since)
    return _receipt(visit, kiosk, paper["title"], paper["number"], receipt)


def _used(visit: Visit, code: str, paper: dict[str, Any], kiosk: dict[str, Any]) -> Response:
    """Somebody comes back with a used code: told that it was used, and where a receipt is checked. A script shows the
    receipt if the device still has it."""
    return _page(visit, "used", kiosk, paper=paper, code=code, draft=_draft(code), audit=_audit(paper["campaign_id"]))


def _audit(campaign_id: str) -> str:
    return AUDIT.replace("{ref}", campaign_id)


def _receipt(visit: Visit, kiosk: dict[str, Any], title: str, number: str, receipt: dict[str, Any]) -> Response:
    leaf = base64.b64decode(receipt["leaf_hash"]).hex()
    kept = kept_receipt(receipt["campaign_id"], receipt["position"], leaf, receipt["signature"])
    return _page(
        visit,
        "receipt",
        kiosk,
        title=title,
        number=number,
        receipt=receipt,
        leaf=leaf,
        kept=kept,
        picture=qr(kept),
        audit=_audit(receipt["campaign_id"]),
    )


def _page(visit: Visit, name: str, kiosk: dict[str, Any], status: int = 200, /, **values: Any) -> Response:
    return visit.site.page(visit, f"campaigns/{name}.html", status, kiosk=kiosk, **values)
