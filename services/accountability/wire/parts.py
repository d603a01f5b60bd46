"""The small parts messages are made of: enums by name, moments, days, origins."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from enum import StrEnum
from typing import Any, TypeVar

from google.protobuf.timestamp_pb2 import Timestamp
from zhengfeng.common.v1 import origin_pb2

from chassis.errors import Invalid
from services.accountability.domain.facts import Origin

E = TypeVar("E", bound=StrEnum)


def number(contract: Any, prefix: str, word: StrEnum | None) -> Any:
    """The number of a word in an enum of the contract; 0 for none."""
    return 0 if word is None else contract.Value(f"{prefix}_{word.name}")


def word(kind: type[E], contract: Any, prefix: str, value: int) -> E:
    """The word of a number that the contract has let through."""
    return kind[contract.Name(value).removeprefix(f"{prefix}_")]


def moment(at: datetime | None) -> Timestamp | None:
    """A moment; nothing for none."""
    if at is None:
        return None
    stamp = Timestamp()
    stamp.FromDatetime(at)
    return stamp


def day(on: date | None) -> str:
    """A day as YYYY-MM-DD; empty for none."""
    return on.isoformat() if on else ""


def read_day(text: str, field: str) -> date:
    """The day of a text. Raises Invalid NO_SUCH_DAY, for example for 2026-02-30."""
    try:
        return date.fromisoformat(text)
    except ValueError as wrong:
        raise Invalid("NO_SUCH_DAY", field, day=text) from wrong


def origins(found: Iterable[Origin]) -> list[origin_pb2.Origin]:
    """Origins as messages."""
    return [origin_pb2.Origin(service=one.service, subject_id=one.subject_id, number=one.number) for one in found]


def read_origin(message: origin_pb2.Origin) -> Origin:
    """An origin from its message."""
    return Origin(message.service, message.subject_id, message.number)
