"""Clues: what the facts of other services, or the office by hand, bring to accountability."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum

from services.accountability.domain.case import Case, Party
from services.accountability.domain.facts import Origin
from services.accountability.domain.states import CaseState


class Ground(StrEnum):
    """What proved a clue, so that it may not lie; the first of several is the one to name."""

    ESTABLISHED = "established"
    REFERRED_FINDING = "referred_finding"
    SECOND_HANDLING = "second_handling"


@dataclass(frozen=True, slots=True)
class Clue:
    """What points to a breach: where it comes from, where and when it happened, who is said to have done it.

    `misconduct` are the words of the programme; `event` names the kind of fact where the fact itself suggests the conduct.
    `head_answers`: without a named person the head of the unit answers, not the unit. `posts`: those who held these posts of
    the unit answer, with the responsibility each starts from; `led_path` is where they led, if not the whole unit. `ground`
    is what proved it, if anything did.
    """

    origin: Origin
    unit_path: str
    jurisdiction_path: str
    on: date
    misconduct: tuple[str, ...] = ()
    event: str = ""
    official_ids: tuple[str, ...] = ()
    triggers: tuple[str, ...] = ()
    head_answers: bool = False
    posts: Mapping[str, str] = field(default_factory=dict)
    led_path: str = ""
    ground: Ground | None = None


def suspected(clue: Clue, conduct_of: Mapping[str, str], conduct_of_event: Mapping[str, str]) -> str:
    """The conduct word a clue suggests: of its first known misconduct word, else of its kind of fact, else none."""
    for word in clue.misconduct:
        if word in conduct_of:
            return conduct_of[word]
    return conduct_of_event.get(clue.event, "")


def open_case(case_id: str, number: str, clue: Clue, conduct: str, parties: Sequence[Party], at: datetime) -> Case:
    """A new case, as a clue."""
    return Case(
        case_id,
        1,
        clue.unit_path,
        clue.jurisdiction_path,
        number,
        CaseState.CLUE,
        (clue.origin,),
        conduct,
        tuple(parties),
        at,
        clue.triggers,
    )


def brings_something(case: Case, clue: Clue) -> bool:
    """Whether a clue tells a case anything it does not know yet."""
    known = {party.official_id for party in case.parties}
    return (
        clue.origin not in case.origins
        or not set(clue.triggers) <= set(case.triggers)
        or not set(clue.official_ids) <= known
    )
