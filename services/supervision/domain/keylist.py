"""The key supervision list: which units are watched more closely, and the facts that put them there."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime

from chassis.errors import Conflict
from services.supervision.domain.facts import KeyListChanged, Origin, Subject

RATED_UNSATISFIED = "rated_unsatisfied"
COMPLAINTS_OVERDUE = "complaints_overdue"
TAKEN_OFF = "taken_off"


@dataclass(frozen=True, slots=True)
class KeyUnit:
    """A unit's entry; one a unit for all time, so that listeners can tell newer from older by its version."""

    id: str
    version: int
    unit_path: str
    jurisdiction_path: str
    # The directory's id of the unit, or its path while the directory has not been heard of it.
    unit_id: str
    reason: str
    listed_at: datetime
    origins: tuple[Origin, ...]
    taken_off_at: datetime | None = None
    taken_off_by: str = ""
    taken_off_reason: str = ""

    @property
    def listed(self) -> bool:
        """Whether it is on the list now."""
        return self.taken_off_at is None

    def announced(self) -> KeyListChanged:
        """The fact that it is on the list, or no longer."""
        reason = self.reason if self.listed else TAKEN_OFF
        subject = Subject(self.unit_id, self.version, self.unit_path, self.jurisdiction_path)
        return KeyListChanged(subject, self.listed, reason)

    def add(self, reason: str, origins: tuple[Origin, ...], at: datetime) -> KeyUnit:
        """Puts it back on the list, or adds what else speaks for its being there."""
        fresh = tuple(origin for origin in origins if origin not in self.origins)
        if self.listed:
            return replace(self, version=self.version + 1, origins=(*self.origins, *fresh))
        again = replace(self, version=self.version + 1, reason=reason, listed_at=at, origins=origins)
        return replace(again, taken_off_at=None, taken_off_by="", taken_off_reason="")

    def take_off(self, reason: str, by: str, at: datetime) -> KeyUnit:
        """Takes it off. Refused with NOT_ON_KEY_LIST."""
        if not self.listed:
            raise Conflict("NOT_ON_KEY_LIST")
        return replace(self, version=self.version + 1, taken_off_at=at, taken_off_by=by, taken_off_reason=reason)
