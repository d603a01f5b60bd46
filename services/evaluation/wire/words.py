"""Enums, exact numbers and moments, between protobuf and domain."""

from __future__ import annotations

from datetime import UTC, datetime
from enum import Enum
from fractions import Fraction
from typing import Any, TypeVar

from google.protobuf.timestamp_pb2 import Timestamp

from chassis.errors import Invalid

E = TypeVar("E", bound=Enum)
YEARS = range(1900, 2200)


def member(kind: type[E], wrapper: Any, number: int) -> E | None:
    """The domain's member of a protobuf enum value; None if unspecified. Both have the same words."""
    return kind[wrapper.Name(number).removeprefix(_prefix(wrapper))] if number else None


def value(wrapper: Any, word: Enum) -> int:
    """The protobuf enum value of a domain's member."""
    return int(wrapper.Value(_prefix(wrapper) + word.name))


def exact(text: str) -> Fraction | None:
    """The number a decimal text says; None if it is empty."""
    return Fraction(text) if text else None


def decimal(number: Fraction | None) -> str:
    """The text of a number that a decimal text gave: 5/2 is `2.5`; a number that has no such text stays a fraction."""
    if number is None:
        return ""
    scaled, places = number, 0
    while scaled.denominator != 1 and places < 12:
        scaled, places = scaled * 10, places + 1
    if scaled.denominator != 1:
        return str(number)
    text = f"{scaled.numerator:0{places + 1}d}"
    return f"{text[:-places]}.{text[-places:]}" if places else text


def moment(at: Timestamp, field: str) -> datetime:
    """The instant a timestamp says. Raises Invalid with INSTANT_INVALID for one that no campaign could end at."""
    try:
        instant = at.ToDatetime(tzinfo=UTC)
    except (ValueError, OverflowError) as wrong:
        raise Invalid("INSTANT_INVALID", field) from wrong
    if instant.year not in YEARS:
        raise Invalid("INSTANT_INVALID", field)
    return instant


def timestamp(at: datetime | None) -> Timestamp | None:
    """The timestamp of an instant; None stays None, which protobuf leaves out."""
    if at is None:
        return None
    stamp = Timestamp()
    stamp.FromDatetime(at)
    return stamp


def _prefix(wrapper: Any) -> str:
    """`REVOTE_` for the enum whose first value is REVOTE_UNSPECIFIED."""
    return str(wrapper.Name(0)).removesuffix("UNSPECIFIED")
