"""The test world, made once for each kind of database."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from chassis.clock import SettableClock
from tests.conftest import MONDAY_MORNING
from tests.contract.furnish import furnish
from tests.contract.world import World
from tests.databases import Databases


@pytest.fixture(scope="session")
def world(session_databases: Databases, tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    """Two districts with rows of every kind, on SQLite and on PostgreSQL."""
    databases = session_databases.apart()
    made = World(databases, SettableClock(MONDAY_MORNING), tmp_path_factory.mktemp("world"))
    furnish(made)
    yield made
    made.close()
    databases.forget()
