"""Opening a case by hand: a superior's transfer, a unit's own report, what the media wrote."""

from __future__ import annotations

from starlette.responses import Response

from gateway.pages.frame.single import single
from gateway.pages.frame.visit import Visit


async def open_case(visit: Visit) -> Response:
    return await single(
        visit,
        "accountability.OpenCase",
        visit.t("new.cases"),
        (visit.t("title.cases"), "/cases"),
        lambda answer: f"/cases/{answer['case']['id']}?done=OpenCase",
    )
