"""Machines: known by the name in their client certificate; the gateway passes people and their addresses on."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import grpc
import pytest

from chassis.config import Config
from chassis.errors import NotFound
from chassis.rpc import channel
from tests.authority import Authority
from tests.unit.chassis.echo import Echo, echo, pb, pb_grpc, refused

SAY = pb.SayRequest(text="喂")
MACHINES = {"tax.qinghe": "unit_clerk:/qinghe/tax", "gateway.qinghe": "gateway"}


@pytest.fixture(scope="module")
def authority(tmp_path_factory: pytest.TempPathFactory) -> Authority:
    return Authority(tmp_path_factory.mktemp("certificates"))


@pytest.fixture(scope="module")
def running(authority: Authority) -> Iterator[Echo]:
    certificate, key = authority.issue("echo.qinghe")
    settings = {"tls_cert": certificate, "tls_key": key, "tls_ca": authority.path}
    with echo(machine_accounts=MACHINES, code_failures_per_minute=2, **settings) as service:
        yield service


def stub(running: Echo, authority: Authority, name: str) -> Any:
    certificate, key = authority.issue(name)
    config = Config("echo", "", Path(), tls_cert=certificate, tls_key=key, tls_ca=authority.path)
    return pb_grpc.EchoServiceStub(channel(f"127.0.0.1:{running.listening.port}", config))


def test_a_machine_acts_with_the_role_and_rows_of_its_account(running: Echo, authority: Authority) -> None:
    answer = stub(running, authority, "tax.qinghe").Say(SAY)
    assert (answer.subject, list(answer.units), answer.everything) == ("machine:tax.qinghe", ["/qinghe/tax"], False)


def test_a_certificate_without_an_account_is_nobody(running: Echo, authority: Authority) -> None:
    assert refused(lambda: stub(running, authority, "unknown.qinghe").Say(SAY)).reason == "TOKEN_MISSING"


def test_the_gateway_passes_people_on_and_is_nobody_itself(running: Echo, authority: Authority) -> None:
    gateway = stub(running, authority, "gateway.qinghe")
    assert gateway.Say(SAY, metadata=running.as_()).subject == "u1"
    assert gateway.Shout(SAY).subject == "anonymous"
    assert refused(lambda: gateway.Say(SAY)).reason == "TOKEN_MISSING"


def test_a_token_of_a_person_wins_over_the_certificate(running: Echo, authority: Authority) -> None:
    assert stub(running, authority, "tax.qinghe").Say(SAY, metadata=running.as_()).subject == "u1"


def test_without_a_certificate_of_the_authority_nobody_gets_in(running: Echo) -> None:
    with grpc.insecure_channel(f"127.0.0.1:{running.listening.port}") as plain:
        answer = refused(lambda: pb_grpc.EchoServiceStub(plain).Shout(SAY, timeout=5))
    assert answer.code == "UNAVAILABLE"


def test_guessing_is_counted_per_person_behind_the_gateway(running: Echo, authority: Authority) -> None:
    gateway = stub(running, authority, "gateway.qinghe")

    def act(request: Any) -> None:
        raise NotFound("COMPLAINT_NOT_FOUND")

    running.servicer.act = act
    first = [refused(lambda: gateway.Follow(SAY, metadata=[("x-client", "10.0.0.1")])).reason for _ in range(3)]
    other = refused(lambda: gateway.Follow(SAY, metadata=[("x-client", "10.0.0.2")])).reason
    running.servicer.act = lambda request: None
    assert first == ["CODE_NOT_KNOWN", "CODE_NOT_KNOWN", "TOO_MANY_ATTEMPTS"]
    assert other == "CODE_NOT_KNOWN"
