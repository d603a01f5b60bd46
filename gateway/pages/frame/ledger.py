"""Ledgers: filters as chips, saved views, a dense table with "more" by keyset, export. Declared, not written again."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode

from starlette.responses import Response
from starlette.routing import Route

from gateway.pages.frame import formats
from gateway.pages.frame.choices import Choices
from gateway.pages.frame.export import streamed_workbook
from gateway.pages.frame.forms import Field, FormMaker
from gateway.pages.frame.site import Site
from gateway.pages.frame.told import told
from gateway.pages.frame.visit import Visit
from gateway.rest.entry import from_query

ROWS = 50
EXPORT_ROWS = 500
EXPORT_LIMIT = 1_000_000
NOT_FILTERS = frozenset({"page_size", "page_token", "lang", "beside", "more", "saved", "done"})


@dataclass(frozen=True, slots=True)
class Column:
    """A field of the row and how it is shown: text, number, day, moment, name, score, truth, light, or an enum's name."""

    name: str
    kind: str = "text"
    wide: bool = False
    word: str = ""
    """The key of its head, where the field's own name means something else."""

    @property
    def head(self) -> str:
        return f"column.{self.word or self.name}"


@dataclass(frozen=True, slots=True)
class Ledger:
    """One list page. `record` is the address of a row's record with its id in place of `{}`."""

    key: str
    path: str
    rpc: str
    rows: str
    id: str
    record: str
    columns: Sequence[Column]
    filters: Sequence[str] = ()
    fixed: Mapping[str, Any] = field(default_factory=dict)
    signed_in: bool = True
    bulk: bool = False
    template: str = "frame/ledger.html"
    new: str = ""
    new_rpc: str = ""
    """Where a new one is made and the rpc that decides who sees the way there."""
    learn: Callable[[Visit], Awaitable[None]] | None = None
    """What the page has to know beside its rows."""


def ledger_routes(site: Site, ledger: Ledger) -> list[Route]:
    """The page itself and its export."""

    async def show(visit: Visit) -> Response:
        return await ledger_page(visit, ledger)

    async def export(visit: Visit) -> Response:
        return await ledger_export(visit, ledger)

    show.__qualname__ = f"ledger_{ledger.key}"
    export.__qualname__ = f"export_{ledger.key}"
    return [
        site.route(f"{ledger.path}.xlsx", export, signed_in=ledger.signed_in),
        site.route(ledger.path, show, signed_in=ledger.signed_in),
    ]


async def ledger_page(visit: Visit, ledger: Ledger) -> Response:
    """The first page, or the next rows alone where the page asks for `more`."""
    asked = visit.request.query_params
    fields = _request(visit, ledger)
    answer = await visit.ask(ledger.rpc, **fields, page_size=ROWS, page_token=asked.get("page_token", ""))
    rows = answer[ledger.rows]
    views = None
    if visit.session and not asked.get("more"):
        views = await visit.part("directory.ListViews", page=ledger.key, page_size=100)
    await visit.learn(rows, {"path": [text for _, text in chosen(visit)]})
    values = {
        "ledger": ledger,
        "rows": rows,
        "views": views["views"] if views else [],
        "next_query": _query(visit, page_token=answer.get("next_page_token", "")),
        "query": _query(visit),
        "more": answer.get("next_page_token", ""),
    }
    if asked.get("more"):
        return visit.site.page(visit, "frame/ledger_rows.html", **values)
    if ledger.learn:
        await ledger.learn(visit)
    return visit.site.page(visit, ledger.template, **values, filters=await filters(visit, ledger), chosen=chosen(visit))


def _request(visit: Visit, ledger: Ledger) -> dict[str, Any]:
    rpc = visit.site.contracts.rpc(ledger.rpc)
    pairs = [(name, text) for name, text in visit.request.query_params.multi_items() if name not in NOT_FILTERS and text]
    return {**ledger.fixed, **from_query(visit.site.contracts, rpc, pairs)}


def chosen(visit: Visit) -> list[tuple[str, str]]:
    """The filters in force, each to be taken away by a click."""
    pairs = visit.request.query_params.multi_items()
    return [(name, text) for name, text in pairs if name not in NOT_FILTERS and text]


def without(visit: Visit, name: str, text: str) -> str:
    """The page's query without one filter."""
    return urlencode([pair for pair in chosen(visit) if pair != (name, text)])


def _query(visit: Visit, **more: str) -> str:
    return urlencode([*chosen(visit), *((name, text) for name, text in more.items() if text)])


def chosen_word(visit: Visit, fields: Sequence[Field], name: str, text: str) -> str:
    """A filter in force as words: its label and what was chosen."""
    for one in fields:
        if one.name == name:
            words = {option.value: option.word for option in one.options}
            told = visit.day(text) if one.kind == "day" else words.get(text, visit.name(text))
            return one.label if one.kind == "truth" else f"{one.label}: {told}"
    if name == "filter.key":
        return key_word(visit, visit.request.query_params.get("filter.counted_by", ""), text)
    kinds = {"figure": "ComplaintFigure", "counted_by": "StatisticsKey"}
    kind = kinds.get(name.removeprefix("filter."))
    if name == "filter.matters_only":
        return visit.t("field.matters_only")
    return visit.label(kind, text) if kind else text


def key_word(visit: Visit, by: str, key: str) -> str:
    """What a row of figures is counted under, as people call it: `by` is a StatisticsKey."""
    kind = {"STATISTICS_KEY_CHANNEL": "Channel", "STATISTICS_KEY_STAGE": "Stage", "STATISTICS_KEY_LIGHT": "Light"}.get(by)
    word = f"{kind}.{kind.upper()}_{key.upper()}" if kind else ""
    if kind:
        return visit.t(word) if visit.site.words.has(word) else key
    return visit.label("choice.category", key) if by == "STATISTICS_KEY_CATEGORY" else visit.name(key) or key


async def filters(visit: Visit, ledger: Ledger) -> Sequence[Field]:
    """The filters as fields of the list request, with what is chosen."""
    if not ledger.filters:
        return ()
    rpc = visit.site.contracts.rpc(ledger.rpc)
    form = maker(visit).make(rpc, only=ledger.filters)
    form = await Choices(visit).fill(form)
    return form.with_values({name: visit.request.query_params.getlist(name) for name in ledger.filters}).fields


def maker(visit: Visit) -> FormMaker:
    words = visit.site.words

    def label(message: str, name: str) -> str:
        own = f"field.{message}.{name}"
        return visit.t(own if words.has(own) else f"field.{name}")

    def help_for(message: str, name: str) -> str:
        own = f"help.{message}.{name}"
        return visit.t(own) if words.has(own) else visit.t(f"help.{name}") if words.has(f"help.{name}") else ""

    return FormMaker(visit.site.contracts, label, help_for, visit.label)


async def ledger_export(visit: Visit, ledger: Ledger) -> Response:
    """Everything the filters name, as a workbook: page after page, so that no list is held back by its length."""
    heads = [visit.t(column.head) for column in ledger.columns]
    title = visit.t(f"title.{ledger.key}")
    name = f"{ledger.key}-{visit.today.isoformat()}.xlsx"
    batches = _batches(visit, ledger, _request(visit, ledger))
    return await streamed_workbook(title, heads, batches, name, visit.site.clock.now())


async def _batches(visit: Visit, ledger: Ledger, fields: Mapping[str, Any]) -> AsyncIterator[list[list[str]]]:
    """The rows page by page, as the lines of an export."""
    async for rows in pages(visit, ledger.rpc, ledger.rows, fields):
        await visit.learn(rows)
        yield [[cell(visit, row, column) for column in ledger.columns] for row in rows]


async def all_rows(visit: Visit, rpc: str, name: str, fields: Mapping[str, Any]) -> AsyncIterator[dict[str, Any]]:
    """Every row of a list."""
    async for rows in pages(visit, rpc, name, fields):
        for row in rows:
            yield row


async def pages(visit: Visit, rpc: str, name: str, fields: Mapping[str, Any]) -> AsyncIterator[list[dict[str, Any]]]:
    """A list page by page, up to what a workbook holds."""
    token, count = "", 0
    paged = "page_token" in visit.site.contracts.fields(visit.site.contracts.rpc(rpc).request)
    while count < EXPORT_LIMIT:
        paging = {"page_size": EXPORT_ROWS, "page_token": token} if paged else {}
        answer = await visit.ask(rpc, **fields, **paging)
        count += len(answer[name])
        yield answer[name]
        token = answer.get("next_page_token", "")
        if not token:
            return


def value(row: Mapping[str, Any], name: str) -> Any:
    """The value behind a dotted name; empty where something on the way is not set."""
    found: Any = row
    for part in name.split("."):
        found = found.get(part) if isinstance(found, Mapping) else None
    return "" if found is None else found


def cell(visit: Visit, row: Mapping[str, Any], column: Column) -> str:
    """One cell as text: what an export shows."""
    found = value(row, column.name)
    if column.kind == "origins":
        return " ← ".join(one["number"] or visit.t(f"origin.{one['service']}") for one in found or ())
    if column.kind == "reason":
        return told(visit, found[f"text_{visit.language}"], found["params"]) if found else ""
    if isinstance(found, list):
        return "、".join(_cell(visit, one, column.kind) for one in found)
    return _cell(visit, found, column.kind)


def _cell(visit: Visit, found: Any, kind: str) -> str:
    if found == "" or str(found).endswith("_UNSPECIFIED"):
        return ""
    plain: dict[str, Callable[[Any], str]] = {
        "text": str,
        "number": str,
        "light": lambda light: visit.label("Light", light),
        "day": visit.day,
        "moment": visit.moment,
        "name": visit.name,
        "score": formats.score,
        "truth": lambda truth: visit.t("yes" if truth else "no"),
    }
    return plain[kind](found) if kind in plain else visit.label(kind, str(found))
