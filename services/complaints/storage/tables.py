"""The tables. A complaint's row says where it stands; what it says and who raised it are encrypted in `contents`.

`contents.wrapped_key` opens everything written about one complaint: title and text, the sealed identity and the texts of
its timeline. Setting it to NULL erases all of them, in every backup of the other columns too.
"""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from sqlalchemy import Boolean, Column, Index, Integer, MetaData, PrimaryKeyConstraint, Table, Text
from sqlalchemy.dialects import postgresql

from chassis.db import Bytes, Choice, Doc, Id, Instant, Path, Schema
from services.complaints.domain.clocks import RunningClock
from services.complaints.domain.complaint import Closing, ClosingReport, Complaint, Disposal, Extension, Outcome
from services.complaints.domain.identity import IdentityRequest, Look, RequestState
from services.complaints.domain.stages import Channel, Conclusion, Manner, Origin, Stage

SCHEMA = Schema("complaints")


def _where(condition: str) -> dict[str, Any]:
    return {"sqlite_where": sa.text(condition), "postgresql_where": sa.text(condition)}


COMPLAINTS = SCHEMA.resource(
    Complaint,
    "complaints",
    Column("number", Text, nullable=False, unique=True),
    Column("stage", Choice(Stage), nullable=False),
    Column("channel", Choice(Channel), nullable=False),
    Column("manner", Choice(Manner), nullable=False),
    Column("origin", Choice(Origin), nullable=False),
    Column("regime", Text, nullable=False),
    Column("category", Text, nullable=False),
    Column("accused_unit_path", Path(), nullable=False),
    Column("accused_official_id", Text, nullable=False),
    Column("received_at", Instant(), nullable=False),
    Column("recorded_at", Instant(), nullable=False),
    Column("filed_by", Text, nullable=False),
    Column("receipt_mac", Bytes(), unique=True),
    Column("accepted_at", Instant()),
    Column("closed_at", Instant()),
    Column("clocks", Doc(tuple[RunningClock, ...]), nullable=False),
    Column("light", Text, nullable=False),
    Column("due_at", Instant()),
    Column("pending_year", Integer),
    Column("next_light_at", Instant()),
    Column("disposal", Doc(Disposal)),
    Column("dispatched_by", Text, nullable=False),
    Column("dispatched_at", Instant()),
    Column("signed_for_by", Text, nullable=False),
    Column("bounces", Integer, nullable=False),
    Column("extension", Doc(Extension)),
    Column("report", Doc(ClosingReport)),
    Column("closing", Doc(Closing)),
    Column("conclusion", Choice(Conclusion)),
    Column("earlier_unit_paths", Doc(tuple[str, ...]), nullable=False),
    Column("second_handling", Boolean, nullable=False),
    Column("question_open", Boolean, nullable=False),
    Column("grade", Integer, nullable=False),
    Column("matter_id", Text, nullable=False),
    Column("stage_before", Choice(Stage)),
    Column("outcome", Doc(Outcome)),
    Column("moved_to", Text, nullable=False),
    Column("source", Text, nullable=False),
    Column("source_number", Text, nullable=False),
    Column("source_hash", Bytes(), nullable=False),
    Index("complaints_received", "received_at", "id"),
    Index("complaints_unit", "unit_path", "received_at", "id"),
    Index("complaints_jurisdiction", "jurisdiction_path", "received_at", "id"),
    Index("complaints_stage", "stage", "received_at", "id"),
    Index("complaints_light", "light", "received_at", "id"),
    Index("complaints_channel", "channel", "received_at", "id"),
    Index("complaints_category", "category", "received_at", "id"),
    Index("complaints_due", "due_at", "id", **_where("due_at IS NOT NULL AND closed_at IS NULL")),
    Index("complaints_next_light", "next_light_at", **_where("next_light_at IS NOT NULL")),
    Index("complaints_pending", "pending_year", **_where("pending_year IS NOT NULL")),
    Index("complaints_matter", "matter_id", **_where("matter_id <> ''")),
    Index("complaints_accused", "accused_official_id", **_where("accused_official_id <> ''")),
    Index("complaints_closed", "closed_at", "id", **_where("closed_at IS NOT NULL")),
    Index("complaints_source", "source", "source_number", unique=True, **_where("source <> ''")),
)

CONTENTS = SCHEMA.table(
    "contents",
    Column("complaint_id", Id(), primary_key=True),
    Column("ciphertext", Bytes(), nullable=False),
    Column("wrapped_key", Bytes()),
    Column("identity", Bytes()),
    Column("phone_mac", Bytes()),
    Column("id_number_mac", Bytes()),
    # Keyed hashes of the words, on PostgreSQL; on SQLite they are in the full-text table WORDS.
    Column("words", sa.JSON().with_variant(postgresql.ARRAY(Text), "postgresql")),
    # The week of receipt under which the words are hashed; none where they wait to be hashed anew.
    Column("week", Integer),
    Index("contents_words", "words", postgresql_using="gin"),
    Index("contents_unweeked", "complaint_id", **_where("week IS NULL AND wrapped_key IS NOT NULL")),
    Index("contents_phone", "phone_mac", **_where("phone_mac IS NOT NULL")),
    Index("contents_id_number", "id_number_mac", **_where("id_number_mac IS NOT NULL")),
)

# An FTS5 table on SQLite only, made by a migration; it has no place in the schema that is compared.
WORDS = Table("complaint_words", MetaData(), Column("complaint_id", Text), Column("words", Text))

ACTS = SCHEMA.table(
    "acts",
    Column("complaint_id", Id(), nullable=False),
    Column("version", Integer, nullable=False),
    Column("at", Instant(), nullable=False),
    Column("recorded_at", Instant(), nullable=False),
    Column("act", Text, nullable=False),
    Column("actor", Text, nullable=False),
    Column("stage", Choice(Stage), nullable=False),
    Column("text", Bytes()),
    # Why, as a key of the list of reasons that goes with the act.
    Column("reason", Text, nullable=False, server_default=""),
    PrimaryKeyConstraint("complaint_id", "version"),
)

IDENTITY_REQUESTS = SCHEMA.resource(
    IdentityRequest,
    "identity_requests",
    Column("complaint_id", Id(), nullable=False),
    Column("number", Text, nullable=False),
    Column("state", Choice(RequestState), nullable=False),
    Column("asked_by", Text, nullable=False),
    Column("reader", Text, nullable=False),
    Column("purpose", Text, nullable=False),
    Column("asked_at", Instant(), nullable=False),
    Column("decided_by", Text, nullable=False),
    Column("good_until", Instant()),
    Index("identity_requests_complaint", "complaint_id"),
)

IDENTITY_LOG = SCHEMA.resource(
    Look,
    "identity_log",
    Column("at", Instant(), nullable=False),
    Column("complaint_id", Id()),
    Column("number", Text, nullable=False),
    Column("identity_request_id", Id()),
    Column("act", Text, nullable=False),
    Column("actor", Text, nullable=False),
    Column("reader", Text, nullable=False),
    Column("purpose", Text, nullable=False),
    Index("identity_log_at", "at", "id"),
    Index("identity_log_complaint", "complaint_id", "at", "id"),
)
