"""Numbers: none is given twice by several processes, and blocks grow in a rush only."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from sqlalchemy import func, select

from chassis import numbers
from chassis.db import Schema, open_engine
from chassis.numbers import BLOCK, LARGEST_BLOCK, Numbers


@pytest.fixture
def process(database_url: str) -> Callable[[], Numbers]:
    """One more process that draws on the same database."""
    schema = Schema("complaints")
    engine = open_engine(database_url)
    schema.metadata.create_all(engine)
    return lambda: Numbers(engine, schema["sequences"])


def reserved(drawn: Numbers) -> int:
    with drawn._engine.connect() as connection:
        return int(connection.execute(select(func.max(drawn._table.c.last))).scalar_one())


def test_no_number_is_given_twice_and_each_process_counts_up(process: Callable[[], Numbers]) -> None:
    first, second = process(), process()
    of_first, of_second = [], []
    for _ in range(3 * BLOCK):
        of_first.append(first.take("complaints"))
        of_second.append(second.take("complaints"))

    assert len({*of_first, *of_second}) == 6 * BLOCK
    assert of_first == sorted(of_first)
    assert of_second == sorted(of_second)


def test_blocks_grow_in_a_rush_up_to_a_limit_and_are_small_again_afterwards(
    process: Callable[[], Numbers], monkeypatch: pytest.MonkeyPatch
) -> None:
    now = [0.0]
    monkeypatch.setattr(numbers, "monotonic", lambda: now[0])
    drawn, sizes, last = process(), [], 0
    for _ in range(7):
        drawn.take("complaints")
        sizes.append(reserved(drawn) - last)
        last = reserved(drawn)
        while drawn.take("complaints") < last:
            pass
    now[0] += 2 * numbers.RUSH_SECONDS
    drawn.take("complaints")
    sizes.append(reserved(drawn) - last)

    assert sizes == [BLOCK, 2 * BLOCK, 4 * BLOCK, 8 * BLOCK, LARGEST_BLOCK, LARGEST_BLOCK, LARGEST_BLOCK, BLOCK]
