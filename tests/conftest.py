"""What every test may ask for: databases of both kinds, a broker, a clock that stands still, and the front door.

Servers start when the first test asks for them and end with the session.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from datetime import datetime
from functools import cache
from pathlib import Path

import pytest
import structlog

from chassis.clock import SHANGHAI, SettableClock
from tests.databases import KINDS, Databases
from tests.doors import Door
from tests.servers import PostgreSQL, RabbitMQ

MONDAY_MORNING = datetime(2026, 11, 16, 9, 0, tzinfo=SHANGHAI)


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Says which tests run one after another in one process: those that share a running suite or a furnished world, which
    take long to make, and otherwise those of a file."""
    for item in items:
        item.add_marker(pytest.mark.xdist_group(_together(item)))


def _together(item: pytest.Item) -> str:
    params: dict[str, str] = item.callspec.params if hasattr(item, "callspec") else {}
    names: tuple[str, ...] = getattr(item, "fixturenames", ())
    for shared, kind in (("deployment", "deployment"), ("world", "session_databases")):
        if shared in names:
            return f"{shared}-{params[kind]}"
    return item.location[0]


@pytest.fixture(scope="session", autouse=True)
def plain_log_lines() -> None:
    """Log lines of this process as in production: a traceback drawn with frames takes a second of a test's time."""
    shown = (structlog.processors.add_log_level, structlog.processors.format_exc_info)
    structlog.configure(processors=[*shown, structlog.processors.JSONRenderer(ensure_ascii=False)])


@pytest.fixture(scope="session")
def start_postgresql() -> Iterator[Callable[[], PostgreSQL]]:
    """The session's PostgreSQL, started at the first call."""
    with ExitStack() as servers:
        yield cache(lambda: servers.enter_context(PostgreSQL()))


@pytest.fixture(scope="session")
def postgresql(start_postgresql: Callable[[], PostgreSQL]) -> PostgreSQL:
    """The session's PostgreSQL."""
    return start_postgresql()


@pytest.fixture(scope="session")
def rabbitmq() -> Iterator[RabbitMQ]:
    """The session's RabbitMQ."""
    with RabbitMQ() as broker:
        yield broker


@pytest.fixture
def rabbitmq_url(rabbitmq: RabbitMQ) -> str:
    """A broker with nothing in it."""
    return rabbitmq.create_vhost()


@pytest.fixture(scope="session", params=KINDS)
def session_databases(
    request: pytest.FixtureRequest,
    start_postgresql: Callable[[], PostgreSQL],
    tmp_path_factory: pytest.TempPathFactory,
) -> Databases:
    """Where databases of one kind are made; every test that needs a database runs on SQLite and on PostgreSQL."""
    return Databases(request.param, tmp_path_factory.mktemp(request.param), start_postgresql)


@pytest.fixture
def databases(session_databases: Databases) -> Iterator[Databases]:
    """The same, forgetting after each test what it made."""
    yield session_databases
    session_databases.forget()


@pytest.fixture
def database_url(databases: Databases) -> str:
    """A new empty database."""
    return databases.empty()


@pytest.fixture
def clock() -> SettableClock:
    """A clock that stands at 09:00 on Monday 2026-11-16 in Shanghai until it is moved."""
    return SettableClock(MONDAY_MORNING)


@pytest.fixture
def door(databases: Databases, clock: SettableClock, tmp_path: Path) -> Iterator[Callable[[str], Door]]:
    """Opens the front door of a service on fresh databases: `door("complaints")`; see tests/doors.py.

    With the name of a scene, on copies of the databases that `Databases.set_scene` kept under it.
    """
    with ExitStack() as doors:

        def opened(service: str, scene: str = "") -> Door:
            made = Door(databases.config(service, tmp_path / "keys" / service, scene), clock)
            doors.callback(made.close)
            return made

        yield opened
