"""Questions about rule versions: those that cover a case, those of one instrument, those a caller may read."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date

import sqlalchemy as sa

from chassis.store import Page, Tx
from chassis.tx import is_id
from services.accountability.domain.rule_version import RuleVersion
from services.accountability.domain.states import RuleState
from services.accountability.storage.tables import RULE_VERSIONS

_APPROVED = (RuleState.APPROVED, RuleState.IN_FORCE, RuleState.RETIRED)
_TABLE = RULE_VERSIONS.table


def covering(tx: Tx, jurisdiction_path: str) -> list[RuleVersion]:
    """Every approved version that holds, held or will hold in a jurisdiction: its own and those above."""
    query = sa.select(_TABLE).where(
        _TABLE.c.jurisdiction_path.in_(_upwards(jurisdiction_path)), _TABLE.c.state.in_(_APPROVED)
    )
    return [RULE_VERSIONS.value(row) for row in tx.rows(query.order_by(_TABLE.c.valid_from, _TABLE.c.id))]


def predecessors(tx: Tx, version: RuleVersion) -> list[RuleVersion]:
    """Approved versions of the same instrument that would still hold on its first day."""
    query = sa.select(_TABLE).where(
        _TABLE.c.jurisdiction_path == version.jurisdiction_path,
        _TABLE.c.instrument_key == version.instrument_key,
        _TABLE.c.state.in_(_APPROVED),
        _TABLE.c.id != version.id,
        _TABLE.c.valid_from < version.valid_from,
        sa.or_(_TABLE.c.valid_to.is_(None), _TABLE.c.valid_to > version.valid_from),
    )
    return [RULE_VERSIONS.value(row) for row in tx.rows(query)]


def same_first_day(tx: Tx, version: RuleVersion) -> str:
    """The id of another approved version of the instrument that begins on the same day; empty if there is none."""
    query = sa.select(_TABLE.c.id).where(
        _TABLE.c.jurisdiction_path == version.jurisdiction_path,
        _TABLE.c.instrument_key == version.instrument_key,
        _TABLE.c.state.in_(_APPROVED),
        _TABLE.c.id != version.id,
        _TABLE.c.valid_from == version.valid_from,
    )
    return next((str(row.id) for row in tx.rows(query)), "")


def due(tx: Tx, today: date) -> list[RuleVersion]:
    """Versions whose first day has come or whose last has passed, and whose state does not say so yet."""
    begins = (_TABLE.c.state == RuleState.APPROVED) & (_TABLE.c.valid_from <= today)
    ends = (_TABLE.c.state == RuleState.IN_FORCE) & (_TABLE.c.valid_to <= today)
    return [RULE_VERSIONS.value(row) for row in tx.rows(sa.select(_TABLE).where(begins | ends))]


def readable(tx: Tx) -> sa.ColumnElement[bool]:
    """Rules are read where they hold: a caller reads the own ones and those of the jurisdictions above."""
    above = {path for own in tx.caller.rows.jurisdictions for path in _upwards(own)}
    return tx.visible(_TABLE) | _TABLE.c.jurisdiction_path.in_(sorted(above))


def read_one(tx: Tx, version_id: str) -> RuleVersion | None:
    """A version the caller may read."""
    if not is_id(version_id):
        return None
    rows: Sequence[sa.Row[tuple[object, ...]]] = tx.rows(sa.select(_TABLE).where(_TABLE.c.id == version_id, readable(tx)))
    return RULE_VERSIONS.value(rows[0]) if rows else None


def list_versions(tx: Tx, instrument_key: str, size: int, token: str) -> Page:
    """Versions the caller may read, newest first day first."""
    query = sa.select(_TABLE).where(readable(tx))
    if instrument_key:
        query = query.where(_TABLE.c.instrument_key == instrument_key)
    return tx.page(query, (_TABLE.c.valid_from, _TABLE.c.id), size, token)


def _upwards(path: str) -> Iterator[str]:
    while path:
        yield path
        path = path.rpartition("/")[0]


def same_bytes(tx: Tx, jurisdiction_path: str, sha256: str) -> str:
    """The id of the version of these very bytes in a jurisdiction; empty if there is none."""
    query = sa.select(_TABLE.c.id).where(_TABLE.c.jurisdiction_path == jurisdiction_path, _TABLE.c.sha256 == sha256)
    return next((str(row.id) for row in tx.rows(query)), "")


def ids_of(tx: Tx, version: RuleVersion) -> frozenset[str]:
    """The ids of every version of the same instrument."""
    query = sa.select(_TABLE.c.id).where(
        _TABLE.c.jurisdiction_path == version.jurisdiction_path, _TABLE.c.instrument_key == version.instrument_key
    )
    return frozenset(str(row.id) for row in tx.rows(query))
