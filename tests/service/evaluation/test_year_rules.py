"""What a year's table may say, to whom and when; and what exactly it is scored from."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import grpc
import pytest
from zhengfeng.complaints.v1 import events_pb2 as complaints_pb2
from zhengfeng.directory.v1 import events_pb2 as directory_pb2
from zhengfeng.evaluation.v1 import events_pb2, formula_pb2
from zhengfeng.evaluation.v1 import year_scores_pb2 as scores_pb
from zhengfeng.evaluation.v1 import years_pb2 as pb
from zhengfeng.supervision.v1 import events_pb2 as supervision_pb2

from chassis.clock import new_id
from tests import doors
from tests.doors import caller
from tests.service.evaluation.campaigns import CITY, OFFICE, PUBLISHER, City
from tests.service.evaluation.facts import complaint_closed
from tests.service.evaluation.test_statements import TAX, refusal
from tests.service.evaluation.test_years import SECOND, Year, part

HANDLED, OVERDUE = complaints_pb2.ComplaintClosed(), complaints_pb2.ComplaintOverdue(clock="handle")
DISTRICT = f"{CITY}/north"


def rated(city: City, **changes: Any) -> Any:
    """A released campaign, not final yet."""
    campaign, delegates, enterprises = city.opened(**changes)
    for code in (*delegates, *enterprises):
        city.cast(code, campaign, [1, 2, 1, 1])
    return city.released(campaign)


def released(year: Year) -> Any:
    """The year scored and released by two."""
    return year.release(year.release(year.score()), PUBLISHER)


@pytest.mark.parametrize("what", [formula_pb2.PUBLISH_RANKED, formula_pb2.PUBLISH_GRADES, formula_pb2.PUBLISH_NOT_PUBLIC])
def test_the_year_never_shows_everybody_what_a_campaign_withholds(city: City, what: int) -> None:
    year = Year(city)
    city.final(rated(city, publication=formula_pb2.Publication(what=what, objection_days=5), live=False))
    year.months("tax", "90")
    released(year)
    tax = next(one for one in year.public() if one.unit_name == "tax")
    assert (tax.score, tax.exact_score, list(tax.parts)) == ("", "", [])
    assert bool(tax.rank) == (what == formula_pb2.PUBLISH_RANKED)
    assert part(year.seen(TAX)["tax"], pb.YEAR_PART_PUBLIC_RATING).figure == "80.00"


def test_everybody_reads_rounded_figures_where_all_is_published(city: City) -> None:
    year = Year(city)
    city.final(rated(city))
    year.months("tax", "90")
    released(year)
    tax = next(one for one in year.public() if one.unit_name == "tax")
    assert (tax.score, tax.rank) == (year.seen()["tax"].score, year.seen()["tax"].rank)
    assert part(tax, pb.YEAR_PART_PUBLIC_RATING).figure == "80.00"
    assert not tax.exact_score and not [one for one in tax.parts if one.exact_figure]


def test_a_year_waits_until_its_campaigns_are_final(city: City) -> None:
    year = Year(city)
    year.months("tax", "90")
    early = year.score()
    campaign = rated(city)
    for act in (lambda: year.score(), lambda: year.release(early)):
        with pytest.raises(grpc.RpcError) as refused:
            act()
        told = doors.refusal(refused.value)
        assert told.reason == "CAMPAIGN_NOT_FINAL" and campaign.number in told.sentence
    city.final(campaign)
    assert year.score().edition == 2


def test_a_released_year_is_corrected_with_a_reason_by_two_people(city: City) -> None:
    year = Year(city)
    year.months("tax", "90")
    year.review("tax", "80")
    first = released(year)
    scored = supervision_pb2.UnitMonthScored(year=2026, month=1, points="60")
    year.supervised("tax", city.units["tax"], 9, unit_month_scored=scored)
    assert refusal(lambda: year.score()) == "YEAR_RELEASED"

    corrected = year.score(reason="一月的月度得分已复核更正")
    assert (corrected.edition, corrected.released, corrected.released_edition) == (2, False, 1)
    assert [(one.edition, one.reason, one.by) for one in corrected.corrections] == [
        (2, "一月的月度得分已复核更正", OFFICE.subject)
    ]
    assert year.public()[0].edition == year.seen(TAX)["tax"].edition == first.edition
    year.release(year.release(corrected), PUBLISHER)
    assert [(one.edition, one.score) for one in year.public()] == [(2, "66.67")]
    told = city.door.announced(events_pb2.YearScored)
    assert len({one.subject_id for one in told}) == 1 and [one.version for one in told] == [1, 2]


def test_the_rating_is_out_of_a_hundred_whatever_the_scale_and_points_off_are_charged_once(city: City) -> None:
    year = Year(city)
    city.door.hear(complaint_closed(city, "tax"))
    scale = [("good", "5"), ("fair", "4"), ("poor", "0")]
    city.final(rated(city, scale=[formula_pb2.Grade(key=key, name=key, points=points) for key, points in scale]))
    year.score()
    assert part(year.seen()["tax"], pb.YEAR_PART_PUBLIC_RATING).figure == "80.00"


def test_a_record_overdue_in_december_and_closed_in_january_is_not_punctual(city: City) -> None:
    year = Year(city)
    late = new_id(city.door.clock)
    year.complained("tax", late, 3, overdue=OVERDUE)
    city.door.clock.advance(timedelta(days=60))
    year.complained("tax", late, 4, closed=HANDLED)
    year.months("tax", "90")
    year.score(year=2027)
    found = city.door.call(year.scores.ListYearScores, scores_pb.ListYearScoresRequest(year=2027), OFFICE).scores
    assert [part(one, pb.YEAR_PART_RECTIFICATION).figure for one in found] == ["0.00"]


def test_punctuality_is_credited_to_who_handled_it_and_a_second_handling_wipes_out_no_bad_mark(city: City) -> None:
    year = Year(city)
    record = new_id(city.door.clock)
    handled = {unit: complaints_pb2.ComplaintClosed(handled_by_unit_path=f"{CITY}/{unit}") for unit in ("housing", "roads")}
    year.complained("housing", record, 3, overdue=OVERDUE)
    year.complained("tax", record, 4, closed=handled["housing"])
    year.complained("housing", record, 5, handling_rated=complaints_pb2.HandlingRated(grade=1))
    year.complained("tax", record, 9, closed=handled["roads"])
    year.complained("roads", record, 10, handling_rated=complaints_pb2.HandlingRated(grade=5))
    year.score()
    figures = {name: part(one, pb.YEAR_PART_RECTIFICATION).figure for name, one in year.seen().items()}
    assert figures == {"housing": "0.00", "roads": "100.00"}


def test_each_jurisdiction_has_a_table_of_its_own_and_a_city_campaign_enters_both(city: City) -> None:
    year = Year(city)
    unit_id = new_id(city.door.clock)
    place = {"unit_path": f"{DISTRICT}/parks", "jurisdiction_path": DISTRICT, "version": 1}
    changed = directory_pb2.UnitChanged(name="parks", kind="bureau")
    city.door.hear(directory_pb2.DirectoryEvent(subject_id=unit_id, unit_changed=changed, **place))
    city.units["parks"] = unit_id
    city.final(rated(city, object_groups=[city.group("bureaus", ("tax", "housing", "parks", "roads"))]))
    for name in ("tax", "north/parks"):
        year.supervised(name, finding_closed=supervision_pb2.FindingClosed())
    district = {role: caller(role, jurisdiction=DISTRICT) for role in ("office", "publisher")}
    of_city = released(year)
    table = year.score(district["office"], DISTRICT)
    year.release(year.release(table, district["office"]), district["publisher"])

    def tables(path: str = "") -> list[tuple[str, str, str]]:
        request = scores_pb.ListPublicYearScoresRequest(jurisdiction_path=path)
        rows = city.door.call(year.scores.ListPublicYearScores, request, None).scores
        return [(one.jurisdiction_path, one.year_table_id, one.unit_name) for one in rows]

    assert tables(DISTRICT) == [(DISTRICT, table.year_table_id, "parks")]
    assert {one[:2] for one in tables(CITY)} == {(CITY, of_city.year_table_id)}
    assert [one[0] for one in tables()] == sorted(one[0] for one in tables()) and len(tables()) == 5
    parks = next(
        iter(city.door.call(year.scores.ListYearScores, scores_pb.ListYearScoresRequest(), district["office"]).scores)
    )
    assert part(parks, pb.YEAR_PART_PUBLIC_RATING).figure == "100.00"


def test_a_review_counts_once_and_only_when_two_people_entered_the_same(city: City) -> None:
    year = Year(city)
    year.months("tax", "90")
    assert not year.entered("tax", "70").confirmed
    assert refusal(lambda: year.entered("tax", "70")) == "REVIEW_SAME_PERSON"
    assert refusal(lambda: year.entered("tax", "75", SECOND)) == "REVIEW_DIFFERS"
    year.score()
    assert year.seen()["tax"].score == ""
    assert year.entered("tax", "70", SECOND).confirmed
    assert refusal(lambda: year.entered("tax", "70")) == "REVIEW_KNOWN"
    assert refusal(lambda: year.entered("tax", "70", day="2026-12-31")) == "REVIEW_AHEAD"
    table = year.score()
    review = part(year.explained(year.seen()["tax"]), pb.YEAR_PART_THIRD_PARTY)
    assert (review.figure, review.records) == ("70.00", 1)
    year.release(year.release(table), PUBLISHER)
    assert refusal(lambda: year.entered("tax", "70", report_number="评估2026-4")) == "YEAR_RELEASED"


def test_a_bureau_answers_for_the_records_of_its_sections(city: City) -> None:
    year = Year(city)
    year.supervised("tax", finding_closed=supervision_pb2.FindingClosed())
    year.supervised("tax/counter", finding_overdue=supervision_pb2.FindingOverdue())
    year.score()
    figures = {name: part(one, pb.YEAR_PART_KEY_TASKS) for name, one in year.seen().items()}
    assert {name: (one.figure, one.records) for name, one in figures.items()} == {
        "tax": ("50.00", 2),
        "counter": ("0.00", 1),
    }
