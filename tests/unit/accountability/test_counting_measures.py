"""The yearly table: each person once, by the heaviest measure; how often a measure was applied is another figure."""

from __future__ import annotations

from datetime import date

from services.accountability.domain.effects import Effect, count, totals
from services.accountability.domain.states import EffectState
from tests.unit.accountability.table_of import CATALOGUE

YEAR = {
    "criticism_education": 31,
    "written_self_criticism": 13,
    "circulated_criticism": 9,
    "efficiency_caution": 4,
    "transfer_from_post": 3,
    "discharge": 4,
    "admonition_talk": 15,
}


def effect(person: str, measure: str, case: str = "c", state: EffectState = EffectState.ENDED, unit: str = "/u") -> Effect:
    day = date(2026, 5, 4)
    return Effect("e", 1, unit, "/qinghe", case, "1", person, measure, day, None, state, (), "office", "(ours)")


def test_a_prefectures_year_is_seventy_nine_persons_however_many_measures_each_got() -> None:
    effects = []
    for measure, persons in YEAR.items():
        for number in range(persons):
            effects.append(effect(f"{measure}-{number}", measure))
            if measure != "criticism_education":
                effects.append(effect(f"{measure}-{number}", "criticism_education"))
    counts = count(effects, CATALOGUE)
    assert {one.measure: one.persons for one in counts} == YEAR
    assert totals(counts) == (79, 0)
    assert next(one.applied for one in counts if one.measure == "criticism_education") == 79


def test_a_revoked_measure_is_not_counted() -> None:
    effects = [effect("p", "efficiency_caution", state=EffectState.REVOKED), effect("p", "written_self_criticism")]
    assert {one.measure: one.persons for one in count(effects, CATALOGUE)} == {"written_self_criticism": 1}


def test_units_are_counted_apart_from_persons() -> None:
    effects = [effect("", "rectification_ordered", unit="/a"), effect("", "rectification_ordered", unit="/b")]
    (one,) = count(effects, CATALOGUE)
    assert (one.persons, one.units) == (0, 2)


def test_a_figure_names_each_case_once() -> None:
    effects = [effect("p", "criticism_education", "c1"), effect("q", "criticism_education", "c1")]
    (one,) = count(effects, CATALOGUE)
    assert one.case_ids == ("c1",)
