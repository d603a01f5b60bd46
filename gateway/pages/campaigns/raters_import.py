"""Raters from a workbook or a pasted list: what each row would become is shown first, then they are entered in batches.

While they are entered the page grows with each batch. Whoever leaves halfway does it again: rows entered are passed over.
"""

from __future__ import annotations

import asyncio
import base64
import re
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from markupsafe import escape
from starlette.datastructures import UploadFile
from starlette.responses import RedirectResponse, Response, StreamingResponse

from chassis.errors import Invalid
from gateway.pages.campaigns.raters import AT_ONCE, group_names, object_names
from gateway.pages.frame.export import XLSX
from gateway.pages.frame.visit import Visit
from gateway.refusals import Refused
from gateway.transcode import Malformed
from papers.sheets import Column, SheetForm
from papers.sheets_read import Bounds, read_workbook
from papers.sheets_write import workbook_bytes

COLUMNS = ("reference", "rater_group", "name", "contact", "unit", "object_id")
LARGEST = 4_000_000
SHOWN = 500
MARK = "<!-- progress -->"


@dataclass
class Looked:
    """The rows of a list that can be entered, and what is wrong with the others: row, column, sentence."""

    rows: list[tuple[int, dict[str, str]]] = field(default_factory=list)
    faults: list[tuple[int, str, str]] = field(default_factory=list)
    known: int = 0


async def template(visit: Visit) -> Response:
    """An empty workbook with the campaign's groups to pick from."""
    campaign = (await visit.ask("evaluation.GetCampaign", campaign_id=visit.ref("ref")))["campaign"]
    content = await asyncio.to_thread(workbook_bytes, [(_form(visit, campaign), [])], visit.site.clock.now())
    headers = {"content-disposition": 'attachment; filename="raters.xlsx"'}
    return Response(content, media_type=XLSX, headers=headers)


def _form(visit: Visit, campaign: dict[str, Any]) -> SheetForm:
    objects = object_names(campaign)
    return SheetForm(
        visit.t("raters"),
        (
            Column("reference", visit.t("column.reference"), longest=64, hint=visit.t("hint.reference")),
            Column("rater_group", visit.t("column.rater_group"), words=group_names(campaign), width=20),
            Column("name", visit.t("column.person_name"), required=False, longest=120),
            Column("contact", visit.t("column.contact"), required=False, width=24),
            Column("unit", visit.t("column.own_unit"), required=False, width=30, hint=visit.t("hint.own_unit")),
            Column("object_id", visit.t("column.only_object"), required=False, width=30, words=objects),
        ),
        still=1,
    )


async def bring(visit: Visit) -> Response:
    """Looks at a list, or enters the one that was looked at."""
    ref = visit.ref("ref")
    if visit.request.method == "GET":
        return RedirectResponse(f"/campaigns/{ref}/raters", 303)
    campaign = (await visit.ask("evaluation.GetCampaign", campaign_id=ref))["campaign"]
    kept, pasted = str(visit.form.get("kept", "")), str(visit.form.get("rows", ""))
    file = visit.form.get("workbook")
    if isinstance(file, UploadFile) and file.filename:
        kept = base64.b64encode(await file.read(LARGEST + 1)).decode()
    looked, sentence = Looked(), ""
    try:
        looked = await asyncio.to_thread(_read, visit, campaign, kept) if kept else _pasted(visit, campaign, pasted)
        if visit.form.get("apply") == "true":
            return StreamingResponse(_enter(visit, ref, campaign, looked), media_type="text/html")
        await _judge(visit, ref, looked)
    except (Refused, Malformed, Invalid) as wrong:
        sentence = _sentence(visit, wrong)
    values = {"campaign": campaign, "ref": ref, "looked": looked, "kept": kept, "pasted": pasted, "shown": SHOWN}
    entering = {"entering": False, "names": group_names(campaign), "sentence": sentence}
    return visit.site.page(visit, "campaigns/raters_import.html", 400 if sentence else 200, **values, **entering)


def _sentence(visit: Visit, wrong: Refused | Malformed | Invalid) -> str:
    if isinstance(wrong, Invalid):
        return visit.t(f"cell.{wrong.reason}", **wrong.params)
    if isinstance(wrong, Malformed):
        return visit.t("status.400")
    return wrong.sentence or visit.site.words.refusal(wrong.reason, wrong.status, visit.language)


def _read(visit: Visit, campaign: dict[str, Any], kept: str) -> Looked:
    """The rows of the workbook. Raises Invalid WORKBOOK_..., its params for the sentence."""
    form = _form(visit, campaign)
    [(_, read)] = read_workbook(base64.b64decode(kept), [form], Bounds(packed=LARGEST))
    found = Looked()
    for row in read:
        found.faults += [(row.number, one.field, visit.t(f"cell.{one.reason}", **one.params)) for one in row.faults]
        if not row.faults:
            found.rows.append((row.number, {name: str(row.values[name] or "") for name in COLUMNS}))
    return _named(visit, found)


def _pasted(visit: Visit, campaign: dict[str, Any], text: str) -> Looked:
    """Lines of a spreadsheet as they are pasted (tabs) or typed (commas); groups and objects by their names."""
    groups = {name: key for key, name in group_names(campaign).items()}
    objects = {name: key for key, name in object_names(campaign).items()}
    found = Looked()
    for number, line in enumerate(text.splitlines(), start=1):
        cells = [cell.strip() for cell in (line.split("\t") if "\t" in line else re.split("[,\uff0c]", line))]
        if not any(cells):
            continue
        row = dict.fromkeys(COLUMNS, "") | dict(zip(COLUMNS, cells, strict=False))
        row["rater_group"] = groups.get(row["rater_group"], row["rater_group"])
        row["object_id"] = objects.get(row["object_id"], row["object_id"])
        found.rows.append((number, row))
    return _named(visit, found)


def _named(visit: Visit, found: Looked) -> Looked:
    """The rows as the register takes them: a unit by its id where it looks like one; no reference twice."""
    seen: set[str] = set()
    rows, found.rows = found.rows, []
    for number, row in rows:
        if row["reference"] in seen:
            found.faults.append((number, visit.t("column.reference"), visit.t("cell.TWICE")))
            continue
        seen.add(row["reference"])
        if _is_id(row["unit"]):
            row = {**row, "unit_id": row["unit"], "unit": ""}
        found.rows.append((number, row))
    return found


def _is_id(text: str) -> bool:
    try:
        return str(UUID(text)) == text.lower()
    except ValueError:
        return False


async def _judge(visit: Visit, ref: str, looked: Looked) -> None:
    """Asks the register what would become of the rows; what it refuses becomes a fault, what it knows is passed over."""
    good: list[tuple[int, dict[str, str]]] = []
    for batch in _batches(looked.rows):
        for (number, row), entered in zip(batch, await _sent(visit, ref, batch, preview=True), strict=True):
            if entered["refused_reason"] == "RATER_KNOWN":
                looked.known += 1
            elif entered["refused_reason"]:
                looked.faults.append((number, *_fault(visit, entered)))
            else:
                good.append((number, row))
    looked.rows = good
    looked.faults.sort()


def _fault(visit: Visit, entered: dict[str, str]) -> tuple[str, str]:
    column = {"unit": "own_unit", "object_id": "only_object"}.get(entered["refused_field"], entered["refused_field"])
    return visit.t(f"column.{column}"), visit.site.words.refusal(entered["refused_reason"], 400, visit.language)


async def _sent(visit: Visit, ref: str, batch: Sequence[tuple[int, dict[str, str]]], preview: bool) -> list[dict[str, str]]:
    rows = [row for _, row in batch]
    answer = await visit.ask("evaluation.ImportRaters", campaign_id=ref, raters=rows, preview=preview)
    entered: list[dict[str, str]] = answer["raters"]
    return entered


def _batches(rows: Sequence[tuple[int, dict[str, str]]]) -> list[Sequence[tuple[int, dict[str, str]]]]:
    return [rows[at : at + AT_ONCE] for at in range(0, len(rows), AT_ONCE)]


async def _enter(visit: Visit, ref: str, campaign: dict[str, Any], looked: Looked) -> AsyncIterator[str]:
    """The page in pieces: its head, a line for each batch that is in, what was refused, its foot."""
    values = {"campaign": campaign, "ref": ref, "looked": looked, "kept": "", "pasted": "", "shown": SHOWN, "sentence": ""}
    page = visit.site.render(visit, "campaigns/raters_import.html", **values, entering=True, names=group_names(campaign))
    head, _, foot = page.partition(MARK)
    yield head
    done, added = 0, 0
    try:
        for batch in _batches(looked.rows):
            entered = await _sent(visit, ref, batch, preview=False)
            done += len(batch)
            added += sum(not one["refused_reason"] for one in entered)
            yield f"<li>{escape(visit.t('raters_progress', done=done, all=len(looked.rows), added=added))}</li>"
            for (number, _), one in zip(batch, entered, strict=True):
                if one["refused_reason"] not in ("", "RATER_KNOWN"):
                    yield f"<li>{number}: {escape(' '.join(_fault(visit, one)))}</li>"
        yield f"<li><strong>{escape(visit.t('raters_entered', count=added, refused=len(looked.rows) - added))}</strong></li>"
    except (Refused, Malformed) as wrong:
        yield f"<li><strong>{escape(visit.t('raters_broken', done=done))}</strong> {escape(_sentence(visit, wrong))}</li>"
    yield foot
