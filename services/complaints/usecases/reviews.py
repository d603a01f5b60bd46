"""Third-party review: planned, drawn, dealt, graded, published."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import timedelta
from typing import Any, cast

import sqlalchemy as sa

from chassis.auth import Caller
from chassis.clock import day_start
from chassis.errors import Conflict, Invalid
from chassis.store import Tx, under
from chassis.tx import is_id
from services.complaints.domain.complaint import Complaint
from services.complaints.domain.reviewing import (
    ItemState,
    Plan,
    ReviewItem,
    ReviewSample,
    SampleState,
    Seed,
    SeenItem,
    SeenSample,
    draw,
    frame_hash,
)
from services.complaints.domain.stages import Origin, Stage
from services.complaints.domain.views import ReportTexts
from services.complaints.storage import COMPLAINTS, ledger, matters
from services.complaints.storage.aftermath import REVIEW_FRAMES, REVIEW_ITEMS, REVIEW_SAMPLES
from services.complaints.usecases.desk import Desk
from services.complaints.usecases.feedback import complaint_of, not_about
from services.complaints.usecases.joined import for_others
from services.complaints.usecases.publishing import number_of

_S, _I, _C, _F = REVIEW_SAMPLES.table, REVIEW_ITEMS.table, COMPLAINTS.table, REVIEW_FRAMES
RUNNERS = ("office", "leader")  # who runs a review sees all of it, its reviewers the own part
PUBLIC = Caller.service("complaints", "read_reviews")


class ReviewCases:
    """What the office runs and what reviewers do."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    def plan(self, caller: Caller, plan: Plan) -> SeenSample:
        """Fixes the frame. Refused with REVIEW_PERIOD, SAMPLE_TOO_SMALL."""
        with self._desk.store.begin(caller) as tx:
            if tx.answered:
                return self._sample(tx, cast(ReviewSample, tx.answered))
            self._desk.neighbours.check_jurisdiction(tx, plan.jurisdiction_path, "jurisdiction_path")
            if plan.closed_from > plan.closed_to or day_start(plan.closed_to) > tx.now:
                raise Invalid("REVIEW_PERIOD", "closed_to")
            frame = self._frame(tx, plan)
            if len(frame) < plan.wanted:
                raise Conflict("SAMPLE_TOO_SMALL", "wanted", frame=len(frame))
            sample = ReviewSample(
                id=tx.new_id(),
                version=1,
                unit_path="",
                jurisdiction_path=plan.jurisdiction_path,
                number=number_of(tx, "复核", "review_samples"),
                state=SampleState.PLANNED,
                organisation=plan.organisation,
                closed_from=plan.closed_from,
                closed_to=plan.closed_to,
                wanted=plan.wanted,
                frame=len(frame),
                frame_sha256=frame_hash(row.number for row in frame),
                reviewers=plan.reviewers,
                planned_by=caller.subject,
                planned_at=tx.now,
            )
            tx.add(REVIEW_SAMPLES, sample)
            tx.bulk(_F, ({"review_sample_id": sample.id, **row._mapping} for row in frame))
            return self._sample(tx, tx.answer(sample))

    def draw(self, caller: Caller, review_sample_id: str, version: int, seed: Seed) -> SeenSample:
        """Draws it and deals what is drawn to the reviewers in turn."""
        with self._desk.store.begin(caller) as tx:
            if tx.answered:
                return self._sample(tx, cast(ReviewSample, tx.answered))
            planned = tx.get(REVIEW_SAMPLES, review_sample_id, version)
            at = Seed(seed.text, seed.source, seed.published_at, tx.now)
            drawn = planned.drawn(at)
            frame = {row.number: row for row in tx.rows(sa.select(_F).where(_F.c.review_sample_id == planned.id))}
            for place, number in enumerate(draw(seed.text, frame, planned.wanted), start=1):
                reviewer = planned.reviewers[(place - 1) % len(planned.reviewers)]
                tx.add(REVIEW_ITEMS, _item(tx.new_id(), planned, place, frame[number], reviewer))
            tx.save(REVIEW_SAMPLES, drawn)
            return self._sample(tx, tx.answer(drawn))

    def publish(self, caller: Caller, review_sample_id: str, version: int) -> SeenSample:
        """Publishes the result and announces each unit's figure."""
        with self._desk.store.begin(caller) as tx:
            if tx.answered:
                return self._sample(tx, cast(ReviewSample, tx.answered))
            sample = tx.get(REVIEW_SAMPLES, review_sample_id, version)
            rows = tx.rows(sa.select(_I).where(_I.c.review_sample_id == sample.id).order_by(_I.c.place))
            published, facts = sample.published([REVIEW_ITEMS.value(row) for row in rows], caller.subject, tx.now)
            tx.save(REVIEW_SAMPLES, published)
            for fact in facts:
                tx.emit(fact)
            return self._sample(tx, tx.answer(published))

    def ask_exclusion(self, caller: Caller, review_item_id: str, version: int, reason: str) -> SeenItem:
        """Somebody asks to leave one out."""

        def does(tx: Tx, item: ReviewItem) -> ReviewItem:
            item.check_reviewer(caller.subject, reviewer_only=not caller.has(*RUNNERS))
            return item.exclusion_asked(caller.subject, self._seal(tx, item, reason))

        return self._act(caller, review_item_id, version, does)

    def decide_exclusion(self, caller: Caller, review_item_id: str, version: int, approved: bool, reason: str) -> SeenItem:
        """Another person decides on that."""

        def does(tx: Tx, item: ReviewItem) -> ReviewItem:
            asked, _ = self._texts(tx, item)
            return item.exclusion_decided(approved, caller.subject, self._seal(tx, item, f"{asked}\n{reason}"))

        return self._act(caller, review_item_id, version, does)

    def review(self, caller: Caller, review_item_id: str, version: int, grades: Mapping[str, int], remark: str) -> SeenItem:
        """A reviewer's grades."""

        def does(tx: Tx, item: ReviewItem) -> ReviewItem:
            questions = [str(one["id"]) for one in tx.setting("review.questions", item.jurisdiction_path)]
            return item.reviewed(grades, questions, caller.subject, self._seal(tx, item, remark), tx.now)

        return self._act(caller, review_item_id, version, does)

    def get(self, caller: Caller, review_sample_id: str) -> SeenSample:
        """One sample."""
        with self._desk.store.read(caller) as tx:
            return self._sample(tx, tx.get(REVIEW_SAMPLES, review_sample_id))

    def page(self, caller: Caller, state: SampleState | None, size: int, token: str) -> tuple[list[SeenSample], str]:
        """A page of samples, the newest first."""
        with self._desk.store.read(caller) as tx:
            query = sa.select(_S).where(tx.visible(_S))
            if state is not None:
                query = query.where(_S.c.state == state)
            page = tx.page(query, (_S.c.planned_at, _S.c.id), size, token)
            return [self._sample(tx, REVIEW_SAMPLES.value(row)) for row in page.rows], page.next_token

    def published(self, jurisdiction_path: str, size: int, token: str) -> tuple[list[SeenSample], str]:
        """A page of published results, the latest first."""
        with self._desk.store.read(PUBLIC) as tx:
            query = sa.select(_S).where(_S.c.state == SampleState.PUBLISHED)
            if jurisdiction_path:
                query = query.where(under(_S.c.jurisdiction_path, jurisdiction_path))
            page = tx.page(query, (_S.c.published_at, _S.c.id), size, token)
            return [self._sample(tx, REVIEW_SAMPLES.value(row)) for row in page.rows], page.next_token

    def item(self, caller: Caller, review_item_id: str) -> SeenItem:
        """One complaint of a sample, in the copy that gives nobody away."""
        with self._desk.store.read(caller) as tx:
            item = tx.get(REVIEW_ITEMS, review_item_id)
            item.check_reviewer(caller.subject, reviewer_only=not caller.has(*RUNNERS))
            found = complaint_of(tx, item.complaint_id)
            self._desk.recuse(tx, found)
            content = self._desk.contents.open_one(tx, found.id)
            report, answer = self._said(tx, found)
            reason, remark = self._texts(tx, item)
            return SeenItem(
                item=item,
                complaint=found,
                title=content.unit_title,
                text=content.unit_text,
                report=report,
                answer=answer,
                reason=reason,
                remark=remark,
                questions=tuple(tx.setting("review.questions", item.jurisdiction_path)),
            )

    def _said(self, tx: Tx, found: Complaint) -> tuple[str, str]:
        """What the unit reported and the office answered, without a trace of anybody who raised the matter."""
        matter = matters.whole(tx, found)
        own = ledger.last_texts(tx, self._desk.contents, found.id, ("report", "close"))
        of = own if "report" in own else ledger.last_texts(tx, self._desk.contents, matter[0].id, ("report",))
        report = ReportTexts.split(of.get("report", "")).text
        masked = [for_others(self._desk, tx, matter, text) for text in (report, own.get("close", ""))]
        return masked[0], masked[1]

    def items(
        self, caller: Caller, review_sample_id: str, state: ItemState | None, size: int, token: str
    ) -> tuple[list[SeenItem], str]:
        """The complaints of a sample in the order of the draw; a reviewer sees the own ones."""
        if review_sample_id and not is_id(review_sample_id):
            return [], ""
        with self._desk.store.read(caller) as tx:
            query = sa.select(_I).where(tx.visible(_I), not_about(tx, _I.c.complaint_id))
            if review_sample_id:
                query = query.where(_I.c.review_sample_id == review_sample_id)
            if state is not None:
                query = query.where(_I.c.state == state)
            if not caller.has(*RUNNERS):
                query = query.where(_I.c.reviewer == caller.subject)
            page = tx.page(query, (_I.c.review_sample_id, _I.c.place, _I.c.id), size, token, descending=False)
            return [SeenItem(REVIEW_ITEMS.value(row)) for row in page.rows], page.next_token

    def _act(
        self, caller: Caller, review_item_id: str, version: int, does: Callable[[Tx, ReviewItem], ReviewItem]
    ) -> SeenItem:
        with self._desk.store.begin(caller) as tx:
            if tx.answered:
                return SeenItem(cast(ReviewItem, tx.answered))
            item = tx.get(REVIEW_ITEMS, review_item_id, version)
            self._desk.recuse(tx, complaint_of(tx, item.complaint_id))
            done = does(tx, item)
            sample = tx.rows(sa.select(_S).where(_S.c.id == item.review_sample_id))
            REVIEW_SAMPLES.value(sample[0]).check_open()
            return SeenItem(tx.answer(tx.save(REVIEW_ITEMS, done)))

    def _frame(self, tx: Tx, plan: Plan) -> list[Any]:
        """Every complaint closed in the period there and not handled again since; a matter once, by the one that led it."""
        end = day_start(plan.closed_to + timedelta(days=1))
        query = sa.select(_C.c.number, _C.c.id.label("complaint_id"), _C.c.unit_path).where(
            under(_C.c.jurisdiction_path, plan.jurisdiction_path),
            _C.c.closed_at >= day_start(plan.closed_from),
            _C.c.closed_at < end,
            _C.c.stage.in_((Stage.CLOSED, Stage.ARCHIVED)),
            _C.c.origin == Origin.FILED,
            sa.or_(_C.c.matter_id == "", _C.c.second_handling),
        )
        return list(tx.rows(query.order_by(_C.c.number)))

    def _sample(self, tx: Tx, sample: ReviewSample) -> SeenSample:
        counted = sa.select(_I.c.state, sa.func.count().label("found")).where(_I.c.review_sample_id == sample.id)
        counts = {row.state: row.found for row in tx.rows(counted.group_by(_I.c.state))}
        paths = [result.unit_path for result in sample.results]
        columns = tx.store.schema["copies"].c
        names = {unit.unit_path: unit.name for unit in tx.copies("unit", columns.unit_path.in_(paths))} if paths else {}
        return SeenSample(sample, counts, names)

    def _seal(self, tx: Tx, item: ReviewItem, text: str) -> bytes | None:
        return self._desk.contents.text(tx, item.complaint_id, text)

    def _texts(self, tx: Tx, item: ReviewItem) -> tuple[str, str]:
        reason, remark = self._desk.contents.texts(tx, item.complaint_id, [item.reason, item.remark])
        return reason, remark


def _item(id: str, sample: ReviewSample, place: int, row: Any, reviewer: str) -> ReviewItem:
    return ReviewItem(
        id=id,
        version=1,
        unit_path=row.unit_path or sample.jurisdiction_path,
        jurisdiction_path=sample.jurisdiction_path,
        review_sample_id=sample.id,
        place=place,
        complaint_id=row.complaint_id,
        number=row.number,
        state=ItemState.DRAWN,
        reviewer=reviewer,
    )
