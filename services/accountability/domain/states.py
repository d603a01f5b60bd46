"""Life cycles as tables. An arrow that is not here is refused."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum

from chassis.errors import Conflict


class CaseState(StrEnum):
    """Where a case stands."""

    CLUE = "clue"
    VERIFYING = "verifying"
    FILED = "filed"
    INVESTIGATING = "investigating"
    REVIEWED = "reviewed"
    HEARD = "heard"
    PROPOSED = "proposed"
    DISCUSSED = "discussed"
    DECIDED = "decided"
    TRANSFERRED = "transferred"
    SERVED = "served"
    EXECUTED = "executed"
    CLOSED = "closed"
    ARCHIVED = "archived"
    DROPPED = "dropped"
    TOLERATED = "tolerated"
    CLEARED = "cleared"
    JOINED = "joined"


class RuleState(StrEnum):
    """Where a rule version stands."""

    DRAFT = "draft"
    IN_REVIEW = "in_review"
    APPROVED = "approved"
    IN_FORCE = "in_force"
    RETIRED = "retired"


class AppealState(StrEnum):
    """Where an appeal stands."""

    FILED = "filed"
    UPHELD = "upheld"
    CHANGED = "changed"
    REVOKED = "revoked"


class EffectState(StrEnum):
    """Where an effect stands. A measure without a period has ended as soon as it is decided; one that is held was not lifted
    by itself when its period was over."""

    ACTIVE = "active"
    ENDED = "ended"
    REVOKED = "revoked"
    HELD = "held"


_C = CaseState
WITHOUT_CONSEQUENCE = frozenset({_C.DROPPED, _C.TOLERATED, _C.CLEARED})

NEXT: Mapping[CaseState, frozenset[CaseState]] = {
    _C.CLUE: frozenset({_C.VERIFYING, _C.DROPPED, _C.JOINED}),
    _C.VERIFYING: frozenset({_C.FILED, _C.JOINED}) | WITHOUT_CONSEQUENCE,
    _C.FILED: frozenset({_C.INVESTIGATING}) | WITHOUT_CONSEQUENCE,
    _C.INVESTIGATING: frozenset({_C.REVIEWED}) | WITHOUT_CONSEQUENCE,
    _C.REVIEWED: frozenset({_C.HEARD}) | WITHOUT_CONSEQUENCE,
    _C.HEARD: frozenset({_C.PROPOSED}) | WITHOUT_CONSEQUENCE,
    _C.PROPOSED: frozenset({_C.DISCUSSED, _C.DECIDED, _C.TRANSFERRED}) | WITHOUT_CONSEQUENCE,
    _C.DISCUSSED: frozenset({_C.DECIDED, _C.TRANSFERRED}) | WITHOUT_CONSEQUENCE,
    _C.TRANSFERRED: frozenset({_C.DECIDED}),
    _C.DECIDED: frozenset({_C.SERVED, _C.CLOSED}),
    _C.SERVED: frozenset({_C.EXECUTED, _C.CLOSED}),
    _C.EXECUTED: frozenset({_C.CLOSED}),
    _C.CLOSED: frozenset({_C.ARCHIVED}),
    _C.ARCHIVED: frozenset(),
    _C.JOINED: frozenset({_C.ARCHIVED}),
    **{ending: frozenset({_C.ARCHIVED}) for ending in WITHOUT_CONSEQUENCE},
}

NEXT_RULE: Mapping[RuleState, frozenset[RuleState]] = {
    RuleState.DRAFT: frozenset({RuleState.IN_REVIEW}),
    RuleState.IN_REVIEW: frozenset({RuleState.DRAFT, RuleState.APPROVED}),
    RuleState.APPROVED: frozenset({RuleState.IN_FORCE}),
    RuleState.IN_FORCE: frozenset({RuleState.RETIRED}),
    RuleState.RETIRED: frozenset(),
}

# A clue about the same thing joins a case only while nothing has been filed yet.
JOINABLE = frozenset({_C.CLUE, _C.VERIFYING})
# While it is at work a case takes in what else comes about its origin; later that is a clue of its own.
AT_WORK = frozenset({_C.CLUE, _C.VERIFYING, _C.FILED, _C.INVESTIGATING})
BEFORE_FILING = frozenset({_C.CLUE, _C.VERIFYING})
UNDECIDED = frozenset(state for state, after in NEXT.items() if after & WITHOUT_CONSEQUENCE)


def require(state: StrEnum, *allowed: StrEnum) -> None:
    """Refuses with CASE_STATE, naming where the case stands and where it would have to."""
    if state not in allowed:
        raise Conflict("CASE_STATE", "case_id", state=state, allowed=", ".join(allowed))
