"""Getting the next thing ready: in order, never more than one ahead, and nobody waits for a slow sender."""

from __future__ import annotations

import threading
from collections.abc import Iterator

import pytest

from chassis.deadline import remaining, within
from services.evaluation.usecases.ahead import ahead


def test_items_come_in_order_and_one_is_fetched_ahead() -> None:
    fetched: list[int] = []

    def source() -> Iterator[int]:
        for number in range(5):
            fetched.append(number)
            yield number

    seen = []
    for number in ahead(source()):
        seen.append(number)
        assert len(fetched) <= number + 2
    assert seen == [0, 1, 2, 3, 4]


def test_what_goes_wrong_is_told_after_what_came_before_it() -> None:
    def source() -> Iterator[int]:
        yield 1
        raise ValueError("the second one")

    coming = ahead(source())
    assert next(coming) == 1
    with pytest.raises(ValueError, match="the second one"):
        next(coming)


def test_whoever_stops_does_not_wait_for_what_is_being_fetched() -> None:
    asked, released = threading.Event(), threading.Event()

    def source() -> Iterator[int]:
        yield 1
        asked.set()
        released.wait()
        yield 2

    coming = ahead(source())
    assert next(coming) == 1
    assert asked.wait(30)
    coming.close()
    released.set()


def test_the_end_of_the_call_holds_for_what_is_fetched() -> None:
    with within(5):
        [left] = ahead(remaining() for _ in range(1))
    assert left <= 5
