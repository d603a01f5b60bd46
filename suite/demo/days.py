"""The demonstration's time: it begins weeks ago and ends now, so that lights, limits and rankings have something to show."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from chassis.clock import SystemClock


class Days:
    """Moves the clock of the embedded suite while the demonstration is made; always forwards, never past now."""

    def __init__(self, clock: SystemClock) -> None:
        self._clock = clock
        self._true = clock.offset

    def now(self) -> datetime:
        """The moment it is in the city."""
        return self._clock.now()

    def today(self) -> date:
        """The day it is in the city."""
        return self._clock.today()

    def ago(self, days: float) -> None:
        """Goes to nine in the morning or so, so many days ago, unless it is later already."""
        self._clock.offset = min(self._true, max(self._clock.offset, self._true - timedelta(days=days)))

    def begin(self, days: int) -> None:
        """Goes back to so many days ago."""
        self._clock.offset = self._true - timedelta(days=days)

    def later(self, hours: float) -> None:
        """Goes on by some hours."""
        self._clock.offset = min(self._true, self._clock.offset + timedelta(hours=hours))

    def end(self) -> None:
        """Comes back to now."""
        self._clock.offset = self._true
