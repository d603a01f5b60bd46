"""What everybody sees of a released result, by what its plan publishes; and what a unit sees of its own."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from zhengfeng.evaluation.v1 import formula_pb2, results_pb2, standings_pb2

from tests.doors import caller
from tests.service.evaluation.campaigns import CHECKER, CITY, NAMES, City

HEAD = caller("unit_head", unit=f"{CITY}/schools")


def released(city: City, what: int = formula_pb2.PUBLISH_FULL, **changes: Any) -> Any:
    """A released campaign; schools came last."""
    publication = formula_pb2.Publication(what=what, objection_days=5)
    live = what == formula_pb2.PUBLISH_FULL  # a screen shows everything
    campaign, delegates, enterprises = city.opened(publication=publication, live=live, **changes)
    for code in delegates + enterprises:
        city.cast(code, campaign, (2, 1, 4, 1))
    return city.released(campaign)


def ask(campaign: Any) -> results_pb2.GetResultRequest:
    """A request for the result."""
    return results_pb2.GetResultRequest(campaign_id=campaign.campaign_id)


def test_the_order_without_figures(city: City) -> None:
    shown = city.door.call(city.results.GetResult, ask(released(city, formula_pb2.PUBLISH_RANKED))).result
    assert [(row.name, row.rank) for row in shown.rows][:3] == [("tax", 1), ("housing", 2), ("schools", 3)]
    assert {(row.score, row.exact_score, row.rating, row.low, row.raters) for row in shown.rows} == {("", "", "", "", 0)}
    assert not shown.turnout.groups and all(row.grade for row in shown.rows)


def test_grades_only_in_the_order_of_the_ballot(city: City) -> None:
    shown = city.door.call(city.results.GetResult, ask(released(city, formula_pb2.PUBLISH_GRADES))).result
    assert [row.name for row in shown.rows] == list(NAMES)
    assert {(row.rank, row.rank_from, row.rank_to, row.score) for row in shown.rows} == {(0, 0, 0, "")}


def test_nothing_at_all_but_to_those_who_count_and_to_each_unit_its_own(city: City) -> None:
    campaign = released(city, formula_pb2.PUBLISH_NOT_PUBLIC)
    every = results_pb2.ListResultsRequest()
    assert city.door.refused(city.results.GetResult, ask(campaign)).reason == "CAMPAIGN_NOT_FOUND"
    assert not city.door.call(city.results.ListResults, every).results
    assert len(city.door.call(city.results.ListResults, every, CHECKER).results) == 1
    assert city.door.call(city.results.GetResult, ask(campaign), CHECKER).result.rows[0].score
    own = city.door.call(city.standings.ListOwnResults, standings_pb2.ListOwnResultsRequest(), HEAD).results
    assert [(one.row.name, one.row.score, one.row.rank, one.objects) for one in own] == [("schools", "0.00", 3, 3)]


@pytest.mark.parametrize(("year", "many"), [(2026, 1), (2025, 0)])
def test_results_are_listed_by_year(city: City, year: int, many: int) -> None:
    released(city)
    request = results_pb2.ListResultsRequest(year=year)
    assert len(city.door.call(city.results.ListResults, request).results) == many


def test_a_unit_reads_what_cost_it_most_against_its_group(city: City) -> None:
    campaign = released(city, object_groups=[city.group("all", NAMES)])
    last = campaign.plan.object_groups[0].objects[2].object_id
    request = standings_pb2.ExplainScoreRequest(campaign_id=campaign.campaign_id, object_id=last)
    stands = city.door.call(city.standings.ExplainScore, request, HEAD).score.standing
    assert (stands.objects, stands.median, stands.best) == (4, "90.00", "100.00")
    worst = stands.shortfalls[0]
    assert (worst.rater_group, worst.dimension, worst.mean, worst.median, worst.points) == (
        "delegates", "duty", "0.00", "90.00", "37.80",
    )  # fmt: skip


def test_a_group_too_small_to_hide_anybody_is_not_compared_dimension_by_dimension(city: City) -> None:
    campaign = released(city, formula_pb2.PUBLISH_GRADES)
    last = campaign.plan.object_groups[0].objects[2].object_id
    request = standings_pb2.ExplainScoreRequest(campaign_id=campaign.campaign_id, object_id=last)
    score = city.door.call(city.standings.ExplainScore, request, HEAD).score
    assert (score.standing.median, score.standing.best, len(score.standing.shortfalls)) == ("", "", 0)
    assert {group.median for group in score.groups} == {""}


@pytest.mark.parametrize("what", [formula_pb2.PUBLISH_RANKED, formula_pb2.PUBLISH_GRADES])
def test_totals_of_the_group_are_told_only_where_everybodys_scores_are(city: City, what: int) -> None:
    campaign = released(city, what, object_groups=[city.group("all", NAMES)])
    last = campaign.plan.object_groups[0].objects[2].object_id
    request = standings_pb2.ExplainScoreRequest(campaign_id=campaign.campaign_id, object_id=last)
    score = city.door.call(city.standings.ExplainScore, request, HEAD).score
    assert (score.standing.median, score.standing.best) == ("", "")
    assert {group.median for group in score.groups} == {"90.00"}  # three others stand behind these


def test_own_objects_hide_nobody_among_them(city: City) -> None:
    campaign = released(city, object_groups=[city.group("all", NAMES)])
    last = campaign.plan.object_groups[0].objects[2].object_id
    request = standings_pb2.ExplainScoreRequest(campaign_id=campaign.campaign_id, object_id=last)
    both = replace(HEAD, unit_paths=(f"{CITY}/schools", f"{CITY}/tax"))
    score = city.door.call(city.standings.ExplainScore, request, both).score
    assert ({group.median for group in score.groups}, len(score.standing.shortfalls)) == ({""}, 0)
