"""schemathesis over the OpenAPI document, through the gateway and all five services on the embedded default.

Whatever is sent, by somebody whose role opens the operation, the answer is one the document knows: never an internal
error, of the kind and shape that is written there. Streams have no single answer and are left to their own tests.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import schemathesis
from hypothesis import HealthCheck, settings
from schemathesis import Case
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import content_type_conformance, response_schema_conformance

from chassis.clock import SystemClock
from gateway.contracts import Contracts, Rpc
from gateway.rest.openapi import document
from gateway.rest.routing import Routes
from gateway.settings import IMAGE, SERVICES
from suite.demo.accounts import wanted_accounts
from suite.demo.life import tokens_of
from suite.demo.load import load_directory
from suite.embedded import Embedded
from suite.page_server import PageServer
from tests.servers.programs import free_port

CONTRACTS = Contracts.load(IMAGE)
UNARY = [
    route
    for route in Routes(CONTRACTS.rpcs.values()).all
    if not route.rpc.client_streaming and not route.rpc.server_streaming
]
RPCS = {rpc.key: rpc for rpc in CONTRACTS.rpcs.values()}
schema = schemathesis.openapi.from_dict(document(CONTRACTS, UNARY))
schema.config.phases.update(phases=["fuzzing"])
BOUNDED = settings(
    max_examples=3,
    deadline=None,
    derandomize=True,
    database=None,
    suppress_health_check=list(HealthCheck),
)


class City:
    """The demonstration's directory, its services and the gateway; `token` signs in as whoever may call an rpc."""

    def __init__(self, folder: Path) -> None:
        port, clock = free_port(), SystemClock()
        self.embedded = Embedded(folder, clock, port)
        self.embedded.answer()
        directory = self.embedded.services["directory"].usecases
        load_directory(directory, lambda text: None)
        self.embedded.start()
        self.pages = PageServer(dict.fromkeys(SERVICES, f"127.0.0.1:{port}"), 0, clock)
        self.pages.start()
        self._token: Callable[[str], str] = tokens_of(directory)
        self._people = [(one.user_name, set(one.roles)) for one in wanted_accounts()]

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.pages.port}"

    def headers(self, rpc: Rpc) -> dict[str, str]:
        if rpc.access.public or rpc.access.by_code:
            return {}
        may = (name for name, roles in self._people if rpc.access.signed_in or roles & rpc.access.roles)
        user = next(may, self._people[0][0])  # only a machine of another bureau may: anybody else is refused, as it says
        return {"authorization": f"Bearer {self._token(user)}"}

    def stop(self) -> None:
        self.pages.stop()
        self.embedded.stop()


@pytest.fixture(scope="module")
def city(tmp_path_factory: pytest.TempPathFactory) -> Iterator[City]:
    running = City(tmp_path_factory.mktemp("city"))
    yield running
    running.stop()


@schema.parametrize()
@BOUNDED
def test_every_answer_is_one_the_document_knows(case: Case, city: City) -> None:
    rpc = RPCS[str(case.operation.definition.raw["operationId"])]
    case.call_and_validate(
        base_url=city.url,
        headers=city.headers(rpc),
        checks=[not_a_server_error, content_type_conformance, response_schema_conformance],
    )
