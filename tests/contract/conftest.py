"""The test world, made once for each kind of database."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from chassis.clock import SettableClock
from tests.conftest import MONDAY_MORNING
from tests.contract.stories import accountability, complaints, directory, evaluation, supervision
from tests.contract.strangers import look_around
from tests.contract.world import World
from tests.databases import Databases


@pytest.fixture(scope="session")
def world(session_databases: Databases, tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    """Two districts with rows of every kind, on SQLite and on PostgreSQL."""
    folder = tmp_path_factory.mktemp("world")
    databases = session_databases.apart()
    made = World(databases, SettableClock(MONDAY_MORNING), folder / "keys")
    directory.begin(made)
    for district in made.districts.values():
        for story in (directory, complaints, supervision, evaluation, accountability):
            story.tell(made, district)
            made.carry()
        look_around(made, district)
    yield made
    made.close()
    databases.forget()
