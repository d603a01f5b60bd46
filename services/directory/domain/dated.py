"""Days from and to: every statement of the directory holds from its first day until the day before its last mark.

`valid_from` is the first day, `valid_to` the first day no longer (None: still). A hand-over on 1 May ends the old and
starts the new on 1 May, so that every day has exactly one answer.
"""

from __future__ import annotations

from datetime import date
from typing import Protocol

from chassis.errors import Invalid

PATH = r"(/[a-z0-9][a-z0-9-]{0,62}){1,8}"


class Dated(Protocol):
    """Anything that holds for a time."""

    @property
    def valid_from(self) -> date: ...

    @property
    def valid_to(self) -> date | None: ...


def holds(thing: Dated, on: date) -> bool:
    """Whether the statement is true on the day. One whose two days are the same was never true."""
    return thing.valid_from <= on and (thing.valid_to is None or on < thing.valid_to)


def overlap(one: Dated, other: Dated) -> bool:
    """Whether there is a day on which both are true."""
    first = max(one.valid_from, other.valid_from)
    return holds(one, first) and holds(other, first)


def check_term(thing: Dated) -> None:
    """Raises Invalid TERM_REVERSED if the statement ends before it begins."""
    if thing.valid_to is not None and thing.valid_to < thing.valid_from:
        raise Invalid("TERM_REVERSED", "valid_to", valid_from=thing.valid_from, valid_to=thing.valid_to)


def parent(path: str) -> str:
    """The path one level up; empty at the top."""
    return path.rpartition("/")[0]


def under(path: str, ancestor: str) -> bool:
    """Whether `path` is `ancestor` or below it."""
    return path == ancestor or path.startswith(ancestor + "/")
