"""Words, moments, days and proofs, as every message holds them."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, date, datetime
from enum import Enum
from typing import Any, TypeVar

from google.protobuf.timestamp_pb2 import Timestamp
from zhengfeng.common.v1 import origin_pb2
from zhengfeng.supervision.v1 import finding_pb2, inspection_pb2, point_pb2

from chassis.errors import Invalid
from services.supervision.domain import facts, words
from services.supervision.domain.notice import Evidence
from workdays import Light

E = TypeVar("E", bound=Enum)
YEARS = range(1900, 2200)

ENUMS: dict[type[Enum], tuple[Any, str]] = {
    words.FindingStage: (finding_pb2.FindingStage, "FINDING_STAGE_"),
    words.FoundBy: (finding_pb2.FoundBy, "FOUND_BY_"),
    words.LimitStep: (finding_pb2.LimitStep, "LIMIT_STEP_"),
    words.InspectionStage: (inspection_pb2.InspectionStage, "INSPECTION_STAGE_"),
    words.InspectionKind: (inspection_pb2.InspectionKind, "INSPECTION_KIND_"),
    words.PointKind: (point_pb2.PointKind, "POINT_KIND_"),
    words.ReportOutcome: (point_pb2.ReportOutcome, "REPORT_OUTCOME_"),
    Light: (finding_pb2.Light, "LIGHT_"),
}


def number_of(word: Enum) -> Any:
    """The protobuf number of a word."""
    kind, prefix = ENUMS[type(word)]
    return kind.Value(prefix + word.name)


def word_of(kind: type[E], number: int) -> E | None:
    """The word a number stands for; None for the unspecified one. Numbers outside the contract never come this far."""
    pb, prefix = ENUMS[kind]
    return None if number == 0 else kind[pb.Name(number).removeprefix(prefix)]


def needed(kind: type[E], number: int) -> E:
    """The word a number stands for, where the contract forbids the unspecified one."""
    word = word_of(kind, number)
    assert word is not None
    return word


def stamp(moment: datetime | None) -> Timestamp | None:
    """A moment as a message, none as an unset field."""
    if moment is None:
        return None
    message = Timestamp()
    message.FromDatetime(moment)
    return message


def moment(message: Timestamp, field: str) -> datetime:
    """A message as a moment in UTC. Raises Invalid with INSTANT_INVALID for one that no ledger could hold."""
    try:
        instant = message.ToDatetime(tzinfo=UTC)
    except (ValueError, OverflowError) as wrong:
        raise Invalid("INSTANT_INVALID", field) from wrong
    if instant.year not in YEARS:
        raise Invalid("INSTANT_INVALID", field)
    return instant


def shown(day: date | None) -> str:
    """A day as YYYY-MM-DD, none as an empty text."""
    return "" if day is None else day.isoformat()


def day(text: str, field: str) -> date:
    """A text that looks like a day as one. Refused with DAY_INVALID for 30 February and the like."""
    try:
        return date.fromisoformat(text)
    except ValueError as wrong:
        raise Invalid("DAY_INVALID", field) from wrong


def optional_day(text: str, field: str) -> date | None:
    """The same where the text may be empty."""
    return day(text, field) if text else None


def origin(source: facts.Origin) -> origin_pb2.Origin:
    """Where something came from."""
    return origin_pb2.Origin(service=source.service, subject_id=source.subject_id, number=source.number)


def proof(evidence: Evidence) -> finding_pb2.Evidence:
    """A proof as a message."""
    return finding_pb2.Evidence(
        sha256=evidence.sha256,
        kind=evidence.kind,
        caption=evidence.caption,
        captured_at=stamp(evidence.captured_at),
    )


def proofs(messages: Iterable[finding_pb2.Evidence]) -> tuple[Evidence, ...]:
    """Messages as proofs."""
    return tuple(
        Evidence(
            message.sha256,
            message.kind,
            message.caption,
            moment(message.captured_at, "evidence.captured_at") if message.HasField("captured_at") else None,
        )
        for message in messages
    )
