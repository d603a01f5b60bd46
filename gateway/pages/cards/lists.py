"""The lists about cards as workbooks, from the pages that show them: designs, runs, turnout, files, samples."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from typing import Any

from starlette.responses import Response

from gateway.pages.cards.paper import campaign_of, group_names
from gateway.pages.cards.scanning import why
from gateway.pages.frame.export import streamed_workbook
from gateway.pages.frame.formats import percent
from gateway.pages.frame.ledger import pages
from gateway.pages.frame.visit import Visit

Row = Mapping[str, Any]
DESIGNS = ("card_edition", "rater_group", "card_form", "card_sheets", "card_rows", "card_made_at")
RUNS = ("card_numbers", "rater_group", "card_cards", "card_printed_to", "card_begun")
PLACES = ("posted", "undelivered", "returned")
AFTER = ("reissued", "late", "duplicates")
TURNOUT = ("rater_group", "card_all", *(f"card_{place}" for place in PLACES), "card_rate", *(f"card_{one}" for one in AFTER))
FILES = (
    "file_name",
    "card_scan_state",
    "card_reason",
    "card_pages",
    "card_pages_waiting",
    "card_pages_parked",
    "card_received",
    "card_given_by",
    "card_sha256",
)
SAMPLES = ("card_seed", "card_cards", "card_rows", "card_rows_waiting", "card_rows_wrong", "card_drawn_at", "card_drawn_by")


async def designs(visit: Visit) -> Response:
    """The editions of a campaign's card."""
    names = await _groups(visit)

    def line(one: Row) -> list[str]:
        figures = (str(one["sheets"]), str(one["rows"]))
        return [str(one["edition"]), _named(names, one), one["form"], *figures, visit.moment(one["made_at"])]

    return await _book(visit, "evaluation.ListCardDesigns", "designs", DESIGNS, line, "caption.card_designs")


async def runs(visit: Visit) -> Response:
    """The runs cards were printed in."""
    names = await _groups(visit)

    def line(one: Row) -> list[str]:
        reached = str(one["printed_to"]) if int(one["printed_to"]) else ""
        numbers = f"{one['first_number']}–{one['last_number']}"
        return [numbers, _named(names, one), str(one["cards"]), reached, visit.moment(one["started_at"])]

    return await _book(visit, "evaluation.ListCardRuns", "runs", RUNS, line, "caption.card_runs")


async def turnout(visit: Visit) -> Response:
    """How many cards of each rater group are where."""
    names = await _groups(visit)

    def line(one: Row) -> list[str]:
        every = sum(int(one[place]) for place in ("printed", *PLACES))
        there = [str(one[place]) for place in PLACES]
        rate = percent(one["returned"], every)
        return [_named(names, one), str(every), *there, rate, *(str(one[figure]) for figure in AFTER)]

    return await _book(visit, "evaluation.GetCardTurnout", "groups", TURNOUT, line, "caption.card_turnout")


async def files(visit: Visit) -> Response:
    """The files that were handed in."""

    def line(one: Row) -> list[str]:
        waits = one["state"] == "SCAN_STATE_WAITING"
        state = visit.t("cards_file_waits") if waits else visit.label("ScanState", one["state"])
        said = [one["name"], state, why(visit, one["reason"]) if one["reason"] else ""]
        counted = [str(one[figure]) for figure in ("pages", "pages_waiting", "pages_parked")]
        return [*said, *counted, visit.moment(one["received_at"]), visit.person(one["given_by"]), one["sha256"]]

    return await _book(visit, "evaluation.ListScans", "scans", FILES, line, "caption.card_scans", "given_by")


async def samples(visit: Visit) -> Response:
    """The samples that were drawn, each with what came of it."""

    def line(one: Row) -> list[str]:
        figures = [str(len(one["card_ids"])), *(str(one[figure]) for figure in ("rows", "rows_waiting", "rows_wrong"))]
        return [one["seed"], *figures, visit.moment(one["drawn_at"]), visit.person(one["drawn_by"])]

    return await _book(visit, "evaluation.ListCardSamples", "samples", SAMPLES, line, "cards_samples", "drawn_by")


async def _book(
    visit: Visit,
    rpc: str,
    name: str,
    columns: Sequence[str],
    line: Callable[[Row], list[str]],
    title: str,
    by: str = "",
) -> Response:
    """A list of any length, a line for each row; `by` is the field that says who did it."""

    async def batches() -> AsyncIterator[list[list[str]]]:
        async for rows in pages(visit, rpc, name, {"campaign_id": visit.ref("ref")}):
            await visit.learn([{"by": one[by]} for one in rows] if by else [])
            yield [line(one) for one in rows]

    heads = [visit.t(f"column.{column}") for column in columns]
    return await streamed_workbook(visit.t(title), heads, batches(), f"card-{name}.xlsx", visit.site.clock.now())


async def _groups(visit: Visit) -> dict[str, str]:
    return group_names((await campaign_of(visit))["plan"])


def _named(names: Mapping[str, str], one: Row) -> str:
    return names.get(one["rater_group"], one["rater_group"])
