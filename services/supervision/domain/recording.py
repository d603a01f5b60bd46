"""How a finding comes onto the ledger, and who may do what with it next."""

from __future__ import annotations

from collections.abc import Set
from datetime import datetime
from typing import Any

from chassis.errors import Invalid
from services.supervision.domain.finding import Finding
from services.supervision.domain.words import FindingStage, Turn


def record(
    *,
    misconduct: tuple[str, ...],
    known_misconduct: frozenset[str],
    occurred_at: datetime,
    recorded_at: datetime,
    earlier: tuple[str, ...] = (),
    **fields: Any,
) -> Finding:
    """A new finding, linked to the latest of the `earlier` ones of its kind at its unit (ids, latest first).

    Refused with MISCONDUCT_UNKNOWN, OCCURRED_IN_FUTURE.
    """
    for word in misconduct:
        if word not in known_misconduct:
            raise Invalid("MISCONDUCT_UNKNOWN", "misconduct", word=word)
    if occurred_at > recorded_at:
        raise Invalid("OCCURRED_IN_FUTURE", "occurred_at")
    return Finding(
        version=1,
        stage=FindingStage.RECORDED,
        misconduct=misconduct,
        occurred_at=occurred_at,
        recorded_at=recorded_at,
        repeat_of=earlier[0] if earlier else None,
        repeats=len(earlier),
        **fields,
    )


def next_acts(finding: Finding, roles: Set[str], subject: str) -> tuple[str, ...]:
    """What somebody with these roles may do with the finding now, by rpc name: for pages, which show only that."""
    acts: list[str] = []
    if "office" in roles:
        acts += office_acts(finding)
    if roles & {"unit_clerk", "unit_head"}:
        if finding.stage is FindingStage.NOTIFIED:
            acts.append("AnswerNotice")
        own = finding.stage is FindingStage.RECORDED and finding.self_found
        if own or finding.stage in (FindingStage.NOTIFIED, FindingStage.RECTIFYING):
            acts.append("SubmitRectification")
    if "supervisor" in roles and not finding.confirmed and subject != finding.recorded_by:
        acts.append("ConfirmFinding")
    if roles & {"office", "supervisor"} and finding.stage is FindingStage.SUBMITTED:
        acts.append("VerifyRectification")
    return tuple(acts)


def office_acts(finding: Finding) -> list[str]:
    """What the office may do with it."""
    acts: list[str] = []
    actable = finding.confirmed and not finding.sealed
    if actable and finding.stage is FindingStage.RECORDED:
        acts.append("IssueNotice")
    if finding.stage is FindingStage.VERIFIED:
        acts.append("CloseFinding")
    if actable and finding.referral is None:
        acts.append("ReferToAccountability")
    clock = finding.clock
    if clock is not None and clock.running and Turn.RED not in clock.done:
        acts.append("ResumeLimit" if clock.paused else "PauseLimit")
    return acts
