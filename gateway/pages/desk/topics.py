"""Hot topics for leaders: what many complaints of the last weeks are about, with examples in the redacted copy."""

from __future__ import annotations

import json
from typing import Any

from starlette.responses import Response

from gateway.pages.frame.visit import Visit

RPC = "complaints.HotTopics"
WEEKS = (4, 8, 12, 26)


async def topics(visit: Visit) -> Response:
    asked = visit.request.query_params.get("weeks", "")
    weeks = int(asked) if asked.isascii() and asked.isdigit() and int(asked) in WEEKS else 0
    found = await visit.ask(RPC, weeks=weeks)
    shown = weeks or max((len(topic["weeks"]) for topic in found["topics"]), default=0)
    await visit.learn(found)
    drawn = [_drawn(visit, topic["weeks"]) for topic in found["topics"]]
    highest = max([int(week["complaints"]) for topic in found["topics"] for week in topic["weeks"]] or [1])
    return visit.site.page(
        visit, "desk/topics.html", found=found, weeks=shown, choices=WEEKS, drawn=drawn, highest=highest or 1
    )


def _drawn(visit: Visit, weeks: list[dict[str, Any]]) -> str:
    """What the chart of a topic draws: its weeks, the oldest first. The table below it says the same."""
    labels = [visit.short_day(week["monday"]) for week in weeks]
    series = [{"name": visit.t("figure.received"), "values": [int(week["complaints"]) for week in weeks]}]
    return json.dumps({"labels": labels, "series": series}, ensure_ascii=False)
