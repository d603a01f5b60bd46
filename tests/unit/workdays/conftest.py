"""The calendar these tests count by."""

from __future__ import annotations

import pytest

from tests.unit.workdays.real import real_years
from workdays import Calendar


@pytest.fixture(scope="session")
def calendar() -> Calendar:
    return Calendar(real_years())
