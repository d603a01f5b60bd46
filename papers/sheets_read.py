"""Reads XLSX files from strangers.

Before anything is parsed: the size of the file, the number of its parts, and their unpacked size counted while
unpacking (the sizes a zip claims are not believed), no macros, no encryption, no document type declarations (an XML
bomb needs one). While parsing: rows and columns are bounded, and a formula is a fault of its cell, because what a
formula shows was computed elsewhere.
"""

from __future__ import annotations

import zlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from io import BytesIO
from typing import Any
from zipfile import BadZipFile, LargeZipFile, ZipFile, ZipInfo

from chassis.errors import Invalid
from papers.sheets import Cell, CellFault, Column, SheetForm

_CHUNK = 1 << 16
_ENCRYPTED = 0x1


@dataclass(frozen=True, slots=True)
class Bounds:
    """How much a file may hold. Bytes; `parts` are files inside the zip, `columns` per sheet, `rows` over all."""

    packed: int = 4_000_000
    unpacked: int = 64_000_000
    parts: int = 200
    rows: int = 60_000
    columns: int = 64


@dataclass(frozen=True, slots=True)
class Fault:
    """One cell that cannot be taken, by the header of its column."""

    field: str
    reason: str
    params: dict[str, str]


@dataclass(frozen=True, slots=True)
class ReadRow:
    """One row as Excel numbers it, its values by column name, its faults. With faults the values are incomplete."""

    sheet: str
    number: int
    values: dict[str, Cell]
    faults: tuple[Fault, ...]


def read_workbook(content: bytes, forms: Sequence[SheetForm], bounds: Bounds) -> Iterator[tuple[SheetForm, list[ReadRow]]]:
    """Yields each form whose sheet is there with its rows, in the order of `forms`; empty rows are left out.

    Raises Invalid: WORKBOOK_TOO_LARGE, WORKBOOK_UNREADABLE, WORKBOOK_SHEET_UNKNOWN, WORKBOOK_COLUMN_MISSING,
    WORKBOOK_COLUMN_UNKNOWN, WORKBOOK_TOO_MANY_ROWS, WORKBOOK_EMPTY.
    """
    check_parts(content, bounds)
    book = opened(content)
    try:
        known = {form.name for form in forms}
        for name in book.sheetnames:
            if name not in known:
                raise Invalid("WORKBOOK_SHEET_UNKNOWN", "workbook", sheet=name[:40], sheets="、".join(f.name for f in forms))
        left = bounds.rows
        for form in forms:
            if form.name in book.sheetnames:
                rows = _read_sheet(book[form.name], form, bounds, left)
                left -= len(rows)
                yield form, rows
    finally:
        book.close()


def opened(content: bytes) -> Any:
    """The book, its cells not yet read. Raises Invalid WORKBOOK_UNREADABLE."""
    from openpyxl import load_workbook  # read late: it would be a fifth of every process's start

    try:
        return load_workbook(BytesIO(content), read_only=True, data_only=False, keep_links=False)
    except Invalid:
        raise
    except Exception as wrong:  # openpyxl raises whatever its parsers meet in a broken file
        raise Invalid("WORKBOOK_UNREADABLE", "workbook") from wrong


def check_parts(content: bytes, bounds: Bounds) -> None:
    """Refuses what is no zip, or too much of one, before anything in it is parsed. Raises Invalid."""
    if len(content) > bounds.packed:
        raise Invalid("WORKBOOK_TOO_LARGE", "workbook", most=bounds.packed)
    try:
        with ZipFile(BytesIO(content)) as archive:
            parts = archive.infolist()
            if len(parts) > bounds.parts:
                raise Invalid("WORKBOOK_TOO_LARGE", "workbook", most=bounds.parts)
            left = bounds.unpacked
            for part in parts:
                left -= _unpacked_size(archive, part, left)
    except (BadZipFile, LargeZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError, ValueError, OSError) as wrong:
        raise Invalid("WORKBOOK_UNREADABLE", "workbook") from wrong


def _unpacked_size(archive: ZipFile, part: ZipInfo, most: int) -> int:
    """Unpacks a part without keeping it; stops as soon as it is more than `most` bytes."""
    if part.flag_bits & _ENCRYPTED or part.filename.lower().endswith("vbaproject.bin"):
        raise Invalid("WORKBOOK_UNREADABLE", "workbook")
    size, tail = 0, b""
    with archive.open(part) as stream:
        while chunk := stream.read(_CHUNK):
            size += len(chunk)
            if size > most:
                raise Invalid("WORKBOOK_TOO_LARGE", "workbook", most=most)
            # Nulls are dropped so that a declaration in UTF-16 is seen too.
            seen = (tail + chunk).replace(b"\0", b"")
            if b"<!DOCTYPE" in seen or b"<!ENTITY" in seen:
                raise Invalid("WORKBOOK_UNREADABLE", "workbook")
            tail = seen[-16:]
    return size


def _read_sheet(sheet: Any, form: SheetForm, bounds: Bounds, left: int) -> list[ReadRow]:
    sheet.reset_dimensions()  # what the file claims about its size is not believed
    rows: list[ReadRow] = []
    try:
        lines = sheet.iter_rows(max_col=bounds.columns)
        columns = _columns(form, next(lines, ()))
        # A file may number its rows as it likes: lines counts the gaps too, so that they end as well.
        for lines_seen, cells in enumerate(lines, start=1):
            if lines_seen > bounds.rows * 2 or len(rows) > left:
                raise Invalid("WORKBOOK_TOO_MANY_ROWS", "workbook", most=bounds.rows)
            if any(cell.value is not None for cell in cells):
                rows.append(_read_row(form, columns, lines_seen + 1, cells))
    except Invalid:
        raise
    except Exception as wrong:  # as above: a broken part
        raise Invalid("WORKBOOK_UNREADABLE", "workbook") from wrong
    if len(rows) > left:
        raise Invalid("WORKBOOK_TOO_MANY_ROWS", "workbook", most=bounds.rows)
    return rows


def _columns(form: SheetForm, head: Sequence[Any]) -> dict[str, int]:
    """Where each column of the form stands. Columns may stand in any order; one too few or too many is refused."""
    places = {str(cell.value).strip(): place for place, cell in enumerate(head) if cell.value is not None}
    for column in form.columns:
        if column.header not in places:
            raise Invalid("WORKBOOK_COLUMN_MISSING", "workbook", sheet=form.name, column=column.header)
    for header in places:
        if header not in form.headers:
            raise Invalid("WORKBOOK_COLUMN_UNKNOWN", "workbook", sheet=form.name, column=header[:40])
    return {column.name: places[column.header] for column in form.columns}


def _read_row(form: SheetForm, columns: dict[str, int], number: int, cells: Sequence[Any]) -> ReadRow:
    values: dict[str, Cell] = {}
    faults: list[Fault] = []
    for column in form.columns:
        place = columns[column.name]
        try:
            values[column.name] = read_cell(column, cells[place] if place < len(cells) else None)
        except CellFault as fault:
            faults.append(Fault(column.header, fault.reason, fault.params))
    return ReadRow(form.name, number, values, tuple(faults))


def read_cell(column: Column, cell: Any) -> Cell:
    """The value of a cell of the file. Raises CellFault."""
    if cell is None:
        return column.read(None)
    if cell.data_type == "f":
        raise CellFault("CELL_IS_A_FORMULA")
    if cell.data_type == "e":
        raise CellFault("CELL_IS_AN_ERROR")
    from openpyxl.utils.escape import unescape

    # Excel writes characters XML cannot hold as _x0007_, and an underscore that would look like that as _x005F_.
    return column.read(unescape(cell.value) if isinstance(cell.value, str) else cell.value)
