"""Complaints of an earlier system: what a row must hold, and whether something was in time at a given moment."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, replace
from datetime import datetime

from chassis.errors import Invalid
from services.complaints.domain.complaint import Complaint
from services.complaints.domain.facts import Imported, about
from services.complaints.domain.stages import Channel, Conclusion, Manner, Origin, Stage

YEARS = range(1900, 2200)
LONGEST_NUMBER, LONGEST_TITLE, LONGEST_TEXT, LONGEST_CATEGORY = 100, 500, 20_000, 200


@dataclass(frozen=True, slots=True)
class PastComplaint:
    """One row of an earlier system's ledger. `deadline_at` is the one that system gave, if it gave any."""

    source: str
    source_number: str
    jurisdiction_path: str
    unit_path: str
    title: str
    text: str
    channel: Channel | None
    category: str
    received_at: datetime | None
    deadline_at: datetime | None
    closed_at: datetime | None
    conclusion: Conclusion | None

    def digest(self) -> bytes:
        """What tells whether a row sent again says the same."""
        parts = [repr(getattr(self, name)) for name in self.__slots__]
        return hashlib.sha256("\x00".join(parts).encode()).digest()


def check(row: PastComplaint) -> None:
    """Refuses one row: IMPORT_ROW_INVALID with its field. Times are kept as the earlier system noted them, odd or not."""
    bounds = (
        ("source_number", row.source_number, 1, LONGEST_NUMBER),
        ("title", row.title.strip(), 1, LONGEST_TITLE),
        ("text", row.text, 0, LONGEST_TEXT),
        ("category", row.category, 0, LONGEST_CATEGORY),
    )
    for field, value, least, most in bounds:
        if not least <= len(value) <= most or "\x00" in value:
            raise Invalid("IMPORT_ROW_INVALID", field)
    if row.received_at is None:
        raise Invalid("IMPORT_ROW_INVALID", "received_at")
    for field, moment in (("received_at", row.received_at), ("deadline_at", row.deadline_at), ("closed_at", row.closed_at)):
        if moment is not None and moment.year not in YEARS:
            raise Invalid("IMPORT_ROW_INVALID", field)
    if row.channel is None:
        raise Invalid("IMPORT_ROW_INVALID", "channel")


def imported(row: PastComplaint, id: str, at: datetime) -> Complaint:
    """The complaint it becomes: with its own number, times and deadline, with no clock, so that nothing arises from it."""
    assert row.received_at is not None and row.channel is not None
    return Complaint(
        id=id,
        version=1,
        jurisdiction_path=row.jurisdiction_path,
        unit_path=row.unit_path,
        number=f"{row.source} {row.source_number}",
        stage=Stage.RECEIVED if row.closed_at is None else Stage.CLOSED,
        channel=row.channel,
        manner=Manner.ANONYMOUS,
        origin=Origin.IMPORT,
        regime="",
        category=row.category,
        accused_unit_path="",
        accused_official_id="",
        received_at=row.received_at,
        recorded_at=at,
        filed_by="",
        due_at=row.deadline_at,
        closed_at=row.closed_at,
        conclusion=row.conclusion,
        source=row.source,
        source_number=row.source_number,
        source_hash=row.digest(),
    )


def corrected(kept: Complaint, row: PastComplaint) -> Complaint:
    """The complaint once its row says something else; id and what happened here since stay."""
    fresh = imported(row, kept.id, kept.recorded_at)
    return replace(fresh, version=kept.version + 1, outcome=kept.outcome, matter_id=kept.matter_id)


def fact(complaint: Complaint) -> Imported:
    """The only thing history announces."""
    return Imported(**about(complaint), source=complaint.source)


def on_time(due_at: datetime | None, closed_at: datetime | None, as_of: datetime) -> bool:
    """Whether it was in time at a moment: closed no later than its deadline, or still open with the deadline ahead.

    Something without a deadline is in time. What was closed after the moment counts as open at it.
    """
    if due_at is None:
        return True
    reached = closed_at if closed_at is not None and closed_at <= as_of else as_of
    return reached <= due_at
