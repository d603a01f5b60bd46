"""The life cycles are tables, and the tables have no dead ends and no way back from an end."""

from __future__ import annotations

from services.accountability.domain.states import NEXT, NEXT_RULE, WITHOUT_CONSEQUENCE, CaseState, RuleState


def reachable(start: CaseState) -> set[CaseState]:
    found, ahead = {start}, [start]
    while ahead:
        for after in NEXT[ahead.pop()] - found:
            found.add(after)
            ahead.append(after)
    return found


def test_every_state_is_reached_from_a_clue() -> None:
    assert reachable(CaseState.CLUE) == set(CaseState)


def test_every_state_leads_to_the_archive() -> None:
    for state in CaseState:
        assert CaseState.ARCHIVED in reachable(state)


def test_what_is_decided_is_no_longer_dropped() -> None:
    for state in (CaseState.DECIDED, CaseState.TRANSFERRED, CaseState.SERVED, CaseState.EXECUTED, CaseState.CLOSED):
        assert not reachable(state) & WITHOUT_CONSEQUENCE


def test_nothing_is_decided_that_was_not_reviewed_and_heard() -> None:
    def without(left_out: CaseState) -> set[CaseState]:
        found, ahead = {CaseState.CLUE}, [CaseState.CLUE]
        while ahead:
            for after in NEXT[ahead.pop()] - found - {left_out}:
                found.add(after)
                ahead.append(after)
        return found

    for needed in (CaseState.FILED, CaseState.INVESTIGATING, CaseState.REVIEWED, CaseState.HEARD, CaseState.PROPOSED):
        assert CaseState.DECIDED not in without(needed)


def test_rules_come_into_force_only_through_review_and_approval() -> None:
    assert NEXT_RULE[RuleState.DRAFT] == {RuleState.IN_REVIEW}
    assert RuleState.IN_FORCE in NEXT_RULE[RuleState.APPROVED]
    assert not NEXT_RULE[RuleState.RETIRED]
