"""Freezing a row: the same table without it, from a day on. The row itself stays in the version before."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from chassis.errors import Conflict, NotFound
from services.accountability.rules.table import Pack


def without_row(pack: Pack, id: str, valid_from: date, valid_to: date | None) -> Pack:
    """The table without a row and without the golden cases that expect it to fire.

    Raises NotFound ROW_NOT_FOUND; Conflict LAST_ROW if nothing would be left.
    """
    rows = tuple(row for row in pack.rows if row.id != id)
    if len(rows) == len(pack.rows):
        raise NotFound("ROW_NOT_FOUND", "row", row=id)
    if not rows:
        raise Conflict("LAST_ROW", "row", row=id)
    goldens = tuple(golden for golden in pack.goldens if id not in golden.fires)
    label = f"{pack.label}（停用 {id}）"
    return replace(pack, label=label, valid_from=valid_from, valid_to=valid_to, rows=rows, goldens=goldens)
