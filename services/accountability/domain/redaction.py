"""What no public text may hold: names, and numbers by which somebody is found. Searched as a reader would read it."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from chassis.errors import Invalid

_GAPS = re.compile(r"[\s\-—–_·.．]+")


@dataclass(frozen=True, slots=True)
class Redaction:
    """A jurisdiction's rule: whether persons and units stay unnamed, and the numbers that never stand in public."""

    persons: bool
    units: bool
    shortest_unit: int
    numbers: tuple[re.Pattern[str], ...]

    def check(self, field: str, text: str, persons: Iterable[str], units: Iterable[str]) -> None:
        """Refuses a text with TEXT_NAMES_SOMEBODY, naming the field and what was found in it.

        Gaps inside a name or number hide nothing, nor do full-width signs. A unit with a short name, such as 办公室, is
        not known by it.
        """
        read = _read(text)
        names = list(persons) if self.persons else []
        names += [unit for unit in units if len(_read(unit)) >= self.shortest_unit] if self.units else []
        for name in names:
            if _read(name) and _read(name) in read:
                raise Invalid("TEXT_NAMES_SOMEBODY", field, found=name)
        for number in self.numbers:
            found = number.search(read)
            if found:
                raise Invalid("TEXT_NAMES_SOMEBODY", field, found=found[0])


def read_redaction(setting: Mapping[str, Any]) -> Redaction:
    """The rule as a setting says it."""
    numbers: Sequence[str] = setting["numbers"]
    return Redaction(setting["persons"], setting["units"], setting["shortest_unit"], tuple(map(re.compile, numbers)))


def _read(text: str) -> str:
    return _GAPS.sub("", unicodedata.normalize("NFKC", text)).casefold()
