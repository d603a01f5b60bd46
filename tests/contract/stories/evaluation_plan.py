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
