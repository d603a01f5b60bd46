"""The city these tests act in."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from chassis.clock import SettableClock
from tests.doors import Door
from tests.service.complaints.city import City


@pytest.fixture
def city(door: Callable[[str], Door], clock: SettableClock) -> City:
    """Complaints, with units and the calendar of 2026 heard."""
    return City(door("complaints"), clock)
