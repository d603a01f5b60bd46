"""The gateway in front of services that ask for a certificate."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import grpc
import pytest
from starlette.testclient import TestClient

from chassis.clock import SettableClock
from gateway.contracts import Contracts
from gateway.server import build
from gateway.settings import Settings
from tests.authority import Authority
from tests.conftest import MONDAY_MORNING
from tests.unit.gateway.answering import AnySuite, serve

PUBLIC = "/api/v1/signing-keys"


@pytest.fixture(scope="module")
def authority(tmp_path_factory: pytest.TempPathFactory) -> Authority:
    return Authority(tmp_path_factory.mktemp("certificates"))


@pytest.fixture(scope="module")
def guarded(authority: Authority, contracts: Contracts) -> Iterator[str]:
    """The address of services that let in only who shows a certificate of the authority."""
    certificate, key = authority.issue("services")
    credentials = grpc.ssl_server_credentials(
        [(key.read_bytes(), certificate.read_bytes())], authority.path.read_bytes(), require_client_auth=True
    )
    server, address = serve(AnySuite(contracts), credentials)
    yield address
    server.stop(None)


def status(address: str, environment: dict[str, str | Path]) -> int:
    told = Settings.from_env({"SERVICES_AT": address, **{name: str(value) for name, value in environment.items()}})
    with TestClient(build(told, SettableClock(MONDAY_MORNING))) as client:
        return client.get(PUBLIC).status_code


def test_the_gateway_reaches_the_services_with_its_certificate(guarded: str, authority: Authority) -> None:
    certificate, key = authority.issue("gateway")

    assert status(guarded, {"TLS_CA": authority.path, "TLS_CERT": certificate, "TLS_KEY": key}) == 200


def test_without_one_the_services_do_not_answer_it(guarded: str, authority: Authority) -> None:
    assert status(guarded, {"TLS_CA": authority.path}) == 503
    assert status(guarded, {}) == 503
