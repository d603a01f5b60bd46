"""The events facts travel in."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

from zhengfeng.directory.v1 import events_pb2

from chassis.store import Envelope
from services.directory.domain.facts import CalendarYearLoaded, Changed, Fact, KeyRotated
from services.directory.domain.items import ServiceItem
from services.directory.domain.people import Official, Post
from services.directory.domain.tree import Jurisdiction, Unit
from services.directory.wire.messages import instant


def encode_fact(fact: Fact, envelope: Envelope) -> events_pb2.DirectoryEvent:
    """The event a fact travels in."""
    thing = fact.thing
    event = events_pb2.DirectoryEvent(
        event_id=envelope.event_id,
        occurred_at=instant(envelope.occurred_at),
        recorded_at=instant(envelope.recorded_at),
        subject_id=thing.id,
        version=thing.version,
        unit_path=thing.unit_path,
        jurisdiction_path=thing.jurisdiction_path,
    )
    _BODY[type(fact)](event, fact)
    return event


def _changed(event: events_pb2.DirectoryEvent, fact: Changed) -> None:
    name, body = _STATE[type(fact.thing)](fact.thing)
    body["valid_from"] = fact.thing.valid_from.isoformat()
    body["valid_to"] = fact.thing.valid_to.isoformat() if fact.thing.valid_to else ""
    target = getattr(event, name)
    target.MergeFrom(type(target)(**body))


def _year(event: events_pb2.DirectoryEvent, fact: CalendarYearLoaded) -> None:
    year = fact.thing
    loaded = event.calendar_year_loaded
    loaded.year, loaded.source = year.year, year.source
    loaded.off_days.extend(day.isoformat() for day in year.off_days)
    loaded.make_up_days.extend(day.isoformat() for day in year.make_up_days)
    event.subject_id = str(year.year)


def _key(event: events_pb2.DirectoryEvent, fact: KeyRotated) -> None:
    event.key_rotated.public_key, event.key_rotated.retired = fact.thing.public_key, fact.retired


def _jurisdiction(thing: Jurisdiction) -> tuple[str, dict[str, Any]]:
    return "jurisdiction_changed", {"name": thing.name, "level": thing.kind.value}


def _unit(thing: Unit) -> tuple[str, dict[str, Any]]:
    body = {"name": thing.name, "kind": thing.kind.value, "parent_id": thing.parent_id}
    return "unit_changed", body | {"management_line": thing.management_line}


def _official(thing: Official) -> tuple[str, dict[str, Any]]:
    body = {"kind": thing.kind.value, "unit_id": thing.unit_id, "management_line": thing.management_line}
    return "official_changed", body


def _post(thing: Post) -> tuple[str, dict[str, Any]]:
    body = {"official_id": thing.official_id, "unit_id": thing.unit_id, "kind": thing.kind.value}
    return "post_changed", body | {"section_ids": thing.section_ids}


def _service_item(thing: ServiceItem) -> tuple[str, dict[str, Any]]:
    body = {"name": thing.name, "unit_id": thing.unit_id, "kind": thing.kind.value}
    limits = {"legal_limit_days": thing.legal_days, "promised_limit_days": thing.promised_days}
    return "service_item_changed", body | limits | {"tacit_approval": thing.tacit_approval}


_STATE: Mapping[type[Any], Any] = MappingProxyType(
    {Jurisdiction: _jurisdiction, Unit: _unit, Official: _official, Post: _post, ServiceItem: _service_item}
)
_BODY: Mapping[type[Any], Any] = MappingProxyType({Changed: _changed, CalendarYearLoaded: _year, KeyRotated: _key})
