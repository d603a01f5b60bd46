"""What a careful reader would ask the author of a table about: told as warnings, by row and column, never in silence."""

from __future__ import annotations

from pathlib import Path

import pytest

from chassis.i18n import Catalogue
from services.accountability.rules.compare import second_looks
from services.accountability.rules.faults import Fault
from tests.unit.accountability.table_of import CATALOGUE, SHIPPED, SMALL, read

SENTENCES = Catalogue.load(Path(__file__).parents[3] / "services/accountability/catalogue.toml")
HEAD, ROW = SMALL[: SMALL.index("[[row]]")], SMALL[SMALL.index("[[row]]") :]
ANY = ROW.replace('severity = ["minor", "ordinary"]\nconsequence = { to = "slight" }\nrole = ["direct"]\n', "")


def looks(*rows: str) -> list[Fault]:
    found = second_looks(read(HEAD + "\n".join(rows)), CATALOGUE)
    for one in found:
        assert not one.error
        for language in ("zh", "en"):
            assert "{" not in SENTENCES.text(one.reason, language, **one.params)
    return [one for one in found if one.reason != "SEVERITY_GAP"]


def said(*rows: str) -> list[tuple[str, str, str]]:
    return [(one.row, one.field, one.reason) for one in looks(*rows)]


def row(id: str, conditions: str = "", choose: str = "", at_least: int = 1) -> str:
    text = (
        ANY.replace('"R1"', f'"{id}"')
        .replace("track =", f"{conditions}\ntrack =")
        .replace("at_least = 1", f"at_least = {at_least}")
    )
    return (
        text.replace('["criticism_education", "written_self_criticism", "circulated_criticism"]', choose) if choose else text
    )


LIGHT = '["criticism_education", "written_self_criticism"]'
HEAVY = '["circulated_criticism", "efficiency_caution"]'


def test_a_row_for_everybody_gives_no_warning() -> None:
    assert said(row("R1")) == []


def test_severities_that_no_row_covers_are_named() -> None:
    (gap,) = second_looks(read(SMALL), CATALOGUE)
    assert (gap.field, gap.reason) == ("conduct.slow_handling", "SEVERITY_GAP")
    assert gap.params["severities_zh"] == "较重、严重、特别严重"


def test_a_row_that_a_heavier_one_always_accompanies_never_governs() -> None:
    civil = 'subject_kind = ["civil_servant"]'
    heavy = row("R2", f'severity = {{ to = "heavier" }}\n{civil}', HEAVY)
    light = row("R1", f'severity = ["minor"]\n{civil}', LIGHT)
    assert said(light, heavy) == [("R1", "conduct", "NEVER_GOVERNS")]


def test_a_heavier_row_for_fewer_facts_is_an_escalation_and_no_warning() -> None:
    light, heavy = row("R1", "", LIGHT), row("R2", "repeats = { at_least = 2, months = 12 }", HEAVY)
    assert said(light, heavy) == []


def test_rows_that_fire_together_with_the_same_weight_are_named() -> None:
    one = row("R1", 'role = ["direct"]', LIGHT)
    other = row("R2", 'post = ["handler"]', LIGHT).replace("at_least", 'always = ["bonus_cut"]\nat_least', 1)
    assert said(one, other) == []  # what comes along makes the second heavier
    swapped = row("R2", 'post = ["handler"]', LIGHT).replace("appeal =", 'who_else = ["section_head"]\nappeal =')
    assert said(one, swapped) == [("R2", "choose", "OVERLAP")]


def test_bounds_that_cross_are_named_with_the_words_they_share() -> None:
    one, other = row("R1", 'severity = { to = "heavier" }', LIGHT), row("R2", 'severity = { from = "ordinary" }', HEAVY)
    (look,) = looks(one, other)
    assert (look.row, look.field, look.reason) == ("R2", "severity", "PARTLY_THE_SAME")
    assert look.params["words_zh"] == "一般、较重"


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ('severity = { to = "ordinary" }', 'severity = { from = "heavier" }'),
        ('role = ["direct"]', 'role = ["main_leader"]'),
        ('trigger = { any_of = ["exposed"] }', 'trigger = { none_of = ["exposed"] }'),
        ('trigger = { all_of = ["exposed", "undercover"] }', 'trigger = { none_of = ["exposed"] }'),
        ("repeats = { at_most = 1, months = 12 }", "repeats = { at_least = 2, months = 12 }"),
    ],
)
def test_rows_that_exclude_each_other_do_not_overlap(first: str, second: str) -> None:
    other = row("R2", second, LIGHT).replace("appeal =", 'who_else = ["section_head"]\nappeal =')
    assert said(row("R1", first, LIGHT), other) == []


@pytest.mark.parametrize(
    ("conditions", "column"),
    [
        ('trigger = { any_of = ["exposed"], none_of = ["exposed", "undercover"] }', "trigger"),
        ('role = ["unit"]\nsubject_kind = ["civil_servant"]', "role"),
        ('role = ["direct"]\nsubject_kind = ["unit"]', "role"),
    ],
)
def test_a_row_that_contradicts_itself_can_never_fire(conditions: str, column: str) -> None:
    assert ("R1", column, "CONTRADICTION") in said(row("R1", conditions))


def test_measures_not_lawful_for_the_kind_of_subject_are_named() -> None:
    village = row("R1", 'subject_kind = ["village", "retired"]', '["criticism_education", "discharge"]')
    assert said(village) == [("R1", "choose", "NOT_LAWFUL_FOR")]
    retired = row("R1", 'subject_kind = ["contract", "retired"]', HEAVY)
    assert said(retired) == [("R1", "subject_kind", "KIND_WITHOUT_MEASURE")]
    assert said(row("R1", 'role = ["unit"]\nsubject_kind = ["unit"]', HEAVY)) == [("R1", "choose", "NEVER_LAWFUL")]


@pytest.mark.parametrize("name", SHIPPED)
def test_shipped_packs_ask_for_no_second_look(name: str) -> None:
    assert second_looks(read(SHIPPED[name]), CATALOGUE) == ()


def test_a_row_that_is_off_stands_in_nobodys_way_and_what_is_said_of_it_is_marked() -> None:
    one = row("R1", 'role = ["direct"]', LIGHT)
    swapped = row("R2", 'post = ["handler"]', LIGHT).replace("appeal =", 'who_else = ["section_head"]\nappeal =')
    assert [look.reason for look in looks(one, swapped)] == ["OVERLAP"]
    off = swapped.rstrip("\n") + '\noff = "未核实"\n'
    assert looks(one, off) == []
    never = row("R2", 'role = ["unit"]\nsubject_kind = ["unit"]', HEAVY).rstrip("\n") + '\noff = "未核实"\n'
    (look,) = looks(one, never)
    assert (look.row, look.reason, look.off) == ("R2", "NEVER_LAWFUL", True)


def test_a_row_of_unverified_text_that_is_on_is_named() -> None:
    on = row("R1").replace('source = "(ours)', 'source = "(unverified)')
    assert said(on) == [("R1", "source", "UNVERIFIED_ROW_IS_ON")]
    assert said(on.rstrip("\n") + '\noff = "未核实"\n') == []


def test_severities_left_out_on_purpose_are_no_gap_and_one_that_is_covered_is_named() -> None:
    declared = SMALL.replace('en = "slow handling"', 'en = "slow handling"\nno_rule = ["heavier", "serious"]', 1)
    (gap,) = second_looks(read(declared), CATALOGUE)
    assert (gap.reason, gap.params["severities_zh"]) == ("SEVERITY_GAP", "特别严重")
    whole = declared.replace('["heavier", "serious"]', '["ordinary", "heavier", "serious", "especially_serious"]')
    (filled,) = second_looks(read(whole), CATALOGUE)
    assert (filled.field, filled.reason) == ("conduct.slow_handling", "NO_GAP_HERE")
    assert filled.params["severities_zh"] == "一般"
