"""What somebody registers never lets the courier knock inside the house: refused when registered, and when connected to."""

from __future__ import annotations

import socket
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from zhengfeng.complaints.v1 import deliveries_pb2, peers_pb2, peers_pb2_grpc, webhooks_pb2

from carriage.letter import NotDelivered
from carriage.peer import Peers
from carriage.reach import CLOSED, Reach
from carriage.sms import Sms
from chassis.clock import SettableClock
from chassis.courier import Courier
from chassis.telemetry import Telemetry
from services.complaints import courier
from tests.databases import Databases
from tests.doors import Door, caller
from tests.outside.receivers import Receiver
from tests.service.complaints.city import City

ADMIN = caller("system_admin", jurisdiction="/qinghe", subject="admin")
HOOK = {"jurisdiction_path": "/qinghe", "name": "数据平台", "direction": webhooks_pb2.WEBHOOK_DIRECTION_OUT}
PEER = {
    "jurisdiction_path": "/qinghe",
    "name": "东河区",
    "kind": peers_pb2.PEER_KIND_DISTRICT,
    "target_path": "/qinghe/donghe",
}
KNOWN = {"machine_account": "machine:donghe", "public_key": "ab" * 32}
INSIDE = (
    "127.0.0.1 127.1 2130706433 localhost 0.0.0.0 10.0.0.1 172.16.0.9 192.168.1.1 169.254.169.254 100.64.0.1 224.0.0.251 "
    "240.0.0.1 255.255.255.255 [::1] [::] [fe80::1] [fc00::1] [fec0::1] [ff02::1] [ff0e::1] [::ffff:127.0.0.1] "
    "[64:ff9b::a00:1] [2002:7f00:1::]"
).split()
Names = dict[str, list[str]]
MakeDoor = Callable[[str], City]


@pytest.fixture
def names(monkeypatch: pytest.MonkeyPatch) -> Names:
    """What names mean: a name's addresses are told one after another, the last one from then on."""
    known: Names = {}
    really = socket.getaddrinfo

    def told(host: Any, *args: Any, **named: Any) -> Any:
        answers = known.get(str(host))
        if not answers:
            return really(host, *args, **named)
        return really(answers.pop(0) if len(answers) > 1 else answers[0], *args, **named)

    monkeypatch.setattr(socket, "getaddrinfo", told)
    return known


@pytest.fixture
def city_where(databases: Databases, clock: SettableClock, tmp_path: Path) -> Iterator[MakeDoor]:
    """A city whose deployment names these hosts."""
    made: list[City] = []

    def opened(allowed: str) -> City:
        config = replace(databases.config("complaints", tmp_path / "keys"), outside={"allowed": allowed})
        made.append(City(Door(config, clock), clock))
        return made[-1]

    yield opened
    for one in made:
        one.door.close()


def courier_of(city: City) -> Courier:
    """Its courier, not started."""
    return courier.build(city.door.config, city.door.usecases, Telemetry())


def test_nothing_inside_is_open_until_it_is_named() -> None:
    assert [one for one in INSIDE if not Reach().closed(one)] == []
    assert not any(Reach().closed(one) for one in ("93.184.215.14", "[2606:4700::1111]", "[::ffff:93.184.215.14]"))
    named = Reach.of("127.0.0.1, 10.0.0.0/8,fc00::/7, LOCALHOST")
    opened = "127.0.0.1 127.1 2130706433 localhost 10.0.0.1 [fc00::1] [::ffff:127.0.0.1] [64:ff9b::a00:1] [2002:7f00:1::]"
    assert [one for one in INSIDE if not named.closed(one)] == [one for one in INSIDE if one in opened.split()]
    assert not Reach().closed("nobody-knows.invalid"), (
        "one that cannot be looked up now is looked at when it is connected to"
    )


def test_an_address_inside_is_refused_when_it_is_registered(city_where: MakeDoor, names: Names) -> None:
    city = city_where("")
    names["inside.example"] = ["10.20.30.40"]
    for host in ("127.0.0.1", "[::1]", "169.254.169.254", "inside.example"):
        hook = {**HOOK, "url": f"https://{host}/facts", "facts": ["ComplaintAccepted"]}
        assert city.refused("CreateWebhook", ADMIN, **hook).reason == "HOST_NOT_ALLOWED"
        peer = {**PEER, **KNOWN, "target": f"{host}:50052"}
        assert city.refused("RegisterPeer", ADMIN, **peer).reason == "HOST_NOT_ALLOWED"
    with pytest.raises(ValueError, match="OUTSIDE_ALLOWED"):
        Sms("https://office:token@10.0.0.7/send", Reach())


def test_a_name_that_leads_inside_later_is_not_connected_to(city_where: MakeDoor, names: Names, platform: Receiver) -> None:
    city = city_where("localhost")
    names["platform.example"] = ["93.184.215.14"]
    url = f"https://platform.example:{platform.server_port}/facts"
    city.do("CreateWebhook", ADMIN, **HOOK, url=url, facts=["ComplaintAccepted"])
    names["platform.example"] = ["127.0.0.1"]
    city.accepted()

    courier_of(city).look()

    [kept] = city.do("ListDeliveries", ADMIN).deliveries
    assert (kept.state, kept.receipt) == (deliveries_pb2.DELIVERY_STATE_WAITING, CLOSED)
    assert platform.received == []


def test_what_was_looked_at_is_what_is_connected_to(city_where: MakeDoor, names: Names, platform: Receiver) -> None:
    city = city_where("127.0.0.0/8,platform.example")
    url = f"http://localhost:{platform.server_port}/facts"
    city.do("CreateWebhook", ADMIN, **HOOK, url=url, facts=["ComplaintAccepted"])
    names["localhost"] = ["127.0.0.1", "10.0.0.1"]
    city.accepted()

    one = courier_of(city)
    one.look()

    assert len(platform.received) == 1 and names["localhost"] == ["10.0.0.1"], "the name was asked for once"
    city.clock.advance(timedelta(minutes=1))


def test_peers_are_connected_to_as_they_were_looked_at_and_lost_when_they_move_inside(
    city_where: MakeDoor, names: Names
) -> None:
    city = city_where("127.0.0.1")
    names["donghe.example"] = ["127.0.0.1"]
    peers = Peers(city.door.config)
    target = f"donghe.example:{city.door.port}"

    stub = peers_pb2_grpc.PeerServiceStub(peers.channel(target))
    assert stub.TellTransferKey(peers_pb2.TellTransferKeyRequest(), timeout=10).public_key

    names["donghe.example"] = ["10.0.0.1"]
    with pytest.raises(NotDelivered, match=CLOSED):
        peers.channel(target)
    peers.close()
