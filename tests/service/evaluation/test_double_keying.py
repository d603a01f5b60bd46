"""Double keying: typists who slip in 2 % of what they key leave next to nothing wrong in the end.

Three who slip independently, over six answers (blank, four grades, "don't know"), leave by arithmetic
0.02^2 / 5 (both slip alike) + 2 x 0.02 x 0.98 x (0.02^2 / 5) / 0.96 (they differ, and the third slips twice alike) = 0.83
wrong rows in 10,000 that were keyed, were every row keyed; of scanned cards at most one row in twenty is.
"""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import pytest
from zhengfeng.evaluation.v1 import card_audit_pb2, keying_pb2

from chassis.clock import new_id
from services.evaluation.domain.card import Doubt, DoubtState, Keyed, Origin
from tests.doors import Door
from tests.service.evaluation import stored
from tests.service.evaluation.campaigns import NAMES, packed
from tests.service.evaluation.card_scene import AUDITOR, GOOD, LI, WANG, ZHAO, CardCity, filled

SLIPS = 0.02
ANSWERS = (0, 1, 2, 3, 4, 255)
A_FILE = 100


@dataclass(frozen=True, slots=True)
class Pile:
    """So many cards, with so many of their eight rows in doubt."""

    cards: int
    doubtful: int


SMALL, FULL = Pile(40, 3), Pile(4_000, 1)


class Typist:
    """Keys what the picture says, and slips now and then."""

    def __init__(self, seed: int) -> None:
        self._random = random.Random(seed)
        self.slips = 0

    def keys(self, truth: int) -> int:
        """What the fingers do."""
        if self._random.random() >= SLIPS:
            return truth
        self.slips += 1
        return self._random.choice([one for one in ANSWERS if one != truth])

    def twice(self, truth: int) -> tuple[int, int]:
        """The same twice, as often as it takes."""
        while True:
            first, second = self.keys(truth), self.keys(truth)
            if first == second:
                return first, second


@pytest.mark.parametrize("pile", [pytest.param(SMALL, id="small"), pytest.param(FULL, id="full", marks=pytest.mark.prove)])
def test_typists_with_two_per_cent_of_slips_leave_less_than_one_row_in_ten_thousand_wrong(
    door: Callable[[str], Door], pile: Pile
) -> None:
    city = CardCity(door("evaluation"))
    campaign, design, papers = city.on_paper(pile.cards)
    for first in range(0, pile.cards, A_FILE):
        some = papers[first : first + A_FILE]
        pages = [
            side
            for paper in some
            for side in filled(design, paper, faint=[(paper.number + k) % 8 for k in range(pile.doubtful)])
        ]
        city.scan(campaign, *pages, name=f"{first}.tif")
    li, wang, zhao = Typist(1), Typist(2), Typist(3)

    for who, typist in ((LI, li), (WANG, wang)):
        while rows := city.asked(campaign, who):
            for row in rows:
                _answered(city, row, typist.keys(_truth(row)), who)
    disputed = 0
    while rows := city.disputed(campaign, ZHAO):
        disputed += len(rows)
        for row in rows:
            _decided(city, row, zhao.twice(_truth(row.row)))

    cells = [leaf["ratings"].tobytes() for leaf in stored.leaves(city.door.store)]
    wrong = sum(one != other for ballot in cells for one, other in zip(ballot, packed(GOOD), strict=True))
    assert len(cells) == pile.cards and li.slips + wang.slips >= disputed > 0
    assert wrong / (8 * pile.cards) < 1 / 10_000
    asked = card_audit_pb2.GetEntryErrorRequest(campaign_id=campaign.campaign_id)
    error = city.door.call(city.audit.GetEntryError, asked, AUDITOR).error
    assert (error.agreed.of, error.agreed.number) == (
        pile.cards * pile.doubtful,
        pile.cards * pile.doubtful - disputed,
    )


@pytest.mark.parametrize(
    "rows", [pytest.param(20_000, id="small"), pytest.param(1_000_000, id="full", marks=pytest.mark.prove)]
)
def test_even_where_every_row_is_keyed_by_hand_what_is_left_wrong_is_what_arithmetic_says(rows: int) -> None:
    first, second, third = Typist(1), Typist(2), Typist(3)

    wrong = sum(_by_three(first, second, third, truth=1 + number % 4) != 1 + number % 4 for number in range(rows))

    expected = 0.83e-4 * rows
    assert abs(wrong - expected) <= 3 * max(expected, 1) ** 0.5


def _by_three(first: Typist, second: Typist, third: Typist, truth: int) -> int:
    doubt = Doubt("d", 1, "", "", "c", "k", 0, Origin.DESK, DoubtState.ASKED)
    at = datetime(2026, 11, 16, tzinfo=UTC)
    both = doubt.key(Keyed("first", first.keys(truth), at)).key(Keyed("second", second.keys(truth), at))
    if both.state is DoubtState.DISPUTED:
        mark, again = third.twice(truth)
        both = both.decide(Keyed("third", mark, at), again)
    return both.mark


def _truth(row: Any) -> int:
    """What stands on the paper."""
    return GOOD[NAMES.index(row.object)]


def _answered(city: CardCity, row: Any, grade: int, who: Any) -> None:
    request = keying_pb2.KeyRowRequest(doubt_id=row.doubt_id, grade=grade, request_id=new_id(city.door.clock))
    city.door.call(city.keying.KeyRow, request, who)


def _decided(city: CardCity, row: Any, told: tuple[int, int]) -> None:
    request = keying_pb2.DecideRowRequest(doubt_id=row.row.doubt_id, grade=told[0], again=told[1])
    city.door.call(city.keying.DecideRow, request, ZHAO)
