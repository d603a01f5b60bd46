"""What only one worker may do at a time hangs on a lease, which outlives its holder by its own length and no more."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from chassis.clock import SettableClock
from chassis.outbox import take_lease
from chassis.store import Store
from tests.faults.small_service import open_store


@pytest.fixture
def store(tmp_path: Path, clock: SettableClock) -> Store:
    opened = open_store("announcer", f"sqlite:///{tmp_path / 'leases.db'}")
    opened.clock = clock
    return opened


def test_a_lease_is_held_by_one_and_renewed_by_its_holder(store: Store, clock: SettableClock) -> None:
    assert take_lease(store, "outbox", "first", seconds=6)
    assert not take_lease(store, "outbox", "second", seconds=6)
    clock.advance(timedelta(seconds=5))
    assert take_lease(store, "outbox", "first", seconds=6)
    clock.advance(timedelta(seconds=5))
    assert not take_lease(store, "outbox", "second", seconds=6)


def test_the_lease_of_a_dead_holder_runs_out(store: Store, clock: SettableClock) -> None:
    take_lease(store, "outbox", "dead", seconds=6)
    clock.advance(timedelta(seconds=6))
    assert take_lease(store, "outbox", "second", seconds=6)


def test_a_clock_that_steps_back_locks_nobody_out(store: Store, clock: SettableClock) -> None:
    take_lease(store, "outbox", "dead", seconds=6)
    clock.advance(timedelta(hours=-1))
    assert take_lease(store, "outbox", "second", seconds=6)


def test_leases_of_different_names_are_apart(store: Store) -> None:
    assert take_lease(store, "outbox", "first", seconds=6)
    assert take_lease(store, "timer lights", "second", seconds=6)
