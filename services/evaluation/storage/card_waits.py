"""Queries on cards that wait for somebody with their paper, and where the rest of each was seen."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import sqlalchemy as sa

from chassis.store import Tx
from services.evaluation.domain.card import CardState, DoubtState, Origin
from services.evaluation.storage.cards import CARDS, DOUBTS
from services.evaluation.storage.scans import CARD_SIDES, SCANS

SIDES_OF_A_SHEET = 2


def for_paper(campaign_id: str, sides: Mapping[str, int]) -> sa.Select[Any]:
    """Open cards that one person keyed from the paper, or of which a side was not read and nobody keyed it; `sides` says how
    many a card of each design has."""
    table, seen = CARDS.table, CARD_SIDES
    from_paper = sa.select(DOUBTS.table.c.id).where(
        DOUBTS.table.c.card_id == table.c.id, DOUBTS.table.c.origin == Origin.DESK
    )
    once = sa.exists(from_paper.where(DOUBTS.table.c.state == DoubtState.ASKED))
    place = seen.c.sheet * SIDES_OF_A_SHEET + seen.c.side
    came = sa.select(sa.func.count(sa.distinct(place))).where(seen.c.card_id == table.c.id, seen.c.reason == "")
    short = [sa.and_(table.c.design_id == one, came.scalar_subquery() < number) for one, number in sides.items()]
    lacking = sa.and_(sa.or_(sa.false(), *short), sa.not_(sa.exists(from_paper)))
    return sa.select(table).where(table.c.campaign_id == campaign_id, table.c.state == CardState.OPEN, sa.or_(once, lacking))


def seen(tx: Tx, card_ids: Sequence[str]) -> Sequence[sa.Row[Any]]:
    """Where sides of these cards were seen, oldest first: id, card_id, sheet, side, scan_id, page, picture, name."""
    side = CARD_SIDES.c
    told = (side.id, side.card_id, side.sheet, side.side, side.scan_id, side.page, side.picture)
    query = sa.select(*told, SCANS.table.c.name)
    query = query.join(SCANS.table, SCANS.table.c.id == side.scan_id)
    return tx.rows(query.where(side.card_id.in_(card_ids), side.reason == "").order_by(side.id))


def keyed_once(tx: Tx, card_ids: Sequence[str]) -> set[str]:
    """Those of these cards that one person keyed from the paper and nobody else yet."""
    table = DOUBTS.table
    query = sa.select(table.c.card_id).where(
        table.c.card_id.in_(card_ids), table.c.origin == Origin.DESK, table.c.state == DoubtState.ASKED
    )
    return {row.card_id for row in tx.rows(query.distinct())}
