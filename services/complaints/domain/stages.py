"""The life cycle: seven steps, their side roads, and which act leads from where to where.

`NEXT` is the one table; guards, pages and tests read it. What else an act needs is said in the module of its noun.
"""

from __future__ import annotations

from enum import Enum

from chassis.errors import Conflict


class Stage(Enum):
    """Where a complaint stands."""

    RECEIVED = "received"
    ACCEPTED = "accepted"
    NOT_ACCEPTED = "not_accepted"
    FORWARDED = "forwarded"
    REGISTERED = "registered"
    SUBMITTED = "submitted"
    HANDLING = "handling"
    BOUNCED = "bounced"
    REPORTED = "reported"
    SENT_BACK = "sent_back"
    CLOSED = "closed"
    REDOING = "redoing"
    ARCHIVED = "archived"
    MERGED = "merged"
    WITHDRAWN = "withdrawn"
    MOVED = "moved"
    UNCLEAR = "unclear"
    ISOLATED = "isolated"


class Channel(Enum):
    """How it came in."""

    WEB = "web"
    MAYOR_LINE = "mayor_line"
    HOTLINE = "hotline"
    ACCOUNTABILITY_LINE = "accountability_line"
    SUPERVISION_LINE = "supervision_line"
    LIVE_LINE = "live_line"
    EMAIL = "email"
    LETTER = "letter"
    VISIT = "visit"
    RECEPTION_DAY = "reception_day"
    MEDIA = "media"
    OPINION = "opinion"
    MONITORING_POINT = "monitoring_point"
    SUPERVISOR = "supervisor"
    SUPERIOR = "superior"
    BUREAU = "bureau"
    OPEN311 = "open311"


class Manner(Enum):
    """How the complainant wants to be known."""

    NAMED = "named"
    CONFIDENTIAL = "confidential"
    ANONYMOUS = "anonymous"


class Origin(Enum):
    """Whether it was filed here or loaded as history."""

    FILED = "filed"
    IMPORT = "import"


class Way(Enum):
    """How it is handled: by the office itself, assigned with a result to report, or passed on."""

    OWN = "own"
    ASSIGNED = "assigned"
    PASSED = "passed"


class Track(Enum):
    """Which of the three tracks it runs on."""

    COMMON = "common"
    KEY = "key"
    SUPERIOR = "superior"


class Conclusion(Enum):
    """What handling established."""

    ESTABLISHED = "established"
    PARTLY = "partly"
    NOT_ESTABLISHED = "not_established"
    CANNOT_BE_VERIFIED = "cannot_be_verified"

    @property
    def proven(self) -> bool:
        """Whether something of it is true."""
        return self in (Conclusion.ESTABLISHED, Conclusion.PARTLY)


ENDED = frozenset({Stage.NOT_ACCEPTED, Stage.FORWARDED, Stage.ARCHIVED, Stage.WITHDRAWN, Stage.MOVED})
BEFORE_DISPATCH = frozenset({Stage.RECEIVED, Stage.UNCLEAR, Stage.ACCEPTED, Stage.REGISTERED, Stage.SUBMITTED})
WITH_UNIT = frozenset({Stage.HANDLING, Stage.SENT_BACK, Stage.REDOING})
OPEN = BEFORE_DISPATCH | WITH_UNIT | {Stage.BOUNCED, Stage.REPORTED}

NEXT: dict[Stage, frozenset[Stage]] = {
    Stage.RECEIVED: frozenset({Stage.ACCEPTED, Stage.UNCLEAR, Stage.NOT_ACCEPTED, Stage.FORWARDED, Stage.MOVED}),
    Stage.UNCLEAR: frozenset({Stage.ACCEPTED, Stage.NOT_ACCEPTED, Stage.FORWARDED, Stage.MOVED}),
    Stage.ACCEPTED: frozenset({Stage.REGISTERED, Stage.FORWARDED, Stage.MOVED}),
    Stage.REGISTERED: frozenset({Stage.REGISTERED, Stage.SUBMITTED, Stage.FORWARDED, Stage.MOVED}),
    Stage.SUBMITTED: frozenset({Stage.SUBMITTED, Stage.REGISTERED, Stage.HANDLING, Stage.MOVED}),
    Stage.HANDLING: frozenset({Stage.HANDLING, Stage.BOUNCED, Stage.REPORTED}),
    Stage.BOUNCED: frozenset({Stage.HANDLING, Stage.REDOING}),
    Stage.REPORTED: frozenset({Stage.REPORTED, Stage.SENT_BACK, Stage.CLOSED}),
    Stage.SENT_BACK: frozenset({Stage.HANDLING}),
    Stage.CLOSED: frozenset({Stage.REDOING, Stage.ARCHIVED}),
    Stage.REDOING: frozenset({Stage.REDOING, Stage.BOUNCED, Stage.REPORTED}),
    Stage.MERGED: frozenset(OPEN | {Stage.CLOSED}),  # closed when its matter is answered
    Stage.NOT_ACCEPTED: frozenset(),
    Stage.FORWARDED: frozenset(),
    Stage.ARCHIVED: frozenset(),
    Stage.WITHDRAWN: frozenset(),
    Stage.MOVED: frozenset(),
}
for _stage in OPEN:
    NEXT[_stage] |= {Stage.MERGED, Stage.WITHDRAWN, Stage.ISOLATED}
NEXT[Stage.ISOLATED] = OPEN | {Stage.MOVED}

# From which stages each act may be done; an act that moves the complaint moves it to a stage NEXT allows from there.
ACTS: dict[str, frozenset[Stage]] = {
    "AcceptComplaint": frozenset({Stage.RECEIVED}),
    "DeclineComplaint": frozenset({Stage.RECEIVED}),
    "ForwardComplaint": frozenset({Stage.RECEIVED, Stage.ACCEPTED, Stage.REGISTERED}),
    "ReferUnclear": frozenset({Stage.RECEIVED}),
    "RuleOnUnclear": frozenset({Stage.UNCLEAR}),
    "MoveToDiscipline": BEFORE_DISPATCH,
    "RegisterComplaint": frozenset({Stage.ACCEPTED, Stage.REGISTERED}),
    "SubmitForApproval": frozenset({Stage.REGISTERED}),
    "ApproveDisposal": frozenset({Stage.SUBMITTED}),
    "Dispatch": frozenset({Stage.SUBMITTED}),
    "Merge": OPEN,
    "Unmerge": frozenset({Stage.MERGED}),
    "SignFor": WITH_UNIT,
    "Bounce": frozenset({Stage.HANDLING, Stage.REDOING}),
    "RuleOnBounce": frozenset({Stage.BOUNCED}),
    "AskComplainant": OPEN,
    "AskPart": WITH_UNIT,
    "SignForPart": WITH_UNIT | {Stage.BOUNCED},
    "ReportPart": WITH_UNIT | {Stage.BOUNCED},
    "Remind": WITH_UNIT | {Stage.BOUNCED, Stage.REPORTED},
    "Escalate": WITH_UNIT | {Stage.BOUNCED, Stage.REPORTED},
    "Supervise": OPEN,
    "Pause": OPEN,
    "Resume": OPEN,
    "RequestExtension": WITH_UNIT,
    "DecideExtension": OPEN,
    "Report": frozenset({Stage.HANDLING, Stage.REDOING}),
    "SignReport": frozenset({Stage.REPORTED}),
    "SendBack": frozenset({Stage.REPORTED}),
    "Close": frozenset({Stage.REPORTED}),
    "OrderSecondHandling": frozenset({Stage.CLOSED}),
    "Undertake": WITH_UNIT | {Stage.REPORTED, Stage.CLOSED},
    "ReportUpwards": OPEN | {Stage.CLOSED},
    "RecordFeedback": frozenset({Stage.CLOSED}),
    "AskForSecondHandling": frozenset({Stage.CLOSED}),
    "DecideSecondHandling": frozenset({Stage.CLOSED}),
    "ReferToAccountability": OPEN | {Stage.CLOSED},
    "Archive": frozenset({Stage.CLOSED}),
    "AddEvidence": OPEN,
    "AnswerQuestion": OPEN,
    "RateHandling": frozenset({Stage.CLOSED, Stage.ARCHIVED}),
    "WithdrawComplaint": OPEN,
    "MarkDanger": OPEN,
    "IsolateSecret": OPEN,
    "RuleOnSecret": frozenset({Stage.ISOLATED}),
}


def allow(act: str, stage: Stage) -> None:
    """Refuses an act the life cycle does not have at this stage: Conflict with STAGE_FORBIDS."""
    if stage not in ACTS[act]:
        raise Conflict("STAGE_FORBIDS", "stage", act=act, stage=stage.value)
