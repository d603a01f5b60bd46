"""When a courier works: one at a time, each job by itself, until it is told to stop."""

from __future__ import annotations

import threading
from datetime import timedelta
from pathlib import Path

import pytest

from chassis import outbox
from chassis.clock import SettableClock
from chassis.courier import Courier
from chassis.store import Store
from tests.faults.small_service import open_store


@pytest.fixture
def store(tmp_path: Path, clock: SettableClock) -> Store:
    opened = open_store("announcer", f"sqlite:///{tmp_path / 'outbox.db'}")
    opened.clock = clock
    return opened


def test_a_job_that_fails_keeps_no_other_waiting(store: Store) -> None:
    done: list[str] = []

    def fails() -> None:
        done.append("failing")
        raise RuntimeError("nothing works")

    Courier(store, {"failing": fails, "other": lambda: done.append("other")}, lambda: None).look()

    assert done == ["failing", "other"]


def test_jobs_are_done_until_the_courier_is_stopped_and_then_what_they_hold_is_let_go(store: Store) -> None:
    looked, closed = threading.Event(), threading.Event()
    courier = Courier(store, {"look": looked.set}, closed.set)
    courier.start()
    assert looked.wait(10)
    courier.stop()
    assert closed.is_set()


def test_while_another_courier_has_the_lease_nothing_is_done(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    assert outbox.take_lease(store, "courier", "somebody else", 60)
    asked, looked = threading.Event(), threading.Event()
    take = outbox.take_lease

    def noticed(*about: object) -> bool:
        taken = take(*about)  # type: ignore[arg-type]
        asked.set()
        return taken

    monkeypatch.setattr(outbox, "take_lease", noticed)
    courier = Courier(store, {"look": looked.set}, lambda: None)
    courier.start()
    assert asked.wait(10)
    courier.stop()
    assert not looked.is_set()


def test_a_look_that_takes_longer_than_the_lease_keeps_it(
    store: Store, clock: SettableClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("chassis.courier.LEASE_SECONDS", 0.3)
    renewals, begun, go_on = threading.Semaphore(0), threading.Event(), threading.Event()
    take = outbox.take_lease

    def noticed(*about: object) -> bool:
        taken = take(*about)  # type: ignore[arg-type]
        renewals.release()
        return taken

    monkeypatch.setattr(outbox, "take_lease", noticed)

    def long() -> None:
        begun.set()
        go_on.wait(10)

    courier = Courier(store, {"long": long}, lambda: None)
    courier.start()
    assert begun.wait(10) and renewals.acquire(timeout=10)
    clock.advance(timedelta(seconds=0.2))
    assert renewals.acquire(timeout=10), "taken once, renewed while the look goes on"
    assert renewals.acquire(timeout=10)
    clock.advance(timedelta(seconds=0.2))
    assert not take(store, "courier", "somebody else", 0.3)
    go_on.set()
    courier.stop()
