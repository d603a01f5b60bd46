"""The yearly table of measures by kind, the four figures beside it, each a sentence and a way to what it counts."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from datetime import date, datetime
from typing import Any
from urllib.parse import urlencode

from starlette.responses import Response

from gateway.pages.frame.export import XLSX
from gateway.pages.frame.ledger import Column, Ledger
from gateway.pages.frame.visit import Visit
from papers.sheets import CellKind, SheetForm
from papers.sheets import Column as SheetColumn
from papers.sheets_write import workbook_bytes

Words = Callable[..., str]
BESIDE = ("cases_circulated", "cases_filed", "handled_after_complaints", "sanctioned")


async def titles(visit: Visit) -> None:
    """The columns as the table of this place calls them, for the page behind one."""
    if visit.request.query_params.get("column"):
        table = await visit.ask("accountability.MeasureTable", **_period(visit))
        visit.lists["table_column"] = {one["key"]: one[f"title_{visit.language}"] for one in table["columns"]}


BEHIND = Ledger(
    key="behind",
    path="/statistics/behind",
    rpc="accountability.ListFigure",
    rows="rows",
    id="case_id",
    record="/cases/{}",
    columns=(
        Column("case_number"),
        Column("official_id", "name", word="person"),
        Column("unit_path", "name"),
        Column("measure", "choice.measure", word="heaviest_measure"),
        Column("on", "day", word="counted_on"),
    ),
    template="cases/behind.html",
    learn=titles,
)


async def statistics(visit: Visit) -> Response:
    """The table of a year, or of the days asked for."""
    period = _period(visit)
    table = await visit.ask("accountability.MeasureTable", **period)
    return visit.site.page(
        visit,
        "cases/statistics.html",
        table=table,
        period=period,
        beside=BESIDE,
        behind=lambda figure, column="": f"{BEHIND.path}?{behind(period, figure, column)}",
        years=[visit.today.year - back for back in range(3)],
    )


async def exported(visit: Visit) -> Response:
    """The same as a workbook."""
    period = _period(visit)
    table = await visit.ask("accountability.MeasureTable", **period)
    made_at = visit.site.clock.now()
    content = await asyncio.to_thread(workbook_of, table, period, visit.language, visit.t, made_at)
    headers = {"content-disposition": f'attachment; filename="statistics-{period["from_day"]}-{period["to_day"]}.xlsx"'}
    return Response(content, media_type=XLSX, headers=headers)


def workbook_of(table: Mapping[str, Any], period: Mapping[str, str], language: str, t: Words, made_at: datetime) -> bytes:
    """One sheet: the columns of the table and their sum, then the other figures, each with what it counts."""
    title = t("sheet.statistics", **period)
    columns = (
        SheetColumn("what", t("column.figure"), width=24),
        SheetColumn("count", t("column.count"), CellKind.WHOLE, width=10),
        SheetColumn("meaning", t("column.meaning"), width=60),
    )
    lines: list[list[Any]] = [[one[f"title_{language}"], int(one["persons"]), ""] for one in table["columns"]]
    lines += [[t("figure.persons_by_measure"), int(table["persons"]), t("figure_means.persons_by_measure")]]
    lines += [[t(f"figure.{name}"), int(table[name]), t(f"figure_means.{name}")] for name in BESIDE]
    return workbook_bytes([(SheetForm(title, columns), lines)], made_at)


def behind(period: Mapping[str, str], figure: str, column: str = "") -> str:
    """The query that lists exactly what a figure counts; the service finds the rows, no address names them."""
    asked = {"figure": f"FIGURE_{figure.upper()}", **({"column": column} if column else {}), **period}
    return urlencode(asked)


def _period(visit: Visit) -> dict[str, str]:
    """This year unless other days were asked for."""
    asked = visit.request.query_params
    year = visit.today.year
    first, last = date(year, 1, 1).isoformat(), date(year, 12, 31).isoformat()
    return {"from_day": asked.get("from_day") or first, "to_day": asked.get("to_day") or last}
