"""A card of two sides, small enough to be filled in by hand: four objects, four questions about each."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from PIL import Image
from zhengfeng.evaluation.v1 import campaigns_pb2, plan_pb2

from tests.service.evaluation.card_scene import GOOD, CardCity, Paper, filled


def two_sided(city: CardCity) -> tuple[Any, Any, Paper]:
    """An open campaign with four questions about each object, the design of its card of two sides, and one such card."""
    asked = [plan_pb2.Dimension(key=f"q{at}", name=f"第{at}问", weight=25) for at in range(4)]
    draft = city.create(dimensions=asked)
    city.imported(draft, [("d0", "delegates", "")])
    design = city.designed(draft, form="A5", sides=2)
    [paper] = city.printed(city.run_of(draft, design))
    return city.move(city.campaigns.OpenCampaign, campaigns_pb2.OpenCampaignRequest, draft), design, paper


def both_sides(design: Any, paper: Paper, grades: Sequence[int] = GOOD, faint: Sequence[int] = ()) -> list[Image.Image]:
    """Front and back of such a card, one grade an object."""
    front, back = filled(design, paper, [grade for grade in grades for _ in range(2)], faint)
    return [front, back]
