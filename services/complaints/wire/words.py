"""Enums both ways: the domain's member names are the contract's, behind the contract's prefix."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, date, datetime
from enum import Enum
from typing import Any, TypeVar

from google.protobuf.timestamp_pb2 import Timestamp
from zhengfeng.complaints.v1 import (
    complaint_pb2,
    events_pb2,
    figures_pb2,
    history_pb2,
    identity_pb2,
    ledger_pb2,
    parts_pb2,
    unclear_pb2,
)

from chassis.errors import Invalid
from services.complaints.domain.identity import RequestState
from services.complaints.domain.parts import PartState
from services.complaints.domain.stages import Channel, Conclusion, Manner, Origin, Stage, Track, Way
from services.complaints.domain.unclear import Ruling
from workdays import Light

E = TypeVar("E", bound=Enum)
YEARS = range(1900, 2200)


class Pairs(Mapping[int, E]):
    """One enum both ways: `[number]` gives the member, `.number(member)` the number, 0 for none."""

    def __init__(self, kind: type[E], proto: Any) -> None:
        prefix = proto.DESCRIPTOR.values[0].name.removesuffix("UNSPECIFIED")
        self._numbers = {member: int(proto.Value(prefix + member.name)) for member in kind}
        self._members = {number: member for member, number in self._numbers.items()}

    def __getitem__(self, number: int) -> E:
        return self._members[number]

    def __iter__(self) -> Any:
        return iter(self._members)

    def __len__(self) -> int:
        return len(self._members)

    def number(self, member: E | None) -> Any:
        """The contract's number."""
        return 0 if member is None else self._numbers[member]


STAGE = Pairs(Stage, complaint_pb2.Stage)
CHANNEL = Pairs(Channel, complaint_pb2.Channel)
MANNER = Pairs(Manner, complaint_pb2.Manner)
ORIGIN = Pairs(Origin, complaint_pb2.ComplaintOrigin)
WAY = Pairs(Way, complaint_pb2.Way)
TRACK = Pairs(Track, complaint_pb2.Track)
LIGHT = Pairs(Light, complaint_pb2.Light)
CONCLUSION = Pairs(Conclusion, events_pb2.Conclusion)
REQUEST_STATE = Pairs(RequestState, identity_pb2.IdentityRequestState)
SORTS = {
    ledger_pb2.COMPLAINT_SORT_UNSPECIFIED: "received_desc",
    ledger_pb2.COMPLAINT_SORT_RECEIVED_DESC: "received_desc",
    ledger_pb2.COMPLAINT_SORT_RECEIVED_ASC: "received_asc",
    ledger_pb2.COMPLAINT_SORT_DUE_ASC: "due_asc",
}
STATISTICS_KEYS = {
    figures_pb2.STATISTICS_KEY_STAGE: "stage",
    figures_pb2.STATISTICS_KEY_UNIT: "unit",
    figures_pb2.STATISTICS_KEY_CHANNEL: "channel",
    figures_pb2.STATISTICS_KEY_CATEGORY: "category",
    figures_pb2.STATISTICS_KEY_JURISDICTION: "jurisdiction",
    figures_pb2.STATISTICS_KEY_LIGHT: "light",
}
PART_STATE = Pairs(PartState, parts_pb2.PartState)
RULING = Pairs(Ruling, unclear_pb2.UnclearRuling)
FIGURES = {
    number: name.removeprefix("COMPLAINT_FIGURE_").lower() for name, number in figures_pb2.ComplaintFigure.items() if number
}
RESULTS = {
    "added": history_pb2.IMPORT_RESULT_ADDED,
    "updated": history_pb2.IMPORT_RESULT_UPDATED,
    "unchanged": history_pb2.IMPORT_RESULT_UNCHANGED,
    "refused": history_pb2.IMPORT_RESULT_REFUSED,
}


def stamp(instant: datetime | None) -> Timestamp | None:
    """An instant as a Timestamp."""
    if instant is None:
        return None
    whole = int(instant.timestamp() // 1)
    return Timestamp(seconds=whole, nanos=instant.microsecond * 1000)


def instant(message: Any, field: str) -> datetime | None:
    """A Timestamp field as an instant in UTC, to the microsecond; None if it is not set.

    Raises Invalid with INSTANT_INVALID for one that no calendar or no ledger could hold.
    """
    if not message.HasField(field):
        return None
    try:
        value: datetime = getattr(message, field).ToDatetime(tzinfo=UTC)
    except (ValueError, OverflowError) as wrong:
        raise Invalid("INSTANT_INVALID", field) from wrong
    if value.year not in YEARS:
        raise Invalid("INSTANT_INVALID", field)
    return value


def day(message: Any, field: str) -> date | None:
    """A day field, YYYY-MM-DD; None if it is empty. Raises Invalid with DAY_INVALID for 2026-02-30 and its like."""
    text = getattr(message, field)
    try:
        value = date.fromisoformat(text) if text else None
    except ValueError as wrong:
        raise Invalid("DAY_INVALID", field) from wrong
    if value is not None and value.year not in YEARS:
        raise Invalid("DAY_INVALID", field)
    return value


def iso(value: date | None) -> str:
    """A day as YYYY-MM-DD, empty for none."""
    return value.isoformat() if value else ""
