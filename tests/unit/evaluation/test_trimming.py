"""Answers cut off at both ends, and rater groups that rate some of the objects only: against a slow reference."""

from __future__ import annotations

import random
from dataclasses import replace
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from chassis.errors import Invalid
from services.evaluation.domain.formula import EmptyGroup
from services.evaluation.domain.plan import Plan, RaterGroup
from services.evaluation.domain.soundness import check
from services.evaluation.tally.counts import count
from services.evaluation.tally.places import ranked
from services.evaluation.tally.scores import Sums, extremes, shares, shares_without
from services.evaluation.tally.trimming import trimmed
from tests.unit.evaluation.plans import plan
from tests.unit.evaluation.slow import Case, cases, slow_table

TRIMS = st.fractions(0, Fraction(1, 2), max_denominator=20).filter(lambda share: share < Fraction(1, 2))


@given(st.lists(st.integers(0, 30), min_size=2, max_size=6), TRIMS)
def test_trimming_takes_the_declared_share_off_each_end_and_no_more(grades: list[int], trim: Fraction) -> None:
    row = [grade for grade, times in enumerate(grades) for _ in range(times)]
    cut = len(row) * trim.numerator // trim.denominator
    left = row[cut : len(row) - cut]
    assert trimmed(np.array(grades), trim).tolist() == [left.count(grade) for grade in range(len(grades))]
    assert bool(left) == bool(row)


def test_one_outlier_on_each_side_is_cut_off() -> None:
    campaign = plan([1], trim=Fraction("0.1"))
    ballots = [b"\x01"] + [b"\x02"] * 8 + [b"\x03"]
    [row] = ranked(campaign, count(campaign, [(ballots, [0] * 10)]), [Fraction(0)])
    assert (row.rating, row.raters) == (Fraction(60), 10)


def test_half_or_more_cannot_be_cut_off() -> None:
    with pytest.raises(Invalid) as refused:
        check(plan(trim=Fraction(1, 2)))
    assert (refused.value.reason, refused.value.params["trim"]) == ("TRIM_TOO_MUCH", "0.5")
    check(plan(trim=Fraction("0.4999")))


@given(cases())
def test_a_table_equals_the_slow_reference(case: Case) -> None:
    campaign, ballots, groups, off = case
    table = ranked(campaign, count(campaign, [(ballots, groups)]), off)
    shown = [
        (row.place, row.rank, row.rank_from, row.rank_to, row.total, row.rating, row.low, row.high, row.raters)
        for row in table
    ]
    assert shown == slow_table(campaign, ballots, groups, off)


@given(cases(), st.randoms())
def test_neither_the_order_of_ballots_nor_that_of_portions_changes_anything(case: Case, chance: random.Random) -> None:
    campaign, ballots, groups, off = case
    rows = list(zip(ballots, groups, strict=True))
    chance.shuffle(rows)
    portions = [
        ([row for row, _ in rows[at : at + 3]], [own for _, own in rows[at : at + 3]]) for at in range(0, len(rows), 3)
    ]
    assert ranked(campaign, count(campaign, portions), off) == ranked(campaign, count(campaign, [(ballots, groups)]), off)


@given(cases(), st.data())
def test_from_basically_to_satisfied_never_lowers_an_object(case: Case, data: st.DataObject) -> None:
    campaign, ballots, groups, off = case
    cells = [(row, at) for row, ballot in enumerate(ballots) for at, cell in enumerate(ballot) if cell in (2, 3)]
    if not cells:
        return
    row, at = data.draw(st.sampled_from(cells))
    place = at // len(campaign.dimensions)
    before = {one.place: one for one in ranked(campaign, count(campaign, [(ballots, groups)]), off)}
    better = bytearray(ballots[row])
    better[at] -= 1
    ballots[row] = bytes(better)
    after = {one.place: one for one in ranked(campaign, count(campaign, [(ballots, groups)]), off)}
    was, now = before[place], after[place]
    assert (was.total is None) == (now.total is None)
    assert was.total is None or (now.total is not None and now.total >= was.total)
    group = {place for place, one in before.items() if one.object_group == was.object_group}
    behind = {other for other in group if before[other].rank > was.rank}
    assert all(after[other].rank >= now.rank for other in behind)


@given(cases())
def test_the_shares_of_those_who_rate_an_object_and_answered_add_up_to_one(case: Case) -> None:
    campaign, ballots, groups, _ = case
    sums = Sums(campaign, count(campaign, [(ballots, groups)]))
    for place, raters in enumerate(campaign.rated_by):
        given_by = shares(sums, place)
        assert sum(share.share for share in given_by) == (1 if any(share.raters for share in given_by) else 0)
        assert not any(share.raters or share.share for number, share in enumerate(given_by) if number not in raters)


def rates(*of: tuple[str, ...], **other: object) -> Plan:
    """A plan of two object groups of one and two objects, whose rater groups rate these object groups."""
    return plan([1, 2], rater_groups=tuple(RaterGroup(f"g{at}", "", 1, 0, keys) for at, keys in enumerate(of)), **other)


def test_who_does_not_rate_a_group_is_not_missing_there() -> None:
    campaign = rates((), ("c1",), empty_group=EmptyGroup.NO_SCORE)
    table = ranked(campaign, count(campaign, [([bytes([1, 2, 2])], [0])]), [Fraction(0)] * 3)
    assert [(row.place, row.total) for row in table] == [(0, Fraction(100)), (1, None), (2, None)]


def test_what_stands_on_a_ballot_about_objects_its_group_does_not_rate_says_nothing() -> None:
    campaign = rates(("c0",), ("c1",))
    counts = count(campaign, [([bytes([1, 3, 3]), bytes([3, 1, 1])], [0, 1])])
    table = ranked(campaign, counts, [Fraction(0)] * 3)
    assert [row.total for row in table] == [100, 100, 100]
    assert counts.ballots == (1, 1)


def test_an_empty_groups_weight_goes_to_those_who_rate_the_same_objects() -> None:
    campaign = rates((), ("c0",), ("c1",))
    assert shares_without(campaign, 0, 0) == (0, 1, 0)
    assert shares_without(campaign, 0, 1) == (0, 0, 1)
    assert extremes(campaign, 1) == (0, 100)


@pytest.mark.parametrize(
    ("of", "reason", "params"),
    [
        ((("c0", "c9"), ()), "RATES_UNKNOWN_GROUP", {"group": "g0", "key": "c9"}),
        ((("c0",), ("c0",)), "GROUP_RATED_BY_NOBODY", {"key": "c1"}),
    ],
)
def test_a_plan_in_which_not_every_group_is_rated_is_refused(
    of: tuple[tuple[str, ...], ...], reason: str, params: dict[str, str]
) -> None:
    with pytest.raises(Invalid) as refused:
        check(rates(*of))
    assert (refused.value.reason, refused.value.params) == (reason, params)


def test_who_rates_what_is_part_of_the_paper_and_its_weight_is_not() -> None:
    one = rates((), ("c1",))
    assert not one.reads_ballots_like(rates((), ()))
    assert one.reads_ballots_like(rates(("c0", "c1"), ("c1",)))
    assert one.reads_ballots_like(replace(one, trim=Fraction("0.1")))
