"""Freezing a row: the same table with it off, from a day on. In the version before the row stays on."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from chassis.errors import Conflict, Invalid, NotFound
from services.accountability.rules.golden import answered
from services.accountability.rules.judge import Table
from services.accountability.rules.measures import Catalogue
from services.accountability.rules.table import Pack


def with_row_off(pack: Pack, id: str, reason: str, valid_from: date, valid_to: date | None, catalogue: Catalogue) -> Pack:
    """The table with a row off for a reason, in one line. The golden cases the row fired in say what is left without it.

    Raises NotFound ROW_NOT_FOUND, Conflict ROW_IS_OFF, Invalid EMPTY if the reason says nothing.
    """
    row = next((row for row in pack.rows if row.id == id), None)
    if row is None:
        raise NotFound("ROW_NOT_FOUND", "row", row=id)
    if row.off:
        raise Conflict("ROW_IS_OFF", "row", row=id, why=row.off)
    said = " ".join("".join(sign if sign.isprintable() else " " for sign in reason).split())
    if not said:
        raise Invalid("EMPTY", "reason")
    rows = tuple(replace(row, off=said) if one is row else one for one in pack.rows)
    label = f"{pack.label}（停用 {id}）"
    frozen = replace(pack, label=label, valid_from=valid_from, valid_to=valid_to, rows=rows)
    table = Table(frozen)
    goldens = [answered(one, table, catalogue) if id in one.fires else one for one in pack.goldens]
    return replace(frozen, goldens=tuple(goldens))
