"""What is printed for a design, kept with it: whatever changes later in forms or words, a run goes on as it began."""

from __future__ import annotations

import sqlalchemy as sa
from sqlalchemy import Column, Text

from chassis.db import Id
from chassis.store import Tx
from services.evaluation.storage.schema import SCHEMA

CARD_TEMPLATES = SCHEMA.table(
    "card_templates",
    Column("design_id", Id(), primary_key=True),
    Column("template", Text, nullable=False),
)


def keep(tx: Tx, design_id: str, template: str) -> None:
    """Keeps the template of a design, as `papers.cards.to_json` writes it."""
    tx.execute(sa.insert(CARD_TEMPLATES).values(design_id=design_id, template=template))


def template(tx: Tx, design_id: str) -> str | None:
    """The template of a design that the caller may see; None for one that is older than this table."""
    found = tx.execute(sa.select(CARD_TEMPLATES.c.template).where(CARD_TEMPLATES.c.design_id == design_id)).scalar()
    return None if found is None else str(found)
