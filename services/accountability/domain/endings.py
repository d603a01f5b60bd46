"""Honest error tolerated 容错免责: what must hold before, and who may say so."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from chassis.errors import Conflict, Invalid
from services.accountability.domain.case import Case, Checked
from services.accountability.domain.states import CaseState


@dataclass(frozen=True, slots=True)
class ToleranceCheck:
    """One thing that must hold before an error is tolerated."""

    key: str
    zh: str
    en: str
    source: str


@dataclass(frozen=True, slots=True)
class CheckAnswer:
    """What the decider found on a check."""

    key: str
    met: bool
    finding: str


def all_met(checks: Sequence[ToleranceCheck], answers: Sequence[CheckAnswer]) -> None:
    """Every check is answered once, and holds: an error that fails one is no honest error.

    Raises Invalid CHECKS_INCOMPLETE, Conflict CHECK_NOT_MET.
    """
    asked, given = [check.key for check in checks], [answer.key for answer in answers]
    if sorted(asked) != sorted(given):
        wrong = sorted({*asked, *given} - ({*asked} & {*given})) or given
        raise Invalid("CHECKS_INCOMPLETE", "checks", checks=", ".join(wrong))
    failed = [answer.key for answer in answers if not answer.met]
    if failed:
        raise Conflict("CHECK_NOT_MET", "checks", checks=", ".join(failed))


def tolerate(case: Case, by: str, official_id: str, findings: Mapping[str, str], at: datetime) -> Case:
    """Ends a case as an honest error, by a decider who neither worked on it nor is a party.

    `findings` are the ids of what was found, by check.
    """
    case.keep_apart(by, official_id)
    ended = case.drop(CaseState.TOLERATED, by, official_id, is_decider=True, at=at)
    return replace(ended, tolerance=tuple(Checked(key, text) for key, text in findings.items()))
