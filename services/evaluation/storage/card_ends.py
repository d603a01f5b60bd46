"""Queries on what of a campaign's cards is not done, and the end of it when the campaign is closed all the same.

Whoever closes a campaign holds its box and its row, then its pages, then its cards: the order in which readers and people at
the desk hold them, so that nobody waits for one another in a circle.
"""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa

from chassis.store import Tx
from services.evaluation.domain.card import CardsLeft, CardState, DoubtState, Origin
from services.evaluation.domain.scan import PageState, ScanState
from services.evaluation.storage.cards import CARDS, DOUBTS
from services.evaluation.storage.scans import CARD_SIDES, SCAN_PAGES, SCANS

NOT_DONE = "CARD_NOT_DONE"
NOT_READ = "PAGE_NOT_READ"


def left(tx: Tx, campaign_id: str) -> CardsLeft:
    """What is not done. A card that one person keyed from the paper is a card and no row; a sample is work of the audit."""
    pages = (SCAN_PAGES.c.campaign_id == campaign_id, SCAN_PAGES.c.state.in_((PageState.WAITING, PageState.PARKED)))
    doubts, cards = DOUBTS.table, CARDS.table
    from_picture = (doubts.c.state == DoubtState.ASKED, doubts.c.origin.not_in((Origin.SAMPLE, Origin.DESK)))
    disputed = (doubts.c.state == DoubtState.DISPUTED, doubts.c.origin != Origin.SAMPLE)
    rows = (doubts.c.campaign_id == campaign_id, sa.or_(sa.and_(*from_picture), sa.and_(*disputed)))
    return CardsLeft(_number(tx, pages), _number(tx, rows), _number(tx, _unfinished(cards, campaign_id)))


def complete(tx: Tx, campaign_id: str) -> frozenset[str]:
    """Ids of the cards of which no row is open. Held with every other unfinished one: nobody keys these any more."""
    table = CARDS.table
    query = sa.select(table.c.id, table.c.state).where(*_unfinished(table, campaign_id)).order_by(table.c.id)
    held = tx.execute(query.with_for_update()).all()
    return frozenset(row.id for row in held if row.state is CardState.COMPLETE)


def stop_pages(tx: Tx, campaign_id: str) -> None:
    """Pages that nobody has read are not read any more; each is told as refused, and its file is done."""
    stopped = (SCAN_PAGES.c.campaign_id == campaign_id, SCAN_PAGES.c.state.in_((PageState.WAITING, PageState.PARKED)))
    ended = {"state": PageState.REFUSED, "reason": NOT_READ}
    pages = tx.execute(sa.update(SCAN_PAGES).where(*stopped).values(ended).returning(SCAN_PAGES)).all()
    shown = {"card_id": None, "sheet": 0, "side": 0, "reason": NOT_READ, "picture": "", "picture_sha256": "", "rows": ()}
    same = {"campaign_id": campaign_id, "place": 0, "read_at": tx.now, **shown}
    tx.bulk(CARD_SIDES, [{"id": tx.new_id(), "scan_id": row.scan_id, "page": row.page, **same} for row in pages])
    table = SCANS.table
    waiting = (table.c.campaign_id == campaign_id, table.c.state.in_((ScanState.WAITING, ScanState.PARKED)))
    after = table.c.version + 1
    refused = {"state": ScanState.REFUSED, "reason": NOT_READ, "version": after}
    tx.execute(sa.update(table).where(*waiting, table.c.pages == 0).values(refused))  # nobody has looked into these
    tx.execute(sa.update(table).where(*waiting).values(state=ScanState.READ, version=after))


def end_cards(tx: Tx, campaign_id: str) -> None:
    """Unfinished cards are refused, and nobody is asked for their rows. One line of the audit tells of all of them."""
    cards, doubts = CARDS.table, DOUBTS.table
    refused = {"state": CardState.REFUSED, "reason": NOT_DONE, "version": cards.c.version + 1}
    ended = tx.execute(sa.update(cards).where(*_unfinished(cards, campaign_id)).values(refused)).rowcount
    asked = (doubts.c.campaign_id == campaign_id, doubts.c.state != DoubtState.DECIDED, doubts.c.origin != Origin.SAMPLE)
    tx.execute(sa.update(doubts).where(*asked).values(state=DoubtState.DECIDED, version=doubts.c.version + 1))
    if ended:
        tx.note("cards", campaign_id)


def _unfinished(table: sa.Table, campaign_id: str) -> tuple[sa.ColumnElement[bool], ...]:
    return table.c.campaign_id == campaign_id, table.c.state.in_((CardState.OPEN, CardState.COMPLETE))


def _number(tx: Tx, match: tuple[sa.ColumnElement[bool], ...]) -> int:
    query: sa.Select[Any] = sa.select(sa.func.count()).where(*match)
    return int(tx.execute(query).scalar() or 0)
