"""What a workbook would change: each row is new, different, the same, or refused with its reason.

Pure over a `Book`, the directory as it stands; the book takes each accepted row in, so that later rows may refer to it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from types import MappingProxyType
from typing import Any, get_type_hints

from chassis.errors import Invalid, Refusal
from papers.sheets import Cell
from papers.sheets_read import ReadRow
from services.directory.domain import dated
from services.directory.domain.items import DutyItem, DutyList, ServiceItem, check_limits
from services.directory.domain.people import Official, Post, clashes
from services.directory.domain.tree import Jurisdiction, Unit
from services.directory.workbook.forms import SHEETS, Sheet

Values = Mapping[str, Cell]
SEPARATOR = ";"
# Worked out once: for each row it would cost more than the rest of the row.
_KINDS = MappingProxyType({sheet.resource.cls: get_type_hints(sheet.resource.cls) for sheet in SHEETS})


@dataclass(frozen=True, slots=True)
class Line:
    """One row of the plan. `before` is None for what is new; `refusal` is set for what cannot be taken."""

    sheet: Sheet
    row: int
    key: str
    thing: Any = None
    before: Any = None
    refusal: Refusal | None = None

    @property
    def changes(self) -> bool:
        """Whether the row would write anything."""
        return self.refusal is None and self.thing is not self.before


@dataclass
class Book:
    """The directory in memory: each resource's things by key and by id."""

    reach: Callable[[str, str], bool]
    new_id: Callable[[], str]
    by_key: dict[str, dict[tuple[Cell, ...], Any]] = field(default_factory=lambda: {s.form.name: {} for s in SHEETS})
    by_id: dict[str, Any] = field(default_factory=dict)

    def put(self, sheet: Sheet, thing: Any) -> None:
        """Takes a thing in, in place of one with the same key."""
        self.by_id[thing.id] = thing
        paper = self.paper(sheet, thing)
        self.by_key[sheet.form.name][tuple(paper[name] for name in sheet.key)] = thing

    def paper(self, sheet: Sheet, thing: Any) -> dict[str, Cell]:
        """The thing as its row on paper, by column name."""
        return {column.name: self._cell(thing, column.name) for column in sheet.form.columns}

    def find(self, sheet_name: str, field_name: str, *key: Cell) -> Any:
        """What a row refers to. Raises Invalid REFERENCE_UNKNOWN."""
        found = self.by_key[sheet_name].get(key)
        if found is None:
            raise Invalid("REFERENCE_UNKNOWN", field_name, sheet=sheet_name, key=key[0])
        return found

    def _cell(self, thing: Any, name: str) -> Cell:
        if name == "staff_number" and isinstance(thing, Post):
            return str(self.by_id[thing.official_id].staff_number)
        value = getattr(thing, name)
        if isinstance(value, tuple):
            return SEPARATOR.join(value)
        cell: Cell = getattr(value, "value", value)  # an enum's word, else the value itself
        return cell


def plan(book: Book, sheets: Iterable[tuple[Sheet, list[ReadRow]]]) -> list[Line]:
    """Every row of the workbook against the book, sheet by sheet in the order in which they refer to one another."""
    lines: list[Line] = []
    for sheet, rows in sheets:
        seen: dict[tuple[Cell, ...], int] = {}
        lines += [line for row in rows for line in _lines(book, sheet, row, seen)]
    return _one_head_a_day(book, lines)


def _lines(book: Book, sheet: Sheet, row: ReadRow, seen: dict[tuple[Cell, ...], int]) -> Iterator[Line]:
    label = str(row.values.get(sheet.key[0], ""))
    if row.faults:
        for fault in row.faults:
            yield Line(sheet, row.number, label, refusal=Invalid(fault.reason, fault.field, **fault.params))
        return
    key = tuple(row.values[name] for name in sheet.key)
    try:
        if key in seen:
            raise Invalid("ROW_REPEATED", sheet.key[0], row=seen[key])
        seen[key] = row.number
        before = book.by_key[sheet.form.name].get(key)
        thing = _successor(book, sheet, row.values, before)
        book.put(sheet, thing)
        yield Line(sheet, row.number, label, thing, before)
    except Refusal as refusal:
        yield Line(sheet, row.number, label, refusal=_with_header(sheet, refusal))


def _successor(book: Book, sheet: Sheet, values: Values, before: Any) -> Any:
    """What the row makes of the thing it names: the same object if it says nothing new."""
    cls = sheet.resource.cls
    id, version = (before.id, before.version) if before is not None else (book.new_id(), 1)
    thing = _built(cls, values, book, id, version)
    dated.check_term(thing)
    if not book.reach(thing.unit_path, thing.jurisdiction_path):
        raise Invalid("ROW_OUTSIDE_YOUR_REACH", sheet.key[0])
    if before is None:
        return thing
    if thing == before:
        return before
    if thing.valid_from < before.valid_from:
        raise Invalid("CHANGE_BEFORE_THE_LAST", "valid_from", last=before.valid_from)
    return replace(thing, version=before.version + 1)


def _built(cls: type[Any], values: Values, book: Book, id: str, version: int) -> Any:
    kinds = _KINDS[cls]
    known: dict[str, Any] = {name: value for name, value in values.items() if name in kinds}
    if "kind" in kinds:
        known["kind"] = kinds["kind"](values["kind"])
    known.update(_RESOLVED[cls](values, book))
    thing = cls(id=id, version=version, **known)
    if isinstance(thing, ServiceItem):
        check_limits(thing)
    return thing


def _of_jurisdiction(values: Values, book: Book) -> dict[str, Any]:
    above = dated.parent(str(values["jurisdiction_path"]))
    if above:
        book.find("辖区", "jurisdiction_path", above)
    return {"unit_path": ""}


def _of_unit(values: Values, book: Book) -> dict[str, Any]:
    path, jurisdiction = str(values["unit_path"]), str(values["jurisdiction_path"])
    book.find("辖区", "jurisdiction_path", jurisdiction)
    above = dated.parent(path)
    if not dated.under(above, jurisdiction) or (path,) in book.by_key["辖区"]:
        raise Invalid("PATH_NOT_UNDER_JURISDICTION", "unit_path")
    if above == jurisdiction:
        return {"parent_id": ""}
    parent: Unit = book.find("单位", "unit_path", above)
    if parent.jurisdiction_path != jurisdiction:
        raise Invalid("PATH_NOT_UNDER_JURISDICTION", "unit_path")
    return {"parent_id": parent.id}


def _in_unit(values: Values, book: Book) -> dict[str, Any]:
    unit: Unit = book.find("单位", "unit_path", values["unit_path"])
    return {"jurisdiction_path": unit.jurisdiction_path, "unit_id": unit.id}


def _of_official(values: Values, book: Book) -> dict[str, Any]:
    unit: Unit = book.find("单位", "unit_path", values["unit_path"])
    return _in_unit(values, book) | {"management_line": unit.management_line}


def _of_post(values: Values, book: Book) -> dict[str, Any]:
    official: Official = book.find("工作人员", "staff_number", values["staff_number"])
    paths = tuple(part.strip() for part in str(values["in_charge_of"]).split(SEPARATOR) if part.strip())
    sections = tuple(book.find("单位", "in_charge_of", path).id for path in paths)
    return _in_unit(values, book) | {"official_id": official.id, "in_charge_of": paths, "section_ids": sections}


def _of_list(values: Values, book: Book) -> dict[str, Any]:
    return {"jurisdiction_path": _in_unit(values, book)["jurisdiction_path"]}


def _of_list_item(values: Values, book: Book) -> dict[str, Any]:
    parent: DutyList = book.find("清单", "list_code", values["list_code"])
    return {"unit_path": parent.unit_path, "jurisdiction_path": parent.jurisdiction_path}


_RESOLVED: Mapping[type[Any], Callable[[Values, Book], dict[str, Any]]] = MappingProxyType(
    {
        Jurisdiction: _of_jurisdiction,
        Unit: _of_unit,
        Official: _of_official,
        Post: _of_post,
        DutyList: _of_list,
        DutyItem: _of_list_item,
        ServiceItem: _in_unit,
    }
)


def _one_head_a_day(book: Book, lines: list[Line]) -> list[Line]:
    """Refuses the rows that would give a unit two heads on one day."""
    wrong: dict[str, Post] = {}
    for one, two in clashes(thing for thing in book.by_key["岗位"].values()):
        wrong[one.id], wrong[two.id] = two, one
    return [_refused(line, wrong) if line.changes and line.thing.id in wrong else line for line in lines]


def _refused(line: Line, wrong: Mapping[str, Post]) -> Line:
    other = wrong[line.thing.id]
    refusal = Invalid("HEAD_ALREADY_THERE", "生效日期", unit=other.unit_path, since=other.valid_from)
    return replace(line, thing=None, before=None, refusal=refusal)


def _with_header(sheet: Sheet, refusal: Refusal) -> Refusal:
    """The refusal with the column's header in place of the field's name."""
    headers = {column.name: column.header for column in sheet.form.columns}
    refusal.field = headers.get(refusal.field, refusal.field)
    return refusal


def differences(book: Book, line: Line) -> list[tuple[str, str, str]]:
    """Header, before and after of each cell the row would change."""
    after = book.paper(line.sheet, line.thing)
    before = book.paper(line.sheet, line.before) if line.before is not None else {}
    return [
        (column.header, shown(column.written(before.get(column.name))), shown(column.written(after[column.name])))
        for column in line.sheet.form.columns
        if before.get(column.name) != after[column.name]
        and (line.before is not None or after[column.name] not in ("", None))
    ]


def shown(value: Cell) -> str:
    """A cell as text for a report."""
    if value is None:
        return ""
    return value.isoformat() if isinstance(value, date) else str(value)
