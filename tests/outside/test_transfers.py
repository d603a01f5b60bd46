"""A city and a district hand complaints to one another: two deployments as processes, each with a database of its own."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from zhengfeng.complaints.v1 import complaint_pb2, events_pb2, peers_pb2, transfers_pb2

from chassis.clock import SettableClock
from tests.authority import Authority
from tests.databases import Databases
from tests.doors import caller
from tests.outside.deployments import WAIT_SECONDS, Deployment
from tests.servers.programs import wait_until
from tests.service.complaints.city import OFFICE, SECRET_NAME, SECRET_PHONE, City

ADMIN = caller("system_admin", jurisdiction="/qinghe", subject="admin")
DONGHE_CLERK = caller("clerk", "office", jurisdiction="/qinghe/donghe", subject="donghe-clerk")
WHOLE, EXCERPT = transfers_pb2.TRANSFER_SCOPE_WHOLE, transfers_pb2.TRANSFER_SCOPE_EXCERPT
TAKEN, ANSWERED = transfers_pb2.TRANSFER_STATE_TAKEN, transfers_pb2.TRANSFER_STATE_ANSWERED
REFUSED = transfers_pb2.TRANSFER_STATE_REFUSED
OUT, IN = transfers_pb2.TRANSFER_DIRECTION_OUT, transfers_pb2.TRANSFER_DIRECTION_IN


@pytest.fixture
def both(session_databases: Databases, clock: SettableClock, tmp_path: Path) -> Iterator[tuple[Deployment, Deployment]]:
    """The city's deployment and the district's, each knowing the other."""
    authority = Authority(tmp_path)
    databases = session_databases.apart()
    pair = [Deployment(name, databases, clock, tmp_path / name, authority) for name in ("city", "donghe")]
    yield pair[0], pair[1]
    for one in pair:
        one.close()
    databases.forget()


def introduced(here: Deployment, there: Deployment, kind: int, path: str) -> peers_pb2.Peer:
    """`there` as a peer of `here`; complaints go to `path` there."""
    about = {"jurisdiction_path": "/qinghe", "name": there.name, "kind": kind, "target_path": path}
    reached = {"machine_account": f"machine:{there.name}", "target": there.target, "public_key": there.public_key}
    made: peers_pb2.Peer = here.city.do("RegisterPeer", ADMIN, **about, **reached).peer
    return made


def transfers(city: City, as_: Any = OFFICE, **wanted: Any) -> list[transfers_pb2.Transfer]:
    """Its transfers, newest first."""
    return list(city.do("ListTransfers", as_, **wanted).transfers)


def until(deployment: Deployment, state: int, *others: Deployment) -> transfers_pb2.Transfer:
    """Its newest transfer once it stands so."""
    wait_until(
        lambda: transfers(deployment.city)[0].state == state,
        WAIT_SECONDS,
        lambda: "\n".join(one.story() for one in (deployment, *others)),
    )
    return transfers(deployment.city)[0]


def test_a_complaint_goes_down_with_a_receipt_and_its_outcome_comes_back(both: tuple[Deployment, Deployment]) -> None:
    city, district = both
    peer = introduced(city, district, peers_pb2.PEER_KIND_DISTRICT, "/qinghe/donghe")
    introduced(district, city, peers_pb2.PEER_KIND_SUPERIOR, "/qinghe")
    complaint = city.city.accepted()
    one = {"complaint_id": complaint.complaint_id, "expected_version": complaint.version, "peer_id": peer.peer_id}
    city.city.do("TransferOut", OFFICE, **one, scope=WHOLE, reason="属东河区管辖")
    again = city.city.refused("TransferOut", OFFICE, **one, scope=WHOLE, reason="再移交一次")
    assert again.reason == "TRANSFER_OPEN"
    city.start_courier()
    district.start_server("city=peer:/qinghe/donghe")

    taken = until(city, TAKEN, district)

    [theirs] = transfers(district.city, DONGHE_CLERK)
    assert (theirs.direction, theirs.peer_number, theirs.number) == (IN, taken.number, taken.peer_number)
    assert theirs.parcel_sha256 == taken.parcel_sha256 and theirs.reason == "属东河区管辖"
    there = district.city.do("GetComplaint", DONGHE_CLERK, complaint_id=theirs.complaint_id)
    assert there.channel == complaint_pb2.CHANNEL_SUPERIOR and "等了两个小时" in there.text
    assert city.city.seen(complaint).stage == complaint_pb2.STAGE_FORWARDED
    assert SECRET_NAME.encode() not in district.city.dump() and SECRET_PHONE.encode() not in district.city.dump()

    city.start_server("donghe=peer:/qinghe")
    district.start_courier()
    decline = {"complaint_id": there.complaint_id, "expected_version": there.version}
    district.city.do("DeclineComplaint", DONGHE_CLERK, **decline, reason="decided", explanation="已于上月办结，窗口已补岗。")

    answered = until(city, ANSWERED, district)
    assert answered.outcome_text == "已于上月办结，窗口已补岗。" and answered.conclusion == 0
    assert [fact.transfer_answered.peer for fact in city.city.facts(events_pb2.TransferAnswered)] == ["donghe"]
    wait_until(lambda: transfers(district.city, DONGHE_CLERK)[0].state == ANSWERED, WAIT_SECONDS, district.story)
    for deployment in both:
        assert "等了两个小时".encode() not in deployment.city.dump() and "已补岗".encode() not in deployment.city.dump()


def test_a_peer_that_is_away_is_tried_again_and_one_that_refuses_is_told_to_the_office(
    both: tuple[Deployment, Deployment],
) -> None:
    city, district = both
    peer = introduced(city, district, peers_pb2.PEER_KIND_DISTRICT, "/qinghe/donghe")
    complaint = city.city.accepted()
    one = {"complaint_id": complaint.complaint_id, "expected_version": complaint.version, "peer_id": peer.peer_id}
    city.city.do("TransferOut", OFFICE, **one, scope=EXCERPT, reason="请知悉")
    city.start_courier()
    delivery = lambda: city.city.do("ListDeliveries", ADMIN).deliveries[0]  # noqa: E731
    wait_until(lambda: delivery().attempts >= 1, WAIT_SECONDS, city.story)
    assert delivery().receipt == "UNAVAILABLE"
    district.start_server("city=peer:/qinghe/donghe")
    refused = until(city, REFUSED, district)
    assert refused.refusal == "PEER_UNKNOWN", "the district has not registered the city"
    assert city.city.seen(complaint).stage == complaint_pb2.STAGE_ACCEPTED
