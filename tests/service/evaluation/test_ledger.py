"""The ledger as facts keep it: what counts, what is exempt and on which proof, what is given back."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

import pytest
from zhengfeng.evaluation.v1 import adjustments_pb2, formula_pb2, results_pb2

from chassis.clock import new_id
from tests.service.evaluation.campaigns import CITY, OFFICE, City
from tests.service.evaluation.facts import (
    cleared,
    complaint_closed,
    complaint_overdue,
    decided,
    finding_closed,
    finding_overdue,
    item_overdue,
    revoked,
)


def ledger(city: City) -> Sequence[adjustments_pb2.Adjustment]:
    """Every entry."""
    request = adjustments_pb2.ListAdjustmentsRequest()
    return city.door.call(city.ledger.ListAdjustments, request, OFFICE).adjustments  # type: ignore[no-any-return]


def standing(city: City) -> set[tuple[str, str, str]]:
    """What stands in the ledger: the record's kind, the state, the reason."""
    names = adjustments_pb2.AdjustmentState
    return {
        ("MEASURE" if one.measure else "COUNTER", names.Name(one.state).removeprefix("ADJUSTMENT_STATE_"), one.reason)
        for one in ledger(city)
    }


def result(city: City, campaign_id: str) -> results_pb2.CampaignResult:
    """The public result."""
    request = results_pb2.GetResultRequest(campaign_id=campaign_id)
    return city.door.call(city.results.GetResult, request).result  # type: ignore[no-any-return]


def test_nothing_comes_off_what_a_unit_found_corrected_and_held_people_to_account_for(city: City) -> None:
    complaint = complaint_closed(city, "housing", self_found=True)
    city.door.hear(complaint, decided(city, "housing", complaint.subject_id))
    campaign, delegates, _ = city.opened()
    for code in delegates:
        city.cast(code, campaign, (1, 1, 2, 1))
    shown = result(city, city.released(campaign).campaign_id)
    assert [row.points_off for row in shown.rows if row.name == "housing"] == ["0"]
    assert standing(city) == {("COUNTER", "EXEMPT", "SELF_CORRECTED"), ("MEASURE", "EXEMPT", "SELF_CORRECTED")}


def test_without_proof_of_the_day_the_points_come_off(city: City) -> None:
    complaint = complaint_closed(city, "housing", self_found=True)
    complaint.closed.rectified_on = ""
    city.door.hear(complaint, decided(city, "housing", complaint.subject_id))
    assert standing(city) == {("COUNTER", "COUNTS", ""), ("MEASURE", "COUNTS", "")}


def test_where_somebody_else_found_it_the_points_come_off(city: City) -> None:
    complaint = complaint_closed(city, "housing", self_found=True)
    complaint.closed.self_found = False
    city.door.hear(complaint, decided(city, "housing", complaint.subject_id))
    assert standing(city) == {("COUNTER", "COUNTS", ""), ("MEASURE", "COUNTS", "")}


def test_where_nobody_was_held_to_account_the_points_come_off_and_the_reason_says_so(city: City) -> None:
    complaint = complaint_closed(city, "housing", self_found=True)
    case = decided(city, "housing", complaint.subject_id)
    city.door.hear(complaint)
    assert standing(city) == {("COUNTER", "COUNTS", "NOBODY_HELD_TO_ACCOUNT")}
    city.door.hear(case)
    city.door.hear(revoked(case))
    assert ("COUNTER", "COUNTS", "NOBODY_HELD_TO_ACCOUNT") in standing(city)


@pytest.mark.parametrize("told_first", ["finding", "case"])
def test_what_a_unit_found_itself_exempts_the_measure_whichever_is_heard_first(city: City, told_first: str) -> None:
    finding = finding_closed(city, "housing")
    facts = [finding, decided(city, "housing", finding.subject_id)]
    for fact in facts if told_first == "finding" else reversed(facts):
        city.door.hear(fact)
    assert {state for _, state, _ in standing(city)} == {"EXEMPT"}


def test_a_complaint_past_a_limit_costs_the_unit_only_where_the_limit_was_its_own(city: City) -> None:
    for clock in ("accept", "handle"):
        city.door.hear(complaint_overdue(city, "housing", clock))
    assert [entry.cause for entry in ledger(city)] == [formula_pb2.ADJUSTMENT_CAUSE_COMPLAINT_OVERDUE]


def test_an_approval_past_its_limit_costs_the_unit(city: City) -> None:
    city.door.hear(item_overdue(city, "housing"))
    assert [entry.cause for entry in ledger(city)] == [formula_pb2.ADJUSTMENT_CAUSE_ITEM_OVERDUE]


def test_nor_for_the_people_it_held_to_account_over_it(city: City) -> None:
    own, other = complaint_closed(city, "housing", self_found=True), complaint_closed(city, "tax")
    city.door.hear(own, other, decided(city, "housing", own.subject_id), decided(city, "tax", other.subject_id))
    entries = city.door.call(city.ledger.ListAdjustments, adjustments_pb2.ListAdjustmentsRequest(), OFFICE).adjustments
    measures = {entry.unit_path: entry.state for entry in entries if entry.measure}
    assert measures == {
        f"{CITY}/housing": adjustments_pb2.ADJUSTMENT_STATE_EXEMPT,
        f"{CITY}/tax": adjustments_pb2.ADJUSTMENT_STATE_COUNTS,
    }


def test_a_revoked_decision_gives_the_points_back(city: City) -> None:
    case = decided(city, "tax", new_id(city.door.clock))
    city.door.hear(case)
    city.door.hear(revoked(case))
    request = adjustments_pb2.ListAdjustmentsRequest(year=2026, unit_path=f"{CITY}/tax")
    entries = city.door.call(city.ledger.ListAdjustments, request, OFFICE).adjustments
    assert [(entry.state, entry.measure) for entry in entries] == [
        (adjustments_pb2.ADJUSTMENT_STATE_RESTORED, "efficiency_caution")
    ]


def test_a_decision_heard_after_it_was_revoked_takes_nothing_off(city: City) -> None:
    case = decided(city, "tax", new_id(city.door.clock))
    city.door.hear(revoked(case))  # the decision itself was set aside and is tried again by people
    city.door.hear(case)
    request = adjustments_pb2.ListAdjustmentsRequest(year=2026, unit_path=f"{CITY}/tax")
    entries = city.door.call(city.ledger.ListAdjustments, request, OFFICE).adjustments
    assert [entry for entry in entries if entry.state == adjustments_pb2.ADJUSTMENT_STATE_COUNTS] == []


@pytest.mark.parametrize("told_first", ["complaint", "case"])
def test_what_the_wrongly_accused_cost_their_unit_is_given_back(city: City, told_first: str) -> None:
    complaint = complaint_closed(city, "tax")
    facts = [complaint, cleared(city, complaint)]
    for fact in facts if told_first == "complaint" else reversed(facts):
        city.door.hear(fact)
    request = adjustments_pb2.ListAdjustmentsRequest(year=2026, unit_path=f"{CITY}/tax/counter")
    entries = city.door.call(city.ledger.ListAdjustments, request, OFFICE).adjustments
    assert [entry for entry in entries if entry.state == adjustments_pb2.ADJUSTMENT_STATE_COUNTS] == []
    if told_first == "complaint":
        assert [(entry.state, entry.reason) for entry in entries] == [(adjustments_pb2.ADJUSTMENT_STATE_RESTORED, "CLEARED")]


def test_what_is_said_anew_after_clearing_counts_anew(city: City) -> None:
    complaint = complaint_closed(city, "tax")
    for fact in (complaint, cleared(city, complaint)):
        city.door.hear(fact)
    city.door.clock.advance(timedelta(days=40))
    anew = complaint_closed(city, "tax", version=complaint.version + 1)
    anew.subject_id = complaint.subject_id
    city.door.hear(anew)
    request = adjustments_pb2.ListAdjustmentsRequest(year=2026, unit_path=f"{CITY}/tax/counter")
    entries = city.door.call(city.ledger.ListAdjustments, request, OFFICE).adjustments
    assert [entry.state for entry in entries] == [adjustments_pb2.ADJUSTMENT_STATE_COUNTS]


@pytest.mark.parametrize("first", ["overdue", "closed", "case"])
def test_setting_right_too_late_is_never_exempt_in_whatever_order_it_is_heard(city: City, first: str) -> None:
    finding = finding_closed(city, "housing")
    late = finding_overdue(city, finding)
    facts = {"overdue": late, "closed": finding, "case": decided(city, "housing", finding.subject_id)}
    for fact in (facts.pop(first), *facts.values()):
        city.door.hear(fact)
    states = {entry.cause: entry.state for entry in ledger(city)}
    assert states == {
        formula_pb2.ADJUSTMENT_CAUSE_FINDING_OVERDUE: adjustments_pb2.ADJUSTMENT_STATE_COUNTS,
        formula_pb2.ADJUSTMENT_CAUSE_FINDING: adjustments_pb2.ADJUSTMENT_STATE_EXEMPT,
        formula_pb2.ADJUSTMENT_CAUSE_MEASURE: adjustments_pb2.ADJUSTMENT_STATE_EXEMPT,
    }


@pytest.mark.parametrize(("day", "state"), [("2026-11-16", "EXEMPT"), ("2026-11-17", "COUNTS"), ("2026-12-24", "COUNTS")])
def test_what_was_set_right_after_the_complaint_or_is_still_to_come_exempts_nothing(
    city: City, day: str, state: str
) -> None:
    complaint = complaint_closed(city, "housing", self_found=True)  # filed on the 16th
    complaint.closed.rectified_on = day
    city.door.clock.advance(timedelta(days=3))
    city.door.hear(complaint, decided(city, "housing", complaint.subject_id))
    assert {one for _, one, _ in standing(city)} == {state}


def test_a_finding_is_set_right_after_it_was_found_but_not_on_a_day_to_come(city: City) -> None:
    finding = finding_closed(city, "housing", rectified_on="2026-12-24")
    city.door.hear(finding, decided(city, "housing", finding.subject_id))
    assert {one for _, one, _ in standing(city)} == {"COUNTS"}
