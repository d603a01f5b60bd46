"""What differs between two versions outside the rows: the head, conduct words, circumstances, golden cases, cell by cell."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from gateway.pages.cases.grid_write import SHEETS
from gateway.pages.frame.visit import Visit

ROWS = "row"
# The column that tells the lines of a sheet apart; the head has one line only.
KEYS = {"conduct": "word", "circumstance": "word", "golden": "zh"}


@dataclass(frozen=True, slots=True)
class CellChange:
    """A cell that differs. A line that was added or removed is one change without a column."""

    sheet: str
    line: str
    change: str
    column: str = ""
    before: str = ""
    after: str = ""


async def beside_rows(visit: Visit, before: str, after: str) -> list[CellChange] | None:
    """Everything but the rows; None if the versions cannot be laid out for the visitor."""
    answers = await visit.parts(
        before=("accountability.LayOutRules", {"rule_version_id": before}),
        after=("accountability.LayOutRules", {"rule_version_id": after}),
    )
    if not (answers["before"] and answers["after"]):
        return None
    pairs = zip(SHEETS, answers["before"]["sheets"], answers["after"]["sheets"], strict=False)
    return [one for key, old, new in pairs if key != ROWS for one in _of_sheet(visit, key, old, new)]


def _of_sheet(visit: Visit, key: str, old: Mapping[str, Any], new: Mapping[str, Any]) -> Iterator[CellChange]:
    sheet = visit.t(f"write_sheet.{key}")
    then, now = _lines(key, old), _lines(key, new)
    words = {one["name"]: _word(visit, one) for one in new["columns"]}
    for line in (*then, *(line for line in now if line not in then)):
        said = (now.get(line) or then[line]).get("zh", "")
        if line not in now or line not in then:
            yield CellChange(sheet, said, "removed" if line in then else "added")
            continue
        for column, word in words.items():
            if then[line].get(column, "") != now[line].get(column, ""):
                yield CellChange(sheet, said, "changed", word, then[line].get(column, ""), now[line].get(column, ""))


def _lines(key: str, sheet: Mapping[str, Any]) -> dict[str, dict[str, str]]:
    names: Sequence[str] = [one["name"] for one in sheet["columns"]]
    lines = [dict(zip(names, row["cells"], strict=False)) for row in sheet["rows"]]
    return {line[KEYS[key]] if key in KEYS else "": line for line in lines}


def _word(visit: Visit, column: Mapping[str, Any]) -> str:
    name = f"write_column.{column['name']}"
    return visit.t(name) if visit.site.words.has(name) else str(column["head"])
