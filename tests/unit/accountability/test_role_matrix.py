"""The role matrix of approval trails, one case per line: what happened, whose step, and the responsibility that follows.

惠州市行政机关工作人员效能责任追究暂行办法 and a sister rule (excerpts): 直接 direct, 主要领导 main_leader, 重要领导
important_leader. "none" bears nothing: such a person leaves the case, or never enters it.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from chassis.errors import Refusal
from services.accountability.domain.case import Case, Investigator, Party
from services.accountability.domain.investigation import Situation, TrailStep, record_trail
from services.accountability.domain.states import CaseState
from services.accountability.rules.words import Post, Role, SubjectKind
from tests.unit.accountability.table_of import SETTINGS

MATRIX = {line["situation"]: Situation(line["situation"], line["roles"]) for line in SETTINGS["attribution"]}
LINES = [
    ("handler_alone", "handler", "direct"),
    ("handler_alone", "reviewer", "none"),
    ("handler_alone", "approver", "none"),
    ("proposal_wrong", "handler", "direct"),
    ("proposal_wrong", "reviewer", "main_leader"),
    ("proposal_wrong", "approver", "important_leader"),
    ("reviewer_changed_right_opinion", "handler", "none"),
    ("reviewer_changed_right_opinion", "reviewer", "direct"),
    ("reviewer_changed_right_opinion", "approver", "main_leader"),
    ("reviewer_alone", "handler", "none"),
    ("reviewer_alone", "reviewer", "direct"),
    ("reviewer_alone", "approver", "none"),
    ("approver_alone", "handler", "none"),
    ("approver_alone", "reviewer", "none"),
    ("approver_alone", "approver", "direct"),
    ("ordered", "ordered", "direct"),
    ("ordered", "handler", "none"),
    ("ordered", "reviewer", "none"),
    ("ordered", "approver", "none"),
    ("superior_changed", "superior_head", "important_leader"),
    ("collective", "collective_decider", "main_leader"),
    ("collective", "collective_in_favour", "important_leader"),
    ("collective", "collective_dissent", "none"),
]
INVESTIGATOR = "first"


def party(official: str, role: Role | None = None) -> Party:
    """A civil servant in the bureau."""
    return Party(f"party-{official}", official, "/qinghe/housing", SubjectKind.CIVIL_SERVANT, Post.HANDLER, role, "")


def case(*parties: Party) -> Case:
    """A case under investigation."""
    place = ("/qinghe/housing", "/qinghe", "清问〔2026〕1号")
    opened = datetime(2026, 11, 16, 1, tzinfo=UTC)
    begun = Case("c1", 1, *place, CaseState.INVESTIGATING, (), "slow_handling", parties, opened)
    return replace(begun, investigators=(Investigator(INVESTIGATOR, "inspector-a"), Investigator("second", "inspector-b")))


def recorded(before: Case, situation: str, step: str, known: list[Party]) -> dict[str, Party]:
    """The parties by official after one step of a trail was recorded about `o1`."""
    after = record_trail(before, MATRIX[situation], [TrailStep("o1", step)], known, INVESTIGATOR)
    return {one.official_id: one for one in after.parties}


@pytest.mark.parametrize(("situation", "step", "role"), LINES)
def test_a_party_bears_what_the_matrix_says(situation: str, step: str, role: str) -> None:
    one = recorded(case(party("o1", Role.DIRECT), party("another", Role.DIRECT)), situation, step, [])["o1"]
    assert one.released == (role == "none")
    if role != "none":
        assert one.role == role


@pytest.mark.parametrize(("situation", "step", "role"), LINES)
def test_somebody_new_in_the_trail_enters_with_that_role_or_not_at_all(situation: str, step: str, role: str) -> None:
    parties = recorded(case(party("another", Role.DIRECT)), situation, step, [party("o1")])
    assert (parties["o1"].role if "o1" in parties else "none") == role
    assert parties["another"] == party("another", Role.DIRECT)


def test_the_lines_above_are_the_whole_matrix() -> None:
    assert {(one.word, step, role) for one in MATRIX.values() for step, role in one.roles.items()} == set(LINES)


@pytest.mark.parametrize(
    ("situation", "step"),
    [("collective", "handler"), ("superior_changed", "approver"), ("reviewer_alone", "collective_dissent")],
)
def test_a_step_the_matrix_says_nothing_about_is_refused(situation: str, step: str) -> None:
    with pytest.raises(Refusal, match="TRAIL_NOT_COVERED"):
        recorded(case(party("o1")), situation, step, [])


def test_a_trail_that_would_leave_nobody_is_refused() -> None:
    with pytest.raises(Refusal, match="LAST_PARTY"):
        recorded(case(party("o1", Role.DIRECT)), "collective", "collective_dissent", [])


def test_a_whole_chain_is_attributed_at_once() -> None:
    steps = [TrailStep("o1", "handler"), TrailStep("o2", "reviewer"), TrailStep("o3", "approver")]
    after = record_trail(case(party("o1")), MATRIX["proposal_wrong"], steps, [party("o2"), party("o3")], INVESTIGATOR)
    assert [one.role for one in after.parties] == [Role.DIRECT, Role.MAIN_LEADER, Role.IMPORTANT_LEADER]
