"""The gateway as one application in front of a server that answers every rpc."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

import pytest
from starlette.testclient import TestClient

from chassis.clock import SHANGHAI, SettableClock
from gateway.contracts import Contracts
from gateway.server import build
from gateway.settings import IMAGE, SERVICES, Settings
from tests.unit.gateway.answering import AnySuite, serve


@pytest.fixture(scope="session")
def contracts() -> Contracts:
    return Contracts.load(IMAGE)


@pytest.fixture(scope="session")
def any_suite(contracts: Contracts) -> Iterator[AnySuite]:
    yield AnySuite(contracts)


@pytest.fixture(scope="session")
def browser(any_suite: AnySuite) -> Iterator[TestClient]:
    """One application for the session; each test sets its own cookies."""
    server, address = serve(any_suite)
    clock = SettableClock(datetime(2026, 11, 16, 9, 0, tzinfo=SHANGHAI))
    app = build(Settings(addresses=dict.fromkeys(SERVICES, address)), clock)
    with TestClient(app, base_url="http://testserver", follow_redirects=False) as client:
        yield client
    server.stop(None)


@pytest.fixture(autouse=True)
def fresh(request: pytest.FixtureRequest) -> None:
    """Nobody is signed in, every list has one row, every service answers."""
    if "browser" in request.fixturenames:
        request.getfixturevalue("browser").cookies.clear()
        suite = request.getfixturevalue("any_suite")
        suite.rows, suite.silent, suite.asked = 1, set(), []
