"""The composite of a year: from what was heard and entered to a score that leads back to every record."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

from zhengfeng.complaints.v1 import events_pb2 as complaints_pb2
from zhengfeng.evaluation.v1 import events_pb2, year_scores_pb2_grpc, years_pb2_grpc
from zhengfeng.evaluation.v1 import year_scores_pb2 as scores_pb
from zhengfeng.evaluation.v1 import years_pb2 as pb
from zhengfeng.supervision.v1 import events_pb2 as supervision_pb2

from chassis.clock import new_id
from tests.doors import caller
from tests.service.evaluation.campaigns import CITY, OFFICE, PUBLISHER, City
from tests.service.evaluation.test_statements import HOUSING, TAX, refusal

FENGHE = caller("office", jurisdiction="/fenghe")
LEADER = caller("leader", jurisdiction=CITY)
SECOND = caller("office", jurisdiction=CITY, subject="second")


class Year:
    """The year 2026 behind evaluation's door."""

    def __init__(self, city: City) -> None:
        self.city, self.door = city, city.door
        self.years = city.door.stub(years_pb2_grpc.YearServiceStub)
        self.scores = city.door.stub(year_scores_pb2_grpc.YearScoreServiceStub)

    def supervised(self, unit: str, subject: str = "", version: int = 1, **fact: Any) -> None:
        """A fact of supervision about a unit."""
        place = {"subject_id": subject or new_id(self.door.clock), "unit_path": f"{CITY}/{unit}", "jurisdiction_path": CITY}
        self.door.hear(supervision_pb2.SupervisionEvent(**place, version=version, number="督查〔2026〕1号", **fact))

    def complained(self, unit: str, subject: str, version: int, **fact: Any) -> None:
        """A fact of complaints about a unit."""
        place = {"subject_id": subject, "unit_path": f"{CITY}/{unit}", "jurisdiction_path": CITY}
        self.door.hear(complaints_pb2.ComplaintEvent(**place, version=version, number="投诉〔2026〕1号", **fact))

    def months(self, unit: str, *points: str) -> None:
        """The scored months of a unit, from January on."""
        for month, one in enumerate(points, start=1):
            scored = supervision_pb2.UnitMonthScored(year=2026, month=month, points=one)
            self.supervised(unit, self.city.units[unit], month, unit_month_scored=scored)

    def review(self, unit: str, figure: str, **changes: Any) -> Any:
        """What a third party found, entered by two people."""
        self.entered(unit, figure, OFFICE, **changes)
        return self.entered(unit, figure, SECOND, **changes)

    def entered(self, unit: str, figure: str, as_: Any = OFFICE, **changes: Any) -> Any:
        """What a third party found, as one person enters it."""
        wanted: dict[str, Any] = {"unit_path": f"{CITY}/{unit}", "year": 2026, "figure": figure, "day": "2026-11-10"}
        wanted |= {"organisation": "清河大学", "report_number": "评估2026-3"} | changes
        return self.door.call(self.years.RecordReview, pb.RecordReviewRequest(**wanted), as_).review

    def score(self, as_: Any = OFFICE, place: str = CITY, year: int = 2026, reason: str = "") -> Any:
        """Another edition."""
        request = pb.ScoreYearRequest(jurisdiction_path=place, year=year, reason=reason)
        return self.door.call(self.years.ScoreYear, request, as_).table

    def release(self, table: Any, as_: Any = OFFICE) -> Any:
        """One approval."""
        request = pb.ReleaseYearRequest(year_table_id=table.year_table_id, expected_version=table.version)
        return self.door.call(self.years.ReleaseYear, request, as_).table

    def seen(self, as_: Any = OFFICE) -> dict[str, Any]:
        """The scores somebody sees, by unit."""
        page = self.door.call(self.scores.ListYearScores, scores_pb.ListYearScoresRequest(year=2026), as_)
        return {one.unit_name: one for one in page.scores}

    def public(self) -> list[Any]:
        """The scores everybody sees."""
        return list(self.door.call(self.scores.ListPublicYearScores, scores_pb.ListPublicYearScoresRequest(), None).scores)

    def explained(self, score: Any, as_: Any = OFFICE) -> Any:
        """One score with everything behind it."""
        request = scores_pb.GetYearScoreRequest(year_score_id=score.year_score_id)
        return self.door.call(self.scores.GetYearScore, request, as_).score


def part(score: Any, kind: int) -> Any:
    """One part of a score."""
    return next(one for one in score.parts if one.part == kind)


def test_a_missing_part_gives_its_weight_to_the_others_and_says_so(city: City) -> None:
    year = Year(city)
    year.months("tax", "90", "80")
    year.review("tax", "70")
    year.score()
    tax = year.seen()["tax"]
    assert Fraction(tax.exact_score) == Fraction(85 * 20 + 70 * 10, 30)
    assert tax.score == "80.00" and tax.rank == 1
    rating, efficiency = part(tax, pb.YEAR_PART_PUBLIC_RATING), part(tax, pb.YEAR_PART_EFFICIENCY)
    assert (rating.figure, rating.share, rating.weight) == ("", "0", 40)
    assert (efficiency.figure, efficiency.share, efficiency.records) == ("85.00", "2/3", 2)


def test_with_fewer_parts_than_the_pack_needs_there_is_no_score_and_no_place(city: City) -> None:
    year = Year(city)
    year.months("tax", "90")
    table = year.score()
    tax = year.seen()["tax"]
    assert (tax.score, tax.rank, table.scored, table.unscored) == ("", 0, 0, 1)


def test_units_without_a_score_come_last_in_their_group_page_by_page(city: City) -> None:
    year = Year(city)
    year.months("housing", "90")
    for name, points in (("tax", "70"), ("roads", "80")):
        year.months(name, points)
        year.review(name, points)
    year.score()
    names, token = [], ""
    for _ in range(3):
        request = scores_pb.ListYearScoresRequest(year=2026, page_size=1, page_token=token)
        page = city.door.call(year.scores.ListYearScores, request, OFFICE)
        names += [one.unit_name for one in page.scores]
        token = page.next_page_token
    assert (names, token) == (["roads", "tax", "housing"], "")


def test_every_part_leads_back_to_its_records(city: City) -> None:
    year = Year(city)
    campaign, delegates, enterprises = city.opened()
    for code in (*delegates, *enterprises):
        city.cast(code, campaign, [1, 2, 1, 1])
    released = city.final(city.released(campaign))
    late, prompt = new_id(city.door.clock), new_id(city.door.clock)
    year.complained("tax", late, 3, overdue=complaints_pb2.ComplaintOverdue(clock="handle"))
    year.complained("tax", late, 4, closed=complaints_pb2.ComplaintClosed())
    year.complained("tax", prompt, 4, closed=complaints_pb2.ComplaintClosed())
    year.complained("tax", prompt, 5, handling_rated=complaints_pb2.HandlingRated(grade=5))
    year.supervised("tax", finding_closed=supervision_pb2.FindingClosed())
    year.score()
    tax = year.explained(year.seen()["tax"])
    assert part(tax, pb.YEAR_PART_PUBLIC_RATING).figure == "80.00"
    assert part(tax, pb.YEAR_PART_PUBLIC_RATING).inputs[0].origin.number == released.number
    assert part(tax, pb.YEAR_PART_RECTIFICATION).figure == "75.00", "half closed in time, all satisfied"
    origins = {one.origin.subject_id for one in part(tax, pb.YEAR_PART_RECTIFICATION).inputs}
    assert origins == {late, prompt}
    assert part(tax, pb.YEAR_PART_KEY_TASKS).figure == "100.00"


def test_a_fact_told_again_or_late_changes_nothing_and_a_newer_one_stands(city: City) -> None:
    year = Year(city)
    unit = city.units["tax"]
    for version, points in ((2, "60"), (1, "95"), (3, "70")):
        scored = supervision_pb2.UnitMonthScored(year=2026, month=1, points=points)
        year.supervised("tax", unit, version, unit_month_scored=scored)
    year.review("tax", "50")
    year.score()
    efficiency = part(year.seen()["tax"], pb.YEAR_PART_EFFICIENCY)
    assert (efficiency.figure, efficiency.records) == ("70.00", 1)


def test_a_year_is_scored_again_until_two_people_have_released_it(city: City) -> None:
    year = Year(city)
    for name, points in (("tax", "90"), ("housing", "80"), ("roads", "90")):
        year.months(name, points)
        year.review(name, points)
    once = year.release(year.score())
    again = year.score()
    assert (again.edition, list(again.approved_by)) == (2, [])
    assert refusal(lambda: year.release(once)) == "STALE_VERSION"
    first = year.release(again)
    assert refusal(lambda: year.release(first)) == "SAME_PERSON"
    assert year.public() == []
    assert year.release(first, PUBLISHER).released
    assert refusal(lambda: year.score()) == "YEAR_RELEASED"
    assert {one.unit_name: one.rank for one in year.public()} == {"tax": 1, "roads": 1, "housing": 3}
    told = {one.unit_path: one.year_scored for one in city.door.announced(events_pb2.YearScored)}
    assert (told[f"{CITY}/housing"].rank, told[f"{CITY}/housing"].score, told[f"{CITY}/housing"].ranked) == (3, "80.00", 3)


def test_a_unit_sees_its_own_score_and_no_other_once_two_people_released_it(city: City) -> None:
    year = Year(city)
    for name in ("tax", "housing"):
        year.months(name, "90")
    first = year.release(year.score())
    assert year.seen(TAX) == {} and refusal(lambda: year.explained(year.seen()["tax"], TAX)) == "YEAR_SCORE_NOT_FOUND"
    assert year.seen(LEADER) == {} and "tax" in year.seen(PUBLISHER)
    year.release(first, PUBLISHER)
    assert list(year.seen(TAX)) == ["tax"] and year.seen(FENGHE) == {}
    housing = year.seen()["housing"]
    assert refusal(lambda: year.explained(housing, TAX)) == "YEAR_SCORE_NOT_FOUND"
    assert year.explained(housing, HOUSING).unit_name == "housing"


def test_what_no_year_can_be_scored_by_is_refused(city: City) -> None:
    year = Year(city)
    assert refusal(lambda: year.score()) == "YEAR_EMPTY"
    assert refusal(lambda: year.score(FENGHE)) == "YEAR_PLACE"
    assert refusal(lambda: year.review("tax", "100.5")) == "REVIEW_FIGURE"
    assert refusal(lambda: year.review("nowhere", "80")) == "REVIEW_UNIT"
    assert refusal(lambda: year.entered("tax", "80", FENGHE)) == "REVIEW_UNIT"
    assert refusal(lambda: year.review("tax", "80", day="2026-02-30")) == "DAY_INVALID"


def test_a_published_sample_counts_beside_the_reviews_entered_by_hand(city: City) -> None:
    year, sample = Year(city), new_id(city.door.clock)
    year.review("tax", "90")
    found = complaints_pb2.ReviewPublished(year=2026, figure="175/2", drawn=4, excluded=1, reviewed=3)
    year.complained("tax", sample, 3, review_published=found)
    year.complained("roads", sample, 3, review_published=complaints_pb2.ReviewPublished(year=2026, figure="50"))
    year.score()

    third = part(year.explained(year.seen()["tax"]), pb.YEAR_PART_THIRD_PARTY)

    assert third.figure == "88.75"
    assert [one.what for one in third.inputs] == ["review", "sampled"]
    assert third.inputs[1].origin.subject_id == sample
    roads = part(year.explained(year.seen()["roads"]), pb.YEAR_PART_THIRD_PARTY)
    assert roads.figure == "50.00"


def test_a_sample_published_after_the_year_was_released_changes_nothing_of_it(city: City) -> None:
    year = Year(city)
    year.months("tax", "90", "80")
    year.review("tax", "70")
    assert year.release(year.release(year.score()), PUBLISHER).released

    late = complaints_pb2.ReviewPublished(year=2026, figure="0", drawn=1, reviewed=1)
    year.complained("tax", new_id(city.door.clock), 3, review_published=late)

    year.score(reason="更正笔误")
    third = part(year.explained(year.seen()["tax"]), pb.YEAR_PART_THIRD_PARTY)
    assert (third.figure, [one.what for one in third.inputs]) == ("70.00", ["review"])
