"""The state of the house, for who keeps it running: does each service answer, which years are loaded, which keys sign."""

from __future__ import annotations

import asyncio

from starlette.responses import Response

from gateway.pages.frame.visit import Visit
from gateway.refusals import Refused

MAY = frozenset({"operator", "system_admin", "security_admin"})


async def operations(visit: Visit) -> Response:
    if not visit.roles & MAY:
        raise Refused(403, "NOT_ALLOWED", "")
    names = visit.site.doors.owners
    answers = await asyncio.gather(*(visit.site.doors.answers(name) for name in names))
    found = await visit.parts(
        years=("directory.ListCalendarYears", {}),
        keys=("directory.ListKeys", {}),
    )
    return visit.site.page(visit, "staff/operations.html", answering=dict(zip(names, answers, strict=True)), found=found)
