"""The tables of supervision and who may read which row, in SQL.

tables    what is stored, mapped by field name
sight     who may see which row
reading   lists, filtered and paged
keeping   what several use cases store in the same way
"""

from __future__ import annotations

import sqlalchemy as sa

from chassis.clock import Clock
from chassis.config import Config
from chassis.db import Schema, open_engine
from chassis.store import Store
from chassis.telemetry import traceparent
from services.supervision.storage.tables import SCHEMA
from services.supervision.wire import encode_fact


def databases(config: Config) -> list[tuple[str, Schema, sa.Engine]]:
    """The one database of this service."""
    return [("supervision", SCHEMA, open_engine(config.database_url, config.pool_size))]


def open_store(config: Config, clock: Clock) -> Store:
    """The store on the configured database."""
    return Store(open_engine(config.database_url, config.pool_size), SCHEMA, clock, encode_fact, traceparent)
