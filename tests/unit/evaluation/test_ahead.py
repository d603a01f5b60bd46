"""Getting the next things ready: in order, never more ahead than said, and nobody waits for a slow sender."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator

import pytest

from chassis.deadline import remaining, within
from services.evaluation.usecases.ahead import ahead


def test_items_come_in_order_and_a_few_are_fetched_ahead() -> None:
    fetched: list[int] = []

    def source() -> Iterator[int]:
        for number in range(20):
            fetched.append(number)
            yield number

    seen: list[int] = []
    for numbers in ahead(source(), 3):
        assert 1 <= len(numbers) <= 3
        seen += numbers
        assert len(fetched) <= len(seen) + 3
    assert seen == list(range(20))


def test_what_is_ready_comes_together() -> None:
    ready = threading.Event()

    def source() -> Iterator[int]:
        yield 0
        yield 1
        yield 2
        ready.set()
        yield 3

    coming = ahead(source(), 4)
    first = next(coming)
    assert ready.wait(30)
    time.sleep(0.2)
    rest = list(coming)
    assert len(rest) <= 1
    assert sum(rest, first) == [0, 1, 2, 3]


def test_what_goes_wrong_is_told_after_what_came_before_it() -> None:
    def source() -> Iterator[int]:
        yield 1
        raise ValueError("the second one")

    coming = ahead(source(), 2)
    assert next(coming) == [1]
    with pytest.raises(ValueError, match="the second one"):
        next(coming)


def test_whoever_stops_does_not_wait_for_what_is_being_fetched() -> None:
    asked, released = threading.Event(), threading.Event()

    def source() -> Iterator[int]:
        yield 1
        asked.set()
        released.wait()
        yield 2

    coming = ahead(source(), 2)
    assert next(coming) == [1]
    assert asked.wait(30)
    coming.close()
    released.set()


def test_the_end_of_the_call_holds_for_what_is_fetched() -> None:
    with within(5):
        [[left]] = ahead((remaining() for _ in range(1)), 2)
    assert left <= 5
