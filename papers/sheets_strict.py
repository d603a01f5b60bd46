"""Reads a workbook in which nothing may be wrong, and lists everything that is, cell by cell.

For tables that are taken whole or not at all. Besides what `sheets_read` refuses, merged cells, stray spaces and cells
outside the table are faults: what a person sees in such a cell is not what a reader gets.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from chassis.errors import Invalid
from papers.sheets import Cell, CellFault, Column, SheetForm
from papers.sheets_read import Bounds, check_parts, opened, read_cell

_MERGED = re.compile(rb"<(?:\w+:)?mergeCell\s[^>]*?\bref\s*=\s*[\"']([A-Z]{1,3}\d{1,7}(?::[A-Z]{1,3}\d{1,7})?)[\"']")
# Spaces nobody sees: no-break, zero-width, the mark at the start of a text file.
_UNSEEN = re.compile("[\u00a0\u200b-\u200f\u2028\u2029\u2060\ufeff]")


@dataclass(frozen=True, slots=True)
class SheetFault:
    """One thing wrong: the sheet, the row as Excel numbers it (0: the whole sheet), the cell's address, the reason."""

    sheet: str
    row: int
    cell: str
    field: str
    reason: str
    params: dict[str, str]


@dataclass(frozen=True, slots=True)
class TypedSheet:
    """A sheet as it was typed on a page: its heads, and its rows with a text for each head."""

    name: str
    heads: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


@dataclass(frozen=True, slots=True)
class _Typed:
    """A cell of a page: a text, never a formula."""

    value: str | None
    data_type: str = "typed"


@dataclass(slots=True)
class Line:
    """One row: its values by column name, and the addresses of its cells. A faulty cell has no value."""

    sheet: str
    number: int
    values: dict[str, Cell] = field(default_factory=dict)
    addresses: dict[str, str] = field(default_factory=dict)


def read_strictly(
    content: bytes, forms: Sequence[SheetForm], bounds: Bounds, aside: Collection[str] = (), optional: Collection[str] = ()
) -> tuple[dict[str, list[Line]], list[SheetFault]]:
    """Every sheet of `forms` with its rows, and every fault. Sheets named `aside` are not looked at.

    Raises Invalid for a file that is no workbook or too large a one: WORKBOOK_TOO_LARGE, WORKBOOK_UNREADABLE,
    WORKBOOK_TOO_MANY_ROWS.
    """
    check_parts(content, bounds)
    book = opened(content)
    faults: list[SheetFault] = []
    try:
        known = [form.name for form in forms]
        for name in book.sheetnames:
            if name not in known and name not in aside:
                faults.append(_of_sheet(name[:40], "WORKBOOK_SHEET_UNKNOWN", sheet=name[:40], sheets="、".join(known)))
        lines: dict[str, list[Line]] = {}
        left = bounds.rows
        for form in forms:
            if form.name in book.sheetnames:
                lines[form.name] = _guarded(book, form, bounds, left, faults)
                left -= len(lines[form.name])
            elif form.name not in optional:
                faults.append(_of_sheet(form.name, "WORKBOOK_SHEET_MISSING", sheet=form.name))
        return lines, faults
    finally:
        book.close()


def read_typed(
    sheets: Sequence[TypedSheet], forms: Sequence[SheetForm], bounds: Bounds, optional: Collection[str] = ()
) -> tuple[dict[str, list[Line]], list[SheetFault]]:
    """The same of sheets that were typed: every sheet of `forms` with its rows, and every fault.

    Raises Invalid WORKBOOK_TOO_MANY_ROWS.
    """
    if sum(len(sheet.rows) for sheet in sheets) > bounds.rows:
        raise Invalid("WORKBOOK_TOO_MANY_ROWS", "sheets", most=bounds.rows)
    known = {form.name: form for form in forms}
    faults: list[SheetFault] = []
    lines: dict[str, list[Line]] = {}
    for sheet in sheets:
        if sheet.name not in known or sheet.name in lines:
            faults.append(_of_sheet(sheet.name[:40], "WORKBOOK_SHEET_UNKNOWN", sheet=sheet.name, sheets="、".join(known)))
            continue
        form, rows = known[sheet.name], [tuple(_Typed(text or None) for text in row) for row in (sheet.heads, *sheet.rows)]
        columns = _columns(form, rows[0], faults)
        numbered = [(number, cells) for number, cells in enumerate(rows[1:], start=2) if any(cell.value for cell in cells)]
        lines[form.name] = [_line(form, columns, number, cells, faults) for number, cells in numbered]
    missing = [name for name in known if name not in lines and name not in optional]
    return lines, faults + [_of_sheet(name, "WORKBOOK_SHEET_MISSING", sheet=name) for name in missing]


def _of_sheet(name: str, reason: str, /, **params: str) -> SheetFault:
    return SheetFault(name, 0, "", "", reason, params)


def _guarded(book: Any, form: SheetForm, bounds: Bounds, left: int, faults: list[SheetFault]) -> list[Line]:
    try:
        sheet = book[form.name]
        faults += _merged(book, sheet, form)
        return list(_lines(sheet, form, bounds, left, faults))
    except Invalid:
        raise
    except Exception as wrong:  # openpyxl raises whatever its parsers meet in a broken part
        raise Invalid("WORKBOOK_UNREADABLE", "workbook") from wrong


def _merged(book: Any, sheet: Any, form: SheetForm) -> Iterator[SheetFault]:
    """Merged cells, which a streaming reader does not tell of: they are looked for in the part itself."""
    part: bytes = book._archive.read(sheet._worksheet_path)
    for found in _MERGED.finditer(part):
        area = found[1].decode()
        first = area.partition(":")[0]
        row = int(first.lstrip("ABCDEFGHIJKLMNOPQRSTUVWXYZ"))
        yield SheetFault(form.name, row, first, "", "CELL_MERGED", {"area": area})


def _lines(sheet: Any, form: SheetForm, bounds: Bounds, left: int, faults: list[SheetFault]) -> Iterator[Line]:
    sheet.reset_dimensions()  # what the file claims about its size is not believed
    rows = sheet.iter_rows(max_col=bounds.columns)
    columns = _columns(form, next(rows, ()), faults)
    taken = 0
    # A file may number its rows as it likes: the gaps are counted too, so that they end as well.
    for number, cells in enumerate(rows, start=2):
        filled = any(cell.value is not None for cell in cells)
        taken += filled
        if number > bounds.rows * 2 or taken > left:
            raise Invalid("WORKBOOK_TOO_MANY_ROWS", "workbook", most=bounds.rows)
        if filled:
            yield _line(form, columns, number, cells, faults)


def _columns(form: SheetForm, head: Sequence[Any], faults: list[SheetFault]) -> dict[int, Column]:
    """The column of the form that stands at each place. Columns may stand in any order."""
    by_header = {column.header: column for column in form.columns}
    found: dict[int, Column] = {}
    for place, cell in enumerate(head):
        if cell.value is None:
            continue
        header = str(cell.value)
        column = by_header.get(header)
        params = {"sheet": form.name, "column": header[:40]}
        if column is None:
            faults.append(SheetFault(form.name, 1, address(place, 1), header[:40], "WORKBOOK_COLUMN_UNKNOWN", params))
        elif column in found.values():
            faults.append(SheetFault(form.name, 1, address(place, 1), header, "WORKBOOK_COLUMN_TWICE", params))
        else:
            found[place] = column
    for column in form.columns:
        if column not in found.values():
            params = {"sheet": form.name, "column": column.header}
            faults.append(SheetFault(form.name, 1, "", column.header, "WORKBOOK_COLUMN_MISSING", params))
    return found


def _line(form: SheetForm, columns: dict[int, Column], number: int, cells: Sequence[Any], faults: list[SheetFault]) -> Line:
    line = Line(form.name, number)
    for place in range(max(len(cells), *columns, 0) + 1 if columns else len(cells)):
        cell = cells[place] if place < len(cells) else None
        column, where = columns.get(place), address(place, number)
        try:
            if column is not None:
                line.addresses[column.name] = where
                line.values[column.name] = _value(column, cell)
            elif cell is not None and cell.value is not None:
                raise CellFault("CELL_OUTSIDE_THE_TABLE")
        except CellFault as fault:
            header = column.header if column else ""
            faults.append(SheetFault(form.name, number, where, header, fault.reason, fault.params))
    return line


def _value(column: Column, cell: Any) -> Cell:
    if cell is not None and isinstance(cell.value, str) and cell.data_type != "f":
        text = cell.value
        if text != text.strip() or _UNSEEN.search(text):
            raise CellFault("CELL_HAS_STRAY_SPACES")
        if cell.data_type == "typed":
            return column.read(text)
    return read_cell(column, cell)


def address(place: int, row: int) -> str:
    """The address of a cell as Excel writes it: column counted from 0, row from 1."""
    letters = ""
    place += 1
    while place:
        place, digit = divmod(place - 1, 26)
        letters = chr(65 + digit) + letters
    return f"{letters}{row}"
