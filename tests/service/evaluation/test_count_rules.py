"""What must hold of any box, cast ballot by ballot through the door: votes again, groups that rate some, trimming."""

from __future__ import annotations

import random
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any

import grpc
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from zhengfeng.evaluation.v1 import formula_pb2

from services.evaluation.domain.campaign import Campaign
from services.evaluation.storage.schema import CAMPAIGNS
from services.evaluation.usecases.counting import kept_rows, kept_turnout
from services.evaluation.usecases.desk import SERVICE
from tests.service.evaluation.campaigns import City
from tests.unit.evaluation.slow import slow_table

DELEGATES, ENTERPRISES = 4, 3
GRADES = st.sampled_from([0, 1, 2, 3, 4, 255])
CASTS = st.lists(
    st.tuples(st.integers(0, DELEGATES + ENTERPRISES - 1), st.tuples(GRADES, GRADES, GRADES, GRADES)), max_size=14
)
REVOTES = st.sampled_from([formula_pb2.REVOTE_REFUSED, formula_pb2.REVOTE_FIRST_COUNTS, formula_pb2.REVOTE_LAST_COUNTS])
COUNTING = (formula_pb2.REVOTE_REFUSED, formula_pb2.REVOTE_FIRST_COUNTS)
Cast = tuple[int, tuple[int, int, int, int]]


@dataclass
class Box:
    """A counted box: what was taken in, by position, and what the count kept of it."""

    campaign: Campaign
    rows: list[Any]
    turnout: list[Any]
    taken: dict[int, tuple[int, Any]] = field(default_factory=dict)


def cast_all(city: City, casts: list[Cast], revote: Any) -> Box:
    """Casts in this order into a new box of two rater groups, the second of which rates the bureaus only."""
    plan = city.plan(trim="0.2", revote=revote, suppress_below=1)
    plan.rater_groups[1].rates.append("bureaus")
    names = {name: getattr(plan, name) for name in ("rater_groups", "trim", "revote", "suppress_below")}
    campaign, delegates, enterprises = city.opened(DELEGATES, ENTERPRISES, **names)
    codes = [*delegates, *enterprises]
    taken: dict[int, tuple[int, Any]] = {}
    for rater, grades in casts:
        asked = grades if rater < DELEGATES else (*grades[:3], 0)
        try:
            receipt = city.cast(codes[rater], campaign, asked)
        except grpc.RpcError:
            continue  # a second, different ballot where none is taken
        taken.setdefault(receipt.position, (rater, (asked, receipt.ballot_class)))
    city.counted(campaign)
    with city.door.store.read(SERVICE) as tx:
        known = tx.get(CAMPAIGNS, campaign.campaign_id)
        return Box(known, kept_rows(tx, known.id), list(kept_turnout(tx, known.id)), taken)


def standing(box: Box, revote: Any) -> list[tuple[int, bytes]]:
    """Rater and answers of each ballot that stands and counts."""
    by_rater: dict[int, list[int]] = {}
    for position in sorted(box.taken):
        by_rater.setdefault(box.taken[position][0], []).append(position)
    stand = [positions[0 if revote in COUNTING else -1] for positions in by_rater.values()]
    found = [(rater, *said) for rater, said in (box.taken[position] for position in stand)]
    return [(rater, bytes(cell for cell in grades for _ in range(2))) for rater, grades, kind in found if kind in (1, 4)]


@settings(max_examples=12, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(casts=CASTS, revote=REVOTES, chance=st.randoms())
def test_a_count_equals_the_slow_reference_and_loses_no_ballot(
    city: City, casts: list[Cast], revote: Any, chance: random.Random
) -> None:
    box = cast_all(city, casts, revote)
    ballots = standing(box, revote)
    groups = [0 if rater < DELEGATES else 1 for rater, _ in ballots]
    plan = box.campaign.plan
    places = {one.object_id: place for place, one in enumerate(plan.objects)}
    expected = slow_table(plan, [cells for _, cells in ballots], groups, [Fraction(0)] * len(places))
    assert [
        (places[row.object_id], row.rank, row.rank_from, row.rank_to, row.total, row.rating, row.low, row.high, row.raters)
        for row in box.rows
    ] == expected
    assert sum(one.received for one in box.turnout) == len(box.taken)
    assert all(sum(one.classes.values()) == one.received for one in box.turnout)
    assert sum(one.counted for one in box.turnout) == len(ballots)
    other = cast_all(city, _mixed(casts, chance), revote)
    assert [_shown(row) for row in other.rows] == [_shown(row) for row in box.rows]
    assert other.turnout == box.turnout


def _mixed(casts: list[Cast], chance: random.Random) -> list[Cast]:
    """The same ballots, raters coming in another order, each casting in the same order as before."""
    order = [rater for rater, _ in casts]
    chance.shuffle(order)
    waiting = {rater: [cast for cast in casts if cast[0] == rater] for rater in order}
    return [waiting[rater].pop(0) for rater in order]


def _shown(row: Any) -> tuple[Any, ...]:
    return row.name, row.rank, row.rank_from, row.rank_to, row.total, row.low, row.high, row.raters, row.grade
