"""Which rows of counted cards were asked once more for which sample."""

from __future__ import annotations

import sqlalchemy as sa
from sqlalchemy import Column

from chassis.db import Id
from services.evaluation.storage.schema import SCHEMA

SAMPLE_ROWS = SCHEMA.table(
    "card_sample_rows",
    Column("doubt_id", Id(), primary_key=True),
    Column("sample_id", Id(), nullable=False),
    sa.Index("card_sample_rows_sample", "sample_id"),
)
