"""Too light: the arithmetic of the middle, and what lies under a range."""

from __future__ import annotations

from collections import Counter
from itertools import pairwise
from statistics import median_low

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from services.accountability.domain.likeness import Likeness, below, far_lighter, middle
from services.accountability.rules.propose import PartyAnswer
from services.accountability.rules.ranges import Offer, Range
from services.accountability.rules.words import Track, Way
from tests.unit.accountability.table_of import CATALOGUE, SETTINGS

RANKS = sorted({measure.rank for measure in CATALOGUE.measures.values()} | {0})
SETTING = Likeness(**SETTINGS["watch.similar"])
decided = st.lists(st.sampled_from(RANKS), min_size=1, max_size=60)
likenesses = st.builds(Likeness, st.just(24), st.integers(0, 10), st.integers(0, 60), st.just(5))


@settings(max_examples=300, deadline=None)
@given(decided)
def test_the_middle_is_the_lower_median_and_was_really_decided(ranks: list[int]) -> None:
    found = middle(Counter(ranks))
    assert found == median_low(ranks)
    assert found in ranks


@settings(max_examples=300, deadline=None)
@given(decided, likenesses)
def test_the_middle_itself_is_never_far_lighter_nor_is_anything_above_it(ranks: list[int], likeness: Likeness) -> None:
    usual = middle(Counter(ranks))
    assert not any(far_lighter(rank, Counter(ranks), likeness) for rank in RANKS if rank >= usual)


@settings(max_examples=300, deadline=None)
@given(decided, likenesses, st.sampled_from(RANKS), st.sampled_from(RANKS))
def test_what_is_lighter_than_something_far_is_far_too(ranks: list[int], likeness: Likeness, one: int, two: int) -> None:
    lighter, heavier = sorted((one, two))
    assert far_lighter(lighter, Counter(ranks), likeness) or not far_lighter(heavier, Counter(ranks), likeness)


@settings(max_examples=200, deadline=None)
@given(decided, st.sampled_from(RANKS))
def test_too_few_similar_cases_say_nothing(ranks: list[int], rank: int) -> None:
    assert not far_lighter(rank, Counter(ranks), Likeness(24, len(ranks) + 1, 0, 5))
    assert not far_lighter(rank, {}, Likeness(24, 0, 0, 5))


def test_one_step_is_never_far_by_the_shipped_setting() -> None:
    ranks = sorted(CATALOGUE.measures[key].rank for key in CATALOGUE.office_powers)
    assert not any(far_lighter(lighter, {heavier: SETTING.at_least}, SETTING) for lighter, heavier in pairwise(ranks))


# -- under the range ------------------------------------------------------------------------------------------------


def found(*offers: str, at_least: int = 1, required: tuple[str, ...] = (), track: Track = Track.EFFICIENCY) -> Range:
    def offered(measures: tuple[str, ...]) -> tuple[Offer, ...]:
        return tuple(Offer(key, Way.DECIDE, "office", CATALOGUE.measures[key].months) for key in measures)

    return Range(track, offered(offers), offered(required), at_least, len(offers), (), "R-1", "v", "office_review", ())


def answer(*ranges: Range) -> PartyAnswer:
    return PartyAnswer("p", ranges, (), (), (), (), ())


MIDDLING = found("written_self_criticism", "circulated_criticism")


@pytest.mark.parametrize(
    ("asked", "measures", "under"),
    [
        (MIDDLING, ["written_self_criticism"], False),
        (MIDDLING, ["criticism_education"], True),
        (MIDDLING, [], True),
        (MIDDLING, ["efficiency_caution"], False),
        (MIDDLING, ["criticism_education", "efficiency_caution"], False),
        (found("written_self_criticism", "circulated_criticism", at_least=2), ["circulated_criticism"], True),
        (found("written_self_criticism", at_least=0), [], False),
        (found("circulated_criticism", required=("no_commendation",)), ["circulated_criticism"], True),
        (found("circulated_criticism", required=("no_commendation",)), ["circulated_criticism", "no_commendation"], False),
        (found("warning", track=Track.SANCTION), [], False),
    ],
)
def test_under_the_range_lies_what_is_lighter_or_less_than_it_asks(asked: Range, measures: list[str], under: bool) -> None:
    assert (below(answer(asked), measures, {}, CATALOGUE) is not None) is under


def test_a_period_shorter_than_the_shortest_lies_under_the_range() -> None:
    asked = answer(found("efficiency_caution"))
    shortest = CATALOGUE.measures["efficiency_caution"].months
    assert below(asked, ["efficiency_caution"], {"efficiency_caution": shortest}, CATALOGUE) is None
    assert below(asked, ["efficiency_caution"], {"efficiency_caution": shortest - 1}, CATALOGUE) is not None
