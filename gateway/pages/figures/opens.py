"""Where a figure leads: to the list of exactly the records it counts."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any
from urllib.parse import urlencode

from gateway.pages.frame.ledger import key_word as told
from gateway.pages.frame.visit import Visit

FIGURES = (
    "received",
    "matters",
    "closed",
    "on_time",
    "overdue",
    "established",
    "rated",
    "satisfied",
    "open",
    "yellow",
    "red",
)
WHOLE = {
    "closed": "received",
    "on_time": "received",
    "overdue": "received",
    "established": "closed",
    "rated": "closed",
    "satisfied": "rated",
    "open": "received",
    "yellow": "open",
    "red": "open",
}
"""The denominator of each figure that is a part of another."""
KEYS = ("unit", "channel", "category", "jurisdiction", "stage", "light")
Opens = Callable[[str, str | None], str]
"""From a figure and a row's key, None for the row of everything, to an address."""


def ledger(by: str, period: Mapping[str, str], matters: bool = False) -> Opens:
    """Into the ledger, for figures of a period by one key."""

    def opens(figure: str, key: str | None = None) -> str:
        asked = {f"filter.{name}": text for name, text in period.items() if text}
        asked["filter.figure"] = f"COMPLAINT_FIGURE_{figure.upper()}"
        if key is not None:
            asked |= {"filter.counted_by": f"STATISTICS_KEY_{by.upper()}", "filter.key": key}
        if matters:
            asked["filter.matters_only"] = "true"
        return f"/complaints?{urlencode(asked)}"

    return opens


def key_word(visit: Visit, by: str, key: str) -> str:
    """A row's key as people call it."""
    if not key:
        return visit.t(f"no_key.{by}")
    return told(visit, f"STATISTICS_KEY_{by.upper()}", key)


def paths(rows: list[dict[str, Any]]) -> list[dict[str, str]]:
    """The paths among the keys of rows, to learn the names of."""
    return [{"path": row["key"]} for row in rows if row["key"].startswith("/")]
