"""Between protobuf and domain: messages and the words of requests. No decisions.

Messages have the field names of the domain objects, so one function fills them all; MESSAGES says which belongs to which
and how the message calls the id.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from enum import Enum
from types import MappingProxyType
from typing import Any, TypeVar

from google.protobuf.message import Message
from google.protobuf.timestamp_pb2 import Timestamp
from zhengfeng.common.v1 import access_pb2
from zhengfeng.directory.v1 import accounts_pb2, calendar_pb2, items_pb2, officials_pb2, sessions_pb2, units_pb2

from chassis.errors import Invalid
from services.directory.domain.accounts import Account, Colleague, Grant
from services.directory.domain.calendar import CalendarYear
from services.directory.domain.items import DutyItem, DutyList, ServiceItem
from services.directory.domain.people import Official, Post
from services.directory.domain.sessions import SavedView, Session
from services.directory.domain.tokens import TokenKey
from services.directory.domain.tree import Jurisdiction, Unit

E = TypeVar("E", bound=Enum)

# Domain class -> message, and the message's name for the id.
MESSAGES: Mapping[type[Any], tuple[type[Message], str]] = MappingProxyType(
    {
        Jurisdiction: (units_pb2.Jurisdiction, "jurisdiction_id"),
        Unit: (units_pb2.Unit, "unit_id"),
        Official: (officials_pb2.Official, "official_id"),
        Post: (officials_pb2.Post, "post_id"),
        ServiceItem: (items_pb2.ServiceItem, "service_item_id"),
        DutyList: (items_pb2.DutyList, "duty_list_id"),
        DutyItem: (items_pb2.DutyItem, "duty_item_id"),
        CalendarYear: (calendar_pb2.CalendarYear, "calendar_year_id"),
        Account: (accounts_pb2.Account, "account_id"),
        Grant: (accounts_pb2.Grant, ""),
        Colleague: (accounts_pb2.Colleague, "account_id"),
        TokenKey: (accounts_pb2.SigningKey, "key_id"),
        Session: (sessions_pb2.Session, "session_id"),
        SavedView: (sessions_pb2.View, "view_id"),
    }
)


def message(thing: object) -> Any:
    """The message of a domain object: each field from the attribute of its name."""
    kind, id_field = MESSAGES[type(thing)]
    filled = kind()
    for field in kind.DESCRIPTOR.fields:
        value = getattr(thing, "id" if field.name == id_field else field.name, None)
        if value is not None:
            _fill(filled, field, value)
    return filled


def messages(things: Iterable[object]) -> list[Any]:
    """The messages of several domain objects."""
    return [message(thing) for thing in things]


def _fill(filled: Message, field: Any, value: Any) -> None:
    if isinstance(value, datetime):
        getattr(filled, field.name).FromDatetime(value)
    elif isinstance(value, tuple):
        getattr(filled, field.name).extend(_plain(field, part) for part in value)
    else:
        setattr(filled, field.name, _plain(field, value))


def _plain(field: Any, value: Any) -> Any:
    if isinstance(value, Enum):
        assert field.enum_type is not None
        return field.enum_type.values_by_name[f"{_prefix(type(value))}_{value.value.upper()}"].number
    if isinstance(value, date):
        return value.isoformat()
    return message(value) if type(value) in MESSAGES else value


def _prefix(kind: type[Enum]) -> str:
    """`UnitKind` is UNIT_KIND in the contract."""
    return "".join("_" + letter if letter.isupper() else letter for letter in kind.__name__).lstrip("_").upper()


def choices(kind: type[E], numbers: Iterable[int], contract: Any) -> tuple[E, ...]:
    """The domain's words for enum numbers of the contract; the unspecified one is left out."""
    prefix = _prefix(kind) + "_"
    return tuple(kind(contract.Name(number).removeprefix(prefix).lower()) for number in numbers if number)


def role(number: int) -> str:
    """A role's word, as callers carry it."""
    return str(access_pb2.Role.Name(access_pb2.Role.ValueType(number))).removeprefix("ROLE_").lower()


def day(text: str, field: str) -> date | None:
    """A day of the contract; None for an empty text. Raises Invalid DAY_UNKNOWN for one that no calendar has."""
    try:
        return date.fromisoformat(text) if text else None
    except ValueError:
        raise Invalid("DAY_UNKNOWN", field) from None


def some_day(text: str, field: str) -> date:
    """A day where the contract asks for one. Raises Invalid DAY_UNKNOWN."""
    found = day(text, field)
    if found is None:
        raise Invalid("DAY_UNKNOWN", field)
    return found


def instant(at: datetime | None) -> Timestamp | None:
    """A moment of the contract."""
    if at is None:
        return None
    stamp = Timestamp()
    stamp.FromDatetime(at)
    return stamp


def days(texts: Iterable[str], field: str) -> list[date]:
    """Days of the contract. Raises Invalid DAY_UNKNOWN."""
    return [some_day(text, field) for text in texts]
