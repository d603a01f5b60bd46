"""Hot topics for leaders: what many complaints of the last weeks are about, with examples in the redacted copy."""

from __future__ import annotations

from starlette.responses import Response

from gateway.pages.frame.visit import Visit

RPC = "complaints.HotTopics"
WEEKS = (4, 8, 12, 26)


async def topics(visit: Visit) -> Response:
    asked = visit.request.query_params.get("weeks", "")
    weeks = int(asked) if asked.isascii() and asked.isdigit() and int(asked) in WEEKS else 0
    found = await visit.ask(RPC, weeks=weeks)
    await visit.learn(found)
    highest = max([int(week["complaints"]) for topic in found["topics"] for week in topic["weeks"]] or [1])
    return visit.site.page(visit, "desk/topics.html", found=found, weeks=weeks, choices=WEEKS, highest=highest or 1)
