"""The ladder above an overdue complaint. Which steps there are, and how long after the limit each follows, is data."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from chassis.errors import Conflict
from services.complaints.domain.complaint import Change, Complaint
from services.complaints.domain.facts import Escalated, Referred, about
from workdays import Calendar, Due, Light, Limit, LimitKind, due, start_of_day

OVERDUE = "overdue"
REMINDER = "reminder"
LOOK_AGAIN = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Step:
    """One step: how long after the limit it follows, and whether it refers the complaint to accountability."""

    id: str
    after: Limit
    refers: bool = False


@dataclass(frozen=True, slots=True)
class Ladder:
    """Where an overdue complaint stands on the ladder: the limit it follows, steps taken, the moment of the next."""

    complaint_id: str
    due_at: datetime
    taken: int
    next_at: datetime


def steps_of(rows: Iterable[Mapping[str, Any]]) -> tuple[Step, ...]:
    """Reads the setting. Raises ValueError or KeyError for a row that cannot be read."""
    return tuple(
        Step(row["id"], Limit(LimitKind(row["after"]["kind"]), int(row["after"]["amount"])), bool(row.get("refers", False)))
        for row in rows
    )


def moment(step: Step, due_at: datetime, calendar: Calendar) -> datetime | None:
    """When a step follows: as the day begins that lies so long after the last day of the limit.

    None while the calendar of that day is not loaded.
    """
    end = due(step.after, due_at - timedelta(microseconds=1), calendar)
    return start_of_day(end.day) if isinstance(end, Due) else None


def begun(complaint: Complaint) -> Ladder | None:
    """The ladder of a complaint whose limit has just run out, to be looked at at once."""
    return None if complaint.due_at is None else Ladder(complaint.id, complaint.due_at, 0, complaint.due_at)


def next_look(ladder: Ladder, steps: tuple[Step, ...], calendar: Calendar, now: datetime) -> datetime | None:
    """When the ladder has to be looked at: as its next step is due, or tomorrow where nobody can say; None at its end."""
    if ladder.taken >= len(steps):
        return None
    return moment(steps[ladder.taken], ladder.due_at, calendar) or now + LOOK_AGAIN


def still_stands(ladder: Ladder, complaint: Complaint) -> bool:
    """Whether the limit it follows is still the one that has run out: nobody closed it, nor gave it more days."""
    return complaint.closed_at is None and complaint.due_at == ladder.due_at


def is_overdue(complaint: Complaint, at: datetime) -> bool:
    """Whether a limit it still runs under has run out, whichever of its clocks governs now."""
    red = complaint.light == Light.RED.value
    return complaint.closed_at is None and red and complaint.due_at is not None and complaint.due_at <= at


def escalate(complaint: Complaint, step: Step, reason: str, text: str, referred: bool, at: datetime) -> Change:
    """A step is taken. One that refers announces that too, once for each complaint: `referred` says it was before.

    The limit is told only once it has run out: who is told of a step before it must not read that it is overdue.
    """
    taken = complaint.change("Escalate")
    told = Escalated(**about(taken), step=step.id, reason=reason, due_at=run_out(taken, at))
    return Change(taken, "escalate", told, text, _referral(taken, step, reason, referred), step.id)


def run_out(complaint: Complaint, at: datetime) -> datetime | None:
    """Its limit, where that is over; None before."""
    due_at = complaint.due_at
    return due_at if due_at is not None and due_at <= at else None


def check_not_taken(step: str, taken: Iterable[str]) -> None:
    """Refuses a step taken for this limit already: ESCALATION_DONE."""
    if step in taken:
        raise Conflict("ESCALATION_DONE", "step", step=step)


def _referral(complaint: Complaint, step: Step, reason: str, referred: bool) -> tuple[Referred, ...]:
    if not step.refers or referred:
        return ()
    unit = about(complaint, complaint.responsible_unit_path)
    return (Referred(**unit, reason=reason, official_ids=()),)
