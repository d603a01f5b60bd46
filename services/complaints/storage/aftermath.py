"""Tables of what follows a closing: feedback owed, second handling asked for, answers published, exposures, reviews."""

from __future__ import annotations

import sqlalchemy as sa
from sqlalchemy import Column, Date, Index, Integer, PrimaryKeyConstraint, Text

from chassis.db import Bytes, Choice, Doc, Id, Instant
from services.complaints.domain.clocks import RunningClock
from services.complaints.domain.feedback import Feedback, FeedbackState, Route
from services.complaints.domain.media import Exposure, ExposureState
from services.complaints.domain.publishing import Publication, PublicationState
from services.complaints.domain.reviewing import ItemState, ReviewedUnit, ReviewItem, ReviewSample, SampleState, Seed
from services.complaints.domain.second import SecondRequest, SecondRequestSource, SecondRequestState
from services.complaints.domain.stages import Conclusion
from services.complaints.storage.tables import SCHEMA

_TURNS = sa.text("next_light_at IS NOT NULL")
_PENDING = sa.text("pending_year IS NOT NULL")

FEEDBACKS = SCHEMA.resource(
    Feedback,
    "feedbacks",
    Column("complaint_id", Id(), nullable=False),
    Column("number", Text, nullable=False),
    Column("route", Choice(Route), nullable=False),
    Column("state", Choice(FeedbackState), nullable=False),
    Column("opened_at", Instant(), nullable=False),
    Column("clock", Doc(RunningClock), nullable=False),
    Column("light", Text, nullable=False),
    Column("due_at", Instant()),
    Column("pending_year", Integer),
    Column("next_light_at", Instant()),
    Column("attempts", Integer, nullable=False),
    Column("given_at", Instant()),
    Column("means", Text, nullable=False),
    Column("given_by", Text, nullable=False),
    Index("feedbacks_complaint", "complaint_id", "opened_at"),
    Index("feedbacks_state", "state", "opened_at", "id"),
    Index("feedbacks_jurisdiction", "jurisdiction_path", "opened_at", "id"),
    Index("feedbacks_next_light", "next_light_at", sqlite_where=_TURNS, postgresql_where=_TURNS),
    Index("feedbacks_pending", "pending_year", sqlite_where=_PENDING, postgresql_where=_PENDING),
)

SECOND_REQUESTS = SCHEMA.resource(
    SecondRequest,
    "second_requests",
    Column("complaint_id", Id(), nullable=False),
    Column("number", Text, nullable=False),
    Column("state", Choice(SecondRequestState), nullable=False),
    Column("source", Choice(SecondRequestSource), nullable=False),
    Column("grade", Integer, nullable=False),
    Column("signs", Doc(tuple[str, ...]), nullable=False),
    Column("closed_by", Text, nullable=False),
    Column("closed_at", Instant(), nullable=False),
    Column("asked_at", Instant(), nullable=False),
    Column("decided_by", Text, nullable=False),
    Column("decided_at", Instant()),
    Column("to_unit_path", Text, nullable=False),
    Index("second_requests_complaint", "complaint_id", "closed_at", unique=True),
    Index("second_requests_asked", "asked_at", "id"),
)

PUBLICATIONS = SCHEMA.resource(
    Publication,
    "publications",
    Column("number", Text, nullable=False, unique=True),
    Column("complaint_id", Id(), nullable=False),
    Column("complaint_number", Text, nullable=False),
    Column("closed_at", Instant(), nullable=False),
    Column("state", Choice(PublicationState), nullable=False),
    Column("category", Text, nullable=False),
    Column("conclusion", Choice(Conclusion), nullable=False),
    Column("sealed", Bytes()),
    Column("drafted_by", Text, nullable=False),
    Column("drafted_at", Instant(), nullable=False),
    Column("writers", Doc(tuple[str, ...]), nullable=False),
    Column("title", Text, nullable=False),
    Column("question", Text, nullable=False),
    Column("answer", Text, nullable=False),
    Column("reviewed_by", Text, nullable=False),
    Column("reviewed_at", Instant()),
    Column("released_by", Text, nullable=False),
    Column("released_at", Instant()),
    Column("withdrawn_by", Text, nullable=False),
    Column("withdrawn_at", Instant()),
    Index("publications_drafted", "drafted_at", "id"),
    Index("publications_released", "state", "released_at", "id"),
    Index("publications_complaint", "complaint_id"),
)

EXPOSURES = SCHEMA.resource(
    Exposure,
    "exposures",
    Column("number", Text, nullable=False, unique=True),
    Column("state", Choice(ExposureState), nullable=False),
    Column("medium", Text, nullable=False),
    Column("headline", Text, nullable=False),
    Column("place", Text, nullable=False),
    Column("exposed_on", Date, nullable=False),
    Column("complaint_id", Text, nullable=False),
    Column("recorded_by", Text, nullable=False),
    Column("recorded_at", Instant(), nullable=False),
    Column("conclusion", Choice(Conclusion)),
    Column("commitment", Text, nullable=False),
    Column("commitment_due_on", Date),
    Index("exposures_recorded", "recorded_at", "id"),
    Index("exposures_due", "state", "commitment_due_on"),
)

EXPOSURE_STEPS = SCHEMA.table(
    "exposure_steps",
    Column("exposure_id", Id(), nullable=False),
    Column("version", Integer, nullable=False),
    Column("at", Instant(), nullable=False),
    Column("act", Text, nullable=False),
    Column("actor", Text, nullable=False),
    Column("day", Date, nullable=False),
    Column("text", Text, nullable=False),
    PrimaryKeyConstraint("exposure_id", "version"),
)

REVIEW_SAMPLES = SCHEMA.resource(
    ReviewSample,
    "review_samples",
    Column("number", Text, nullable=False, unique=True),
    Column("state", Choice(SampleState), nullable=False),
    Column("organisation", Text, nullable=False),
    Column("closed_from", Date, nullable=False),
    Column("closed_to", Date, nullable=False),
    Column("wanted", Integer, nullable=False),
    Column("frame", Integer, nullable=False),
    Column("frame_sha256", Text, nullable=False),
    Column("reviewers", Doc(tuple[str, ...]), nullable=False),
    Column("planned_by", Text, nullable=False),
    Column("planned_at", Instant(), nullable=False),
    Column("seed", Doc(Seed)),
    Column("results", Doc(tuple[ReviewedUnit, ...]), nullable=False),
    Column("published_by", Text, nullable=False),
    Column("published_at", Instant()),
    Index("review_samples_planned", "planned_at", "id"),
    Index("review_samples_published", "state", "published_at", "id"),
)

REVIEW_FRAMES = SCHEMA.table(
    "review_frames",
    Column("review_sample_id", Id(), nullable=False),
    Column("number", Text, nullable=False),
    Column("complaint_id", Id(), nullable=False),
    Column("unit_path", Text, nullable=False),
    PrimaryKeyConstraint("review_sample_id", "number"),
)

REVIEW_ITEMS = SCHEMA.resource(
    ReviewItem,
    "review_items",
    Column("review_sample_id", Id(), nullable=False),
    Column("place", Integer, nullable=False),
    Column("complaint_id", Id(), nullable=False),
    Column("number", Text, nullable=False),
    Column("state", Choice(ItemState), nullable=False),
    Column("reviewer", Text, nullable=False),
    Column("grades", Doc(tuple[tuple[str, int], ...]), nullable=False),
    Column("asked_by", Text, nullable=False),
    Column("decided_by", Text, nullable=False),
    Column("reviewed_by", Text, nullable=False),
    Column("reviewed_at", Instant()),
    Column("reason", Bytes()),
    Column("remark", Bytes()),
    Index("review_items_sample", "review_sample_id", "place"),
    Index("review_items_reviewer", "reviewer", "review_sample_id", "place"),
)
