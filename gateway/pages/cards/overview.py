"""Where cards begin: the campaigns, and for each what this visitor does with its cards."""

from __future__ import annotations

from typing import Any

from starlette.responses import Response

from gateway.pages.cards.paper import campaign_of, group_names
from gateway.pages.cards.scanning import why
from gateway.pages.frame.visit import Visit

LISTED = 50
WORK = (
    ("designs", "cards_designs", "evaluation.ListCardDesigns"),
    ("runs", "cards_runs", "evaluation.ListCardRuns"),
    ("mail", "cards_mail", "evaluation.ListCardMail"),
    ("scans", "cards_scans", "evaluation.ListScans"),
    ("check", "cards_check", "evaluation.ListDoubtful"),
    ("decide", "cards_decide", "evaluation.ListDisputed"),
    ("key", "cards_key", "evaluation.ListCardsToKey"),
    ("audit", "cards_audit", "evaluation.ListCards"),
)
"""The pages of a campaign's cards in the order of the work, each with the rpc whose access decides who is led there."""


async def campaigns(visit: Visit) -> Response:
    """The campaigns, the latest first."""
    token = visit.request.query_params.get("page_token", "")
    listed = await visit.ask("evaluation.ListCampaigns", page_size=LISTED, page_token=token)
    return visit.site.page(visit, "cards/campaigns.html", listed=listed)


async def overview(visit: Visit) -> Response:
    """What there is to do with a campaign's cards, and where they stand."""
    ref = visit.ref("ref")
    campaign = await campaign_of(visit)
    found = await visit.parts(
        reading=("evaluation.GetScanProgress", {"campaign_id": ref}),
        turnout=("evaluation.GetCardTurnout", {"campaign_id": ref}),
    )
    progress = found["reading"]["progress"] if found["reading"] else None
    values: dict[str, Any] = {
        "campaign": campaign,
        "ref": ref,
        "work": [(part, word) for part, word, rpc in WORK if visit.may(rpc)],
        "groups": group_names(campaign["plan"]),
        "progress": progress,
        "minutes": 0,
        "turnout": found["turnout"]["groups"] if found["turnout"] else [],
        "why": why,
    }
    return visit.site.page(visit, "cards/overview.html", **values)
