"""Column types that mean the same on SQLite and PostgreSQL."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from enum import Enum
from fractions import Fraction
from typing import Any, Generic, TypeVar

from cattrs.preconf.json import JsonConverter, make_converter
from sqlalchemy import JSON, BigInteger, DateTime, Dialect, LargeBinary, String, Text, TypeDecorator, Uuid
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.types import TypeEngine

E = TypeVar("E", bound=Enum)
T = TypeVar("T")
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)


def plain_converter() -> JsonConverter:
    """Turns frozen dataclasses into plain JSON values and back: enums by value, exact numbers as text."""
    converter = make_converter()
    for exact in (Fraction, Decimal):
        converter.register_unstructure_hook(exact, str)
        converter.register_structure_hook(exact, lambda value, kind: kind(value))
    return converter


class Instant(TypeDecorator[datetime]):
    """A moment: timestamptz on PostgreSQL, integer microseconds since 1970 on SQLite; aware UTC in Python."""

    impl = DateTime
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        if dialect.name == "sqlite":
            return dialect.type_descriptor(BigInteger())
        return dialect.type_descriptor(DateTime(timezone=True))

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> Any:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("an instant needs a time zone")
        return (value - _EPOCH) // _MICROSECOND if dialect.name == "sqlite" else value

    def process_result_value(self, value: Any, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        if dialect.name == "sqlite":
            return _EPOCH + timedelta(microseconds=value)
        moment: datetime = value
        return moment.astimezone(UTC)


def Id() -> Uuid[str]:
    """A UUID as text in Python, native on PostgreSQL."""
    return Uuid(as_uuid=False)


def Path() -> String:
    """A path of a unit or jurisdiction, compared byte by byte so that a prefix is an index range."""
    return String().with_variant(String(collation="C"), "postgresql")


def Bytes() -> LargeBinary:
    """Opaque bytes."""
    return LargeBinary()


class Choice(TypeDecorator[E], Generic[E]):
    """A member of an enum whose values are text, stored as that text."""

    impl = Text
    cache_ok = True

    def __init__(self, kind: type[E]) -> None:
        super().__init__()
        self.kind = kind

    def process_bind_param(self, value: E | None, dialect: Dialect) -> Any:
        return None if value is None else self.kind(value).value

    def process_result_value(self, value: Any, dialect: Dialect) -> E | None:
        return None if value is None else self.kind(value)


class Doc(TypeDecorator[T], Generic[T]):
    """A frozen dataclass, or a tuple or dict of them, as JSON: for what is only ever read whole."""

    impl = JSON
    cache_ok = True

    def __init__(self, kind: Any) -> None:
        super().__init__()
        self.kind = kind
        self._converter = plain_converter()

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        return dialect.type_descriptor(JSONB() if dialect.name == "postgresql" else JSON())

    def process_bind_param(self, value: T | None, dialect: Dialect) -> Any:
        return None if value is None else self._converter.unstructure(value, self.kind)

    def process_result_value(self, value: Any, dialect: Dialect) -> T | None:
        if value is None:
            return None
        whole: T = self._converter.structure(value, self.kind)
        return whole
