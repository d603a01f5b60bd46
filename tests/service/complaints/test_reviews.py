"""Third-party review: a frame fixed first, a sample from a later seed, graded, published unit by unit."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from hashlib import sha256
from typing import Any

from google.protobuf.timestamp_pb2 import Timestamp
from zhengfeng.complaints.v1 import events_pb2, review_items_pb2, reviews_pb2

from tests.doors import caller
from tests.service.complaints.city import (
    CLOSING,
    HOUSING,
    HOUSING_HEAD,
    LEADER,
    OFFICE,
    REPORT,
    SECRET_NAME,
    SECRET_PHONE,
    City,
)

MARY = caller("delegate", jurisdiction="/qinghe", subject="delegate-1")
PAUL = caller("supervisor", jurisdiction="/qinghe", subject="volunteer-2")
OTHER = caller("office", jurisdiction="/qinghe", subject="other-office")
QUESTIONS = ("timely", "thorough", "remedied", "answered")
PLAN = {
    "jurisdiction_path": "/qinghe",
    "organisation": "市人大代表小组",
    "closed_from": "2026-11-01",
    "closed_to": "2026-11-16",
    "reviewers": [MARY.subject, PAUL.subject],
}


def grades(*given: int) -> list[review_items_pb2.ReviewGrade]:
    return [review_items_pb2.ReviewGrade(question=name, grade=grade) for name, grade in zip(QUESTIONS, given, strict=True)]


def planned(city: City, wanted: int = 2, closed: int = 3) -> tuple[reviews_pb2.ReviewSample, list[str]]:
    numbers = [city.closed().number for _ in range(closed)]
    return city.do("PlanReview", OFFICE, wanted=wanted, **PLAN).review_sample, numbers


def at(moment: datetime) -> Timestamp:
    stamp = Timestamp()
    stamp.FromDatetime(moment)
    return stamp


def drawn(city: City, sample: reviews_pb2.ReviewSample) -> reviews_pb2.ReviewSample:
    published = city.clock.now() + timedelta(minutes=5)
    city.clock.advance(timedelta(minutes=10))
    seed = {"seed": "2026-11-16 大乐透 03 11 20", "seed_source": "当日开奖公告", "seed_published_at": at(published)}
    return city.do("DrawReviewSample", OFFICE, **on(sample), **seed).review_sample


def on(sample: reviews_pb2.ReviewSample) -> dict[str, Any]:
    return {"review_sample_id": sample.review_sample_id, "expected_version": sample.version}


def item(one: review_items_pb2.ReviewItem) -> dict[str, Any]:
    return {"review_item_id": one.review_item_id, "expected_version": one.version}


def items(city: City, as_: Any = OFFICE) -> list[review_items_pb2.ReviewItem]:
    return list(city.do("ListReviewItems", as_).review_items)


def test_anyone_can_draw_the_sample_again_from_the_published_seed(city: City) -> None:
    sample, numbers = planned(city)
    assert sample.frame_sha256 == sha256("\n".join(sorted(numbers)).encode()).hexdigest()

    shown = drawn(city, sample)

    again = sorted(numbers, key=lambda number: sha256(f"{shown.seed}\n{number}".encode()).hexdigest())[:2]
    assert [one.number for one in items(city)] == again
    assert [one.reviewer for one in items(city)] == [MARY.subject, PAUL.subject]


def test_a_seed_known_when_the_frame_was_fixed_is_refused(city: City) -> None:
    sample, _ = planned(city)
    before, ahead = city.clock.now() - timedelta(days=1), city.clock.now() + timedelta(days=1)
    seed = {"seed": "7", "seed_source": "公告"}

    early = city.refused("DrawReviewSample", OFFICE, **on(sample), **seed, seed_published_at=at(before.astimezone(UTC)))
    late = city.refused("DrawReviewSample", OFFICE, **on(sample), **seed, seed_published_at=at(ahead.astimezone(UTC)))

    assert (early.reason, late.reason) == ("SEED_BEFORE_PLAN", "SEED_IN_FUTURE")


def test_a_sample_is_never_larger_than_what_was_closed(city: City) -> None:
    city.closed()

    assert city.refused("PlanReview", OFFICE, wanted=2, **PLAN).reason == "SAMPLE_TOO_SMALL"


def test_a_reviewer_sees_the_own_part_in_the_copy_that_gives_nobody_away(city: City) -> None:
    drawn(city, planned(city)[0])

    [own] = items(city, MARY)
    [other] = items(city, PAUL)
    read = city.do("GetReviewItem", MARY, review_item_id=own.review_item_id).review_item

    assert SECRET_NAME not in read.text and "等了两个小时" in read.text
    assert read.answer == "情况属实，已责令整改。" and read.report
    assert [one.question for one in read.questions] == list(QUESTIONS)
    assert city.refused("GetReviewItem", MARY, review_item_id=other.review_item_id).reason == "NOT_YOUR_ITEM"
    assert city.refused("ReviewHandling", MARY, **item(other), grades=grades(5, 5, 5, 5)).reason == "NOT_YOUR_ITEM"


def test_grades_are_given_once_for_every_question(city: City) -> None:
    drawn(city, planned(city)[0])
    [own] = items(city, MARY)
    some = city.refused("ReviewHandling", MARY, **item(own), grades=grades(5, 5, 5, 5)[:3])
    assert some.reason == "GRADES_INCOMPLETE"

    done = city.do("ReviewHandling", MARY, **item(own), grades=grades(5, 4, 4, 5), remark="回访过").review_item

    assert city.refused("ReviewHandling", MARY, **item(done), grades=grades(1, 1, 1, 1)).reason == "REVIEW_TWICE"


def test_what_is_left_out_needs_another_ones_word_and_stays_in_the_totals(city: City) -> None:
    sample = drawn(city, planned(city)[0])
    [mine], [his] = items(city, MARY), items(city, PAUL)
    asked = city.do("AskExclusion", PAUL, **item(his), reason="当事人是我亲戚").review_item
    early = city.refused("PublishReview", OTHER, **on(sample))
    assert early.reason == "REVIEWS_OPEN"
    city.do("ReviewHandling", MARY, **item(mine), grades=grades(5, 4, 3, 5))
    left = city.do("DecideExclusion", LEADER, **item(asked), approved=True, reason="应当回避").review_item
    told = city.do("GetReviewItem", LEADER, review_item_id=left.review_item_id).review_item
    assert told.exclusion_reason == "当事人是我亲戚\n应当回避"
    assert city.refused("PublishReview", OFFICE, **on(sample)).reason == "SAME_PERSON"

    city.do("PublishReview", OTHER, **on(sample))

    [shown] = city.do("ListPublishedReviews", None).review_samples
    [unit] = shown.results
    assert (unit.drawn, unit.excluded, unit.reviewed) == (2, 1, 1)
    assert (unit.figure, unit.exact_figure) == ("81.25", "325/4")
    assert not shown.reviewers and not shown.planned_by
    [fact] = city.facts(events_pb2.ReviewPublished)
    assert (fact.unit_path, fact.review_published.figure, fact.review_published.year) == ("/qinghe/housing", "325/4", 2026)


def test_whoever_asked_to_leave_it_out_does_not_decide_on_it(city: City) -> None:
    drawn(city, planned(city)[0])
    asked = city.do("AskExclusion", OFFICE, **item(items(city)[0]), reason="重复").review_item

    refused = city.refused("DecideExclusion", OFFICE, **item(asked), approved=True, reason="好")

    assert refused.reason == "SAME_PERSON"


def test_a_reviewer_from_outside_reads_report_and_answer_without_the_complainants_name(city: City) -> None:
    said = {**REPORT, "text": f"经向{SECRET_NAME}（{SECRET_PHONE}）核实，情况属实。"}
    signed_for = city.do("SignFor", HOUSING, on=city.dispatched())
    signed = city.do("SignReport", HOUSING_HEAD, on=city.do("Report", HOUSING, on=signed_for, **said))
    city.do("Close", OFFICE, on=signed, **{**CLOSING, "answer": f"{SECRET_NAME}同志：情况属实，已整改。"})
    drawn(city, city.do("PlanReview", OFFICE, wanted=1, **PLAN).review_sample)
    [one] = items(city, MARY)

    seen = city.do("GetReviewItem", MARY, review_item_id=one.review_item_id).review_item

    assert "情况属实" in seen.report and "已整改" in seen.answer
    assert SECRET_NAME not in str(seen) and SECRET_PHONE not in str(seen)
