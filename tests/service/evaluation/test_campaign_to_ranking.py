"""From a plan to a released ranking that leads back to the complaint behind the points off."""

from __future__ import annotations

from zhengfeng.evaluation.v1 import counting_pb2, events_pb2, results_pb2, standings_pb2

from tests.doors import caller
from tests.service.evaluation.campaigns import CHECKER, CITY, OFFICE, ORGANISER, City
from tests.service.evaluation.facts import complaint_closed, decided


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


def test_the_last_answers_only_where_its_interval_sets_it_apart(city: City) -> None:
    campaign, delegates, enterprises = city.opened(delegates=60, enterprises=60)
    for number, code in enumerate(delegates + enterprises):
        city.cast(code, campaign, (1, 1 if number % 9 else 2, 4, 1))
    released = city.released(campaign)
    city.final(released)
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
