"""Writes XLSX files row by row, so that a ledger of a hundred thousand rows needs no memory.

No cell is ever written as a formula, and text that looks like one carries Excel's own text mark (`quotePrefix`), so that
it stays text when somebody edits it.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from io import BytesIO
from typing import Any, BinaryIO

import xlsxwriter  # type: ignore[import-untyped]

from chassis.clock import SHANGHAI
from papers.sheets import FORMULA_STARTS, Cell, Column, SheetForm

# Excel holds no more in one cell.
LONGEST_CELL = 32_767
# What Excel holds of a list typed into a validation, of a hint and of its title.
LONGEST_LIST = 255
LONGEST_HINT = 255
LONGEST_HINT_TITLE = 32
# The last row, counted from 0, whose cells offer words to pick from.
LAST_OFFERED = 2_000
Rows = Iterable[Sequence[Cell]]
Formats = dict[str, Any]

_OPTIONS = {
    "constant_memory": True,
    "strings_to_formulas": False,
    "strings_to_urls": False,
    "strings_to_numbers": False,
    "default_date_format": "yyyy-mm-dd",
}


def workbook_bytes(sheets: Iterable[tuple[SheetForm, Rows]], created: datetime) -> bytes:
    """The workbook as bytes. The same sheets and `created` give the same bytes."""
    target = BytesIO()
    write_workbook(target, sheets, created)
    return target.getvalue()


def write_workbook(target: BinaryIO, sheets: Iterable[tuple[SheetForm, Rows]], created: datetime) -> None:
    """Writes each form with its rows to `target`; rows may be a generator, they are taken one at a time."""
    with xlsxwriter.Workbook(target, _OPTIONS) as book:
        book.set_properties({"created": created.replace(tzinfo=None)})
        formats = _formats(book)
        for form, rows in sheets:
            sheet = book.add_worksheet(form.name)
            _write_head(sheet, form, formats["head"])
            for number, row in enumerate(rows, start=1):
                for place, (column, value) in enumerate(zip(form.columns, row, strict=True)):
                    _write_cell(sheet, number, place, column.written(value), formats, column.wrap)


def _formats(book: Any) -> Formats:
    return {
        "head": book.add_format({"bold": True, "bg_color": "#f0f0f0", "bottom": 1, "text_wrap": True}),
        "day": book.add_format({"num_format": "yyyy-mm-dd"}),
        "instant": book.add_format({"num_format": "yyyy-mm-dd hh:mm"}),
        "text": book.add_format({"quote_prefix": True}),
        "wrapped": book.add_format({"text_wrap": True, "valign": "top"}),
        "wrapped text": book.add_format({"quote_prefix": True, "text_wrap": True, "valign": "top"}),
    }


def _write_head(sheet: Any, form: SheetForm, head: Any) -> None:
    sheet.freeze_panes(1, form.still)
    for place, column in enumerate(form.columns):
        sheet.set_column(place, place, column.width)
        sheet.write_string(0, place, column.header, head)
        _offer(sheet, place, column)


def _offer(sheet: Any, place: int, column: Column) -> None:
    """The words of a column as a list to pick from, and its hint; the reader checks again whatever was typed."""
    shown = {"input_title": column.header[:LONGEST_HINT_TITLE], "input_message": column.hint[:LONGEST_HINT]}
    rule: dict[str, Any] = {"validate": "any", **(shown if column.hint else {})}
    words = list(column.words.values())
    if column.pick_from:
        rule |= {"validate": "list", "source": "=" + column.pick_from, "error_type": "information"}
    elif words and len(",".join(words)) <= LONGEST_LIST and not any("," in word for word in words):
        rule |= {"validate": "list", "source": words}
    if len(rule) > 1:
        sheet.data_validation(1, place, LAST_OFFERED, place, rule)


def _write_cell(sheet: Any, row: int, place: int, value: Cell, formats: Formats, wrap: bool) -> None:
    if value is None or value == "":
        return
    if isinstance(value, str):
        text = value[:LONGEST_CELL]
        kind = f"{'wrapped' if wrap else ''} {'text' if text.startswith(FORMULA_STARTS) else ''}".strip()
        sheet.write_string(row, place, text, formats.get(kind))
    elif isinstance(value, datetime):
        local = value.astimezone(SHANGHAI).replace(tzinfo=None)
        sheet.write_datetime(row, place, local, formats["instant"])
    elif isinstance(value, date):
        sheet.write_datetime(row, place, value, formats["day"])
    else:
        sheet.write_number(row, place, int(value))
