"""The test world, made once for each kind of database.

What is tried on each rpc by itself is tried on one kind of database, always the same one for an rpc, and on the other at
full size (`make prove`): whether a request is refused does not hang on where rows lie, and the storage suites run on both.
So is each trouble in which all stories are told again.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from zlib import crc32

import pytest

from chassis.clock import SettableClock
from tests.conftest import MONDAY_MORNING
from tests.contract.furnish import furnish
from tests.contract.world import World
from tests.databases import KINDS, Databases


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if not item.path.is_relative_to(Path(__file__).parent) or not hasattr(item, "callspec"):
            continue
        tried = item.callspec.params
        of = tried["rpc"].name if "rpc" in tried else tried["troubled"].__name__ if "troubled" in tried else ""
        if of and tried.get("session_databases") not in (None, _kind_for(of)):
            item.add_marker(pytest.mark.prove)


def _kind_for(tried: str) -> str:
    return KINDS[crc32(tried.encode()) % len(KINDS)]


@pytest.fixture(scope="session")
def world(session_databases: Databases, tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    """Two districts with rows of every kind, on SQLite and on PostgreSQL."""
    databases = session_databases.apart()
    made = World(databases, SettableClock(MONDAY_MORNING), tmp_path_factory.mktemp("world"))
    furnish(made)
    yield made
    made.close()
    databases.forget()
