"""Tables of figures by unit, channel, category, jurisdiction, stage or light, by complaint (件) and by matter (事)."""

from __future__ import annotations

from datetime import date
from typing import Any

from starlette.responses import Response

from gateway.pages.figures.opens import FIGURES, KEYS, WHOLE, key_word, ledger, paths
from gateway.pages.frame.export import workbook
from gateway.pages.frame.formats import percent
from gateway.pages.frame.visit import Visit


class Asked:
    """What the address asks for: a key, a period of receipt, and whether matters are counted."""

    def __init__(self, visit: Visit) -> None:
        query = visit.request.query_params
        self.by = query.get("by", "") if query.get("by", "") in KEYS else KEYS[0]
        self.since = _day(query.get("since", "")) or date(visit.today.year, 1, 1).isoformat()
        self.until = _day(query.get("until", "")) or visit.today.isoformat()
        self.matters = query.get("matters", "") == "true"

    @property
    def period(self) -> dict[str, str]:
        return {"received_from": self.since, "received_to": self.until}

    async def answer(self, visit: Visit) -> dict[str, Any]:
        """The figures, most received first."""
        wanted = {**self.period, "matters_only": self.matters}
        found = await visit.ask("complaints.Statistics", by=f"STATISTICS_KEY_{self.by.upper()}", filter=wanted)
        found["rows"].sort(key=lambda row: (-int(row["received"]), row["key"]))
        await visit.learn(paths(found["rows"]))
        return dict(found)


async def tables(visit: Visit) -> Response:
    """The page."""
    asked = Asked(visit)
    found = await asked.answer(visit)
    rows = [(row, key_word(visit, asked.by, row["key"])) for row in found["rows"]]
    return visit.site.page(
        visit,
        "figures/tables.html",
        asked=asked,
        rows=rows,
        total=found["total"],
        keys=KEYS,
        figures=_figures(asked),
        whole=WHOLE,
        opens=ledger(asked.by, asked.period, asked.matters),
        query=visit.request.url.query,
    )


async def export(visit: Visit) -> Response:
    """The same as a workbook, each part with its share."""
    asked = Asked(visit)
    found = await asked.answer(visit)
    heads = [visit.t(f"by_key.{asked.by}")]
    for name in _figures(asked):
        heads.append(visit.t(f"figure.{name}"))
        if name in WHOLE:
            heads.append(visit.t("share_of", figure=visit.t(f"figure.{name}"), whole=visit.t(f"figure.{WHOLE[name]}")))
    rows = [*((row, key_word(visit, asked.by, row["key"])) for row in found["rows"]), (found["total"], visit.t("in_all"))]
    lines = [[word, *_cells(asked, row)] for row, word in rows]
    name = f"figures-{asked.by}-{asked.since}-{asked.until}.xlsx"
    return await workbook(visit.t("menu.figures"), heads, lines, name, visit.site.clock.now())


def _figures(asked: Asked) -> list[str]:
    return [name for name in FIGURES if not (asked.matters and name == "matters")]


def _cells(asked: Asked, row: dict[str, Any]) -> list[str]:
    cells = []
    for name in _figures(asked):
        cells.append(str(row[name]))
        if name in WHOLE:
            cells.append(percent(row[name], row[WHOLE[name]]) or "—")
    return cells


def _day(text: str) -> str:
    try:
        return date.fromisoformat(text).isoformat() if text else ""
    except ValueError:
        return ""
