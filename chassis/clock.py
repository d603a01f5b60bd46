"""Time and ids: the only place that reads the machine's clock or draws randomness for ids.

Instants are aware datetimes in UTC. Days are days in Asia/Shanghai, where the programme is run.
"""

from __future__ import annotations

import os
import threading
import time
from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta
from typing import Protocol
from zoneinfo import ZoneInfo

SHANGHAI = ZoneInfo("Asia/Shanghai")


class Clock(Protocol):
    """Tells the time."""

    def now(self) -> datetime:
        """The present instant in UTC."""
        ...

    def today(self) -> date:
        """The present day in Asia/Shanghai."""
        ...


class SystemClock:
    """The machine's clock, moved by `offset` where a demonstration or test asks for another day."""

    def __init__(self, offset: timedelta = timedelta()) -> None:
        self.offset = offset

    def now(self) -> datetime:
        return datetime.now(UTC) + self.offset

    def today(self) -> date:
        return local_day(self.now())


class SettableClock:
    """A clock that stands still until it is moved."""

    def __init__(self, start: datetime) -> None:
        self._now = start.astimezone(UTC)
        self._lock = threading.Lock()

    def now(self) -> datetime:
        with self._lock:
            return self._now

    def today(self) -> date:
        return local_day(self.now())

    def set(self, instant: datetime) -> None:
        """Moves the clock to `instant`, forwards or back."""
        with self._lock:
            self._now = instant.astimezone(UTC)

    def advance(self, step: timedelta) -> None:
        """Moves the clock by `step`."""
        self.set(self.now() + step)


def settled_clock(env: Mapping[str, str] = os.environ) -> Clock | None:
    """The machine's clock moved by CLOCK_OFFSET_SECONDS, for demonstrations and tests of whole processes; None if unset.

    Every process of a machine is given the same offset, so that they agree, and one that is started again still does.
    """
    text = env.get("CLOCK_OFFSET_SECONDS", "")
    return SystemClock(timedelta(seconds=int(text))) if text else None


def local_day(instant: datetime) -> date:
    """The day in Asia/Shanghai on which `instant` falls."""
    return instant.astimezone(SHANGHAI).date()


def day_start(day: date) -> datetime:
    """The instant at which `day` begins in Asia/Shanghai, in UTC."""
    return datetime(day.year, day.month, day.day, tzinfo=SHANGHAI).astimezone(UTC)


def monotonic() -> float:
    """Seconds on a clock that never steps back, for measuring durations."""
    return time.monotonic()


def new_id(clock: Clock) -> str:
    """A UUIDv7 (RFC 9562, section 5.7): 48 bits of the clock's milliseconds, then 74 random bits."""
    millis = int(clock.now().timestamp() * 1000) & ((1 << 48) - 1)
    value = (millis << 80) | int.from_bytes(os.urandom(10), "big")
    value = (value & ~(0xF << 76)) | (0x7 << 76)
    value = (value & ~(0x3 << 62)) | (0x2 << 62)
    text = f"{value:032x}"
    return f"{text[:8]}-{text[8:12]}-{text[12:16]}-{text[16:20]}-{text[20:]}"
