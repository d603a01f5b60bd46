"""Facts as they travel: an event message per service, with one fact in it.

A service says what it hears in a plain table from a fact's protobuf class to a function. Nothing here knows how facts are
carried; `chassis.relay` carries them inside one process, `chassis.broker` through RabbitMQ.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from typing import Any

from google.protobuf import descriptor_pool, message_factory
from google.protobuf.descriptor import Descriptor
from google.protobuf.message import Message


@dataclass(frozen=True, slots=True)
class Heard:
    """What is known of a fact besides its content."""

    event_id: str
    source: str
    type: str
    subject_id: str
    version: int
    occurred_at: datetime
    unit_path: str
    jurisdiction_path: str
    number: str = ""


@dataclass(frozen=True, slots=True)
class Timer:
    """Something a service does by itself every so many seconds. `run` takes the service's use cases.

    Answers it with a mapping of words and numbers, these become the metric `zhengfeng_standing`.
    """

    seconds: float
    run: Callable[[Any], object]


# A handler is given the use cases, the transaction that also holds the inbox row, the fact and what surrounds it.
Hears = Mapping[type[Message], Callable[[Any, Any, Any, Heard], object]]
Every = Mapping[str, Timer]


def fact_type(event: Any) -> str:
    """The full name of the fact in an event, for example `zhengfeng.complaints.v1.ComplaintClosed`."""
    kind = event.WhichOneof("fact")
    if kind is None:
        raise ValueError(f"{event.DESCRIPTOR.name} holds no fact")
    return str(event.DESCRIPTOR.fields_by_name[kind].message_type.full_name)


def names_of(hears: Hears) -> dict[str, type[Message]]:
    """The facts a service listens to, by full name."""
    return {str(fact.DESCRIPTOR.full_name): fact for fact in hears}


def open_event(fact: type[Message], payload: bytes) -> tuple[Message, Heard]:
    """The fact in a payload, and what surrounds it. Raises google.protobuf.message.DecodeError for a broken one."""
    envelope_class, field = _envelope(fact.DESCRIPTOR)
    event: Any = envelope_class.FromString(payload)
    heard = Heard(
        event_id=event.event_id,
        source=event.DESCRIPTOR.file.package.split(".")[1],
        type=str(fact.DESCRIPTOR.full_name),
        subject_id=event.subject_id,
        version=event.version,
        occurred_at=event.occurred_at.ToDatetime(tzinfo=UTC),
        unit_path=event.unit_path,
        jurisdiction_path=event.jurisdiction_path,
        number=getattr(event, "number", ""),
    )
    return getattr(event, field), heard


def whole_event(fact_type: str, payload: bytes) -> Message:
    """The event message in a payload, for a fact this process knows by its full name. Raises KeyError for another."""
    envelope_class, _ = _envelope(descriptor_pool.Default().FindMessageTypeByName(fact_type))
    event: Message = envelope_class.FromString(payload)
    return event


@cache
def _envelope(fact: Descriptor) -> tuple[type[Any], str]:
    """The event message that carries a fact, and the name of its field there."""
    for candidate in fact.file.message_types_by_name.values():
        for field in candidate.fields:
            if field.message_type is fact and field.containing_oneof is not None and field.containing_oneof.name == "fact":
                return message_factory.GetMessageClass(candidate), str(field.name)
    raise LookupError(f"no event of {fact.file.name} carries {fact.name}")
