"""Complaints behind its door, and the courier a test makes look as often as it likes."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from chassis.clock import SettableClock
from chassis.courier import Courier
from chassis.telemetry import Telemetry
from services.complaints import courier
from tests.databases import Databases
from tests.doors import Door
from tests.outside.receivers import Postbox, Receiver, postbox, receiver
from tests.service.complaints.city import City

MakeCourier = Callable[..., Courier]
HERE = {"allowed": "127.0.0.1"}


@pytest.fixture
def city(databases: Databases, clock: SettableClock, tmp_path: Path) -> Iterator[City]:
    """Complaints, with units and the calendar of 2026 heard; it may send to servers of this machine."""
    config = replace(databases.config("complaints", tmp_path / "keys"), outside=HERE)
    door = Door(config, clock)
    yield City(door, clock)
    door.close()


@pytest.fixture
def courier_of(city: City) -> Iterator[MakeCourier]:
    """The city's courier with these channels: `courier_of(smtp=...)`. It is not started; a test calls each look."""
    with ExitStack() as made:

        def make(**outside: str) -> Any:
            config = replace(city.door.config, outside={**HERE, **outside})
            one = courier.build(config, city.door.usecases, Telemetry())
            made.callback(one.stop)
            return one

        yield make


@pytest.fixture
def platform() -> Iterator[Receiver]:
    """Another system's web server."""
    with receiver() as server:
        yield server


@pytest.fixture
def mail() -> Iterator[tuple[Postbox, int]]:
    """A mail server and its port."""
    with postbox() as running:
        yield running
