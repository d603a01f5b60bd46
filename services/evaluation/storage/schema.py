"""The tables of the box: campaigns, codes, ballots, tree heads, the adjustment ledger, results.

`pages` only grow: the leaves on them cannot be changed later, so neither can their format. A ballot is found by the keyed
hash of its code and by its place in the box; it has no time, no address and no name.
"""

from __future__ import annotations

import sqlalchemy as sa
from sqlalchemy import Boolean, Column, Index, Integer, SmallInteger, Text

from chassis.db import Bytes, Choice, Doc, Id, Instant, Schema
from services.evaluation.domain.adjustment import Adjustment, AdjustmentState, Charge, Origin
from services.evaluation.domain.campaign import Amendment, Campaign, State
from services.evaluation.domain.formula import Cause
from services.evaluation.domain.plan import Plan
from services.evaluation.domain.result import GroupShare, ObjectResult, ResultRow

SCHEMA = Schema("evaluation")
BIG = sa.BigInteger().with_variant(Integer(), "sqlite")

CAMPAIGNS = SCHEMA.resource(
    Campaign,
    "campaigns",
    Column("number", Text, nullable=False, unique=True),
    Column("state", Choice(State), nullable=False),
    Column("title", Text, nullable=False),
    Column("year", Integer, nullable=False),
    Column("closes_at", Instant(), nullable=False),
    Column("live", Boolean, nullable=False),
    Column("plan", Doc(Plan), nullable=False),
    Column("rules_hash", Bytes(), nullable=False),
    Column("created_at", Instant(), nullable=False),
    Column("amendments", Doc(tuple[Amendment, ...]), nullable=False),
    Column("approvals", Doc(tuple[str, ...]), nullable=False),
    Column("opened_at", Instant()),
    Column("closed_at", Instant()),
    Column("counted_at", Instant()),
    Column("released_at", Instant()),
    Index("campaigns_state", "state", "id"),
)

# One row per campaign, locked by whoever adds to its box: the tree as far as it must be known to grow.
BOXES = SCHEMA.table(
    "boxes",
    Column("campaign_id", Id(), primary_key=True),
    Column("size", BIG, nullable=False),
    Column("frontier", Bytes(), nullable=False),
    Column("batches", BIG, nullable=False),
    Column("signed_size", BIG, nullable=False),
)

# What a code may do. The own unit is sealed under a key made from the code itself: only who presents the code opens it.
# `only_object` is the one object a code is for, if it is for one; `page` the page that holds the last ballot cast with it.
CODES = SCHEMA.table(
    "codes",
    Column("code_hash", Bytes(), primary_key=True),
    Column("campaign_id", Id(), nullable=False),
    Column("rater_group", SmallInteger, nullable=False),
    Column("own_unit", Bytes(), nullable=False),
    Column("void", Boolean, nullable=False),
    Column("only_object", Id()),
    Column("page", BIG),
    Index("codes_campaign", "campaign_id", "rater_group"),
)

# `batch` leads to the only time known of a ballot, rounded to a quarter of an hour or what the setting says. `content` is a
# keyed hash of what a stream sent as this batch, so that a sequence used twice for different ballots is not passed over.
BATCHES = SCHEMA.table(
    "batches",
    Column("campaign_id", Id(), primary_key=True),
    Column("batch", BIG, primary_key=True, autoincrement=False),
    Column("source", Text, nullable=False),
    Column("sequence", BIG, nullable=False),
    Column("around", Instant(), nullable=False),
    Column("content", Bytes()),
    Index("batches_source", "campaign_id", "source", "sequence", unique=True),
)

# The ballots of a batch, or of the part of it that was committed together, lie on one page: their leaves one after another
# (`log.leaf`), ordered by the hashes of the leaves; beside them those hashes, and the hashes of the codes.
PAGES = SCHEMA.table(
    "pages",
    Column("campaign_id", Id(), primary_key=True),
    Column("first", BIG, primary_key=True, autoincrement=False),
    Column("number", Integer, nullable=False),
    Column("code_hashes", Bytes(), nullable=False),
    Column("leaf_hashes", Bytes(), nullable=False),
    Column("leaves", Bytes(), nullable=False),
)

TREE_HEADS = SCHEMA.table(
    "tree_heads",
    Column("campaign_id", Id(), primary_key=True),
    Column("tree_size", BIG, primary_key=True, autoincrement=False),
    Column("signed_at", Instant(), primary_key=True),
    Column("rules_hash", Bytes(), primary_key=True),
    Column("root_hash", Bytes(), nullable=False),
    Column("suite", Text, nullable=False),
    Column("signature", Bytes(), nullable=False),
    Column("public_key", Bytes(), nullable=False),
    Column("closing", Boolean, nullable=False, server_default=sa.false()),
)

ADJUSTMENTS = SCHEMA.resource(
    Adjustment,
    "adjustments",
    Column("record_id", Text, nullable=False),
    Column("record_version", BIG, nullable=False),
    Column("year", Integer, nullable=False),
    Column("cause", Choice(Cause), nullable=False),
    Column("measure", Text, nullable=False),
    Column("party", Text, nullable=False),
    Column("state", Choice(AdjustmentState), nullable=False),
    Column("reason", Text, nullable=False),
    Column("happened_at", Instant(), nullable=False),
    Column("origins", Doc(tuple[Origin, ...]), nullable=False),
    Column("evidence", Text, nullable=False, server_default=""),
    Column("people", Doc(tuple[str, ...]), nullable=False, server_default="[]"),
    Column("decided_at", Instant()),
    Index("adjustments_record", "record_id", "cause", "unit_path", "measure", "party", unique=True),
    Index("adjustments_year", "year", "unit_path"),
)

OBJECT_RESULTS = SCHEMA.resource(
    ObjectResult,
    "object_results",
    Column("campaign_id", Id(), nullable=False),
    Column("count", Integer, nullable=False, server_default="1"),
    Column("object_id", Id(), nullable=False),
    Column("place", Integer, nullable=False),
    Column("row", Doc(ResultRow), nullable=False),
    Column("groups", Doc(tuple[GroupShare, ...]), nullable=False),
    Column("charges", Doc(tuple[Charge, ...]), nullable=False),
    Index("object_results_campaign", "campaign_id", "count", "object_id", unique=True),
)
