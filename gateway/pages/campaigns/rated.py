"""What is rated as a form carries it: unit, official, leading group or district, each as a small row of one hidden field."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, fields
from typing import Any

MOST_TEXT = 300


@dataclass(frozen=True, slots=True)
class Rated:
    """One object of a group."""

    kind: str = "OBJECT_KIND_UNIT"
    unit_id: str = ""
    official_id: str = ""
    unit_path: str = ""
    name: str = ""
    object_id: str = ""

    @classmethod
    def of(cls, found: Mapping[str, Any]) -> Rated:
        """From a plan's object, or from what a form sent; what is not ours is left out."""
        texts = {one.name: str(found.get(one.name) or "")[:MOST_TEXT] for one in fields(cls)}
        return cls(**{**texts, "kind": texts["kind"] or "OBJECT_KIND_UNIT"})

    @property
    def subject(self) -> tuple[str, str]:
        """Who or what it is, whatever it is called: nobody stands on a ballot twice."""
        return self.kind, self.official_id or self.unit_id or self.unit_path

    @property
    def token(self) -> str:
        """Its row as text."""
        return json.dumps({name: text for name, text in asdict(self).items() if text}, ensure_ascii=False)

    def message(self) -> dict[str, str]:
        """As the contract wants it: a unit's path is the service's to give."""
        kept = {name: text for name, text in asdict(self).items() if text}
        if self.kind != "OBJECT_KIND_DISTRICT":
            kept.pop("unit_path", None)
        return kept


def packed(objects: Iterable[Rated]) -> str:
    """A group's objects as one text."""
    return json.dumps([{name: text for name, text in asdict(one).items() if text} for one in objects], ensure_ascii=False)


def objects_of(text: str) -> list[Rated]:
    """The objects of such a text; what is none holds none."""
    try:
        found = json.loads(text or "[]")
    except ValueError:
        return []
    return [Rated.of(one) for one in found if isinstance(one, dict)] if isinstance(found, list) else []
