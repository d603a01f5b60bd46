"""Regimes: which limits a complaint runs under. They are rows of a pack; this reads one row, and loudly.

A row looks like `{accept = {kind = "working_days", amount = 5}, handle = {...}, longest = {...}, warn = {...},
basis = "..."}`.
A step that is absent has no limit under that regime. A step may say its own `basis` and its own `warn`, for example a
limit in minutes that warns by the quarter of an hour.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from services.complaints.domain import clocks
from services.complaints.domain.clocks import RunningClock
from workdays import Calendar, CountsFrom, Limit, LimitKind, WarnBefore

ACCEPT, DISPATCH, SIGN, HANDLE, REDO, SUPERVISE = "accept", "dispatch", "sign", "handle", "redo", "supervise"
_LIMITS = frozenset({ACCEPT, DISPATCH, SIGN, HANDLE, "longest", REDO, "bounce"})
_WORDS = frozenset({"warn", "basis", "rank", "approver", "supervision"})
_FALLS_BACK = {REDO: HANDLE, SUPERVISE: HANDLE}
_RANKS = frozenset({"law", "local", "ours"})


@dataclass(frozen=True, slots=True)
class Regime:
    """The limits of one regime. `longest` is the whole of `handle` with every extension.

    `rank` says whether law, a local rule or we set them; `approver` is the one role that may grant more days, if the rule
    names one; `supervision` marks a regime that runs beside another.
    """

    name: str
    warn: WarnBefore
    accept: Limit | None
    handle: Limit | None
    longest: Limit | None
    redo: Limit | None
    bounce: Limit | None
    dispatch: Limit | None = None
    sign: Limit | None = None
    rank: str = "ours"
    approver: str = ""
    supervision: bool = False
    bases: Mapping[str, str] = field(default_factory=dict)
    warns: Mapping[str, WarnBefore] = field(default_factory=dict)

    @staticmethod
    def of(name: str, row: Mapping[str, Any]) -> Regime:
        """Reads a pack row. Raises ValueError or KeyError for one that cannot be read, never passes over it."""
        if unknown := set(row) - _LIMITS - _WORDS:
            raise ValueError(f"regime {name}: {', '.join(sorted(unknown))} is no step of a regime")
        rank = str(row.get("rank", "ours"))
        if rank not in _RANKS:
            raise ValueError(f"regime {name}: {rank} is no rank of a rule")
        steps = {step: row[step] for step in _LIMITS if step in row}
        return Regime(
            name=name,
            warn=_warn(row["warn"]),
            rank=rank,
            approver=str(row.get("approver", "")),
            supervision=bool(row.get("supervision", False)),
            bases={"": str(row.get("basis", ""))} | {step: str(at["basis"]) for step, at in steps.items() if "basis" in at},
            warns={step: _warn(at["warn"]) for step, at in steps.items() if "warn" in at},
            **{step: _limit(row[step]) if step in row else None for step in _LIMITS},
        )

    def limit(self, step: str) -> Limit | None:
        """The limit of a step. Second handling and supervision without their own run under `handle`."""
        if step == SUPERVISE:
            return self.handle
        found: Limit | None = getattr(self, step)
        return self.handle if step == REDO and found is None else found

    def basis(self, step: str) -> str:
        """The article or rule the limit of a step rests on; of second handling and supervision that of `handle` at least."""
        return self.bases.get(step) or self.bases.get(_FALLS_BACK.get(step, "")) or self.bases.get("", "")

    def clock(self, step: str, at: datetime, calendar: Calendar) -> tuple[RunningClock, ...]:
        """The clock of a step, started and reckoned; none where the regime sets no limit for it."""
        return clocks.start(step, self.name, self.limit(step), self._warn_of(step), at, calendar)

    def _warn_of(self, step: str) -> WarnBefore:
        return self.warns.get(step) or self.warns.get(_FALLS_BACK.get(step, "")) or self.warn


def _limit(row: Mapping[str, Any]) -> Limit:
    return Limit(
        kind=LimitKind(row["kind"]),
        amount=int(row["amount"]),
        counts_from=CountsFrom(row.get("counts_from", CountsFrom.NEXT_DAY.value)),
        moves_off_holiday=bool(row.get("moves_off_holiday", False)),
    )


def _warn(row: Mapping[str, Any]) -> WarnBefore:
    return WarnBefore(LimitKind(row["kind"]), int(row["amount"]))
