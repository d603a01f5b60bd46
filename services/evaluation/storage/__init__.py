"""The two databases of evaluation: the box (with campaigns, ledger and results) and the register.

They have different roles and nothing in one refers to a row of the other. Who would link a ballot to a rater needs both
databases and the keyring; see README.md.
"""

from __future__ import annotations

from collections.abc import Callable

import sqlalchemy as sa

from chassis.clock import Clock
from chassis.config import Config, ConfigError
from chassis.db import Schema, open_engine
from chassis.store import Store
from services.evaluation import wire
from services.evaluation.storage import (
    bulletins,
    card_runs,
    card_samples,
    card_templates,
    cards,
    counts,
    hall,
    objections,
    scans,
    statements,
    years,
)
from services.evaluation.storage.register import REGISTER
from services.evaluation.storage.schema import SCHEMA

__all__ = [
    "bulletins",
    "card_runs",
    "card_samples",
    "card_templates",
    "cards",
    "counts",
    "databases",
    "hall",
    "objections",
    "open_stores",
    "scans",
    "statements",
    "years",
]


def databases(config: Config) -> list[tuple[str, Schema, sa.Engine]]:
    """The box and the register."""
    return [
        ("evaluation", SCHEMA, open_engine(config.database_url, config.pool_size)),
        ("register", REGISTER, open_engine(_register_url(config), config.pool_size)),
    ]


def open_stores(config: Config, clock: Clock, traceparent: Callable[[], str] = lambda: "") -> tuple[Store, Store]:
    """The stores of the box and of the register."""
    (_, box, box_engine), (_, register, register_engine) = databases(config)
    return (
        Store(box_engine, box, clock, wire.encode_fact, traceparent),
        Store(register_engine, register, clock, wire.encode_fact, traceparent),
    )


def _register_url(config: Config) -> str:
    url = config.extra_database_urls.get("register")
    if not url:
        raise ConfigError("missing: REGISTER_DATABASE_URL")
    return url
