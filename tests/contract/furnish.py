"""Tells every story in every district of a world."""

from __future__ import annotations

import pkgutil
from importlib import import_module
from typing import Any

from tests.contract import stories
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
        for story in (directory, complaints, *_more("complaints"), supervision, *evaluations, accountability):
            story.tell(world, district)
            world.carry()
        look_around(world, district)
    world.begun = world.kinds()


def _more(service: str) -> list[Any]:
    """The further stories of a service, one for each noun: `complaints_outside` and the like."""
    names = sorted(found.name for found in pkgutil.iter_modules(stories.__path__))
    return [import_module(f"{stories.__name__}.{name}") for name in names if name.startswith(f"{service}_")]
