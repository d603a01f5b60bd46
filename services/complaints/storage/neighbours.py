"""What this service knows of the directory: units, jurisdictions, posts and the working calendar, from its facts."""

from __future__ import annotations

import threading
from datetime import date

import sqlalchemy as sa

from chassis.auth import covers
from chassis.clock import local_day, monotonic
from chassis.copies import Copy
from chassis.errors import Invalid, NotAllowed
from chassis.store import Tx
from services.complaints.domain.recusal import PostHeld, related
from workdays import Calendar, CalendarYear

_REREAD_SECONDS = 5.0
OFFICE = "office"
"""The kind of a supervising office in the directory."""


class Neighbours:
    """The directory as heard. Calendar and jurisdictions are kept for a few seconds: every filing asks for them."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._read_at = -_REREAD_SECONDS
        self._calendar = Calendar()
        self._jurisdictions: frozenset[str] = frozenset()

    def calendar(self, tx: Tx) -> Calendar:
        """The working calendar of the years heard of."""
        self._reread(tx)
        return self._calendar

    def forget(self) -> None:
        """Reads anew at the next question: a fact has changed what is known."""
        self._read_at = -_REREAD_SECONDS

    def check_jurisdiction(self, tx: Tx, path: str, field: str) -> None:
        """Refuses a place that takes no complaints, and one outside the caller's rows.

        Raises Invalid with JURISDICTION_UNKNOWN, NotAllowed with JURISDICTION_NOT_YOURS.
        """
        if not self.takes_complaints(tx, path):
            raise Invalid("JURISDICTION_UNKNOWN", field)
        rows = tx.caller.rows
        if not rows.everything and not any(covers(own, path) for own in rows.jurisdictions):
            raise NotAllowed("JURISDICTION_NOT_YOURS", field)

    def check_unit(self, tx: Tx, path: str, field: str) -> None:
        """Refuses a unit nobody has heard of: Invalid with UNIT_UNKNOWN. A jurisdiction's own path means its office."""
        if self.takes_complaints(tx, path):
            return
        columns = tx.store.schema["copies"].c
        if not tx.copies("unit", columns.unit_path == path):
            raise Invalid("UNIT_UNKNOWN", field)

    def posts(self, tx: Tx, official_id: str) -> tuple[PostHeld, ...]:
        """The posts an official holds today."""
        return posts_of(tx, official_id)

    def offices(self, tx: Tx, jurisdiction_path: str) -> tuple[str, ...]:
        """The units of a place that are its supervising office."""
        columns = tx.store.schema["copies"].c
        kind = sa.type_coerce(columns.body, sa.JSON)["kind"].as_string() == OFFICE
        found = tx.copies("unit", columns.jurisdiction_path == jurisdiction_path, kind)
        return tuple(copy.unit_path for copy in found)

    def takes_complaints(self, tx: Tx, path: str) -> bool:
        """Whether it is a jurisdiction heard of; one that is not known is looked for once more: its fact may be new."""
        self._reread(tx)
        if path not in self._jurisdictions:
            self.forget()
            self._reread(tx)
        return path in self._jurisdictions

    def _reread(self, tx: Tx) -> None:
        with self._lock:
            if monotonic() - self._read_at < _REREAD_SECONDS:
                return
            self._calendar = Calendar(_year(copy) for copy in tx.copies("calendar_year") if copy.known)
            columns = tx.store.schema["copies"].c
            query = sa.select(columns.jurisdiction_path).where(columns.kind.in_(("jurisdiction", "unit"))).distinct()
            self._jurisdictions = frozenset(row.jurisdiction_path for row in tx.rows(query)) - {""}
            self._read_at = monotonic()


def posts_of(tx: Tx, official_id: str) -> tuple[PostHeld, ...]:
    """The posts an official holds today."""
    if not official_id:
        return ()
    columns = tx.store.schema["copies"].c
    held = tx.copies("post", sa.type_coerce(columns.body, sa.JSON)["official_id"].as_string() == official_id)
    today = local_day(tx.now)
    return tuple(_held(copy) for copy in held if _holds(copy, today))


def kept_from(tx: Tx, official_id: str) -> frozenset[str]:
    """The officials whose complaints are none of this one's business: themselves, their heads, their subordinates."""
    if not official_id:
        return frozenset()
    own = posts_of(tx, official_id)
    paths = {post.unit_path[:end] for post in own for end in _ends(post.unit_path)}
    columns, today = tx.store.schema["copies"].c, local_day(tx.now)
    near = tx.copies("post", columns.unit_path.in_(sorted(paths))) if paths else []
    out = {copy.body.get("official_id", "") for copy in near if _holds(copy, today) and related((_held(copy),), own)}
    return frozenset({official_id, *map(str, out)}) - {""}


def _held(copy: Copy) -> PostHeld:
    return PostHeld(copy.unit_path, str(copy.body.get("kind", "")))


def _ends(path: str) -> list[int]:
    """Where each unit at or above a path ends."""
    return [at for at, character in enumerate(path) if at and character == "/"] + [len(path)]


def _holds(copy: Copy, today: date) -> bool:
    since, until = str(copy.body.get("valid_from", "")), str(copy.body.get("valid_to", ""))
    return (not since or since <= today.isoformat()) and (not until or today.isoformat() < until)


def _year(copy: Copy) -> CalendarYear:
    def days(name: str) -> frozenset[date]:
        return frozenset(date.fromisoformat(day) for day in copy.body.get(name, ()))

    return CalendarYear(int(copy.body["year"]), days("off_days"), days("make_up_days"))
