"""Media exposures and third-party reviews as messages."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

from zhengfeng.complaints.v1 import exposure_pb2, review_items_pb2, reviews_pb2

from chassis.errors import Invalid
from services.complaints.domain.media import Exposure, ExposureState, SeenExposure
from services.complaints.domain.reviewing import ItemState, ReviewedUnit, SampleState, Seed, SeenItem, SeenSample
from services.complaints.wire.words import CONCLUSION, Pairs, day, instant, iso, stamp

EXPOSURE_STATE = Pairs(ExposureState, exposure_pb2.ExposureState)
SAMPLE_STATE = Pairs(SampleState, reviews_pb2.SampleState)
ITEM_STATE = Pairs(ItemState, review_items_pb2.ItemState)
PLACES = 2


def exposure(seen: SeenExposure | Exposure) -> exposure_pb2.Exposure:
    """An exposure; after an act, without its steps."""
    if isinstance(seen, Exposure):
        seen = SeenExposure(seen)
    one = seen.exposure
    steps = [
        exposure_pb2.ExposureStep(at=stamp(step.at), act=step.act, by=step.by, day=iso(step.day), text=step.text)
        for step in seen.steps
    ]
    return exposure_pb2.Exposure(
        exposure_id=one.id,
        version=one.version,
        number=one.number,
        jurisdiction_path=one.jurisdiction_path,
        unit_path=one.unit_path,
        state=EXPOSURE_STATE.number(one.state),
        medium=one.medium,
        headline=one.headline,
        place=one.place,
        exposed_on=iso(one.exposed_on),
        complaint_id=one.complaint_id,
        conclusion=CONCLUSION.number(one.conclusion),
        commitment=one.commitment,
        commitment_due_on=iso(one.commitment_due_on),
        recorded_by=one.recorded_by,
        recorded_at=stamp(one.recorded_at),
        steps=steps,
        next=seen.next,
    )


def sample(seen: SeenSample, public: bool = False) -> reviews_pb2.ReviewSample:
    """A sample; the accounts that took part are left out where everybody reads it."""
    one, seed = seen.sample, seen.sample.seed
    people: dict[str, Any] = {
        "reviewers": one.reviewers,
        "planned_by": one.planned_by,
        "published_by": one.published_by,
    }
    drawn: dict[str, Any] = {}
    if seed is not None:
        drawn = {
            "seed": seed.text,
            "seed_source": seed.source,
            "seed_published_at": stamp(seed.published_at),
            "drawn_at": stamp(seed.drawn_at),
        }
    return reviews_pb2.ReviewSample(
        review_sample_id=one.id,
        version=one.version,
        number=one.number,
        jurisdiction_path=one.jurisdiction_path,
        state=SAMPLE_STATE.number(one.state),
        organisation=one.organisation,
        closed_from=iso(one.closed_from),
        closed_to=iso(one.closed_to),
        wanted=one.wanted,
        frame=one.frame,
        frame_sha256=one.frame_sha256,
        planned_at=stamp(one.planned_at),
        results=[_unit(result, seen.names.get(result.unit_path, "")) for result in one.results],
        published_at=stamp(one.published_at),
        drawn=sum(seen.counts.values()),
        excluded=seen.counts.get(ItemState.EXCLUDED, 0),
        reviewed=seen.counts.get(ItemState.REVIEWED, 0),
        **drawn,
        **({} if public else people),
    )


def item(seen: SeenItem) -> review_items_pb2.ReviewItem:
    """One complaint of a sample, with its words where it is read alone."""
    one, of = seen.item, seen.complaint
    read: dict[str, Any] = {}
    if of is not None:
        conclusion = of.closing.conclusion if of.closing else None
        read = {
            "title": seen.title,
            "text": seen.text,
            "report": seen.report,
            "answer": seen.answer,
            "conclusion": CONCLUSION.number(conclusion),
            "received_at": stamp(of.received_at),
            "closed_at": stamp(of.closed_at),
            "exclusion_reason": seen.reason,
            "remark": seen.remark,
        }
    return review_items_pb2.ReviewItem(
        review_item_id=one.id,
        version=one.version,
        review_sample_id=one.review_sample_id,
        place=one.place,
        complaint_id=one.complaint_id,
        number=one.number,
        jurisdiction_path=one.jurisdiction_path,
        unit_path=one.unit_path,
        state=ITEM_STATE.number(one.state),
        reviewer=one.reviewer,
        grades=[review_items_pb2.ReviewGrade(question=question, grade=grade) for question, grade in one.grades],
        asked_by=one.asked_by,
        decided_by=one.decided_by,
        reviewed_by=one.reviewed_by,
        reviewed_at=stamp(one.reviewed_at),
        questions=[
            review_items_pb2.ReviewQuestion(question=asked["id"], zh=asked["zh"], en=asked["en"]) for asked in seen.questions
        ],
        **read,
    )


def seed(message: Any) -> Seed:
    """What a draw follows from; when it is drawn is the service's to say."""
    published_at = instant(message, "seed_published_at")
    if published_at is None:
        raise Invalid("INSTANT_INVALID", "seed_published_at")
    return Seed(message.seed, message.seed_source, published_at, published_at)


def a_day(message: Any, field: str) -> Any:
    """A day that has to be given. Raises Invalid with DAY_INVALID."""
    found = day(message, field)
    if found is None:
        raise Invalid("DAY_INVALID", field)
    return found


def _unit(result: ReviewedUnit, name: str) -> reviews_pb2.ReviewedUnit:
    exact, shown = "", ""
    if result.figure is not None:
        exact, shown = f"{result.figure.numerator}/{result.figure.denominator}", _rounded(result.figure)
    return reviews_pb2.ReviewedUnit(
        unit_path=result.unit_path,
        drawn=result.drawn,
        excluded=result.excluded,
        reviewed=result.reviewed,
        exact_figure=exact,
        figure=shown,
        unit_name=name,
    )


def _rounded(figure: Fraction) -> str:
    """Half up, to two places, without a float on the way."""
    scale: int = 10**PLACES
    whole, cents = divmod((figure * scale + Fraction(1, 2)).__floor__(), scale)
    return f"{whole}.{cents:0{PLACES}d}"
