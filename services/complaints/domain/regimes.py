"""Regimes: which limits a complaint runs under. They are rows of a pack; this reads one row, and loudly.

A row looks like `{accept = {kind = "working_days", amount = 5}, handle = {...}, longest = {...}, redo = {...},
bounce = {...}, warn = {...}}`. A step that is absent has no limit under that regime.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from workdays import CountsFrom, Limit, LimitKind, WarnBefore

ACCEPT, HANDLE, REDO = "accept", "handle", "redo"


@dataclass(frozen=True, slots=True)
class Regime:
    """The limits of one regime. `longest` is the whole of `handle` with every extension."""

    name: str
    warn: WarnBefore
    accept: Limit | None
    handle: Limit | None
    longest: Limit | None
    redo: Limit | None
    bounce: Limit | None

    @staticmethod
    def of(name: str, row: Mapping[str, Any]) -> Regime:
        """Reads a pack row. Raises ValueError or KeyError for one that cannot be read, never passes over it."""
        known = {"accept", "handle", "longest", "redo", "bounce", "warn"}
        if unknown := set(row) - known:
            raise ValueError(f"regime {name}: {', '.join(sorted(unknown))} is no step of a regime")
        limits = {step: _limit(row[step]) if step in row else None for step in known - {"warn"}}
        return Regime(name=name, warn=WarnBefore(LimitKind(row["warn"]["kind"]), int(row["warn"]["amount"])), **limits)

    def limit(self, step: str) -> Limit | None:
        """The limit of accept, handle or redo; second handling without its own runs under `handle`."""
        if step == ACCEPT:
            return self.accept
        return self.redo or self.handle if step == REDO else self.handle


def _limit(row: Mapping[str, Any]) -> Limit:
    return Limit(
        kind=LimitKind(row["kind"]),
        amount=int(row["amount"]),
        counts_from=CountsFrom(row.get("counts_from", CountsFrom.NEXT_DAY.value)),
        moves_off_holiday=bool(row.get("moves_off_holiday", False)),
    )
