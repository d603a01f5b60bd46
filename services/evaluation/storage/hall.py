"""The holds on live counts, one row a campaign from the first hold on."""

from __future__ import annotations

import sqlalchemy as sa
from sqlalchemy import Column

from chassis.db import Doc
from chassis.store import Tx
from services.evaluation.domain.campaign import Campaign
from services.evaluation.domain.hall import Hall, HallAct, Picture
from services.evaluation.storage.schema import SCHEMA

HALLS = SCHEMA.resource(
    Hall,
    "halls",
    Column("acts", Doc(tuple[HallAct, ...]), nullable=False),
    Column("approvals", Doc(tuple[str, ...]), nullable=False),
    Column("picture", Doc(Picture)),
)


def hall(tx: Tx, campaign: Campaign) -> Hall:
    """The hall of a campaign; untouched where nobody has ever held its count."""
    return tx.find(HALLS, HALLS.table.c.id == campaign.id) or Hall.untouched(campaign)


def keep(tx: Tx, changed: Hall) -> None:
    """Writes a hall after an act on it; the first act makes its row."""
    if changed.version == 1:
        tx.add(HALLS, changed)
    else:
        tx.save(HALLS, changed)


def version(tx: Tx, campaign_id: str) -> int:
    """The version of a hall; 0 where it was never held. Asked ten times a second, so the picture stays where it is."""
    query = sa.select(HALLS.table.c.version).where(HALLS.table.c.id == campaign_id)
    return next((int(row.version) for row in tx.rows(query)), 0)
