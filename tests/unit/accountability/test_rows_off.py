"""A row that is off is read, checked, shown and exported like any other, and never fires; freezing puts a row off."""

from __future__ import annotations

from datetime import date

import pytest

from chassis.errors import Conflict, Invalid, NotFound
from services.accountability.rules.compare import compare
from services.accountability.rules.freeze import with_row_off
from services.accountability.rules.golden import disagreements, uncovered
from services.accountability.rules.judge import Table
from services.accountability.rules.propose import PartyAnswer, propose
from services.accountability.rules.table import Pack
from services.accountability.rules.words import Severity
from services.accountability.rules.write import pack_text
from tests.unit.accountability.table_of import CATALOGUE, LOCAL, SMALL, TODAY, question, read, version

CHANGE = date(2026, 11, 1)
OFF = SMALL.rstrip("\n") + '\noff = "未核实"\n'


def ask(text: str, **answers: object) -> PartyAnswer:
    (answer,) = propose([question(**answers)], [version(text)], TODAY, CATALOGUE, [])
    return answer


def frozen(pack: Pack, id: str, reason: str = "执行中被误用") -> Pack:
    return with_row_off(pack, id, reason, CHANGE, None, CATALOGUE)


def test_a_row_that_is_off_never_fires_and_is_a_near_miss_though_every_cell_is_met() -> None:
    answer = ask(OFF)
    assert (answer.fired, answer.ranges) == ((), ())
    (near,) = answer.near_misses
    assert (near.row.id, near.row.off, near.cells) == ("R1", "未核实", ())
    assert [said.row.id for said in ask(SMALL).fired] == ["R1"]


def test_a_row_that_is_off_with_three_cells_missed_is_no_near_miss() -> None:
    assert len(ask(OFF, severity=Severity.SERIOUS).near_misses) == 1
    far = OFF.replace('role = ["direct"]', 'role = ["unit"]\npost = ["unit_head"]')
    assert ask(far, severity=Severity.SERIOUS).near_misses == ()


def test_a_row_that_is_off_asks_for_nothing_that_was_not_said() -> None:
    assert Table(read(OFF)).ask(question(severity=None)).near == ()


def test_a_conduct_that_only_a_row_that_is_off_knew_then_is_explained_so() -> None:
    then = version(OFF, "old", valid_to=CHANGE)
    now = version(SMALL.replace("2024-01-01", "2026-11-01"), "new")
    (answer,) = propose([question(day=date(2026, 10, 9))], [then, now], TODAY, CATALOGUE, [])
    (said,) = answer.versions
    assert (answer.ranges, said.reason.word, said.reason.params["off"]) == ((), "ONLY_OFF_THEN", "R1")


def test_a_row_frozen_since_is_explained_so() -> None:
    then = version(SMALL, "old", valid_to=CHANGE)
    now = version(pack_text(frozen(read(SMALL), "R1")), "new")
    (answer,) = propose([question(day=date(2026, 10, 9))], [then, now], TODAY, CATALOGUE, [])
    (said,) = answer.versions
    assert (answer.ranges, said.reason.word, said.reason.params["off"]) == ((), "ONLY_OFF_NOW", "R1")


def test_freezing_puts_one_row_off_and_its_golden_cases_say_what_is_left() -> None:
    before = read(LOCAL)
    after = frozen(before, "QH-12-1")
    (change,) = compare(before, after)
    assert (change.row, change.change, change.cells) == ("QH-12-1", "changed", ("off",))
    assert after.row("QH-12-1").off == "执行中被误用"
    assert len(after.goldens) == len(before.goldens)
    assert (disagreements(after, CATALOGUE), uncovered(after)) == ((), ())
    assert read(pack_text(after)).rows == after.rows


def test_the_only_row_may_be_frozen_too() -> None:
    assert [row.off for row in frozen(read(SMALL), "R1").rows] == ["执行中被误用"]


def test_what_freezing_refuses() -> None:
    with pytest.raises(NotFound, match="ROW_NOT_FOUND"):
        frozen(read(SMALL), "R9")
    with pytest.raises(Conflict, match="ROW_IS_OFF"):
        frozen(read(OFF), "R1")
    with pytest.raises(Invalid, match="EMPTY"):
        frozen(read(SMALL), "R1", " \n ")


def test_the_reason_of_a_freeze_is_one_line_whatever_was_typed() -> None:
    assert frozen(read(SMALL), "R1", " 误用\n\t先停 ").row("R1").off == "误用 先停"
