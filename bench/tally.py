"""Row `tally`: 10,000 ballots of 163 units on five dimensions by six rater groups, from stored bytes to the ranked table."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from fractions import Fraction
from time import perf_counter

import numpy as np

from bench.harness import Row, Sides
from services.evaluation.domain.formula import (
    EmptyGroup,
    Lines,
    PointsOff,
    ResultGrade,
    Revote,
    TieBreak,
    TieQuestion,
    Validity,
)
from services.evaluation.domain.plan import Dimension, Grade, ObjectGroup, Plan, RatedObject, RaterGroup
from services.evaluation.tally.counts import count
from services.evaluation.tally.places import ranked

BALLOTS, UNITS, DIMENSIONS, GROUPS = 10_000, 163, 5, 6
CHOICES = (1, 2, 3, 255)
CHANCES = (0.62, 0.25, 0.08, 0.05)


def plan() -> Plan:
    """A campaign of two classes of units, as ten thousand delegates rated them."""
    objects = [RatedObject(f"o{n}", f"u{n}", f"单位{n}", f"/qinghe/u{n}") for n in range(UNITS)]
    points = (("good", 100), ("fair", 60), ("poor", 0))
    return Plan(
        title="万人双评",
        year=2026,
        jurisdiction_path="/qinghe",
        closes_at=datetime(2026, 12, 31, tzinfo=UTC),
        object_groups=(
            ObjectGroup("bureaus", "机关", tuple(objects[:100])),
            ObjectGroup("trades", "行业", tuple(objects[100:])),
        ),
        dimensions=tuple(Dimension(f"d{n}", f"维度{n}", 20) for n in range(DIMENSIONS)),
        rater_groups=tuple(RaterGroup(f"g{n}", f"组{n}", 10 + n) for n in range(GROUPS)),
        dont_know=True,
        live=True,
        scale=tuple(Grade(key, key, Fraction(worth), satisfied=worth > 0) for key, worth in points),
        validity=Validity(Fraction(1, 2), 10, True),
        revote=Revote.REFUSED,
        empty_group=EmptyGroup.SHARED_OUT,
        tie_chain=(TieBreak(TieQuestion.SATISFIED_SHARE), TieBreak(TieQuestion.MORE_ANSWERS)),
        suppress_below=5,
        points_off=PointsOff(),
        lines=Lines((ResultGrade("all", "全部", Fraction(0)),), Fraction(75), Fraction(90), 2, Fraction("1.96")),
    )


@contextmanager
def prepare() -> Iterator[Sides]:
    """The same ballots twice: as the rows a database gives, and as one matrix in memory."""
    draw = np.random.default_rng(20261116)
    cells = UNITS * DIMENSIONS
    matrix = draw.choice(np.array(CHOICES, dtype=np.uint8), size=(BALLOTS, cells), p=CHANCES)
    groups = draw.integers(0, GROUPS, size=BALLOTS)
    stored = [row.tobytes() for row in matrix]
    places = groups.tolist()
    campaign = plan()
    nothing_off = [Fraction(0)] * UNITS
    keys = ((groups[:, None] * cells + np.arange(cells)) * 256 + matrix).ravel()

    def ours() -> float:
        begun = perf_counter()
        table = ranked(campaign, count(campaign, [(stored, places)]), nothing_off)
        taken = perf_counter() - begun
        if len(table) != UNITS:
            raise AssertionError("not every unit is in the table")
        return taken * 1000

    def ceiling() -> float:
        begun = perf_counter()
        np.bincount(keys, minlength=GROUPS * cells * 256)
        return (perf_counter() - begun) * 1000

    yield Sides(ours=ours, ceiling=ceiling)


ROW = Row(
    name="tally",
    what="8.15 million ratings, from stored bytes to the ranked table, beside one numpy bincount of the same in memory",
    unit="ms",
    must=1.0,
    prepare=prepare,
    rounds=9,
    lower_is_better=True,
)
