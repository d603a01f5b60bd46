"""Tables of complaints and the questions asked of them; who may see which row is `Tx.visible`."""

from __future__ import annotations

import sqlalchemy as sa

from chassis.config import Config
from chassis.db import Schema, open_engine
from services.complaints.storage import (  # noqa: F401  # their tables belong to the schema
    aftermath,
    attachments,
    bulletins,
    fingerprints,
    flood,
    folding,
    holds,
    models,
    open311,
    outside,
    roads,
    tracks,
)
from services.complaints.storage.escalations import ESCALATIONS, LADDERS
from services.complaints.storage.keeping import KEEPINGS, RETENTION_LOG
from services.complaints.storage.parts import PARTS
from services.complaints.storage.recusals import RECUSALS
from services.complaints.storage.tables import ACTS, COMPLAINTS, CONTENTS, IDENTITY_LOG, IDENTITY_REQUESTS, SCHEMA

__all__ = [
    "ACTS",
    "COMPLAINTS",
    "CONTENTS",
    "ESCALATIONS",
    "IDENTITY_LOG",
    "IDENTITY_REQUESTS",
    "KEEPINGS",
    "LADDERS",
    "PARTS",
    "RECUSALS",
    "RETENTION_LOG",
    "SCHEMA",
    "databases",
]


def databases(config: Config) -> list[tuple[str, Schema, sa.Engine]]:
    """The one database of this service."""
    return [("complaints", SCHEMA, open_engine(config.database_url, config.pool_size))]
