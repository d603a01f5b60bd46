"""From a plan to a released ranking that leads back to the complaint behind the points off."""

from __future__ import annotations

from datetime import timedelta

import pytest
from zhengfeng.accountability.v1 import events_pb2 as accountability_pb2
from zhengfeng.common.v1 import origin_pb2
from zhengfeng.complaints.v1 import events_pb2 as complaints_pb2
from zhengfeng.evaluation.v1 import adjustments_pb2, counting_pb2, events_pb2, results_pb2, standings_pb2

from chassis.clock import new_id
from tests.doors import caller
from tests.service.evaluation.campaigns import CHECKER, CITY, OFFICE, ORGANISER, City


def complaint_closed(city: City, unit: str, self_found: bool = False, version: int = 7) -> complaints_pb2.ComplaintEvent:
    """A complaint closed as established against a unit."""
    return complaints_pb2.ComplaintEvent(
        subject_id=new_id(city.door.clock),
        version=version,
        unit_path=f"{CITY}/{unit}/counter",
        jurisdiction_path=CITY,
        number="投诉〔2026〕12号",
        closed=complaints_pb2.ComplaintClosed(
            conclusion=complaints_pb2.CONCLUSION_ESTABLISHED,
            self_found=self_found,
            rectified_on="2026-11-02" if self_found else "",
        ),
    )


def decided(city: City, unit: str, complaint_id: str) -> accountability_pb2.AccountabilityEvent:
    """A case decided with an efficiency caution, opened by that complaint."""
    party = accountability_pb2.DecidedParty(
        official_id=new_id(city.door.clock),
        unit_path=f"{CITY}/{unit}",
        role="direct",
        measures=["efficiency_caution", "written_self_criticism"],
    )
    origin = origin_pb2.Origin(service="complaints", subject_id=complaint_id, number="投诉〔2026〕12号")
    return accountability_pb2.AccountabilityEvent(
        subject_id=new_id(city.door.clock),
        version=9,
        unit_path=f"{CITY}/{unit}",
        jurisdiction_path=CITY,
        number="问责〔2026〕3号",
        decided=accountability_pb2.Decided(parties=[party], origins=[origin], outcome="decided"),
    )


def revoked(case: accountability_pb2.AccountabilityEvent) -> accountability_pb2.AccountabilityEvent:
    """The same case, revoked afterwards."""
    return accountability_pb2.AccountabilityEvent(
        subject_id=case.subject_id,
        version=case.version + 1,
        unit_path=case.unit_path,
        jurisdiction_path=CITY,
        number=case.number,
        decision_changed=accountability_pb2.DecisionChanged(outcome="revoked", origins=case.decided.origins),
    )


def cleared(city: City, complaint: complaints_pb2.ComplaintEvent) -> accountability_pb2.AccountabilityEvent:
    """The case of that complaint ended because nobody was to blame."""
    case = decided(city, "tax", complaint.subject_id)
    case.decided.CopyFrom(accountability_pb2.Decided(origins=case.decided.origins, outcome="cleared"))
    return case


def result(city: City, campaign_id: str) -> results_pb2.CampaignResult:
    """The public result."""
    request = results_pb2.GetResultRequest(campaign_id=campaign_id)
    return city.door.call(city.results.GetResult, request).result  # type: ignore[no-any-return]


def test_a_campaign_runs_from_plan_to_ranking_and_leads_back_to_the_complaint(city: City) -> None:
    complaint = complaint_closed(city, "housing")
    city.door.hear(complaint)  # before the campaign opens: stored, and picked up
    campaign, delegates, enterprises = city.opened()
    for code in delegates:
        city.cast(code, campaign, (1, 2, 3, 1))
    for code in enterprises:
        city.cast(code, campaign, (2, 2, 4, 1))
    case = decided(city, "housing", complaint.subject_id)
    city.door.hear(case)  # while it runs

    released = city.released(campaign)
    shown = result(city, released.campaign_id)

    bureaus = [row for row in shown.rows if row.object_group == "bureaus"]
    assert [(row.name, row.rank, row.score) for row in bureaus] == [
        ("housing", 1, "89.00"),
        ("tax", 2, "80.00"),
        ("schools", 3, "42.00"),
    ]
    assert (bureaus[0].rating, bureaus[0].points_off, bureaus[0].adjustments) == ("94.00", "5", 2)
    assert [row.rank for row in shown.rows if row.object_group == "trades"] == [1]

    request = standings_pb2.ExplainScoreRequest(campaign_id=released.campaign_id, object_id=bureaus[0].object_id)
    explained = city.door.call(city.standings.ExplainScore, request, OFFICE).score
    behind = {(one.points, one.origins[0].number, one.origins[-1].number) for one in explained.adjustments}
    assert behind == {("2", "投诉〔2026〕12号", "投诉〔2026〕12号"), ("3", "问责〔2026〕3号", "投诉〔2026〕12号")}
    assert [(share.share, share.mean) for share in explained.groups] == [("7/10", "100.00"), ("3/10", "80.00")]
    announced = city.door.announced(events_pb2.ResultReleased)[-1].result_released
    assert [(one.rank, one.score, one.grade) for one in announced.results][:1] == [(1, "89.00", "satisfied")]


def test_a_unit_sees_its_own_score_explained_and_no_other(city: City) -> None:
    campaign, delegates, _ = city.opened()
    for code in delegates:
        city.cast(code, campaign, (1, 2, 3, 1))
    released = city.released(campaign)
    own, other = released.plan.object_groups[0].objects[:2]
    head = caller("unit_head", unit=f"{CITY}/housing")
    ask = standings_pb2.ExplainScoreRequest

    seen = city.door.call(city.standings.ExplainScore, ask(campaign_id=released.campaign_id, object_id=own.object_id), head)
    refused = city.door.refused(
        city.standings.ExplainScore, ask(campaign_id=released.campaign_id, object_id=other.object_id), head
    )

    assert seen.score.row.name == "housing"
    assert refused.reason == "OBJECT_RESULT_NOT_FOUND"


def test_nothing_comes_off_what_a_unit_found_and_corrected_itself(city: City) -> None:
    city.door.hear(complaint_closed(city, "housing", self_found=True))
    campaign, delegates, _ = city.opened()
    for code in delegates:
        city.cast(code, campaign, (1, 1, 2, 1))
    shown = result(city, city.released(campaign).campaign_id)
    assert [row.points_off for row in shown.rows if row.name == "housing"] == ["0"]
    entry = city.door.call(city.ledger.ListAdjustments, adjustments_pb2.ListAdjustmentsRequest(), OFFICE).adjustments[0]
    assert (entry.state, entry.reason) == (adjustments_pb2.ADJUSTMENT_STATE_EXEMPT, "SELF_CORRECTED")


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


def test_the_last_answers_only_where_its_interval_sets_it_apart(city: City) -> None:
    campaign, delegates, enterprises = city.opened(delegates=60, enterprises=60)
    for number, code in enumerate(delegates + enterprises):
        city.cast(code, campaign, (1, 1 if number % 9 else 2, 4, 1))
    released = city.released(campaign)
    city.move(city.counting.FinaliseResult, counting_pb2.FinaliseResultRequest, released)
    last = city.door.announced(events_pb2.RankedLast)
    assert [(one.unit_path, one.ranked_last.score) for one in last] == [(f"{CITY}/schools", "0.00")]
    assert [one.unit_path for one in city.door.announced(events_pb2.RatedUnsatisfied)] == [f"{CITY}/schools"]
    commended = {one.unit_path for one in city.door.announced(events_pb2.Commended)}
    assert commended == {f"{CITY}/housing", f"{CITY}/roads"}


def test_a_result_is_released_by_two_people_and_seen_by_nobody_else_before(city: City) -> None:
    campaign, delegates, _ = city.opened()
    city.cast(delegates[0], campaign, (1, 1, 1, 1))
    counted = city.counted(campaign)
    ask = results_pb2.GetResultRequest(campaign_id=campaign.campaign_id)
    once = city.move(city.counting.ReleaseResult, counting_pb2.ReleaseResultRequest, counted)
    again = counting_pb2.ReleaseResultRequest(campaign_id=once.campaign_id, expected_version=once.version)

    assert city.door.refused(city.counting.ReleaseResult, again, ORGANISER).reason == "SAME_PERSON"
    assert city.door.refused(city.results.GetResult, ask).reason == "CAMPAIGN_NOT_FOUND"
    assert city.door.call(city.results.GetResult, ask, CHECKER).result.rows
    released = city.move(city.counting.ReleaseResult, counting_pb2.ReleaseResultRequest, once, CHECKER)
    assert city.door.call(city.results.GetResult, ask).result.rows[0].suppressed
    assert list(released.release_approved_by) == [ORGANISER.subject, CHECKER.subject]


def test_counting_twice_gives_the_same_and_withdraws_approvals(city: City) -> None:
    campaign, delegates, enterprises = city.opened()
    for code in delegates + enterprises:
        city.cast(code, campaign, (1, 3, 4, 2))
    counted = city.counted(campaign)
    ask = results_pb2.GetResultRequest(campaign_id=campaign.campaign_id)
    first = city.door.call(city.results.GetResult, ask, CHECKER).result
    approved = city.move(city.counting.ReleaseResult, counting_pb2.ReleaseResultRequest, counted)
    again = city.move(city.counting.CountCampaign, counting_pb2.CountCampaignRequest, approved)
    assert not again.release_approved_by
    assert city.door.call(city.results.GetResult, ask, CHECKER).result.rows == first.rows
