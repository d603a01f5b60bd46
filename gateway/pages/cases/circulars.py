"""Circulars of typical cases: the desk where they are made, and the pages everybody may read.

Accountability keeps no names: those of the people in the cases are known here and go along, to be looked for in the texts.
"""

from __future__ import annotations

import asyncio
import re
from typing import Any

from starlette.responses import RedirectResponse, Response

from chassis.clock import new_id
from gateway.pages.cases.documents import MEDIA_TYPES, all_names, as_file
from gateway.pages.frame.acts import Act, RecordKind, offered
from gateway.pages.frame.ledger import Column, Ledger, all_rows
from gateway.pages.frame.life import line
from gateway.pages.frame.visit import Visit
from gateway.refusals import Refused
from gateway.transcode import Malformed

DECIDED = ("DECIDED", "SERVED", "EXECUTED", "CLOSED", "ARCHIVED")
ROAD = tuple(f"CIRCULAR_STATE_{name}" for name in ("DRAFT", "REVIEWED", "PUBLISHED"))
DESK = Ledger(
    key="circulars",
    path="/circular-desk",
    rpc="accountability.ListCirculars",
    rows="circulars",
    id="id",
    record="/circular-desk/{}",
    columns=(
        Column("title", wide=True),
        Column("state", "CircularState"),
        Column("number"),
        Column("jurisdiction_path", "name"),
        Column("drafted_at", "day"),
        Column("published_at", "day"),
    ),
    filters=("state",),
    new="/circular-desk/new",
    new_rpc="accountability.DraftCircular",
)


async def with_names(visit: Visit, command: dict[str, Any]) -> None:
    """Puts the names of everybody in its cases beside the command to publish."""
    circular = await CIRCULAR.read(visit)
    await visit.learn(circular)
    known = [(one["party_id"], visit.names.get(one["official_id"], "")) for one in circular["persons"]]
    command["names"] = [{"party_id": party, "name": name, "post": ""} for party, name in known if name]


CIRCULAR = RecordKind(
    key="circulars",
    path="/circular-desk",
    rpc="accountability.GetCircular",
    field="circular",
    id="circular_id",
    label=lambda record: str(record["title"]),
    acts=(
        Act("accountability.ReviewCircular", lambda record: record["state"] == "CIRCULAR_STATE_DRAFT"),
        Act(
            "accountability.PublishCircular",
            lambda record: "CIRCULAR_STATE_PUBLISHED" in record["next_states"],
            template="cases/circular_publish.html",
            complete=with_names,
        ),
        Act("accountability.WithdrawCircular", lambda record: "CIRCULAR_STATE_WITHDRAWN" in record["next_states"]),
    ),
)


async def record(visit: Visit) -> Response:
    """One circular as its makers see it."""
    circular = await CIRCULAR.read(visit)
    cases = await _cases(visit, [one["case_id"] for one in circular["entries"]])
    await visit.learn(circular, {"by": [circular[name] for name in ("drafted_by", "reviewed_by", "published_by")]})
    return visit.site.page(
        visit,
        "cases/circular.html",
        circular=circular,
        cases=cases,
        ref=visit.ref("ref"),
        life=line(visit, "CircularState", ROAD, circular["state"], {}),
        revisable=circular["state"] in ROAD[:2] and visit.may("accountability.ReviseCircular"),
        offers=offered(visit, CIRCULAR, circular, visit.ref("ref")),
    )


async def draft(visit: Visit) -> Response:
    """Decided cases to choose from; the texts are written from what is on record."""
    states = [{"state": f"CASE_STATE_{name}"} for name in DECIDED]
    cases = [case for one in states async for case in all_rows(visit, "accountability.ListCases", "cases", one)]
    await visit.learn(cases)
    chosen = [str(one) for one in visit.form.getlist("case")]
    entries = [{"case_id": one, "text": ""} for one in chosen]
    values = {"cases": cases, "chosen": chosen, "back": DESK.path}
    return await _written(visit, "accountability.DraftCircular", entries, {}, "cases/circular_new.html", values)


async def revise(visit: Visit) -> Response:
    """Title and texts to be edited; an emptied text is written anew, a case taken out is told no more."""
    ref, circular = visit.ref("ref"), await CIRCULAR.read(visit)
    cases = await _cases(visit, [one["case_id"] for one in circular["entries"]])
    sent = visit.request.method == "POST"
    texts = {one["case_id"]: str(visit.form.get(f"text.{one['case_id']}", one["text"])) for one in circular["entries"]}
    out = {str(one) for one in visit.form.getlist("out")}
    entries = [{"case_id": case_id, "text": text.strip()} for case_id, text in texts.items() if case_id not in out]
    version = str(visit.form.get("expected_version") or circular["version"])
    given = {"circular_id": ref, "expected_version": version}
    values = {"circular": circular, "cases": cases, "texts": texts, "out": out, "version": version, "ref": ref, "sent": sent}
    return await _written(visit, "accountability.ReviseCircular", entries, given, "cases/circular_revise.html", values)


async def _written(
    visit: Visit, rpc: str, entries: list[dict[str, str]], given: dict[str, str], template: str, values: dict[str, Any]
) -> Response:
    """Shows the form, or sends what was written and goes on to the circular."""
    title = str(visit.form.get("title", values["circular"]["title"] if "circular" in values else ""))
    sentence, status = "", 200
    if visit.request.method == "POST":
        try:
            names = await _names(visit, [one["case_id"] for one in entries])
            request_id = str(visit.form.get("request_id") or new_id(visit.site.clock))
            answer = await visit.ask(rpc, **given, title=title.strip(), entries=entries, names=names, request_id=request_id)
            return RedirectResponse(f"{DESK.path}/{answer['circular']['id']}?done={rpc.partition('.')[2]}", 303)
        except (Refused, Malformed) as wrong:
            sentence, status = _told(visit, wrong), 400
    fresh = str(new_id(visit.site.clock))
    return visit.site.page(visit, template, status, title=title, sentence=sentence, request_id=fresh, **values)


def _told(visit: Visit, wrong: Refused | Malformed) -> str:
    if isinstance(wrong, Malformed):
        return str(wrong)
    details = [f"{_where(visit, one.field)}{one.detail}" for one in wrong.violations if one.detail]
    return " ".join(details) or wrong.sentence or visit.site.words.refusal(wrong.reason, wrong.status, visit.language)


def _where(visit: Visit, field: str) -> str:
    """Which text a refusal speaks of."""
    entry = re.match(r"entries\[(\d+)\]", field)
    colon = visit.t("colon")
    if entry:
        return f"{visit.t('text_of_case')} {int(entry[1]) + 1}{colon}"
    return f"{visit.t('column.title')}{colon}" if field == "title" else ""


async def exported(visit: Visit) -> Response:
    """The circular as a document."""
    asked = visit.request.query_params.get("as", "")
    form = asked if asked in MEDIA_TYPES else "UNSPECIFIED"
    answer = await visit.ask("accountability.BuildCircular", circular_id=visit.ref("ref"), format=f"DOCUMENT_FORMAT_{form}")
    return as_file(answer, form)


async def published(visit: Visit) -> Response:
    """What everybody may read."""
    token = visit.request.query_params.get("page_token", "")
    answer = await visit.ask("accountability.ListPublishedCirculars", page_size=50, page_token=token)
    return visit.site.page(visit, "cases/circulars.html", circulars=answer["circulars"], more=answer["next_page_token"])


async def read(visit: Visit) -> Response:
    """One of them."""
    found = (await visit.ask("accountability.GetPublishedCircular", circular_id=visit.ref("ref")))["circular"]
    return visit.site.page(visit, "cases/circular_read.html", circular=found)


async def _cases(visit: Visit, ids: list[str]) -> dict[str, dict[str, Any]]:
    """The cases a circular tells of, by id; those whom the visitor may not see are left out."""
    answers = await asyncio.gather(*(visit.part("accountability.GetCase", case_id=one) for one in ids))
    cases = {answer["case"]["id"]: answer["case"] for answer in answers if answer}
    await visit.learn(cases)
    return cases


async def _names(visit: Visit, ids: list[str]) -> list[dict[str, str]]:
    return await all_names(visit, list((await _cases(visit, list(dict.fromkeys(ids)))).values()))
