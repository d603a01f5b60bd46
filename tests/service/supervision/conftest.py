"""The city these tests act in."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from chassis.clock import SettableClock
from tests.doors import Door
from tests.service.supervision.city import City


@pytest.fixture
def city(door: Callable[[str], Door], clock: SettableClock) -> City:
    """Supervision with a point and three supervisors appointed."""
    made = City(door("supervision"), clock)
    made.appoint_point()
    made.appoint_supervisors()
    return made
