"""How much may be filed from one place in a while: a bucket for each device and each address, which drains as time goes.

A device is one browser. An office of hundreds shares one address, so an address may file far more than a device; who names
no device at all shares a smaller bucket of that address, so that a script behind it does not use up what is the office's.
Of a bucket no more is kept than the moment at which it will be empty.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from chassis.errors import TooMany


@dataclass(frozen=True, slots=True)
class Visitor:
    """Where somebody files from; the address is empty on this machine itself, the device where none is told."""

    address: str = ""
    device: str = ""

    def buckets(self, limits: Mapping[str, Any]) -> dict[str, str]:
        """The buckets a filing goes into, each with whose it is; none where the setting names the address."""
        if not self.address or self.address in limits["not_limited"]:
            return {}
        own = {"device": self.device} if self.device else {"no_device": self.address}
        return {"address": self.address, **own}


@dataclass(frozen=True, slots=True)
class Allowed:
    """So many at once, then so many an hour."""

    at_once: int
    per_hour: int

    def filled(self, empty_at: datetime, at: datetime) -> datetime:
        """When the bucket will be empty if one more goes in now."""
        return max(empty_at, at) + timedelta(hours=1) / self.per_hour

    def wait(self, filled: datetime, at: datetime) -> float:
        """Minutes until one more fits, 0 if it does."""
        level = round((filled - at) / timedelta(hours=1) * self.per_hour, 6)
        return max(0.0, (level - self.at_once) / self.per_hour * 60)


def let_in(empty_at: Mapping[str, datetime], limits: Mapping[str, Any], at: datetime) -> dict[str, datetime]:
    """When each bucket will be empty once this filing is in. Refused with FILED_TOO_OFTEN, which says when to come again
    and names another way."""
    allowed = {name: Allowed(**limits[name]) for name in empty_at}
    filled = {name: allowed[name].filled(moment, at) for name, moment in empty_at.items()}
    wait = max(allowed[name].wait(moment, at) for name, moment in filled.items())
    if wait > 0:
        raise TooMany("FILED_TOO_OFTEN", minutes=math.ceil(wait), phone=limits["phone"])
    return filled
