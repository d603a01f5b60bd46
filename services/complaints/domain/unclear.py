"""What nobody at the desk can say belongs here or not: laid before a leader, who rules."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from enum import Enum

from chassis.errors import Invalid, NotAllowed
from services.complaints.domain import triage
from services.complaints.domain.complaint import Change, Complaint
from services.complaints.domain.regimes import Regime
from services.complaints.domain.stages import Stage, allow
from workdays import Calendar

RULE = "RuleOnUnclear"


class Ruling(Enum):
    """How a leader rules."""

    ACCEPT = "accept"
    DECLINE = "decline"
    FORWARD = "forward"


def refer(complaint: Complaint, reason: str, text: str) -> Change:
    """It is laid before a leader. The clock of acceptance runs on: it is answered in time all the same."""
    return Change(complaint.change("ReferUnclear", to=Stage.UNCLEAR), "refer_unclear", text=text, reason=reason)


def check(complaint: Complaint, referred_by: str, by: str) -> None:
    """Refuses a ruling where there is none to make, and by the one who laid it before a leader: SAME_PERSON."""
    allow(RULE, complaint.stage)
    if by == referred_by:
        raise NotAllowed("SAME_PERSON")


def accept(complaint: Complaint, regime: Regime, calendar: Calendar, at: datetime) -> Change:
    """The leader rules that it is within scope."""
    return replace(triage.accept(complaint, regime, calendar, at, RULE), act="rule_accept")


def decline(complaint: Complaint, reason: str, explanation: str, at: datetime) -> Change:
    """The leader rules that it is not accepted. Refused with RULING_INCOMPLETE without an explanation."""
    if not explanation.strip():
        raise Invalid("RULING_INCOMPLETE", "explanation")
    return replace(triage.decline(complaint, reason, explanation, at, RULE), act="rule_decline")


def forward(complaint: Complaint, forwarded_to: str, reason: str, explanation: str, at: datetime) -> Change:
    """The leader rules where it belongs. Refused with RULING_INCOMPLETE where no body is named."""
    if not forwarded_to.strip():
        raise Invalid("RULING_INCOMPLETE", "forwarded_to")
    return replace(triage.forward(complaint, forwarded_to, reason, explanation, at, RULE), act="rule_forward")
