"""The tables: resources with their audit, and beside them the timeline, the links cases are found by, the sealed texts."""

from __future__ import annotations

from datetime import date

import sqlalchemy as sa
from sqlalchemy import Column, Dialect, Index, Table, Text, TypeDecorator, UniqueConstraint

from chassis.db import Bytes, Choice, Doc, Id, Instant, Schema
from services.accountability.domain.appeals import Appeal
from services.accountability.domain.case import Case, Checked, Discussion, Investigator, LeaderQuestion, Party
from services.accountability.domain.effects import Effect
from services.accountability.domain.facts import Origin
from services.accountability.domain.proposal import Proposal, Recommendation, RulesUsed
from services.accountability.domain.rule_version import RuleVersion
from services.accountability.domain.states import AppealState, CaseState, EffectState, RuleState
from services.accountability.rules.judge import Question
from services.accountability.rules.propose import PartyAnswer
from services.accountability.rules.words import Way

SCHEMA = Schema("accountability")
WORDS = tuple[str, ...]
# The last day there is: an end that waits for a calendar year is never over.
PENDING = date.max


class EndingOn(TypeDecorator[date]):
    """A last day; None, while it is pending, is kept as the last day there is."""

    impl = sa.Date
    cache_ok = True

    def process_bind_param(self, value: date | None, dialect: Dialect) -> date:
        """The day for the database."""
        return PENDING if value is None else value

    def process_result_value(self, value: date | None, dialect: Dialect) -> date | None:
        """The day as it was."""
        return None if value == PENDING else value


RULE_VERSIONS = SCHEMA.resource(
    RuleVersion,
    "rule_versions",
    Column("instrument_key", Text, nullable=False),
    Column("title", Text, nullable=False),
    Column("issuer", Text, nullable=False),
    Column("number", Text, nullable=False),
    Column("label", Text, nullable=False),
    Column("state", Choice(RuleState), nullable=False),
    Column("valid_from", sa.Date, nullable=False),
    Column("valid_to", sa.Date),
    Column("sha256", Text, nullable=False),
    Column("pack_text", Text, nullable=False),
    Column("author", Text, nullable=False),
    Column("imported_at", Instant(), nullable=False),
    Column("reviewer", Text, nullable=False),
    Column("review_opinion", Text, nullable=False),
    Column("approver", Text, nullable=False),
    Column("approved_at", Instant()),
    UniqueConstraint("jurisdiction_path", "sha256"),
    Index("rule_versions_instrument", "jurisdiction_path", "instrument_key", "valid_from"),
)

CASES = SCHEMA.resource(
    Case,
    "cases",
    Column("number", Text, nullable=False, unique=True),
    Column("state", Choice(CaseState), nullable=False),
    Column("origins", Doc(tuple[Origin, ...]), nullable=False),
    Column("suspected_conduct", Text, nullable=False),
    Column("parties", Doc(tuple[Party, ...]), nullable=False),
    Column("opened_at", Instant(), nullable=False),
    Column("triggers", Doc(WORDS), nullable=False),
    Column("investigators", Doc(tuple[Investigator, ...]), nullable=False),
    Column("recused", Doc(WORDS), nullable=False),
    Column("leader_question", Doc(LeaderQuestion), nullable=False),
    Column("reviewer", Text, nullable=False),
    Column("decider", Text, nullable=False),
    Column("discussion", Doc(Discussion | None)),
    Column("filed_at", Instant()),
    Column("decide_by", sa.Date),
    Column("decided_at", Instant()),
    Column("ended_at", Instant()),
    Column("proposal_id", Text, nullable=False),
    Column("tolerance", Doc(tuple[Checked, ...]), nullable=False, server_default="[]"),
    Column("joined_into", Text, nullable=False, server_default=""),
    Index("cases_opened", "jurisdiction_path", "opened_at", "id"),
    Index("cases_unit", "unit_path", "state"),
    Index("cases_filed", "filed_at"),
)

PROPOSALS = SCHEMA.resource(
    Proposal,
    "proposals",
    Column("case_id", Id(), nullable=False),
    Column("case_version", sa.Integer, nullable=False),
    Column("proposed_at", Instant(), nullable=False),
    Column("proposed_by", Text, nullable=False),
    Column("questions", Doc(tuple[Question, ...]), nullable=False),
    Column("rules", Doc(tuple[RulesUsed, ...]), nullable=False),
    Column("parties", Doc(tuple[PartyAnswer, ...]), nullable=False),
    Column("sha256", Text, nullable=False),
    Index("proposals_case", "case_id"),
)

RECOMMENDATIONS = SCHEMA.resource(
    Recommendation,
    "recommendations",
    Column("case_id", Id(), nullable=False),
    Column("party_id", Id(), nullable=False),
    Column("way", Choice(Way), nullable=False),
    Column("organ", Text, nullable=False),
    Column("measures", Doc(WORDS), nullable=False),
    Column("reason", Text, nullable=False),
    Column("sent_at", Instant(), nullable=False),
    Column("decided_measures", Doc(WORDS), nullable=False),
    Column("decided_on", sa.Date),
    Column("document_number", Text, nullable=False),
    Index("recommendations_case", "case_id", "id"),
)

APPEALS = SCHEMA.resource(
    Appeal,
    "appeals",
    Column("case_id", Id(), nullable=False),
    Column("party_id", Id(), nullable=False),
    Column("state", Choice(AppealState), nullable=False),
    Column("filed_at", Instant(), nullable=False),
    Column("decide_by", EndingOn(), nullable=False),
    Column("measures", Doc(WORDS), nullable=False),
    Column("decided_at", Instant()),
    Column("decided_by", Text, nullable=False),
    Column("instance", sa.Integer, nullable=False, server_default="1"),
    Column("organ", Text, nullable=False, server_default="office"),
    Column("route", Text, nullable=False, server_default=""),
    Column("against_id", Text, nullable=False, server_default=""),
    Column("received_on", sa.Date),
    Column("extended", sa.Boolean, nullable=False, server_default=sa.false()),
    Column("late", sa.Boolean, nullable=False, server_default=sa.false()),
    Column("first_id", Text, nullable=False, server_default=""),
    Column("document_number", Text, nullable=False, server_default=""),
    Index("appeals_case", "case_id", "id"),
    Index("appeals_open", "state", "decide_by", "id"),
)

EFFECTS = SCHEMA.resource(
    Effect,
    "effects",
    Column("case_id", Id(), nullable=False),
    Column("case_number", Text, nullable=False),
    Column("official_id", Text, nullable=False),
    Column("measure", Text, nullable=False),
    Column("starts_on", sa.Date, nullable=False),
    Column("ends_on", sa.Date),
    Column("state", Choice(EffectState), nullable=False),
    Column("bars", Doc(WORDS), nullable=False),
    Column("organ", Text, nullable=False),
    Column("source", Text, nullable=False),
    Column("held_because", Doc(WORDS), nullable=False, server_default="[]"),
    Column("repentant", sa.Boolean, nullable=False, server_default=sa.true()),
    Index("effects_official", "official_id", "starts_on"),
    Index("effects_case", "case_id"),
    Index("effects_due", "state", "ends_on"),
    Index("effects_started", "starts_on"),
)

# What a case is found by: the records it came from, what proved them, and the people in it.
LINKS: Table = SCHEMA.table(
    "case_links",
    Column("kind", Text, primary_key=True),
    Column("ref", Text, primary_key=True),
    Column("case_id", Id(), primary_key=True),
    Index("case_links_case", "case_id"),
)
TIMELINE: Table = SCHEMA.table(
    "timeline",
    Column("case_id", Id(), primary_key=True),
    Column("seq", sa.Integer, primary_key=True, autoincrement=False),
    Column("id", Id(), nullable=False, unique=True),
    Column("at", Instant(), nullable=False),
    Column("act", Text, nullable=False),
    Column("by", Text, nullable=False),
    Column("state", Choice(CaseState), nullable=False),
)
# One key per case, so that erasing it erases every text of the case in every backup of the texts too.
CASE_KEYS: Table = SCHEMA.table(
    "case_keys",
    Column("case_id", Id(), primary_key=True),
    Column("wrapped_key", Bytes()),
)
TEXTS: Table = SCHEMA.table(
    "texts",
    Column("id", Id(), primary_key=True),
    Column("case_id", Id(), nullable=False),
    Column("ciphertext", Bytes(), nullable=False),
    Index("texts_case", "case_id"),
)
