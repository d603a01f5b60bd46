"""Tables of accountability and the questions asked of them; who may see which row is `Tx.visible`."""

from __future__ import annotations

import sqlalchemy as sa

from chassis.config import Config
from chassis.db import Schema, open_engine
from services.accountability.storage import beside, documents, public, watch
from services.accountability.storage.tables import SCHEMA

__all__ = ["SCHEMA", "beside", "databases", "documents", "public", "watch"]


def databases(config: Config) -> list[tuple[str, Schema, sa.Engine]]:
    """The one database of this service."""
    return [("accountability", SCHEMA, open_engine(config.database_url, config.pool_size))]
