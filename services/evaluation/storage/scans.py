"""The box's tables of scans: files, the queue of their pages, and what was found on them; and queries on these.

A page is claimed by one conditional UPDATE: it is waiting, and its time (`next_at`: when it came, when its lease ends, or
when it is tried again) has come. What a reader found is written only while it still holds the page, so that whatever two
readers do, it is written once.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy import Column, Index, Integer, SmallInteger, Text

from chassis.db import Bytes, Choice, Doc, Id, Instant
from chassis.store import Tx
from chassis.tx import is_id
from services.evaluation.domain.scan import Claim, MachineRow, PageState, Scan, ScanState
from services.evaluation.storage.schema import CAMPAIGNS, SCHEMA

SCANS = SCHEMA.resource(
    Scan,
    "scans",
    Column("campaign_id", Id(), nullable=False),
    Column("name", Text, nullable=False),
    Column("sha256", Text, nullable=False),
    Column("size", sa.BigInteger, nullable=False),
    Column("pages", Integer, nullable=False),
    Column("state", Choice(ScanState), nullable=False),
    Column("reason", Text, nullable=False),
    Column("received_at", Instant(), nullable=False),
    Column("given_by", Text, nullable=False),
    Column("file", Text, nullable=False),
    Column("sealed_key", Bytes()),
    Index("scans_file", "campaign_id", "sha256", unique=True),
    Index("scans_state", "campaign_id", "state"),
)

SCAN_PAGES = SCHEMA.table(
    "scan_pages",
    Column("id", Id(), primary_key=True),
    Column("scan_id", Id(), nullable=False),
    Column("campaign_id", Id(), nullable=False),
    Column("page", Integer, nullable=False),
    Column("state", Choice(PageState), nullable=False),
    Column("attempts", Integer, nullable=False),
    Column("holder", Text, nullable=False),
    Column("next_at", Instant(), nullable=False),
    Column("reason", Text, nullable=False),
    Index("scan_pages_page", "scan_id", "page", unique=True),
    Index("scan_pages_campaign", "campaign_id", "state"),
    Index(
        "scan_pages_waiting",
        "id",
        "next_at",
        sqlite_where=sa.text("state = 'waiting'"),
        postgresql_where=sa.text("state = 'waiting'"),
    ),
)

# Said in so many words here and in queries, so that both databases see which index serves.
_TAKEN, _REFUSED = sa.text("reason = ''"), sa.text("reason <> ''")
_NONE: sa.ColumnElement[str] = sa.literal_column("''")

# What lay on a page: a side of a card, or something that was refused. `picture` is its name on the shelf, empty for none;
# `card_id` is empty where it is no card's, `reason` where it was taken.
CARD_SIDES = SCHEMA.table(
    "card_sides",
    Column("id", Id(), primary_key=True),
    Column("campaign_id", Id(), nullable=False),
    Column("scan_id", Id(), nullable=False),
    Column("page", Integer, nullable=False),
    Column("place", SmallInteger, nullable=False),
    Column("card_id", Id()),
    Column("sheet", SmallInteger, nullable=False),
    Column("side", SmallInteger, nullable=False),
    Column("reason", Text, nullable=False),
    Column("picture", Text, nullable=False),
    Column("picture_sha256", Text, nullable=False),
    Column("rows", Doc(tuple[MachineRow, ...]), nullable=False),
    Column("read_at", Instant(), nullable=False),
    Index("card_sides_place", "scan_id", "page", "place", unique=True),
    Index("card_sides_card", "card_id"),
    Index("card_sides_read", "campaign_id", "read_at", sqlite_where=_TAKEN, postgresql_where=_TAKEN),
    Index("card_sides_faults", "campaign_id", "id", "reason", sqlite_where=_REFUSED, postgresql_where=_REFUSED),
)

# The strips of rows that were asked, sealed under their scan's key.
CARD_STRIPS = SCHEMA.table(
    "card_strips",
    Column("id", Id(), primary_key=True),
    Column("side_id", Id(), nullable=False),
    Column("card_id", Id(), nullable=False),
    Column("row", Integer, nullable=False),
    Column("sealed", Bytes()),
    Index("card_strips_row", "card_id", "row"),
)


def known(tx: Tx, campaign_id: str, sha256: str) -> Scan | None:
    """The scan of the same file, if it came before."""
    return tx.find(SCANS, SCANS.table.c.campaign_id == campaign_id, SCANS.table.c.sha256 == sha256)


def waiting(tx: Tx, campaign_id: str) -> int:
    """How many pages of a campaign wait."""
    match = (SCAN_PAGES.c.campaign_id == campaign_id, SCAN_PAGES.c.state == PageState.WAITING)
    return int(tx.execute(sa.select(sa.func.count()).where(*match)).scalar() or 0)


def any_waiting(tx: Tx, campaign_id: str) -> bool:
    """Whether any page of a campaign waits, or is being read."""
    match = (SCAN_PAGES.c.campaign_id == campaign_id, SCAN_PAGES.c.state == PageState.WAITING)
    return bool(tx.rows(sa.select(SCAN_PAGES.c.id).where(*match).limit(1)))


def add_pages(tx: Tx, scan: Scan, pages: Sequence[int]) -> None:
    """Puts pages of a file into the queue."""
    same = {"scan_id": scan.id, "campaign_id": scan.campaign_id, "state": PageState.WAITING, "attempts": 0, "holder": ""}
    tx.bulk(SCAN_PAGES, [{"id": tx.new_id(), "page": page, "next_at": tx.now, "reason": "", **same} for page in pages])


def any_free(tx: Tx) -> bool:
    """Whether any page may be claimed now."""
    table = SCAN_PAGES
    query = sa.select(table.c.id).where(table.c.state == PageState.WAITING, table.c.next_at <= tx.now)
    return bool(tx.rows(query.limit(1)))


def claim(tx: Tx, holder: str, until: datetime, skip: int) -> Claim | None:
    """One waiting page, taken until then; the first one but `skip`, so that several readers seldom want the same."""
    table = SCAN_PAGES
    free = (table.c.state == PageState.WAITING, table.c.next_at <= tx.now)
    wanted = sa.select(table.c.id).where(*free).order_by(table.c.id).offset(skip).limit(1).scalar_subquery()
    taken = sa.update(table).where(table.c.id == wanted, *free)
    taken = taken.values(holder=holder, next_at=until, attempts=table.c.attempts + 1)
    row = tx.execute(taken.returning(table)).one_or_none()
    return Claim(row.id, row.scan_id, row.campaign_id, row.page, row.attempts, holder) if row else None


def settle(tx: Tx, one: Claim, state: PageState, reason: str = "", next_at: datetime | None = None) -> bool:
    """Says what became of a claimed page; false, and nothing is written, where the claim has passed to another."""
    table = SCAN_PAGES
    held = (table.c.id == one.id, table.c.holder == one.holder, table.c.state == PageState.WAITING)
    same = (table.c.attempts == one.attempts,)
    changed = {"state": state, "reason": reason, "next_at": next_at or tx.now}
    return tx.execute(sa.update(table).where(*held, *same).values(changed)).rowcount == 1


def give_back(tx: Tx, one: Claim, reason: str, next_at: datetime) -> bool:
    """Puts a claimed page back as if this try had not been: it was not the page's fault."""
    table = SCAN_PAGES
    held = (table.c.id == one.id, table.c.holder == one.holder, table.c.attempts == one.attempts)
    back = {"attempts": one.attempts - 1, "reason": reason, "next_at": next_at}
    return tx.execute(sa.update(table).where(*held, table.c.state == PageState.WAITING).values(back)).rowcount == 1


def settled(tx: Tx, scan: Scan) -> ScanState:
    """Where a file stands by its pages. Who ends its last page looks after who ended the one before it, never beside."""
    query = sa.select(SCAN_PAGES.c.state).where(SCAN_PAGES.c.scan_id == scan.id).distinct()
    states = {row.state for row in tx.rows(query)}
    if PageState.WAITING in states:
        return ScanState.WAITING
    return ScanState.PARKED if PageState.PARKED in states else ScanState.READ


def unpark(tx: Tx, scan_id: str) -> int:
    """Parked pages of a file wait again, as if never tried; says how many."""
    table = SCAN_PAGES
    parked = (table.c.scan_id == scan_id, table.c.state == PageState.PARKED)
    again = {"state": PageState.WAITING, "attempts": 0, "holder": "", "next_at": tx.now, "reason": ""}
    return tx.execute(sa.update(table).where(*parked).values(again)).rowcount


def unpark_all(tx: Tx, campaign_id: str) -> int:
    """The same for every file of a campaign; whose own state follows its pages."""
    table, files = SCAN_PAGES, SCANS.table
    parked = (table.c.campaign_id == campaign_id, table.c.state == PageState.PARKED)
    again = {"state": PageState.WAITING, "attempts": 0, "holder": "", "next_at": tx.now, "reason": ""}
    pages = tx.execute(sa.update(table).where(*parked).values(again)).rowcount
    left = (files.c.campaign_id == campaign_id, files.c.state == ScanState.PARKED)
    tx.execute(sa.update(files).where(*left).values(state=ScanState.WAITING, version=files.c.version + 1))
    return pages


def pages_left(tx: Tx, scan_ids: Sequence[str]) -> dict[str, tuple[int, int]]:
    """How many pages of each file wait, and how many are parked."""
    table = SCAN_PAGES
    query = sa.select(table.c.scan_id, table.c.state, sa.func.count().label("number"))
    query = query.where(table.c.scan_id.in_(scan_ids)).group_by(table.c.scan_id, table.c.state)
    found = {(row.scan_id, row.state): row.number for row in tx.rows(query)}
    return {one: (found.get((one, PageState.WAITING), 0), found.get((one, PageState.PARKED), 0)) for one in scan_ids}


def sides_of(tx: Tx, card_id: str) -> Sequence[sa.Row[Any]]:
    """Every reading of a card, with the hash of the file it came in, oldest first."""
    query = sa.select(CARD_SIDES, SCANS.table.c.sha256).join(SCANS.table, SCANS.table.c.id == CARD_SIDES.c.scan_id)
    return tx.rows(query.where(CARD_SIDES.c.card_id == card_id).order_by(CARD_SIDES.c.id))


def pictures_of(tx: Tx, card_ids: Sequence[str]) -> Sequence[sa.Row[Any]]:
    """The pictures of sides of these cards, oldest first: id, card_id, sheet, side. What was read of them is not fetched."""
    side = CARD_SIDES.c
    query = sa.select(side.id, side.card_id, side.sheet, side.side)
    return tx.rows(query.where(side.card_id.in_(card_ids), side.picture != "").order_by(side.id))


def strips_of(tx: Tx, card_ids: Sequence[str]) -> Sequence[sa.Row[Any]]:
    """Ids of the strips of these cards, with card, row and side."""
    table = CARD_STRIPS
    query = sa.select(table.c.id, table.c.card_id, table.c.row, table.c.side_id).where(table.c.card_id.in_(card_ids))
    return tx.rows(query.order_by(table.c.id))


def faults(campaign_id: str) -> sa.Select[Any]:
    """What was refused on pages of a campaign."""
    query = sa.select(CARD_SIDES, SCANS.table.c.name).join(SCANS.table, SCANS.table.c.id == CARD_SIDES.c.scan_id)
    return query.where(CARD_SIDES.c.campaign_id == campaign_id, CARD_SIDES.c.reason != _NONE)


def fault_counts(tx: Tx, campaign_id: str) -> dict[str, int]:
    """How often what was refused."""
    query = sa.select(CARD_SIDES.c.reason, sa.func.count().label("number"))
    query = query.where(CARD_SIDES.c.campaign_id == campaign_id, CARD_SIDES.c.reason != _NONE)
    return {row.reason: row.number for row in tx.rows(query.group_by(CARD_SIDES.c.reason))}


def read_since(tx: Tx, campaign_id: str, since: datetime) -> int:
    """How many sides of cards were taken since then."""
    match = (CARD_SIDES.c.campaign_id == campaign_id, CARD_SIDES.c.read_at >= since, CARD_SIDES.c.reason == _NONE)
    return int(tx.execute(sa.select(sa.func.count()).where(*match)).scalar() or 0)


def picture(tx: Tx, picture_id: str) -> sa.Row[Any] | None:
    """What is kept under the id of a side or a strip: its scan, the strip's sealed bytes, the side's name on the shelf."""
    if not is_id(picture_id):
        return None
    side, strip = CARD_SIDES, CARD_STRIPS
    whole = sa.select(side.c.scan_id, sa.null().label("sealed"), side.c.picture).where(side.c.id == picture_id)
    cut = sa.select(side.c.scan_id, strip.c.sealed, sa.literal("").label("picture"))
    cut = cut.join(side, side.c.id == strip.c.side_id).where(strip.c.id == picture_id)
    return next(iter([*tx.rows(whole), *tx.rows(cut)]), None)


def forget(tx: Tx, scan_id: str) -> list[str]:
    """Every picture of a file goes; the names of those on the shelf."""
    of_scan = CARD_SIDES.c.scan_id == scan_id
    sides = tx.rows(sa.select(CARD_SIDES.c.id, CARD_SIDES.c.picture).where(of_scan))
    within = CARD_STRIPS.c.side_id.in_(sa.select(CARD_SIDES.c.id).where(of_scan))
    tx.execute(sa.update(CARD_STRIPS).where(within).values(sealed=None))
    tx.execute(sa.update(CARD_SIDES).where(of_scan).values(picture=""))
    return [row.picture for row in sides if row.picture]


def hold(tx: Tx, scan_id: str) -> None:
    """Nobody else says where a file stands before this transaction ends."""
    table = SCANS.table
    tx.execute(sa.select(table.c.id).where(table.c.id == scan_id).with_for_update())


def lock(tx: Tx, campaign_id: str) -> None:
    """Files of a campaign are entered one after another, so that the same one never comes twice at once."""
    table = CAMPAIGNS.table
    tx.execute(sa.select(table.c.id).where(table.c.id == campaign_id).with_for_update())


def campaigns_with_key(tx: Tx) -> Sequence[sa.Row[Any]]:
    """Closed campaigns of which pictures can still be opened: what says how long they may be."""
    table = CAMPAIGNS.table
    told = (table.c.id, table.c.jurisdiction_path, table.c.state, table.c.closed_at, table.c.released_at)
    kept = sa.exists().where(SCANS.table.c.campaign_id == table.c.id, SCANS.table.c.sealed_key.is_not(None))
    return tx.rows(sa.select(*told).where(table.c.closed_at.is_not(None), kept))


def with_key(tx: Tx, campaign_id: str, most: int) -> list[Scan]:
    """Files of a campaign whose pictures can still be opened."""
    table = SCANS.table
    query = sa.select(table).where(table.c.campaign_id == campaign_id, table.c.sealed_key.is_not(None))
    return [SCANS.value(row) for row in tx.rows(query.limit(most))]
