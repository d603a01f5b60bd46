"""What another organ decides: a letter for each party and organ the rules name, with the measures of that organ."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from starlette.responses import Response

from gateway.pages.cases.acts import CASE
from gateway.pages.cases.decision import case_form
from gateway.pages.cases.record import proposal_by_party
from gateway.pages.frame.visit import Visit
from gateway.refusals import Refused


@dataclass(frozen=True, slots=True)
class Letter:
    """What may be asked of one organ about one party: its offers by track, and what it was sent already."""

    party_id: str
    organ: str
    way: str
    offers: tuple[dict[str, Any], ...]
    sent: tuple[dict[str, Any], ...]

    @property
    def key(self) -> str:
        return f"{self.party_id}.{self.organ}"


async def transfer(visit: Visit) -> Response:
    """One form a letter: only what the rules offer of that organ can be asked."""
    case = await CASE.read(visit)
    if not case["proposal_id"]:
        raise Refused(409, "NO_PROPOSAL", "")
    answer = await visit.ask("accountability.ExplainProposal", proposal_id=case["proposal_id"])
    sent = await visit.ask("accountability.ListRecommendations", case_id=visit.ref("ref"), page_size=500)
    await visit.learn(case, answer, sent)
    letters = list(_letters(answer, sent["recommendations"]))
    party, organ = (str(visit.form.get(name, "")) for name in ("party_id", "organ"))
    measures = [str(one) for one in visit.form.getlist("measures")]
    return await case_form(
        visit,
        case,
        "accountability.Transfer",
        "cases/transfer.html",
        letters=letters,
        parties={one["id"]: one for one in case["parties"]},
        proposal=proposal_by_party(answer),
        typed={"key": f"{party}.{organ}", "measures": measures},
        command={"proposal_id": case["proposal_id"], "choice": {"party_id": party, "measures": measures}},
    )


def _letters(answer: dict[str, Any], sent: list[dict[str, Any]]) -> Iterator[Letter]:
    for party in answer["proposal"]["parties"]:
        offers = [one for range in party["ranges"] for one in range["required"] + range["offers"]]
        others = {one["organ"]: one["way"] for one in offers if one["way"] != "WAY_DECIDE"}
        for organ, way in others.items():
            yield Letter(
                party["party_id"],
                organ,
                way,
                tuple(one for one in offers if one["organ"] == organ),
                tuple(one for one in sent if (one["party_id"], one["organ"]) == (party["party_id"], organ)),
            )
