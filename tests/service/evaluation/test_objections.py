"""What a unit says against its result, how it is answered, and what an upheld objection changes."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from zhengfeng.directory.v1 import events_pb2 as directory_pb2
from zhengfeng.evaluation.v1 import (
    adjustments_pb2,
    counting_pb2,
    events_pb2,
    objections_pb2,
    plan_pb2,
    results_pb2,
    standings_pb2,
)

from chassis.clock import new_id
from tests.doors import caller
from tests.service.evaluation.campaigns import CHECKER, CITY, OFFICE, ORGANISER, PUBLISHER, City
from tests.service.evaluation.facts import complaint_closed

CLERK = caller("unit_clerk", unit=f"{CITY}/housing")
UPHELD, REJECTED = objections_pb2.OBJECTION_ANSWER_UPHELD, objections_pb2.OBJECTION_ANSWER_REJECTED


def released(city: City) -> Any:
    """A released campaign in which a complaint took two points off housing, which came second by them."""
    city.door.hear(complaint_closed(city, "housing"))
    campaign, delegates, _ = city.opened(delegates=10)
    for number, code in enumerate(delegates):
        city.cast(code, campaign, (1, 1 if number % 10 else 2, 3, 1))
    return city.released(campaign)


def explained(city: City, campaign: Any, as_: Any = CLERK) -> Any:
    """Housing's score, explained."""
    own = campaign.plan.object_groups[0].objects[0].object_id
    request = standings_pb2.ExplainScoreRequest(campaign_id=campaign.campaign_id, object_id=own)
    return city.door.call(city.standings.ExplainScore, request, as_).score


def objection(campaign: Any, **changes: Any) -> objections_pb2.FileObjectionRequest:
    """An objection of housing."""
    own = campaign.plan.object_groups[0].objects[0].object_id
    asked = {"campaign_id": campaign.campaign_id, "object_id": own, "text": "该投诉已在法院撤销。"}
    return objections_pb2.FileObjectionRequest(**(asked | changes))


def file(city: City, campaign: Any, **changes: Any) -> Any:
    """Files it."""
    return city.door.call(city.objections.FileObjection, objection(campaign, **changes), CLERK).objection


def answer(city: City, filed: Any, how: int, as_: Any = OFFICE) -> Any:
    """Answers it."""
    request = objections_pb2.AnswerObjectionRequest(
        objection_id=filed.objection_id, expected_version=filed.version, answer=how, reasons="已核实。"
    )
    return city.door.call(city.objections.AnswerObjection, request, as_).objection


def public(city: City, campaign: Any, count: int = 0) -> Any:
    """What everybody sees."""
    request = results_pb2.GetResultRequest(campaign_id=campaign.campaign_id, count=count)
    return city.door.call(city.results.GetResult, request).result


def again(city: City, campaign: Any) -> Any:
    """Counts and releases the campaign again."""
    request = counting_pb2.CountCampaignRequest(campaign_id=campaign.campaign_id, expected_version=campaign.version)
    counted = city.door.call(city.counting.CountCampaign, request, ORGANISER).campaign
    once = city.move(city.counting.ReleaseResult, counting_pb2.ReleaseResultRequest, counted)
    return city.move(city.counting.ReleaseResult, counting_pb2.ReleaseResultRequest, once, PUBLISHER)


def bureaus(result: Any) -> list[tuple[str, int, str]]:
    """The lines of the bureaus."""
    return [(row.name, row.rank, row.score) for row in result.rows if row.object_group == "bureaus"]


def test_an_upheld_objection_gives_the_points_back_and_both_results_stay_on_record(city: City) -> None:
    proposed = adjustments_pb2.CommendWorkRequest(
        unit_id=city.units["schools"], level="province", commended_on="2026-05-04", document="通报7号", evidence="存档"
    )
    waits = city.door.call(city.ledger.CommendWork, proposed, OFFICE).adjustment
    confirmed = adjustments_pb2.DecideCommendationRequest(
        adjustment_id=waits.adjustment_id, expected_version=waits.version, confirmed=True
    )
    campaign = released(city)
    before = public(city, campaign)
    entry = explained(city, campaign).adjustments[0]
    filed = file(city, campaign, adjustment_id=entry.adjustment_id)
    city.door.clock.advance(timedelta(minutes=1))
    city.door.hear(complaint_closed(city, "tax"))  # said after the count: a corrected one takes nothing new in
    city.door.call(city.ledger.DecideCommendation, confirmed, caller("leader", jurisdiction=CITY))  # nor this

    answered = answer(city, filed, UPHELD)
    waiting = public(city, campaign)
    at = city.campaign(campaign)
    corrected = again(city, at)
    after = public(city, corrected)

    assert (answered.state, answered.answered_by) == (objections_pb2.OBJECTION_STATE_UPHELD, OFFICE.subject)
    assert (bureaus(waiting), waiting.recounting) == (bureaus(before), True)
    assert bureaus(before) == [("tax", 1, "98.00"), ("housing", 2, "98.00"), ("schools", 3, "60.00")]
    assert bureaus(after) == [("housing", 1, "100.00"), ("tax", 2, "98.00"), ("schools", 3, "60.00")]
    assert [(one.count, bool(one.released_at.seconds)) for one in after.versions] == [(1, True), (2, True)]
    changed = {(one.name, one.rank_before, one.rank, one.score_before, one.score) for one in after.versions[1].changes}
    assert changed == {("housing", 2, 1, "98.00", "100.00"), ("tax", 1, 2, "98.00", "98.00")}
    assert bureaus(public(city, campaign, count=1)) == bureaus(before)
    assert (after.objections.upheld, after.objections.open, after.recounting) == (1, 0, False)
    told = city.door.announced(events_pb2.ResultReleased)
    assert [one.version for one in told] == sorted({one.version for one in told}) and len(told) == 2
    ledger = city.door.call(city.ledger.ListAdjustments, adjustments_pb2.ListAdjustmentsRequest(), OFFICE).adjustments
    assert (adjustments_pb2.ADJUSTMENT_STATE_RESTORED, "OBJECTION_UPHELD") in {(one.state, one.reason) for one in ledger}


def test_a_rejected_objection_leaves_the_result_as_it_is(city: City) -> None:
    campaign = released(city)
    answered = answer(city, file(city, campaign), REJECTED)
    assert answered.state == objections_pb2.OBJECTION_STATE_REJECTED
    assert public(city, campaign).objections.rejected == 1
    city.final(campaign)
    assert public(city, campaign).final


def test_nothing_is_final_while_an_objection_is_unanswered_or_the_window_runs(city: City) -> None:
    campaign = released(city)
    filed = file(city, campaign)
    request = counting_pb2.FinaliseResultRequest(campaign_id=campaign.campaign_id, expected_version=campaign.version)
    assert city.door.refused(city.counting.FinaliseResult, request, ORGANISER).reason == "OBJECTION_OPEN"
    answer(city, filed, REJECTED)
    refused = city.door.refused(city.counting.FinaliseResult, request, ORGANISER)
    assert refused.reason == "OBJECTION_WINDOW_RUNS" and "2026-11-21" in refused.sentence
    city.door.clock.advance(timedelta(days=6))
    city.door.call(city.counting.FinaliseResult, request, ORGANISER)
    assert len(city.door.announced(events_pb2.Commended)) == 2


def test_after_the_window_nobody_objects_any_more(city: City) -> None:
    campaign = released(city)
    city.door.clock.advance(timedelta(days=6))
    refused = city.door.refused(city.objections.FileObjection, objection(campaign), CLERK)
    assert refused.reason == "OBJECTION_WINDOW_OVER"


def test_nobody_objects_before_the_release(city: City) -> None:
    campaign, delegates, _ = city.opened()
    city.cast(delegates[0], campaign, (1, 1, 1, 1))
    counted = city.counted(campaign)
    refused = city.door.refused(city.objections.FileObjection, objection(counted), CLERK)
    assert refused.reason == "OBJECT_RESULT_NOT_FOUND"  # not even that there is a result


def test_a_unit_objects_for_itself_only_and_sees_no_other_objection(city: City) -> None:
    campaign = released(city)
    filed = file(city, campaign)
    tax = caller("unit_head", unit=f"{CITY}/tax")
    assert city.door.refused(city.objections.FileObjection, objection(campaign), tax).reason == "OBJECT_RESULT_NOT_FOUND"
    ask = objections_pb2.GetObjectionRequest(objection_id=filed.objection_id)
    assert city.door.refused(city.objections.GetObjection, ask, tax).reason == "OBJECTION_NOT_FOUND"
    every = objections_pb2.ListObjectionsRequest(campaign_id=campaign.campaign_id)
    assert not city.door.call(city.objections.ListObjections, every, tax).objections
    assert len(city.door.call(city.objections.ListObjections, every, CLERK).objections) == 1


@pytest.mark.parametrize("about", ["", "entry"])
def test_the_same_is_not_said_twice(city: City, about: str) -> None:
    campaign = released(city)
    entry = explained(city, campaign).adjustments[0].adjustment_id if about else ""
    answer(city, file(city, campaign, adjustment_id=entry), REJECTED)
    refused = city.door.refused(city.objections.FileObjection, objection(campaign, adjustment_id=entry), CLERK)
    assert refused.reason == "OBJECTION_FILED"


def test_an_objection_names_only_an_entry_of_the_own_score(city: City) -> None:
    campaign = released(city)
    foreign = objection(campaign, adjustment_id=campaign.campaign_id)
    assert city.door.refused(city.objections.FileObjection, foreign, CLERK).reason == "ADJUSTMENT_NOT_CHARGED"


def test_whoever_filed_it_does_not_answer_it_and_nobody_answers_twice(city: City) -> None:
    campaign = released(city)
    filed = file(city, campaign)
    request = objections_pb2.AnswerObjectionRequest(
        objection_id=filed.objection_id, expected_version=filed.version, answer=UPHELD, reasons="有理"
    )
    filer = caller("office", jurisdiction=CITY, subject=CLERK.subject)
    assert city.door.refused(city.objections.AnswerObjection, request, filer).reason == "OWN_OBJECTION"
    answered = answer(city, filed, REJECTED)
    request.expected_version = answered.version
    assert city.door.refused(city.objections.AnswerObjection, request, OFFICE).reason == "OBJECTION_ANSWERED"


def test_an_uncounted_correction_is_seen_by_those_who_count_only(city: City) -> None:
    campaign = released(city)
    entry = explained(city, campaign).adjustments[0]
    answer(city, file(city, campaign, adjustment_id=entry.adjustment_id), UPHELD)
    at = city.campaign(campaign)
    city.move(city.counting.CountCampaign, counting_pb2.CountCampaignRequest, at)
    ask = results_pb2.GetResultRequest(campaign_id=campaign.campaign_id)
    assert city.door.call(city.results.GetResult, ask, CHECKER).result.count == 2
    assert public(city, campaign).count == 1
    assert explained(city, campaign).count == 1
    assert explained(city, campaign, OFFICE).count == 2


def test_a_district_reads_its_result_and_objects_by_its_office_and_the_city_answers(city: City) -> None:
    district = f"{CITY}/donghe"
    named = directory_pb2.JurisdictionChanged(name="东河区", level="district")
    told = directory_pb2.DirectoryEvent(subject_id=new_id(city.door.clock), version=1, jurisdiction_path=district)
    told.jurisdiction_changed.CopyFrom(named)
    city.door.hear(told)
    rated = plan_pb2.RatedObject(kind=plan_pb2.OBJECT_KIND_DISTRICT, unit_path=district)
    unit = plan_pb2.RatedObject(unit_id=city.units["housing"])
    campaign, delegates, _ = city.opened(object_groups=[plan_pb2.ObjectGroup(key="all", name="全部", objects=[unit, rated])])
    for code in delegates:
        city.cast(code, campaign, (1, 2))
    campaign = city.released(campaign)
    housing, place = campaign.plan.object_groups[0].objects
    office, other = caller("office", jurisdiction=district), caller("office", jurisdiction=f"{CITY}/xihe")
    own = standings_pb2.ListOwnResultsRequest()
    assert [one.row.name for one in city.door.call(city.standings.ListOwnResults, own, office).results] == ["东河区"]
    for stranger in (other, OFFICE):
        assert not city.door.call(city.standings.ListOwnResults, own, stranger).results
    ask = standings_pb2.ExplainScoreRequest(campaign_id=campaign.campaign_id, object_id=place.object_id)
    assert city.door.call(city.standings.ExplainScore, ask, office).score.own
    assert not city.door.call(city.standings.ExplainScore, ask, OFFICE).score.own
    about = objection(campaign, object_id=place.object_id)
    foreign = objection(campaign, object_id=housing.object_id)
    refused = [(about, OFFICE), (about, other), (foreign, office), (foreign, OFFICE), (about, CLERK)]
    for request, who in refused:
        assert city.door.refused(city.objections.FileObjection, request, who).reason == "OBJECT_RESULT_NOT_FOUND"
    filed = city.door.call(city.objections.FileObjection, about, office).objection
    seen = objections_pb2.GetObjectionRequest(objection_id=filed.objection_id)
    city.door.call(city.objections.GetObjection, seen, office)
    assert city.door.refused(city.objections.GetObjection, seen, other).reason == "OBJECTION_NOT_FOUND"
    colleague = caller("office", jurisdiction=district, subject="colleague")
    request = objections_pb2.AnswerObjectionRequest(
        objection_id=filed.objection_id, expected_version=filed.version, answer=UPHELD, reasons="有理"
    )
    assert city.door.refused(city.objections.AnswerObjection, request, colleague).reason == "OBJECTION_NOT_FOUND"
    assert answer(city, filed, UPHELD).state == objections_pb2.OBJECTION_STATE_UPHELD


def test_a_later_round_draws_on_what_is_released_and_not_on_a_correction_before_its_release(city: City) -> None:
    campaign = released(city)
    entry = explained(city, campaign).adjustments[0]
    answer(city, file(city, campaign, adjustment_id=entry.adjustment_id), UPHELD)
    city.move(city.counting.CountCampaign, counting_pb2.CountCampaignRequest, city.campaign(campaign))
    best = plan_pb2.Taken(object_group="bureaus", end=plan_pb2.END_FIRST, number=1)
    groups = [plan_pb2.ObjectGroup(key="best", name="先进", taken=best), city.group("again", ["housing"])]
    later = city.create(object_groups=groups, follows=campaign.campaign_id).plan
    said = {one.name: (one.before.rank, one.before.score) for group in later.object_groups for one in group.objects}
    assert said == {"tax": (1, "98.00"), "housing": (2, "98.00")}
