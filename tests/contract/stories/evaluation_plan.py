"""Before there is a campaign: what one may begin with, and the dry run of a plan."""

from __future__ import annotations

from typing import Any

from chassis.auth import Caller
from tests.contract.world import District, World


def tell(world: World, district: District, organiser: Caller, values: dict[str, Any]) -> None:
    """An organiser looks at the templates and tries a plan out."""
    world.do("evaluation.ListTemplates", district, organiser, jurisdiction_path=district.path)
    draw = {"seed": 1, "runs": 1, "raters": [{"rater_group": "all", "raters": 5}]}
    world.do("evaluation.SimulateCampaign", district, organiser, title="公述民评", **values, draw=draw)


def look_at_cards(world: World, district: District, organiser: Caller, campaign_id: str) -> None:
    """The organiser looks at the forms of cards, and at the card that would be printed on one of them."""
    world.do("evaluation.ListCardForms", district, organiser, campaign_id=campaign_id)
    asked = {"campaign_id": campaign_id, "rater_group": "all", "form": "A4", "sides": 1, "return_by": "", "letter": True}
    world.do("evaluation.PreviewCard", district, organiser, **asked)
