"""Settings: dated rows of jurisdiction, key and value, each with its source, shipped as packs in TOML.

A pack is a file `packs/<name>.toml` of a service:

    [[setting]]
    key = "handling.limit"
    value = { kind = "working_days", amount = 30 }
    valid_from = 2013-01-01
    source = "(local) ..."
    # jurisdiction = "/qinghe/donghe"      only where it differs from the rest
    # valid_to = 2026-12-31                the last day it holds
"""

from __future__ import annotations

import threading
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from chassis.clock import monotonic
from chassis.db import upsert

REREAD_SECONDS = 30.0
_KNOWN = {"key", "value", "valid_from", "valid_to", "source", "jurisdiction"}
_NEEDED = {"key", "value", "valid_from", "source"}


@dataclass(frozen=True, slots=True)
class Setting:
    """One dated value of one key in one jurisdiction; an empty path means everywhere."""

    jurisdiction_path: str
    key: str
    value: Any
    valid_from: date
    valid_to: date | None
    source: str


def read_packs(folder: Path) -> list[Setting]:
    """All settings of the TOML files in `folder`. Raises ValueError naming file and row for an unknown or missing word."""
    found: list[Setting] = []
    for path in sorted(folder.glob("*.toml")):
        for number, row in enumerate(tomllib.loads(path.read_text(encoding="utf-8")).get("setting", []), start=1):
            odd = (set(row) - _KNOWN) | (_NEEDED - set(row))
            if odd:
                raise ValueError(f"{path.name}, setting {number}: unknown or missing {', '.join(sorted(odd))}")
            found.append(_setting(row))
    return found


def _setting(row: Mapping[str, Any]) -> Setting:
    return Setting(
        row.get("jurisdiction", ""), row["key"], row["value"], row["valid_from"], row.get("valid_to"), row["source"]
    )


def _holds(setting: Setting, on: date) -> bool:
    return setting.valid_from <= on and (setting.valid_to is None or on <= setting.valid_to)


class Settings:
    """The settings of one database, reread every half minute."""

    def __init__(self, engine: sa.Engine, table: sa.Table) -> None:
        self._engine = engine
        self._table = table
        self._lock = threading.Lock()
        self._rows: dict[tuple[str, str], list[Setting]] = {}
        self._read_at = -REREAD_SECONDS

    def value(self, key: str, jurisdiction_path: str, on: date) -> Any:
        """The value on a day, from the nearest jurisdiction up the path. Raises KeyError naming key, path and day."""
        rows = self._current()
        path = jurisdiction_path.rstrip("/")
        while True:
            for setting in rows.get((path, key), ()):
                if _holds(setting, on):
                    return setting.value
            if not path:
                raise KeyError(f"no setting {key!r} for {jurisdiction_path or 'everywhere'} on {on}")
            path = path.rpartition("/")[0]

    def everywhere(self, key: str, on: date) -> list[Any]:
        """The values that hold on a day in some place or other."""
        found = [[one for one in rows if _holds(one, on)] for (_, name), rows in self._current().items() if name == key]
        return [rows[0].value for rows in found if rows]

    def load(self, settings: Iterable[Setting]) -> None:
        """Writes settings; one with the same jurisdiction, key and first day is replaced."""
        table = self._table
        rows = [{name: getattr(setting, name) for name in table.c.keys()} for setting in settings]
        if rows:
            insert = upsert(self._engine.dialect, table)
            changed = {name: insert.excluded[name] for name in ("valid_to", "value", "source")}
            with self._engine.connect().execution_options(writes=True) as connection, connection.begin():
                keys = [table.c.jurisdiction_path, table.c.key, table.c.valid_from]
                connection.execute(insert.on_conflict_do_update(index_elements=keys, set_=changed), rows)
        self._read_at = -REREAD_SECONDS

    def _current(self) -> dict[tuple[str, str], list[Setting]]:
        with self._lock:
            if monotonic() - self._read_at >= REREAD_SECONDS:
                self._rows = self._read()
                self._read_at = monotonic()
            return self._rows

    def _read(self) -> dict[tuple[str, str], list[Setting]]:
        rows: dict[tuple[str, str], list[Setting]] = {}
        with self._engine.connect() as connection:
            for row in connection.execute(sa.select(self._table).order_by(self._table.c.valid_from.desc())):
                rows.setdefault((row.jurisdiction_path, row.key), []).append(Setting(**row._mapping))
        return rows
