"""A complaint in every stage, and the calendar and regime it runs under, for tests of the domain."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime
from typing import Any

from services.complaints.domain import closing, handling, intake, triage
from services.complaints.domain.closing import Findings
from services.complaints.domain.complaint import Complaint
from services.complaints.domain.intake import Draft, Entry
from services.complaints.domain.redaction import Identity
from services.complaints.domain.regimes import Regime
from services.complaints.domain.stages import Channel, Conclusion, Manner, Stage, Track, Way
from workdays import SHANGHAI, Calendar, CalendarYear

HOLIDAYS = frozenset(date(2026, 10, day) for day in range(1, 8))
CALENDAR = Calendar([CalendarYear(2026, HOLIDAYS, frozenset())])
AT = datetime(2026, 11, 16, 9, 0, tzinfo=SHANGHAI)
REGIME = Regime.of(
    "efficiency",
    {
        "accept": {"kind": "working_days", "amount": 5},
        "handle": {"kind": "working_days", "amount": 30},
        "longest": {"kind": "working_days", "amount": 60},
        "bounce": {"kind": "working_days", "amount": 2},
        "warn": {"kind": "working_days", "amount": 1},
    },
)
ESTABLISHED = Findings(Conclusion.ESTABLISHED, ("official-1",), ("absent",), ("inaction",))
DRAFT = Draft("/qinghe", "标题", "正文", "", Manner.NAMED, Identity(name="欧阳若水"), accused_unit_path="/qinghe/housing")


def received(**changed: Any) -> Complaint:
    """One that has just come in."""
    entry = Entry("id-1", "投诉〔2026〕1号", Channel.WEB, "efficiency", "complainant", b"m" * 32, AT)
    return replace(intake.received(DRAFT, entry), **changed)


def accepted(**changed: Any) -> Complaint:
    """One a clerk has accepted."""
    return triage.accept(received(**changed), REGIME, CALENDAR, AT).complaint


def registered(**changed: Any) -> Complaint:
    """One a clerk has registered."""
    return triage.register(accepted(**changed), "absent", "/qinghe/housing", "").complaint


def submitted(**changed: Any) -> Complaint:
    """One whose disposal waits for approval."""
    before = registered(**changed)
    return triage.submit(before, Way.ASSIGNED, Track.COMMON, "/qinghe/housing", (), "clerk", "").complaint


def dispatched(**changed: Any) -> Complaint:
    """One that lies with its unit."""
    approved = triage.approve(submitted(**changed), True, "office", "").complaint
    return triage.dispatch(approved, (), REGIME, "clerk", CALENDAR, AT).complaint


def reported(**changed: Any) -> Complaint:
    """One whose report is signed."""
    signed_for = handling.sign_for(dispatched(**changed), "housing-clerk", AT).complaint
    handed_in = closing.report(signed_for, ESTABLISHED, "housing-clerk", "", AT).complaint
    return closing.sign_report(handed_in, "housing-head", AT).complaint


def closed(**changed: Any) -> Complaint:
    """One the office has closed."""
    return closing.close(reported(**changed), ESTABLISHED, "office", "", AT).complaint


def at_stage(stage: Stage) -> Complaint:
    """One at any stage, with everything it may need to go on."""
    return replace(closed(), stage=stage, stage_before=Stage.HANDLING, grade=0)
