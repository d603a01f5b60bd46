"""What the rules propose: ranges with reasons and near misses, lawful for the subject, each with its competent organ."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from chassis.errors import Refusal
from services.accountability.rules.propose import PartyAnswer, propose
from services.accountability.rules.versions import Version
from services.accountability.rules.words import Consequence, Post, Role, Severity, SubjectKind, Track, Way
from tests.unit.accountability.table_of import CATALOGUE, LAW, LOCAL, SMALL, TODAY, question, version

SHIPPED = [version(LOCAL), version(LAW)]


def ask(versions: list[Version] | None = None, **answers: Any) -> PartyAnswer:
    (answer,) = propose([question(**answers)], versions or SHIPPED, TODAY, CATALOGUE, [Post.HANDLER])
    return answer


def offered(answer: PartyAnswer, track: Track = Track.EFFICIENCY) -> list[str]:
    return [offer.measure for found in answer.ranges if found.track is track for offer in found.offers]


def words(answer: PartyAnswer) -> set[str]:
    return {reason.word for found in answer.ranges for reason in found.reasons} | {reason.word for reason in answer.reasons}


def test_a_minor_case_gives_the_light_measures_and_they_are_the_offices() -> None:
    answer = ask([version(SMALL)])
    (found,) = answer.ranges
    assert [(offer.measure, offer.organ, offer.way) for offer in found.offers] == [
        ("criticism_education", "office", Way.DECIDE),
        ("written_self_criticism", "office", Way.DECIDE),
        ("circulated_criticism", "office", Way.DECIDE),
    ]
    assert (found.at_least, found.at_most, found.row) == (1, 2, "R1")


def test_each_cell_of_a_row_that_fired_tells_what_it_asked_and_got() -> None:
    (said,) = ask([version(SMALL)]).fired
    assert [(cell.column, cell.demanded, cell.given) for cell in said.cells] == [
        ("severity", "is minor, ordinary", "minor"),
        ("consequence", "to slight", "none"),
        ("role", "is direct", "direct"),
    ]


def test_a_row_missing_one_or_two_cells_is_a_near_miss_and_says_which() -> None:
    (near,) = ask([version(SMALL)], severity=Severity.SERIOUS, consequence=Consequence.LOSS).near_misses
    assert [(cell.column, cell.given) for cell in near.cells] == [("severity", "serious"), ("consequence", "loss")]
    assert ask([version(SMALL)], severity=Severity.SERIOUS).near_misses
    three = {"severity": Severity.SERIOUS, "consequence": Consequence.LOSS, "role": Role.MAIN_LEADER}
    assert not ask([version(SMALL)], **three).near_misses


@pytest.mark.parametrize("column", ["severity", "consequence", "role"])
def test_a_missing_input_is_an_error_naming_row_and_column(column: str) -> None:
    with pytest.raises(Refusal) as refused:
        ask([version(SMALL)], **{column: None})
    assert (refused.value.reason, refused.value.params["row"], refused.value.params["column"]) == (
        "INPUT_MISSING",
        "R1",
        column,
    )


def test_missing_counts_are_an_error_too() -> None:
    with pytest.raises(Refusal, match="INPUT_MISSING"):
        ask(earlier=None)


@pytest.mark.parametrize(
    ("answers", "reason"),
    [
        ({"conduct": "no_such_conduct"}, "UNKNOWN_CONDUCT"),
        ({"mitigating": frozenset({"no_such_word"})}, "UNKNOWN_CIRCUMSTANCE"),
    ],
)
def test_a_word_no_rule_knows_is_refused(answers: dict[str, Any], reason: str) -> None:
    with pytest.raises(Refusal, match=reason):
        ask(**answers)


def test_without_any_rule_nothing_is_proposed() -> None:
    with pytest.raises(Refusal, match="NO_RULES_IN_FORCE"):
        propose([question()], [], TODAY, CATALOGUE, [])


def test_the_heaviest_row_that_fired_governs_and_the_lighter_are_named() -> None:
    answer = ask()
    assert answer.ranges[0].row == "QH-06-2"
    assert any(reason.params.get("row") == "QH-06-1" for reason in answer.ranges[0].reasons)


def test_a_second_time_within_a_year_moves_up_the_ladder_and_a_third_further() -> None:
    assert ask(earlier=(date(2026, 3, 2),)).ranges[0].row == "QH-12-1"
    assert ask(earlier=(date(2026, 3, 2), date(2026, 5, 2))).ranges[0].row == "QH-12-2"


def test_what_lies_more_than_a_year_back_is_not_counted() -> None:
    assert ask(earlier=(date(2025, 10, 9),)).ranges[0].row == "QH-06-2"
    assert ask(earlier=(date(2025, 10, 10),)).ranges[0].row == "QH-12-1"


def test_a_sanction_is_never_the_offices_and_goes_to_the_supervision_commission() -> None:
    answer = ask(severity=Severity.ORDINARY, consequence=Consequence.BAD_EFFECT)
    sanctions = next(found for found in answer.ranges if found.track is Track.SANCTION)
    assert {(offer.organ, offer.way) for offer in sanctions.offers} == {("supervision_commission", Way.TRANSFER)}


def test_what_the_office_may_not_decide_is_recommended_by_cadre_management_authority() -> None:
    answer = ask(severity=Severity.HEAVIER)
    ways = {offer.measure: (offer.organ, offer.way) for offer in answer.ranges[0].offers}
    assert ways["efficiency_caution"] == ("office", Way.DECIDE)
    assert ways["stood_down"] == ("cadre_management", Way.RECOMMEND)


def test_staff_of_another_line_become_a_letter_to_that_line() -> None:
    answer = ask(management_line="tax")
    assert {(offer.organ, offer.way) for found in answer.ranges for offer in found.offers} == {("line:tax", Way.LETTER)}


@pytest.mark.parametrize("severity", [Severity.HEAVIER, Severity.SERIOUS, Severity.ESPECIALLY_SERIOUS])
def test_village_managers_get_a_major_demerit_at_most(severity: Severity) -> None:
    """政务处分法 article 22."""
    answer = ask(severity=severity, consequence=Consequence.LOSS, subject_kind=SubjectKind.VILLAGE)
    assert offered(answer, Track.SANCTION) == ["warning", "demerit", "major_demerit"]


def test_what_is_not_lawful_for_the_kind_is_struck_and_the_range_says_so() -> None:
    answer = ask(severity=Severity.SERIOUS, subject_kind=SubjectKind.VILLAGE)
    efficiency = next(found for found in answer.ranges if found.track is Track.EFFICIENCY)
    assert set(efficiency.struck) == {"relief_of_post", "discharge"}
    assert [offer.measure for offer in efficiency.offers] == ["transfer_from_post", "suspended_from_duty"]


def test_a_retired_person_gets_no_sanction() -> None:
    """政务处分法 article 27."""
    answer = ask(consequence=Consequence.BAD_EFFECT, severity=Severity.ORDINARY, subject_kind=SubjectKind.RETIRED)
    assert offered(answer, Track.SANCTION) == []
    heavier = ask(consequence=Consequence.BAD_EFFECT, severity=Severity.HEAVIER, subject_kind=SubjectKind.RETIRED)
    assert offered(heavier, Track.SANCTION) == ["treatment_adjusted"]


def test_a_unit_answers_on_its_own_track() -> None:
    answer = ask(role=Role.UNIT, post=Post.NO_POST, subject_kind=SubjectKind.UNIT)
    assert [found.track for found in answer.ranges] == [Track.UNIT]
    assert offered(answer, Track.UNIT) == ["rectification_ordered", "unit_circulated_criticism"]


def test_what_shall_aggravate_takes_the_lightest_measure_away() -> None:
    answer = ask([version(SMALL)], aggravating=frozenset({"obstructs"}))
    assert offered(answer) == ["written_self_criticism", "circulated_criticism"]
    assert "SHALL_AGGRAVATE" in words(answer)


def test_what_may_exempt_lets_the_decider_choose_none() -> None:
    answer = ask([version(SMALL)], mitigating=frozenset({"corrected_at_once"}))
    assert answer.ranges[0].at_least == 0


def test_who_else_must_answer_is_said_where_nobody_of_that_post_does() -> None:
    answer = ask()
    assert answer.who_else == ("section_head",)
    assert "WHO_ELSE_MISSING" in words(answer)


def test_nothing_fired_is_said_too() -> None:
    assert "NO_ROW_FIRED" in words(ask([version(SMALL)], severity=Severity.SERIOUS))


def test_of_two_facts_under_one_row_the_aggravated_governs_whichever_was_recorded_first() -> None:
    plain, aggravated = question(), question(fact_id="f2", aggravating=frozenset({"obstructs"}))

    orders = ([plain, aggravated], [aggravated, plain])
    told = [propose(facts, [version(SMALL)], TODAY, CATALOGUE, [Post.HANDLER]) for facts in orders]

    assert [offered(answer) for (answer,) in told] == [["written_self_criticism", "circulated_criticism"]] * 2
