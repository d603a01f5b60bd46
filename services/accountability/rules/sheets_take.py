"""A rule workbook read back: the same table, or the list of everything wrong in it, by sheet, row and cell.

First each cell is read for itself; then the whole is read as any pack is, and what that finds is led back to its cell.
A cell already at fault is told of once. Nothing is guessed: a space too many is a fault.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any

from papers.sheets import CellFault
from papers.sheets_read import Bounds
from papers.sheets_strict import Line, SheetFault, TypedSheet, read_strictly, read_typed
from services.accountability.rules.faults import Fault, PackFaulty
from services.accountability.rules.measures import Catalogue
from services.accountability.rules.read import read_pack
from services.accountability.rules.sheets_forms import CIRCUMSTANCE, CONDUCT, GOLDEN, HELP, INSTRUMENT, ROW, forms_read
from services.accountability.rules.sheets_lines import conduct_table, golden_table, picked_table, row_table
from services.accountability.rules.sheets_words import SIDE, Words
from services.accountability.rules.table import Pack
from services.accountability.rules.write import Document, pack_text, toml_text

# What is still opened, so that no file can fill the memory: a table of a few hundred rows with its examples takes less than
# a tenth of it.
BOUNDS = Bounds(packed=4_000_000, unpacked=32_000_000, parts=100, rows=4_000, columns=40)
_GOLDEN_FIELD = re.compile(r"golden\.(\d+)(?:\.(?:facts|says)\.(\w+))?.*")
_SHEET_OF = {"conduct": CONDUCT, "circumstance": CIRCUMSTANCE, "row": ROW, "instrument": INSTRUMENT, "version": INSTRUMENT}


@dataclass(frozen=True, slots=True)
class Places:
    """Where in the workbook each part of the pack stands."""

    lines: dict[str, list[Line]]

    def located(self, fault: Fault) -> Fault:
        """The fault with its sheet, row and cell; the sheet alone if it is about no cell."""
        sheet, line, column = self._place(fault)
        if line is None:
            return replace(fault, sheet=sheet)
        column = "source_mark" if column == "source" else column
        cell = line.addresses.get(column) or next(iter(line.addresses.values()), "")
        return replace(fault, sheet=sheet, line=line.number, cell=cell)

    def _place(self, fault: Fault) -> tuple[str, Line | None, str]:
        if fault.row:
            return ROW, self._by(ROW, "id", fault.row), "id" if fault.field == "row" else fault.field
        found = _GOLDEN_FIELD.fullmatch(fault.field)
        if found:
            goldens = self.lines.get(GOLDEN, [])
            place = int(found[1]) - 1
            return GOLDEN, goldens[place] if place < len(goldens) else None, found[2] or "zh"
        kind, _, word = fault.field.partition(".")
        sheet = _SHEET_OF.get(kind, INSTRUMENT)
        if sheet == INSTRUMENT:
            return sheet, next(iter(self.lines.get(sheet, [])), None), word
        return sheet, self._by(sheet, "word", word), "word"

    def _by(self, sheet: str, column: str, value: str) -> Line | None:
        return next((line for line in self.lines.get(sheet, []) if line.values.get(column) == value), None)


def read_workbook_pack(content: bytes, catalogue: Catalogue, appeals: Sequence[str]) -> tuple[Pack, str, Places]:
    """The table of a workbook with its canonical text, and where its parts stand.

    Raises PackFaulty with every fault, or Invalid WORKBOOK_TOO_LARGE, WORKBOOK_UNREADABLE, WORKBOOK_TOO_MANY_ROWS for a
    file nobody can open.
    """
    lines, found = read_strictly(content, forms_read(), BOUNDS, aside=(HELP,), optional=(CIRCUMSTANCE, GOLDEN))
    return _taken(lines, found, catalogue, appeals, "workbook")


def read_typed_pack(sheets: Sequence[TypedSheet], catalogue: Catalogue, appeals: Sequence[str]) -> tuple[Pack, str, Places]:
    """The same of sheets that were typed on a page; rows are numbered as in a workbook.

    Raises PackFaulty with every fault, or Invalid WORKBOOK_TOO_MANY_ROWS.
    """
    lines, found = read_typed(sheets, forms_read(), BOUNDS, optional=(CIRCUMSTANCE, GOLDEN))
    return _taken(lines, found, catalogue, appeals, "sheets")


def _taken(
    lines: dict[str, list[Line]], found: list[SheetFault], catalogue: Catalogue, appeals: Sequence[str], given: str
) -> tuple[Pack, str, Places]:
    places = Places(lines)
    taking = _Taking(lines, _words(lines, catalogue, appeals))
    whole = taking.document()
    faults = [_of_sheet(fault, lines) for fault in found] + taking.faults
    seen = {(fault.sheet, fault.line, fault.cell) for fault in faults}
    if faults:
        whole.pop("golden", None)  # what the examples say can be compared with a whole table only
    try:
        pack = read_pack(toml_text(whole), catalogue, appeals)
    except PackFaulty as faulty:
        later = [places.located(fault) for fault in faulty.faults if fault.reason != "ID_TWICE" or not faults]
        faults += [fault for fault in later if (fault.sheet, fault.line, fault.cell) not in seen]
        raise PackFaulty(_in_order(faults), given) from None
    if faults:
        raise PackFaulty(_in_order(faults), given)
    text = pack_text(pack)
    return read_pack(text, catalogue, appeals), text, places


def _words(lines: dict[str, list[Line]], catalogue: Catalogue, appeals: Sequence[str]) -> Words:
    """The words this workbook declares itself, as far as they can be read."""

    def declared(sheet: str, side: str = "") -> dict[str, str]:
        of_side = [one.values for one in lines.get(sheet, []) if not side or one.values.get("column") == side]
        return {str(one["word"]): str(one["zh"]) for one in of_side if one.get("word") and one.get("zh")}

    sides = {side: declared(CIRCUMSTANCE, word) for side, word in SIDE.items()}
    return Words(catalogue, appeals, declared(CONDUCT), sides)


class _Taking:
    """Turns the lines into the data of a pack, noting what cannot be."""

    def __init__(self, lines: dict[str, list[Line]], words: Words) -> None:
        self.lines = lines
        self.words = words
        self.faults: list[Fault] = []

    def document(self) -> Document:
        """The pack as data. A cell at fault is left out, or stands as a dash where that lets the rest be read."""
        self._once(CONDUCT, "word", "zh")
        self._once(CIRCUMSTANCE, "word", "zh")
        self._once(ROW, "id")
        self._once(GOLDEN, "zh")
        head = self._head()
        whole: Document = {
            "instrument": {name: head.get(name, "") for name in ("key", "title", "issuer", "number", "jurisdiction")},
            "version": {name: head[name] for name in ("label", "valid_from", "valid_to") if head.get(name)},
            "conduct": [self._table(conduct_table, line) for line in self.lines.get(CONDUCT, [])],
            "circumstance": [self._table(picked_table, line) for line in self.lines.get(CIRCUMSTANCE, [])],
            "row": [self._table(row_table, line) for line in self.lines.get(ROW, [])],
            "golden": [self._table(golden_table, line) for line in self.lines.get(GOLDEN, [])],
        }
        self._examples_name_rows()
        return {key: value for key, value in whole.items() if value != []}

    def _head(self) -> dict[str, Any]:
        lines = self.lines.get(INSTRUMENT, [])
        if INSTRUMENT in self.lines and not lines:
            self.faults.append(Fault("", "instrument", "MISSING_KEY", sheet=INSTRUMENT))
        for line in lines[1:]:
            self._note(line, "key", CellFault("ONE_ROW_ONLY"))
        return dict(lines[0].values) if lines else {}

    def _table(self, read: Callable[[Line, Words, Callable[..., None]], Document], line: Line) -> Document:
        return read(line, self.words, self._note)

    def _examples_name_rows(self) -> None:
        ids = {line.values.get("id") for line in self.lines.get(ROW, [])}
        for line in self.lines.get(GOLDEN, []):
            for name in ("fires", "off"):
                named = str(line.values.get(name) or "")
                for id in named.split("、") if named else ():
                    if id not in ids:
                        self._note(line, name, CellFault("UNKNOWN_WORD", word=id[:60]))

    def _once(self, sheet: str, *columns: str) -> None:
        for column in columns:
            seen: set[object] = set()
            for line in self.lines.get(sheet, []):
                value = line.values.get(column)
                if value and value in seen:
                    self._note(line, column, CellFault("ID_TWICE", id=value))
                seen.add(value)

    def _note(self, line: Line, column: str, fault: CellFault) -> None:
        row = str(line.values.get("id") or "") if line.sheet == ROW else ""
        where = (line.sheet, line.number, line.addresses.get(column, ""))
        self.faults.append(Fault(row, column, fault.reason, fault.params, True, *where))


def _of_sheet(fault: SheetFault, lines: dict[str, list[Line]]) -> Fault:
    """A fault of the file, with the id of its row and the column's name where they are known."""
    line = next((one for one in lines.get(fault.sheet, []) if one.number == fault.row), None)
    row = str(line.values.get("id") or "") if line and fault.sheet == ROW else ""
    names = {address: name for name, address in line.addresses.items()} if line else {}
    column = names.get(fault.cell, fault.field)
    return Fault(row, column, fault.reason, fault.params, True, fault.sheet, fault.row, fault.cell)


def _in_order(faults: list[Fault]) -> list[Fault]:
    """As a person goes through the file: sheet by sheet, row by row, cell by cell."""
    sheets = (INSTRUMENT, CONDUCT, CIRCUMSTANCE, ROW, GOLDEN)

    def place(fault: Fault) -> tuple[int, int, int, str]:
        sheet = sheets.index(fault.sheet) if fault.sheet in sheets else -1
        return sheet, fault.line, len(fault.cell), fault.cell

    return sorted(faults, key=place)
