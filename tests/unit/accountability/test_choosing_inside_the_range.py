"""Whether a choice stays inside the ranges that are the office's own."""

from __future__ import annotations

import pytest

from services.accountability.domain.decision import inside
from services.accountability.rules.ranges import Offer, Range
from services.accountability.rules.words import Track, Way


def found(
    own: str, others: str = "", required: str = "", least: int = 1, most: int = 2, track: Track = Track.EFFICIENCY
) -> Range:
    offers = [Offer(key, Way.DECIDE, "office", 0) for key in own.split()]
    offers += [Offer(key, Way.RECOMMEND, "cadre_management", 0) for key in others.split()]
    always = tuple(Offer(key, Way.DECIDE, "office", 0) for key in required.split())
    return Range(track, tuple(offers), always, least, most, (), "R1", "v1", "office_review", ())


@pytest.mark.parametrize(
    ("ranges", "chosen", "recommended", "answer"),
    [
        ([found("a b c")], "a", "", True),
        ([found("a b c")], "a b", "", True),
        ([found("a b c")], "a b c", "", False),
        ([found("a b c")], "", "", False),
        ([found("a b")], "z", "", False),
        ([found("a b")], "a z", "", False),
        ([found("a", required="r")], "a r", "", True),
        ([found("a", required="r")], "a", "", False),
        ([found("a", others="x")], "", "x", True),
        ([found("a", others="x")], "a", "x", True),
        ([found("a b", others="x")], "a b", "x", False),
        ([found("", others="x")], "", "", True),
        ([found("a", least=0)], "", "", True),
        ([found("a", required="r", least=0)], "", "", True),
        ([found("a", required="r", least=0)], "r", "", True),
        ([found("s", track=Track.SANCTION)], "", "", True),
        ([found("s", track=Track.SANCTION)], "s", "", False),
        ([found("a"), found("u", track=Track.UNIT)], "a", "", False),
        ([found("a"), found("u", track=Track.UNIT)], "a u", "", True),
        ([], "", "", True),
        ([], "a", "", False),
    ],
)
def test_a_choice_is_inside_or_it_is_not(ranges: list[Range], chosen: str, recommended: str, answer: bool) -> None:
    assert inside(ranges, chosen.split(), recommended.split()) is answer
