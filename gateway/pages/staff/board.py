"""The leader's board: six figures with their denominators, lights by unit, trend, what is overdue; each opens records."""

from __future__ import annotations

import json
from datetime import date, timedelta
from typing import Any

from starlette.responses import Response

from gateway.pages.figures.opens import WHOLE, key_word, ledger
from gateway.pages.frame.visit import Visit

MONTHS, WEEKS = 6, 12
MOST = 12
TRENDS = ("month", "week")
DRAWN = ("received", "closed")
Days = tuple[date, date]


async def board(visit: Visit) -> Response:
    today = visit.today
    since = date(today.year, 1, 1)
    by = "week" if visit.request.query_params.get("trend") == "week" else "month"
    spans = weeks(today) if by == "week" else months(today)
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
        **{f"span{i}": ("complaints.Statistics", _by("STAGE", *span)) for i, span in enumerate(spans)},
    )
    units = (found["unit"] or {}).get("rows", [])
    await visit.learn(found, [{"path": row["key"]} for row in units])
    trend = [(span, _total(found[f"span{i}"])) for i, span in enumerate(spans)]
    worst = sorted(units, key=lambda row: (-int(row["overdue"]), -int(row["received"])))[:MOST]
    return visit.site.page(
        visit,
        "staff/board.html",
        found=found,
        total=_total(found["unit"]),
        trend=trend,
        by=by,
        trends=TRENDS,
        drawn=_drawn(visit, by, trend),
        open_span=_opens,
        units=worst,
        since=since,
        channels=[(row, key_word(visit, "channel", row["key"])) for row in _most((found["channel"] or {}).get("rows", []))],
        whole=WHOLE,
        open_unit=ledger("unit", _days(since, today)),
        open_channel=ledger("channel", _days(since, today)),
        open_category=ledger("category", _days(since, today)),
    )


def _by(key: str, first: date, last: date) -> dict[str, Any]:
    return {"filter": _days(first, last), "by": f"STATISTICS_KEY_{key}"}


def _days(first: date, last: date) -> dict[str, str]:
    return {"received_from": first.isoformat(), "received_to": last.isoformat()}


def _opens(span: Days, figure: str) -> str:
    """The records that one figure of these days counts."""
    return ledger("stage", _days(*span))(figure, None)


def _drawn(visit: Visit, by: str, trend: list[tuple[Days, dict[str, Any] | None]]) -> str:
    """What the chart draws; the table beside it says the same. Empty where a service did not answer."""
    if not all(row for _, row in trend):
        return ""
    labels = [
        f"{first.year}-{first.month:02d}" if by == "month" else visit.short_day(first.isoformat()) for (first, _), _ in trend
    ]
    series = [
        {
            "name": visit.t(f"figure.{figure}"),
            "values": [int(row[figure]) for _, row in trend if row],
            "opens": [_opens(span, figure) for span, _ in trend],
        }
        for figure in DRAWN
    ]
    return json.dumps({"labels": labels, "series": series}, ensure_ascii=False)


def _most(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return sorted(rows, key=lambda row: -int(row["received"]))[:MOST]


def _total(answer: dict[str, Any] | None) -> dict[str, Any] | None:
    return answer["total"] if answer else None


def weeks(today: date) -> list[Days]:
    """The last twelve weeks from Monday, the present one last and until today."""
    monday = today - timedelta(days=today.weekday())
    firsts = [monday - timedelta(weeks=back) for back in range(WEEKS - 1, -1, -1)]
    return [(first, min(today, first + timedelta(days=6))) for first in firsts]


def months(today: date) -> list[Days]:
    """The last six months, the present one last and until today."""
    firsts = [today.replace(day=1)]
    while len(firsts) < MONTHS:
        firsts.insert(0, (firsts[0] - timedelta(days=1)).replace(day=1))
    ends = [after - timedelta(days=1) for after in firsts[1:]]
    return list(zip(firsts, [*ends, today], strict=True))
