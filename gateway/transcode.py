"""JSON to wire bytes and back. The only file that touches protobuf-py, which is young: it changes here or nowhere.

Field names in JSON are the names of the contracts (`complaint_id`), 64-bit integers are strings as ProtoJSON has it.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from functools import lru_cache
from typing import Any

from protobuf import (
    DescFieldValueList,
    DescFieldValueMessage,
    DescMessage,
    Message,
    Registry,
    merge_from_json,
)
from protobuf.wkt import FileDescriptorSet

OURS = "zhengfeng."
_FIELD = re.compile(r"for field [\w.]+\.(\w+)|key: '([^']{1,64})' is unknown")


class Malformed(ValueError):
    """The JSON is not the message it claims to be; `field` names the culprit where it is known."""

    def __init__(self, detail: str, field: str = "") -> None:
        super().__init__(detail)
        self.field = field


class Transcoder:
    """Turns JSON into the bytes of a message and back, by the message's full name."""

    def __init__(self, image: bytes) -> None:
        self._registry: Registry = FileDescriptorSet.from_binary(image).to_registry()
        self._type = lru_cache(maxsize=None)(self._find)

    def _find(self, message: str) -> type[Message]:
        found = self._registry.message(message)
        if found is None:
            raise KeyError(message)
        return found.type

    def to_wire(self, message: str, body: bytes | str, fields: Mapping[str, str] | None = None) -> bytes:
        """The bytes of `message` from JSON; `fields` are strings from the path, which win over the body."""
        try:
            parsed = self._type(message).from_json(body or b"{}")
            if fields:
                merge_from_json(parsed, json.dumps(fields))
            return parsed.to_binary()
        except RecursionError as error:
            raise Malformed("nested too deeply") from error
        except (ValueError, TypeError, OverflowError) as error:
            raise Malformed(_plain(error), _culprit(str(error))) from error

    def from_wire(self, message: str, wire: bytes) -> str:
        """The message as JSON text, with every plain field present."""
        parsed = self._type(message).from_binary(wire)
        return parsed.to_json(always_emit_implicit=True, use_proto_field_name=True)

    def pack(self, message: str, fields: Mapping[str, Any]) -> bytes:
        return self.to_wire(message, json.dumps(fields))

    def unpack(self, message: str, wire: bytes) -> dict[str, Any]:
        """The message as plain values with every field present; a message that is not set is None."""
        unpacked: dict[str, Any] = json.loads(self.from_wire(message, wire))
        return _complete(self._type(message).desc(), unpacked)


def _complete(described: DescMessage, values: dict[str, Any]) -> dict[str, Any]:
    for one in described.fields:
        kind = one.value
        if isinstance(kind, DescFieldValueMessage):
            inner = values.setdefault(one.name, None)
            if isinstance(inner, dict) and kind.message.type_name.startswith(OURS):
                _complete(kind.message, inner)
        elif isinstance(kind, DescFieldValueList):
            element = kind.element
            if isinstance(element, DescMessage) and element.type_name.startswith(OURS):
                for inner in values[one.name]:
                    _complete(element, inner)
        else:
            values.setdefault(one.name, None)
    return values


def _culprit(text: str) -> str:
    """protobuf-py ends with "for field a.v1.Message.name" or says "key: 'name' is unknown"."""
    found = _FIELD.search(text)
    return (found.group(1) or found.group(2)) if found else ""


def _plain(error: Exception) -> str:
    return "not valid JSON" if isinstance(error, json.JSONDecodeError) else str(error)[:300]
