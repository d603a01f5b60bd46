"""Tells every story in every district of a world."""

from __future__ import annotations

from tests.contract.stories import (
    accountability,
    complaints,
    directory,
    evaluation,
    evaluation_statements,
    evaluation_years,
    supervision,
)
from tests.contract.strangers import look_around
from tests.contract.world import World


def furnish(world: World) -> None:
    """Fills an empty world; facts arrive after each service's part."""
    directory.begin(world)
    for district in world.districts.values():
        evaluations = (evaluation, evaluation_statements, evaluation_years)
        for story in (directory, complaints, supervision, *evaluations, accountability):
            story.tell(world, district)
            world.carry()
        look_around(world, district)
    world.begun = world.kinds()
