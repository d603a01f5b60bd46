"""What the directory announces. A fact carries the state after it; a listener keeps the newest version it has heard."""

from __future__ import annotations

from dataclasses import dataclass

from services.directory.domain.calendar import CalendarYear
from services.directory.domain.items import ServiceItem
from services.directory.domain.people import Official, Post
from services.directory.domain.tokens import TokenKey
from services.directory.domain.tree import Jurisdiction, Unit


@dataclass(frozen=True, slots=True)
class Changed:
    """A jurisdiction, unit, official, post or service item was entered, changed or ended."""

    thing: Jurisdiction | Unit | Official | Post | ServiceItem


@dataclass(frozen=True, slots=True)
class CalendarYearLoaded:
    """A year's calendar was loaded or corrected."""

    thing: CalendarYear


@dataclass(frozen=True, slots=True)
class KeyRotated:
    """A signing key came, or went for good."""

    thing: TokenKey
    retired: bool


Fact = Changed | CalendarYearLoaded | KeyRotated
