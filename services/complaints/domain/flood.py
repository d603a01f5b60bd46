"""How much may be filed from one place in a while: a bucket for each device and each address, which drains as time goes.

A device is one browser. An office of hundreds shares one address, so an address may file far more than a device; who names
no device at all shares a smaller bucket of that address, so that a script behind it does not use up what is the office's.
What is told here is held in memory, for each process by itself: with several, each lets that much through.
"""

from __future__ import annotations

import math
import threading
from collections import OrderedDict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from chassis.errors import TooMany

MOST_KEPT = 100_000


@dataclass(frozen=True, slots=True)
class Visitor:
    """Where somebody files from; the address is empty on this machine itself, the device where none is told."""

    address: str = ""
    device: str = ""


@dataclass(frozen=True, slots=True)
class Allowed:
    """So many at once, then so many an hour."""

    at_once: int
    per_hour: int


class Gate:
    """Lets filings through, or not."""

    def __init__(self) -> None:
        self._levels: OrderedDict[tuple[str, str], tuple[float, datetime]] = OrderedDict()
        self._lock = threading.Lock()

    def enter(self, visitor: Visitor, limits: Mapping[str, Any], at: datetime) -> None:
        """Counts one filing. Refused with FILED_TOO_OFTEN, which says when to come again and names another way."""
        if not visitor.address or visitor.address in limits["not_limited"]:
            return
        asked = [("address", visitor.address)]
        asked += [("device", visitor.device)] if visitor.device else [("no_device", visitor.address)]
        with self._lock:
            wait = max(self._wait(key, Allowed(**limits[key[0]]), at) for key in asked)
            if wait > 0:
                raise TooMany("FILED_TOO_OFTEN", minutes=math.ceil(wait * 60), phone=limits["phone"])
            for key in asked:
                self._levels[key] = (self._level(key, Allowed(**limits[key[0]]), at) + 1, at)
                self._levels.move_to_end(key)
            while len(self._levels) > MOST_KEPT:
                self._levels.popitem(last=False)

    def _wait(self, key: tuple[str, str], allowed: Allowed, at: datetime) -> float:
        """Hours until one more fits."""
        over = self._level(key, allowed, at) + 1 - allowed.at_once
        return over / allowed.per_hour if over > 0 else 0.0

    def _level(self, key: tuple[str, str], allowed: Allowed, at: datetime) -> float:
        level, since = self._levels.get(key, (0.0, at))
        return max(0.0, level - (at - since).total_seconds() / 3600 * allowed.per_hour)
