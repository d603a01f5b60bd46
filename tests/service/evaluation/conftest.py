"""A city with a campaign, for every test of the service."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.doors import Door
from tests.service.evaluation.campaigns import City


@pytest.fixture
def city(door: Callable[[str], Door]) -> City:
    """Evaluation's door with four units."""
    return City(door("evaluation"))
