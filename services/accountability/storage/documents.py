"""Issued documents and the counters of their series. What stands on a paper is sealed with the texts of its case."""

from __future__ import annotations

import sqlalchemy as sa
from sqlalchemy import Column, Index, Table, Text, UniqueConstraint

from chassis.db import Choice, Id, Instant
from chassis.store import Page, Tx
from services.accountability.domain.documents import DocumentKind, IssuedDocument
from services.accountability.storage.tables import SCHEMA

ISSUED = SCHEMA.resource(
    IssuedDocument,
    "issued_documents",
    Column("case_id", Id(), nullable=False),
    Column("party_id", Text, nullable=False),
    Column("kind", Choice(DocumentKind), nullable=False),
    Column("about", Text, nullable=False),
    Column("number", Text, nullable=False, unique=True),
    Column("issued_at", Instant(), nullable=False),
    Column("issued_by", Text, nullable=False),
    Column("sha256", Text, nullable=False),
    UniqueConstraint("about", "kind"),
    Index("issued_documents_case", "case_id", "issued_at", "id"),
)
# Unlike the numbers of records, those of papers leave no gap: the counter moves in the transaction that issues.
SERIES: Table = SCHEMA.table(
    "document_series",
    Column("word", Text, primary_key=True),
    Column("year", sa.Integer, primary_key=True, autoincrement=False),
    Column("last", sa.Integer, nullable=False),
)


def next_place(tx: Tx, word: str, year: int) -> int:
    """The next place of a series in a year. Whoever comes next waits until this transaction has ended, and if it comes to
    nothing takes the same place."""
    statement = tx.upsert(SERIES).values(word=word, year=year, last=1)
    moved = statement.on_conflict_do_update(index_elements=[SERIES.c.word, SERIES.c.year], set_={"last": SERIES.c.last + 1})
    last: int = tx.execute(moved.returning(SERIES.c.last)).scalar_one()
    return last


def issued(tx: Tx, about: str, kind: DocumentKind) -> IssuedDocument | None:
    """The document of a kind that was issued about this."""
    return tx.find(ISSUED, ISSUED.table.c.about == about, ISSUED.table.c.kind == kind)


def list_issued(tx: Tx, case_id: str, size: int, token: str) -> Page:
    """What a case has issued, oldest first."""
    table = ISSUED.table
    query = sa.select(table).where(table.c.case_id == case_id)
    return tx.page(query, (table.c.issued_at, table.c.id), size, token, descending=False)
