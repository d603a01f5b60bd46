"""Builds the demonstration city as rows of the directory's workbook: units, people with their posts, items, lists.

Everything follows from city.toml and a seed, so that the city is the same everywhere and every time.
"""

from __future__ import annotations

import itertools
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

from papers.sheets import Cell
from papers.sheets_write import workbook_bytes
from services.directory.workbook.forms import SHEETS
from suite.demo.names import invented_names

SOURCE = Path(__file__).with_name("city.toml")
OFFICIALS = 400
WRITTEN = datetime(2026, 1, 1, tzinfo=UTC)

# The days the city's history turns on.
FOUNDED = date(2001, 1, 1)
REFORMED = date(2019, 3, 1)  # units and sections as they are now
ROTATED = date(2023, 6, 1)  # heads of bureaus changed places
PROMOTED = date(2024, 3, 1)  # section heads became deputies

GENERAL_BASIS = "《中华人民共和国行政许可法》第四十二条"


@dataclass
class Rows:
    """The rows of each sheet by column name, in the order in which they are written."""

    sheets: dict[str, list[dict[str, Cell]]] = field(default_factory=lambda: {s.form.name: [] for s in SHEETS})

    def add(self, sheet: str, valid_from: date, valid_to: date | None = None, **cells: Cell) -> None:
        """One row more."""
        self.sheets[sheet].append({**cells, "valid_from": valid_from, "valid_to": valid_to})


@dataclass(frozen=True)
class Bureau:
    """One bureau of city.toml in its place."""

    path: str
    jurisdiction: str
    name: str
    of: dict[str, Any]
    in_city: bool

    @property
    def enterprise(self) -> bool:
        """Whether its staff are an enterprise's."""
        return self.of.get("kind") == "enterprise"

    @property
    def sections(self) -> list[tuple[str, str]]:
        """Path and name of each section."""
        return [(f"{self.path}/{slug}", name) for slug, name in self.of["sections"]]

    @property
    def window(self) -> tuple[str, str] | None:
        """Path and name of its window in the service hall."""
        return (f"{self.path}/{self.of['window'][0]}", self.of["window"][1]) if "window" in self.of else None


@dataclass
class People:
    """Hands out people with staff numbers and writes them down."""

    rows: Rows
    names: Iterator[str]
    count: int = 0

    def hire(self, unit_path: str, kind: str, rank: str, joined: date) -> str:
        """One official more; the staff number."""
        self.count += 1
        number = f"QH{self.count:05d}"
        self.rows.add(
            "工作人员", joined, staff_number=number, name=next(self.names), kind=kind, unit_path=unit_path, rank=rank
        )
        return number

    def post(
        self, number: str, unit_path: str, kind: str, title: str, since: date, until: date | None = None, care: str = ""
    ) -> None:
        """One post held by an official."""
        held = {"staff_number": number, "unit_path": unit_path, "kind": kind, "title": title, "in_charge_of": care}
        self.rows.add("岗位", since, until, **held)


def read_city() -> dict[str, Any]:
    """The description of the city."""
    return tomllib.loads(SOURCE.read_text(encoding="utf-8"))


def build_workbook() -> bytes:
    """The city as a workbook that ImportDirectory reads; the same bytes every time."""
    rows = build_rows().sheets
    sheets = (
        (sheet.form, ([row.get(column.name) for column in sheet.form.columns] for row in rows[sheet.form.name]))
        for sheet in SHEETS
    )
    return workbook_bytes(sheets, WRITTEN)


def build_rows() -> Rows:
    """The city row by row."""
    city = read_city()
    rows = Rows()
    people = People(rows, invented_names(city["rare_names"]["names"]))
    _add_jurisdictions(rows, city)
    staffed = bureaus(city)
    heads = []
    for number, bureau in enumerate(staffed):
        _add_units(rows, bureau)
        heads.append(_add_people(people, bureau, number))
        _add_items(rows, bureau)
    _rotate_heads(people, staffed, heads)
    _fill_up(people, staffed)
    return rows


def bureaus(city: dict[str, Any]) -> list[Bureau]:
    """The bureaus of the city, then those of each district."""
    top = f"/{city['city']['slug']}"
    found = [Bureau(f"{top}/{of['slug']}", top, _full(city["city"]["name"], of["name"]), of, True) for of in city["bureau"]]
    for district, of in itertools.product(city["district"], city["district_bureau"]):
        place = f"{top}/{district['slug']}"
        found.append(Bureau(f"{place}/{of['slug']}", place, district["name"] + of["name"], of, False))
    return found


def _full(city: str, name: str) -> str:
    """市民政局 is 清河市民政局; a name that does not begin with 市 is whole already."""
    return city + name.removeprefix("市") if name.startswith("市") else name


def _add_jurisdictions(rows: Rows, city: dict[str, Any]) -> None:
    top = f"/{city['city']['slug']}"
    rows.add("辖区", FOUNDED, jurisdiction_path=top, name=city["city"]["name"], kind="city")
    for district in city["district"]:
        rows.add("辖区", FOUNDED, jurisdiction_path=f"{top}/{district['slug']}", name=district["name"], kind="district")
    for town in city["town"]:
        path = f"{top}/{town['district']}/{town['slug']}"
        rows.add("辖区", FOUNDED, jurisdiction_path=path, name=town["name"], kind="town")


def _add_units(rows: Rows, bureau: Bureau) -> None:
    line = bureau.of.get("line", "")
    common = {"jurisdiction_path": bureau.jurisdiction, "management_line": line}
    kind = bureau.of.get("kind", "bureau")
    rows.add("单位", REFORMED, unit_path=bureau.path, name=bureau.name, short_name=bureau.of["short"], kind=kind, **common)
    for path, name in bureau.sections:
        rows.add("单位", REFORMED, unit_path=path, name=name, kind="section", **common)
    if bureau.window:
        path, name = bureau.window
        rows.add("单位", REFORMED, unit_path=path, name=name, kind="window", **common)


def _add_people(people: People, bureau: Bureau, number: int) -> str:
    """Head, deputies, a further member of the leading group, section heads, handlers; the head's staff number."""
    kind = "soe_manager" if bureau.enterprise else "civil_servant"
    high, low, ordinary = _ranks(bureau)
    joined = date(2003 + number % 9, 7, 1)
    title = bureau.of.get("head", "局长")
    head = people.hire(bureau.path, kind, high, joined)
    since = ROTATED if number < 6 else date(2021 + number % 3, 1 + number % 12, 10)
    people.post(head, bureau.path, "unit_head", title, since)
    deputies = [people.hire(bureau.path, kind, low, joined.replace(year=joined.year + 2)) for _ in range(1 + bureau.in_city)]
    _place_deputies(people, bureau, deputies)
    if bureau.in_city and bureau.window:
        member = people.hire(bureau.path, kind, low, joined)
        people.post(member, bureau.path, "leading_group", "党组成员", REFORMED)
    for path, name in bureau.sections:
        _staff_section(people, bureau, path, name, ordinary, "office" in bureau.of.get("kind", ""))
    if bureau.window:
        _staff_window(people, bureau, bureau.window[0])
    return head


def _ranks(bureau: Bureau) -> tuple[str, str, str]:
    if bureau.enterprise:
        return "企业正职", "企业副职", "管理岗"
    return ("县处级正职", "县处级副职", "乡科级正职") if bureau.in_city else ("乡科级正职", "乡科级副职", "一级科员")


def _place_deputies(people: People, bureau: Bureau, deputies: list[str]) -> None:
    """Sections are shared out among the deputies; the last deputy headed the first section until promoted."""
    cared = [path for path, _ in bureau.sections] + ([bureau.window[0]] if bureau.window else [])
    title = bureau.of.get("deputy", "副" + bureau.of.get("head", "局长"))
    for number, deputy in enumerate(deputies):
        last = number == len(deputies) - 1
        care = ";".join(cared[number :: len(deputies)])
        people.post(deputy, bureau.path, "deputy_in_charge", title, PROMOTED if last else REFORMED, care=care)
        if last:
            path, name = bureau.sections[0]
            people.post(deputy, path, "section_head", _section_title(name), REFORMED, PROMOTED)


def _section_title(name: str) -> str:
    ends = {"科": "科长", "股": "股长", "支队": "支队长", "大队": "大队长", "部": "部长", "组": "组长"}
    return next((title for end, title in ends.items() if name.endswith(end)), "主任")


def _staff_section(people: People, bureau: Bureau, path: str, name: str, rank: str, large: bool) -> None:
    kind = "soe_manager" if bureau.enterprise else "civil_servant"
    head = people.hire(path, kind, rank, date(2010, 7, 1))
    first = path == bureau.sections[0][0]
    people.post(head, path, "section_head", _section_title(name), PROMOTED if first else date(2020, 9, 1))
    for place in range(3 if large and bureau.in_city else 1):
        staff = "contract" if bureau.enterprise else ("civil_servant", "by_reference")[place % 2]
        handler = people.hire(path, staff, "一级科员", date(2015 + place, 8, 1))
        people.post(handler, path, "handler", "经办人", date(2019, 8, 1) if place == 0 else date(2021, 8, 1))


def _staff_window(people: People, bureau: Bureau, path: str) -> None:
    kind, rank = ("soe_manager", "管理岗") if bureau.enterprise else ("institution_staff", "管理七级")
    head = people.hire(path, kind, rank, date(2012, 7, 1))
    people.post(head, path, "section_head", "首席代表", date(2020, 9, 1))
    clerk = people.hire(path, "contract", "", date(2021, 3, 1))
    people.post(clerk, path, "handler", "窗口工作人员", date(2021, 3, 1))


def _rotate_heads(people: People, staffed: list[Bureau], heads: list[str]) -> None:
    """Until the rotation the first six heads sat one chair further on."""
    for place in range(6):
        before = staffed[place]
        title = before.of.get("head", "局长")
        people.post(heads[(place + 1) % 6], before.path, "unit_head", title, REFORMED, ROTATED)


def _fill_up(people: People, staffed: list[Bureau]) -> None:
    """Further handlers, one section after another, until the city has all its officials."""
    sections = itertools.cycle([(bureau, path) for bureau in staffed for path, _ in bureau.sections])
    while people.count < OFFICIALS:
        bureau, path = next(sections)
        kind = "contract" if bureau.enterprise else "civil_servant"
        handler = people.hire(path, kind, "四级主任科员" if bureau.in_city else "二级科员", date(2018, 8, 1))
        people.post(handler, path, "handler", "经办人", date(2022, 8, 1))


def _add_items(rows: Rows, bureau: Bureau) -> None:
    """Service items, and the three lists they stand in."""
    items = bureau.of.get("items", [])
    stem = bureau.path.strip("/").replace("/", "-")
    where = bureau.window[0] if bureau.window else bureau.path
    for number, (name, kind, legal, promised) in enumerate(items, start=1):
        rows.add(
            "办事事项",
            REFORMED,
            code=f"{stem}-{number:03d}"[-40:],
            unit_path=where,
            name=name,
            kind=kind,
            legal_days=legal,
            promised_days=promised,
            tacit_approval=kind == "joint",
            legal_basis=GENERAL_BASIS if legal == 20 else "",
        )
    if items:
        _add_lists(rows, bureau, stem, [item[0] for item in items])


def _add_lists(rows: Rows, bureau: Bureau, stem: str, items: list[str]) -> None:
    wording = {
        "powers": ("P", "权力清单", "{}"),
        "duties": ("D", "责任清单", "按承诺时限办结“{}”"),
        "procedures": ("S", "程序清单", "{}：受理、审查、决定、送达"),
    }
    for kind, (letter, title, line) in wording.items():
        code = f"{stem}-{letter}"[-40:]
        rows.add("清单", REFORMED, code=code, unit_path=bureau.path, name=bureau.of["short"] + title, kind=kind)
        for number, item in enumerate(items, start=1):
            item_code, name = f"{code}{number:02d}"[-40:], line.format(item)
            rows.add("清单事项", REFORMED, code=item_code, list_code=code, name=name, legal_basis="")
