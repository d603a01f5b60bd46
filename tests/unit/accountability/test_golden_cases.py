"""Golden cases: a pack says what it expects of itself, and a pack that does otherwise cannot be published."""

from __future__ import annotations

import sys

import pytest

from services.accountability.rules.golden import disagreements, uncovered
from tests.unit.accountability.table_of import CATALOGUE, SHIPPED, SMALL, read

GOLDEN = """
[[golden]]
zh = "慢作为，情节轻微"
en = "slow handling, minor"
[golden.facts]
conduct = "slow_handling"
severity = "minor"
consequence = "none"
role = "direct"
post = "handler"
subject_kind = "civil_servant"
[golden.says]
fires = ["R1"]
offers = ["criticism_education", "written_self_criticism", "circulated_criticism"]
at_least = 1
"""


@pytest.mark.parametrize("name", SHIPPED)
def test_every_shipped_row_has_a_golden_case_and_every_golden_case_holds(
    name: str, record_property: pytest.RecordProperty
) -> None:
    pack = read(SHIPPED[name])

    covered, cases = len(pack.rows) - len(uncovered(pack)), len(pack.goldens)
    record_property("coverage of rows", f"{covered} of {len(pack.rows)}")
    sys.stdout.write(
        f"{name}: {covered} of {len(pack.rows)} rows, {100 * covered // len(pack.rows)} %, {cases} golden cases\n"
    )

    assert disagreements(pack, CATALOGUE) == ()
    assert uncovered(pack) == ()


def test_a_golden_case_that_holds_is_no_fault() -> None:
    pack = read(SMALL + GOLDEN)

    assert disagreements(pack, CATALOGUE) == ()
    assert uncovered(pack) == ()


@pytest.mark.parametrize(
    ("before", "after", "field"),
    [
        ('fires = ["R1"]', "fires = []", "golden.1.says.fires"),
        ('offers = ["criticism_education", ', "offers = [", "golden.1.says.offers"),
        ("\nat_least = 1\n", "\nat_least = 2\n", "golden.1.says.at_least"),
    ],
)
def test_a_golden_case_that_the_table_answers_otherwise_is_a_fault_that_says_what_it_says(
    before: str, after: str, field: str
) -> None:
    (fault,) = disagreements(read(SMALL + GOLDEN.replace(before, after)), CATALOGUE)

    assert (fault.field, fault.reason, fault.error) == (field, "GOLDEN_DISAGREES", True)
    assert fault.params["wanted"] != fault.params["says"]


def test_a_row_without_a_golden_case_is_named() -> None:
    assert uncovered(read(SMALL)) == ("R1",)


def test_circumstances_and_earlier_measures_count_in_a_golden_case() -> None:
    aggravated = GOLDEN.replace('"civil_servant"\n', '"civil_servant"\naggravating = ["obstructs"]\nearlier = [3]\n')

    (fault,) = disagreements(read(SMALL + aggravated), CATALOGUE)

    assert fault.params["says"] == "written_self_criticism, circulated_criticism"


OFF = SMALL.replace('source = "(ours) test"\n', 'source = "(ours) test"\noff = "未核实"\n').replace(
    '(ours) test"\noff = "未核实"\n\n[[', '(ours) test"\n\n[['
)


def test_a_row_that_is_off_is_tried_by_the_golden_case_that_says_so() -> None:
    silent = GOLDEN.replace('["R1"]', "[]").replace(
        '["criticism_education", "written_self_criticism", "circulated_criticism"]', "[]"
    )
    nothing = silent.replace("at_least = 1", "at_least = 0")
    (fault,) = disagreements(read(OFF + nothing), CATALOGUE)
    assert (fault.field, fault.params["says"]) == ("golden.1.says.off", "R1")

    pack = read(OFF + nothing.replace("at_least = 0", 'at_least = 0\noff = ["R1"]'))
    assert disagreements(pack, CATALOGUE) == ()
    assert uncovered(pack) == ()
