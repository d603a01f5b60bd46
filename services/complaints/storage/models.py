"""Trained models: what is known of each, and its weights, sealed with a keyed hash so that a forged one is not asked."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import sqlalchemy as sa
from sqlalchemy import Column, Index, Integer, PrimaryKeyConstraint, Text

from chassis.db import Bytes, Doc, Id, Instant
from chassis.store import Tx
from services.complaints.domain.suggesting import ModelScore, SuggestionModel
from services.complaints.storage.tables import SCHEMA

MODELS = SCHEMA.resource(
    SuggestionModel,
    "suggestion_models",
    Column("number", Integer, nullable=False, unique=True),
    Column("trained_at", Instant(), nullable=False),
    Column("trained_by", Text, nullable=False),
    Column("rows", Integer, nullable=False),
    Column("scores", Doc(tuple[ModelScore, ...]), nullable=False),
    Column("digest", Text, nullable=False),
    Index("suggestion_models_trained", "jurisdiction_path", "number"),
)

WEIGHTS = SCHEMA.table(
    "suggestion_weights",
    Column("model_id", Id(), nullable=False),
    Column("target", Text, nullable=False),
    Column("labels", Doc(tuple[str, ...]), nullable=False),
    Column("weights", Bytes(), nullable=False),
    Column("mac", Bytes(), nullable=False),
    PrimaryKeyConstraint("model_id", "target"),
)


def write(tx: Tx, model: SuggestionModel, weights: Sequence[Mapping[str, Any]]) -> None:
    """Writes a model with its weights; those of the models before it for the same place are taken away."""
    table = MODELS.table
    earlier = sa.select(table.c.id).where(table.c.jurisdiction_path == model.jurisdiction_path)
    tx.execute(sa.delete(WEIGHTS).where(WEIGHTS.c.model_id.in_(earlier)))
    tx.add(MODELS, model)
    for row in weights:
        tx.insert(WEIGHTS, dict(row))


def in_use(tx: Tx, jurisdiction_path: str) -> SuggestionModel | None:
    """The newest model of the nearest place up the path; whose models they are is nobody's secret."""
    table = MODELS.table
    stems = path_and_above(jurisdiction_path)
    query = sa.select(table).where(table.c.jurisdiction_path.in_(stems))
    nearest = query.order_by(sa.func.length(table.c.jurisdiction_path).desc(), table.c.number.desc()).limit(1)
    return next((MODELS.value(row) for row in tx.rows(nearest)), None)


def weights(tx: Tx, model_id: str) -> Sequence[sa.Row[Any]]:
    """The stored weights of a model, one row a target."""
    return tx.rows(sa.select(WEIGHTS).where(WEIGHTS.c.model_id == model_id))


def newest(tx: Tx) -> set[str]:
    """The ids of the models that are in use for their place."""
    table = MODELS.table
    numbers = sa.select(sa.func.max(table.c.number)).group_by(table.c.jurisdiction_path)
    return {row.id for row in tx.rows(sa.select(table.c.id).where(table.c.number.in_(numbers)))}


def path_and_above(path: str) -> list[str]:
    """/qinghe/donghe, /qinghe."""
    parts = path.strip("/").split("/")
    return ["/" + "/".join(parts[:count]) for count in range(len(parts), 0, -1)]
