"""Fills a request from its contract: the least each field accepts, and known values where a field's name says what it is."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from datetime import datetime
from typing import Any, cast

from buf.validate import validate_pb2
from google.protobuf.descriptor import Descriptor, FieldDescriptor
from google.protobuf.message import Message
from protovalidate import Validator

from chassis.rpc.contract import path_of

Values = Mapping[str, Any]
# Texts tried in turn for a field with a pattern; each is the plainest member of a family of patterns.
PLAIN = ("slow", "2026-11-16", "123456", "a" * 64, "/qinghe", "1", "0", "a", "13900000000")
_VALIDATOR = Validator()


class CannotFill(AssertionError):
    """The harness does not know how to fill a request that its contract accepts: teach it, the rpc is untested."""


def filled(kind: type[Message], values: Values, now: datetime) -> Message:
    """A request that keeps its contract, holding `values` wherever a field of theirs occurs, at any depth.

    A message or a list of messages is given as the values of its own fields. The value named "" is the text for every
    field that takes any text and cannot be left out.
    """
    message = kind()
    _fill(message, values, now)
    broken = _VALIDATOR.collect_violations(message)
    if broken:
        faults = [f"{path_of(one.proto.field)}: {one.proto.message}" for one in broken]
        raise CannotFill(f"{message.DESCRIPTOR.full_name}: {'; '.join(faults)}")
    return message


def fields_of(kind: Descriptor, seen: frozenset[str] = frozenset()) -> dict[str, FieldDescriptor]:
    """Every field of a message and of the messages of ours in it, by name."""
    found = {field.name: field for field in kind.fields}
    for field in kind.fields:
        inner = field.message_type
        if inner is not None and ours(inner) and inner.full_name not in seen:
            found = fields_of(inner, seen | {kind.full_name}) | found
    return found


def rules_of(field: FieldDescriptor) -> Any:
    """The constraints of a field."""
    return field.GetOptions().Extensions[validate_pb2.field]


def ours(kind: Descriptor) -> bool:
    """Whether a message is declared in our contracts."""
    return str(kind.file.package).startswith("zhengfeng.")


def _fill(message: Message, values: Values, now: datetime) -> None:
    for declared in message.DESCRIPTOR.fields:
        field = cast(FieldDescriptor, declared)
        rules = rules_of(field)
        if field.is_repeated:
            _fill_repeated(message, field, rules, values, now)
        elif field.message_type is not None:
            _fill_message(message, field, rules, values, now)
        elif field.name in values and _suits(field, values[field.name]):
            setattr(message, field.name, _fitting(field, values[field.name]))
        else:
            value = _least(field, rules, values)
            if value is not None:
                setattr(message, field.name, value)


def _fill_repeated(message: Message, field: FieldDescriptor, rules: Any, values: Values, now: datetime) -> None:
    least = rules.repeated.min_items
    target = getattr(message, field.name)
    given = values.get(field.name)
    if field.message_type is not None:
        if field.message_type.GetOptions().map_entry:
            return
        for item in given if isinstance(given, list) else [{}] * least:
            _fill(target.add(), {**values, **item}, now)
    elif given is not None:
        target.extend(given if isinstance(given, list | tuple) else [_fitting(field, given)])
    else:
        target.extend([_least(field, rules.repeated.items, values, True)] * least)


def _fill_message(message: Message, field: FieldDescriptor, rules: Any, values: Values, now: datetime) -> None:
    kind = cast(Descriptor, field.message_type)
    if kind.full_name == "google.protobuf.Timestamp":
        if rules.required or field.name in values:
            getattr(message, field.name).FromDatetime(values.get(field.name, now))
    elif (rules.required or field.name in values) and ours(kind):
        inner = getattr(message, field.name)
        inner.SetInParent()
        _fill(inner, {**values, **values.get(field.name, {})}, now)


def _suits(field: FieldDescriptor, value: Any) -> bool:
    """Whether a word stands for something here: another field of the same name may be a choice of other words."""
    return field.enum_type is None or not isinstance(value, str) or value in field.enum_type.values_by_name


def _fitting(field: FieldDescriptor, value: Any) -> Any:
    """A list of known values gives a single field its first."""
    one = value[0] if isinstance(value, list | tuple) else value
    return one.encode() if field.type == FieldDescriptor.TYPE_BYTES and isinstance(one, str) else one


def _least(field: FieldDescriptor, rules: Any, values: Values, needed: bool = False) -> Any:
    """The plainest value the constraints accept, or None where leaving it out will do."""
    if field.enum_type is not None:
        numbers = [entry.number for entry in field.enum_type.values if entry.number not in rules.enum.not_in]
        numbers = [number for number in numbers if number in getattr(rules.enum, "in")] or numbers
        return numbers[0] if numbers[0] or needed else None
    if field.type == FieldDescriptor.TYPE_STRING:
        return _least_text(rules.string, values.get("", "测"))
    if field.type == FieldDescriptor.TYPE_BYTES:
        return b"x" * max(rules.bytes.min_len, rules.bytes.len) or None
    if field.type == FieldDescriptor.TYPE_BOOL:
        return None
    family = rules.WhichOneof("type")
    bounds = getattr(rules, family) if family else None
    if bounds is None:
        return None
    return bounds.gt + 1 if bounds.HasField("gt") else bounds.gte or None


def _least_text(rules: Any, text: str) -> str | None:
    among = getattr(rules, "in")
    if among:
        return str(next((word for word in among if word), among[0]))
    if rules.pattern:
        fits = [text for text in ("", *PLAIN) if re.fullmatch(rules.pattern, text) and len(text) >= rules.min_len]
        if not fits:
            raise CannotFill(f"no plain text fits {rules.pattern}")
        return fits[0] or None
    least = max(rules.min_len, rules.min_bytes, rules.len)
    return text * math.ceil(least / len(text)) if least else None
