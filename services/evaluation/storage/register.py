"""The register: raters of each campaign, sealed, and the keyed hash of the code each was given.

It is kept for questions about people: who was entered, who was given a code. It holds no ballot and no sign that one was
cast.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa
from sqlalchemy import Column, Index, Integer, Text

from chassis.db import Bytes, Id, Instant, Schema
from chassis.store import Tx
from chassis.tx import is_id

REGISTER = Schema("register")

RATERS = REGISTER.table(
    "raters",
    Column("id", Id(), primary_key=True),
    Column("campaign_id", Id(), nullable=False),
    Column("reference", Text, nullable=False),
    Column("rater_group", Text, nullable=False),
    Column("unit_id", Text, nullable=False),
    Column("sealed", Bytes(), nullable=False),
    Column("sealed_key", Bytes(), nullable=False),
    Column("codes_issued", Integer, nullable=False),
    Column("issued_to", Text, nullable=False),
    Column("code_hash", Bytes(), nullable=False),
    Column("last_issued_at", Instant()),
    Column("object_id", Text, nullable=False, server_default=""),
    Column("card_run", Text, nullable=False, server_default=""),
    Index("raters_reference", "campaign_id", "reference", unique=True),
    Index("raters_issued", "campaign_id", "issued_to", "id"),
)

# Who opened the names of how many raters, and what for: one row for each time letters were printed.
OPENINGS = REGISTER.table(
    "openings",
    Column("id", Id(), primary_key=True),
    Column("campaign_id", Id(), nullable=False),
    Column("opened_at", Instant(), nullable=False),
    Column("by", Text, nullable=False),
    Column("rater_group", Text, nullable=False),
    Column("purpose", Text, nullable=False),
    Column("names", Integer, nullable=False),
    Index("openings_campaign", "campaign_id", "opened_at", "id"),
)


def known_references(tx: Tx, campaign_id: str, references: Sequence[str]) -> set[str]:
    """Those of the references that are entered already."""
    table = RATERS
    query = sa.select(table.c.reference).where(table.c.campaign_id == campaign_id, table.c.reference.in_(references))
    return {row.reference for row in tx.rows(query)}


def claim(tx: Tx, campaign_id: str, rater_group: str, issued_to: str) -> None:
    """Marks every rater without a code as one whose code goes to this request."""
    table = RATERS
    statement = sa.update(table).where(table.c.campaign_id == campaign_id, table.c.codes_issued == 0)
    if rater_group:
        statement = statement.where(table.c.rater_group == rater_group)
    tx.execute(statement.values(codes_issued=1, issued_to=issued_to, last_issued_at=tx.now))


def claimed(tx: Tx, campaign_id: str, issued_to: str, after: str, size: int) -> Sequence[sa.Row[Any]]:
    """The next raters whose codes go to this request, by id."""
    table = RATERS
    query = sa.select(table).where(table.c.campaign_id == campaign_id, table.c.issued_to == issued_to)
    if after:
        query = query.where(table.c.id > after)
    return tx.rows(query.order_by(table.c.id).limit(size))


def codes_issued(tx: Tx, campaign_id: str) -> int:
    """How many codes were issued for a campaign, those issued again included."""
    query = sa.select(sa.func.sum(RATERS.c.codes_issued)).where(RATERS.c.campaign_id == campaign_id)
    return int(tx.execute(query).scalar() or 0)


def with_code(tx: Tx, campaign_id: str, after: str, size: int) -> Sequence[sa.Row[Any]]:
    """The next raters who have been issued a code, by id, whoever issued it."""
    query = sa.select(RATERS).where(RATERS.c.campaign_id == campaign_id, RATERS.c.codes_issued > 0)
    if after:
        query = query.where(RATERS.c.id > after)
    return tx.rows(query.order_by(RATERS.c.id).limit(size))


def to_print(tx: Tx, campaign_id: str, issued_to: str, rater_group: str, after: str, size: int) -> Sequence[sa.Row[Any]]:
    """The next raters whose codes went to this request, by reference, perhaps of one group only.

    References are ordered by their code points in every database, so that whoever cuts a pile into parts can name where
    each begins.
    """
    table = RATERS
    reference = sa.collate(table.c.reference, "C") if tx.dialect.name == "postgresql" else table.c.reference
    query = sa.select(table).where(table.c.campaign_id == campaign_id, table.c.issued_to == issued_to)
    if rater_group:
        query = query.where(table.c.rater_group == rater_group)
    return tx.rows(query.where(reference > after).order_by(reference).limit(size))


def reissue(tx: Tx, rater_id: str, code_hash: bytes, issued_to: str) -> None:
    """Notes that a rater was given another code."""
    table = RATERS
    changed = {"code_hash": code_hash, "issued_to": issued_to, "last_issued_at": tx.now}
    statement = sa.update(table).where(table.c.id == rater_id)
    tx.execute(statement.values(codes_issued=table.c.codes_issued + 1, **changed))


def one(tx: Tx, campaign_id: str, rater_id: str) -> sa.Row[Any] | None:
    """One rater of a campaign, locked so that no two codes are issued at once."""
    if not is_id(rater_id):
        return None
    table = RATERS
    query = sa.select(table).where(table.c.campaign_id == campaign_id, table.c.id == rater_id).with_for_update()
    return next(iter(tx.execute(query)), None)


def listing(campaign_id: str, reference: str) -> sa.Select[Any]:
    """Raters of a campaign, perhaps only one reference."""
    query = sa.select(RATERS).where(RATERS.c.campaign_id == campaign_id)
    return query.where(RATERS.c.reference == reference) if reference else query


def openings(campaign_id: str) -> sa.Select[Any]:
    """When names of a campaign's raters were opened."""
    return sa.select(OPENINGS).where(OPENINGS.c.campaign_id == campaign_id)


def note_opening(tx: Tx, campaign_id: str, rater_group: str, purpose: str, names: int) -> None:
    """Writes down that names were opened; a pile printed in parts has a row for each part."""
    row = {"id": tx.new_id(), "campaign_id": campaign_id, "opened_at": tx.now, "by": tx.caller.subject}
    tx.insert(OPENINGS, {**row, "rater_group": rater_group, "purpose": purpose, "names": names})
