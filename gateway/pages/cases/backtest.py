"""The back-test of a version: started, watched and stopped on a page; the whole of it as a workbook."""

from __future__ import annotations

from collections import Counter
from collections.abc import AsyncIterator
from typing import Any

from starlette.responses import Response

from gateway.pages.cases.acts import RULES
from gateway.pages.frame.export import workbook
from gateway.pages.frame.visit import Visit

RPC = "accountability.BackTest"
COLUMNS = ("number", "verdict", "rows_before", "rows_after")
VERDICTS = ("HEAVIER", "LIGHTER", "NOT_COVERED", "INPUT_MISSING", "SAME")
SHOWN = 200  # parties of each verdict on the page; the workbook holds all


async def back_test(visit: Visit) -> Response:
    """The page draws itself from the stream; asked for without scripts (`?whole`), it runs to the end first."""
    rules = await RULES.read(visit)
    await visit.learn(rules)
    counts: Counter[str] = Counter()
    listed: Counter[str] = Counter()
    differences: list[dict[str, Any]] = []
    opened = visit.request.query_params.get("verdict", "")
    done = total = 0
    if "whole" in visit.request.query_params:
        async for report in _reports(visit):
            done, total = report["done"], report["total"]
            counts.update({_word(one["verdict"]): one["parties"] for one in report["counts"]})
            for one in report["differences"]:
                listed[_word(one["verdict"])] += 1
                if listed[_word(one["verdict"])] <= SHOWN and opened in ("", _word(one["verdict"])):
                    differences.append(one)
    return visit.site.page(
        visit,
        "cases/backtest.html",
        rules=rules,
        ref=visit.ref("ref"),
        verdicts=VERDICTS,
        counts=counts,
        differences=differences,
        opened=opened,
        left_out=max(listed.values(), default=0) - SHOWN,
        shown=SHOWN,
        done=done,
        total=total,
    )


async def exported(visit: Visit) -> Response:
    """Every party whom the version would treat otherwise."""
    lines = []
    async for report in _reports(visit):
        for one in report["differences"]:
            verdict = visit.label("BackTestVerdict", one["verdict"])
            rows = [visit.t("list_comma").join(one[name]) or "—" for name in ("rows_before", "rows_after")]
            lines.append([one["case_number"], verdict, *rows])
    heads = [visit.t(f"column.{name}") for name in COLUMNS]
    return await workbook(visit.t("title.back_test"), heads, lines, "back-test.xlsx", visit.site.clock.now())


async def _reports(visit: Visit) -> AsyncIterator[dict[str, Any]]:
    rpc = visit.site.contracts.rpc(RPC)
    transcoder = visit.site.doors.transcoder
    same = "same" in visit.request.query_params
    asked = transcoder.pack(rpc.request, {"rule_version_id": visit.ref("ref"), "list_same": same})
    async for answer in visit.site.doors.follow(rpc, asked, visit.caller):
        yield transcoder.unpack(rpc.answer, answer)


def _word(verdict: str) -> str:
    return verdict.removeprefix("BACK_TEST_VERDICT_")
