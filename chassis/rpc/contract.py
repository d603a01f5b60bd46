"""Whether a request keeps the constraints its contract states, and how a breach is told in both languages.

protovalidate checks in place and reports every field at once. Its English sentences never quote the value; ours in the
catalogue do not either.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from google.protobuf.message import Message
from protovalidate import Validator, Violation

from chassis.i18n import Catalogue
from chassis.rpc.answers import BrokenContract, FieldFault

_NUMBERS = re.compile(r"-?\d+(?:\.\d+)?")
_MOST_FAULTS = 50
_NUL = "\x00"
_BOUNDS = {"gt": "RULE_GT", "gte": "RULE_GTE", "lt": "RULE_LT", "lte": "RULE_LTE"}


class Contract:
    """Checks messages against the constraints compiled from their descriptors."""

    def __init__(self, catalogue: Catalogue) -> None:
        self._validator = Validator()
        self._catalogue = catalogue

    def check(self, message: Message) -> None:
        """Returns if the message keeps its contract, else raises BrokenContract naming every field."""
        broken = self._validator.collect_violations(message)
        if broken:
            raise BrokenContract((self._fault(violation) for violation in broken[:_MOST_FAULTS]), len(broken))
        if _NUL.encode() in message.SerializeToString():
            with_nul = list(texts_with_nul(message))
            if with_nul:
                zh, en = (self._catalogue.text("RULE_NUL", language) for language in ("zh", "en"))
                faults = (FieldFault(path, "string.nul", zh, en) for path in with_nul[:_MOST_FAULTS])
                raise BrokenContract(faults, len(with_nul))

    def _fault(self, violation: Violation) -> FieldFault:
        told = violation.proto
        rule = told.rule_id
        key, limit = self._key(rule), violation.rule_value
        if key == "RULE_RANGE":
            limit = " ~ ".join(_NUMBERS.findall(told.message))
        elif key in ("RULE_MIN_LEN", "RULE_MIN_ITEMS") and limit == 1:
            key = "RULE_REQUIRED"  # nothing was given at all
        zh, en = (self._catalogue.text(key, language, limit=limit) for language in ("zh", "en"))
        return FieldFault(field=path_of(told.field), rule=rule, zh=zh, en=en)

    def _key(self, rule: str) -> str:
        """The catalogue key of a rule: its own id if a service gave it a sentence, else that of its kind."""
        if rule in self._catalogue:
            return rule
        kind = rule.rsplit(".", 1)[-1]
        if any(kind.startswith(bound + "_") for bound in _BOUNDS):
            return "RULE_RANGE"
        key = _BOUNDS.get(kind, f"RULE_{kind.removesuffix('_empty').upper()}")
        return key if key in self._catalogue else "RULE_OTHER"


def texts_with_nul(message: Message, above: str = "") -> Iterator[str]:
    """The paths of texts that hold NUL, a character PostgreSQL does not take."""
    for field, value in message.ListFields():
        repeated = not isinstance(value, str | bytes | Message) and hasattr(value, "__len__")
        items = enumerate(value.values() if hasattr(value, "values") else value) if repeated else ((-1, value),)
        for number, item in items:
            path = f"{above}{field.name}" + (f"[{number}]" if repeated else "")
            if isinstance(item, Message):
                yield from texts_with_nul(item, f"{path}.")
            elif isinstance(item, str) and _NUL in item:
                yield path


def path_of(field: Any) -> str:
    """`items[2].code`, `names["zh"]`: the path of a violation as people write it; empty for a whole message."""
    if field is None:
        return ""
    parts: list[str] = []
    for element in field.elements:
        parts.append(element.field_name)
        if element.subscript is not None:
            value = element.subscript.value
            parts[-1] += f'["{value}"]' if isinstance(value, str) else f"[{value}]"
    return ".".join(parts)
