"""The leader's board: six figures with their denominators, lights by unit, trend, what is overdue; each opens records."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from starlette.responses import Response

from gateway.pages.figures.opens import WHOLE, key_word, ledger
from gateway.pages.frame.visit import Visit

MONTHS = 6
MOST = 12


async def board(visit: Visit) -> Response:
    today = visit.today
    since = date(today.year, 1, 1)
    found = await visit.parts(
        unit=("complaints.Statistics", _by("UNIT", since, today)),
        category=("complaints.Statistics", _by("CATEGORY", since, today)),
        channel=("complaints.Statistics", _by("CHANNEL", since, today)),
        cases=("accountability.Statistics", {"from_day": since.isoformat(), "to_day": today.isoformat()}),
        findings=("supervision.ListFindings", {"overdue": True, "page_size": 10}),
        overdue=(
            "complaints.ListComplaints",
            {"filter": {"lights": ["LIGHT_RED"], "open_only": True}, "sort": "COMPLAINT_SORT_DUE_ASC", "page_size": 10},
        ),
        **{f"month{i}": ("complaints.Statistics", _by("STAGE", *month)) for i, month in enumerate(months(today))},
    )
    units = (found["unit"] or {}).get("rows", [])
    await visit.learn(found, [{"path": row["key"]} for row in units])
    trend = [(month[0], _total(found[f"month{i}"])) for i, month in enumerate(months(today))]
    worst = sorted(units, key=lambda row: (-int(row["overdue"]), -int(row["received"])))[:MOST]
    return visit.site.page(
        visit,
        "staff/board.html",
        found=found,
        total=_total(found["unit"]),
        trend=trend,
        units=worst,
        since=since,
        channels=[(row, key_word(visit, "channel", row["key"])) for row in _most((found["channel"] or {}).get("rows", []))],
        whole=WHOLE,
        open_unit=ledger("unit", _days(since, today)),
        open_channel=ledger("channel", _days(since, today)),
        open_category=ledger("category", _days(since, today)),
        open_month=lambda first, figure: ledger("stage", _days(first, _last(first, today)))(figure, None),
        highest=max([int(row["received"]) for _, row in trend if row] or [1]) or 1,
    )


def _by(key: str, first: date, last: date) -> dict[str, Any]:
    return {"filter": _days(first, last), "by": f"STATISTICS_KEY_{key}"}


def _days(first: date, last: date) -> dict[str, str]:
    return {"received_from": first.isoformat(), "received_to": last.isoformat()}


def _last(first: date, today: date) -> date:
    """The last day of a month that begins on this day, or today."""
    return min(today, (first + timedelta(days=31)).replace(day=1) - timedelta(days=1))


def _most(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return sorted(rows, key=lambda row: -int(row["received"]))[:MOST]


def _total(answer: dict[str, Any] | None) -> dict[str, Any] | None:
    return answer["total"] if answer else None


def months(today: date) -> list[tuple[date, date]]:
    """The last six months, the present one last and until today."""
    firsts = [today.replace(day=1)]
    while len(firsts) < MONTHS:
        firsts.insert(0, (firsts[0] - timedelta(days=1)).replace(day=1))
    ends = [after - timedelta(days=1) for after in firsts[1:]]
    return list(zip(firsts, [*ends, today], strict=True))
