"""What people do with a delivery while it is on its way: what arrived stands as arrived, nothing is sent twice for it."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

import grpc
import pytest
from google.protobuf import any_pb2
from google.rpc import error_details_pb2, status_pb2
from grpc_status import rpc_status
from nacl.public import PrivateKey, SealedBox
from zhengfeng.complaints.v1 import deliveries_pb2, events_pb2, peers_pb2, transfers_pb2, transfers_pb2_grpc

from services.complaints.domain.transfers import Parcel
from tests.doors import caller
from tests.outside.conftest import MakeCourier
from tests.outside.receivers import Receiver
from tests.outside.test_webhooks import subscribed
from tests.service.complaints.city import OFFICE, City
from tests.service.complaints.test_transfers import sealed

ADMIN = caller("system_admin", jurisdiction="/qinghe", subject="admin")
MACHINE = caller("peer", jurisdiction="/qinghe/donghe", subject="machine:donghe")
EXCERPT = transfers_pb2.TRANSFER_SCOPE_EXCERPT
DELIVERED, WAITING = deliveries_pb2.DELIVERY_STATE_DELIVERED, deliveries_pb2.DELIVERY_STATE_WAITING
CALLED_OFF, GIVEN_UP = deliveries_pb2.DELIVERY_STATE_CALLED_OFF, deliveries_pb2.DELIVERY_STATE_GIVEN_UP
TAKEN, ORDERED = transfers_pb2.TRANSFER_STATE_TAKEN, transfers_pb2.TRANSFER_STATE_ORDERED


def deliveries(city: City) -> list[deliveries_pb2.Delivery]:
    """All of them, newest first."""
    return list(city.do("ListDeliveries", ADMIN).deliveries)


def transfer(city: City) -> transfers_pb2.Transfer:
    """The newest one."""
    found: transfers_pb2.Transfer = city.do("ListTransfers", OFFICE).transfers[0]
    return found


def at_once(city: City, rpc: str) -> Callable[[], None]:
    """Somebody does this with the waiting delivery, once."""
    done: list[bool] = []

    def act() -> None:
        if not done:
            done.append(True)
            [one] = [each for each in deliveries(city) if each.state == WAITING][-1:]
            city.do(rpc, ADMIN, delivery_id=one.delivery_id, expected_version=one.version)

    return act


@pytest.mark.parametrize("rpc", ["RetryDelivery", "CallOffDelivery"])
def test_what_arrives_while_somebody_changes_it_has_arrived_once_and_keeps_its_receipt(
    city: City, platform: Receiver, courier_of: MakeCourier, rpc: str
) -> None:
    subscribed(city, platform.address)
    city.accepted()
    platform.before_answering = at_once(city, rpc)
    courier = courier_of()
    courier.look()
    city.clock.advance(timedelta(hours=2))
    courier.look()

    assert len(platform.received) == 1
    [kept] = deliveries(city)
    assert (kept.state, kept.attempts, kept.receipt) == (DELIVERED, 1, "HTTP 204")


def test_what_is_called_off_on_its_way_and_fails_stays_called_off(
    city: City, platform: Receiver, courier_of: MakeCourier
) -> None:
    subscribed(city, platform.address)
    city.accepted()
    platform.status = 503
    platform.before_answering = at_once(city, "CallOffDelivery")
    courier = courier_of()
    courier.look()
    city.clock.advance(timedelta(hours=2))
    courier.look()

    assert len(platform.received) == 1
    assert [one.state for one in deliveries(city)] == [CALLED_OFF]


def test_what_is_called_off_before_its_turn_is_not_sent(city: City, platform: Receiver, courier_of: MakeCourier) -> None:
    subscribed(city, platform.address)
    city.accepted()
    city.accepted()

    def call_off_all() -> None:
        for one in deliveries(city):
            city.do("CallOffDelivery", ADMIN, delivery_id=one.delivery_id, expected_version=one.version)

    platform.before_answering = call_off_all
    courier_of().look()

    assert len(platform.received) == 1
    assert sorted(one.state for one in deliveries(city)) == sorted([DELIVERED, CALLED_OFF])


@dataclass
class Neighbour(transfers_pb2_grpc.TransferServiceServicer):
    """Another deployment, as far as its answers go."""

    key: PrivateKey
    target: str = ""
    taken: dict[str, tuple[str, str]] = field(default_factory=dict)
    calls: list[str] = field(default_factory=list)
    parcels: list[Parcel] = field(default_factory=list)
    before_answering: Callable[[], None] = lambda: None
    lost: bool = False
    refuses: str = ""

    def TransferIn(self, request: Any, context: grpc.ServicerContext) -> Any:
        """Takes it under a number, once; the answer may be lost."""

        content = SealedBox(self.key).decrypt(request.parcel)
        digest = hashlib.sha256(content).hexdigest()
        self.calls.append(request.reference)
        self.parcels.append(Parcel.of(content))
        self.before_answering()
        if self.refuses:
            self._refuse(context, self.refuses)
        number, first = self.taken.setdefault(request.reference, (f"东河{len(self.taken) + 1}", digest))
        if self.lost:
            context.abort(grpc.StatusCode.UNAVAILABLE, "lost")
        if first != digest:
            self._refuse(context, "REFERENCE_REUSED", number=number, parcel=first)
        return transfers_pb2.TransferInResponse(number=number, parcel_sha256=digest)

    def _refuse(self, context: grpc.ServicerContext, reason: str, **told: str) -> None:
        detail = any_pb2.Any()
        detail.Pack(error_details_pb2.ErrorInfo(reason=reason, domain="complaints", metadata=told))
        status = status_pb2.Status(code=grpc.StatusCode.FAILED_PRECONDITION.value[0], message=reason, details=[detail])
        context.abort_with_status(rpc_status.to_status(status))


@pytest.fixture
def neighbour() -> Iterator[Neighbour]:
    """A running one."""
    one = Neighbour(PrivateKey.generate())  # type: ignore[abstract]
    server = grpc.server(ThreadPoolExecutor(2))
    transfers_pb2_grpc.add_TransferServiceServicer_to_server(one, server)
    one.target = f"127.0.0.1:{server.add_insecure_port('127.0.0.1:0')}"
    server.start()
    yield one
    server.stop(None)


@pytest.fixture
def ordered(city: City, neighbour: Neighbour) -> Any:
    """A complaint on its way to the neighbour."""
    about = {"jurisdiction_path": "/qinghe", "name": "东河区", "kind": peers_pb2.PEER_KIND_DISTRICT}
    key = bytes(neighbour.key.public_key).hex()
    reached = {"machine_account": MACHINE.subject, "target": neighbour.target, "target_path": "/qinghe/donghe"}
    peer = city.do("RegisterPeer", ADMIN, **about, **reached, public_key=key).peer
    on = city.accepted()
    one = {"complaint_id": on.complaint_id, "expected_version": on.version, "peer_id": peer.peer_id}
    return city.do("TransferOut", OFFICE, **one, scope=EXCERPT, reason="请知悉").transfer


def test_what_the_peer_took_while_it_was_called_off_here_is_taken(
    city: City, neighbour: Neighbour, ordered: Any, courier_of: MakeCourier
) -> None:
    def call_off() -> None:
        now = transfer(city)
        city.do("CallOffTransfer", OFFICE, transfer_id=now.transfer_id, expected_version=now.version)

    neighbour.before_answering = call_off
    courier_of().look()

    now = transfer(city)
    assert (now.state, now.peer_number) == (TAKEN, "东河1") and now.parcel_sha256
    assert [one.state for one in deliveries(city)] == [DELIVERED]
    assert len(city.facts(events_pb2.ComplaintTransferred)) == 1


def test_a_lost_answer_is_made_good_though_what_is_handed_over_has_changed_since(
    city: City, neighbour: Neighbour, ordered: Any, courier_of: MakeCourier
) -> None:
    courier = courier_of()
    neighbour.lost = True
    courier.look()
    assert (transfer(city).state, transfer(city).parcel_sha256) == (ORDERED, "")
    neighbour.lost = False
    neighbour.taken[ordered.transfer_id] = ("东河1", "ab" * 32)  # what it was told then in other words
    city.clock.advance(timedelta(minutes=1))
    courier.look()

    assert neighbour.calls == [ordered.transfer_id] * 2
    now = transfer(city)
    assert (now.state, now.peer_number) == (TAKEN, "东河1")
    assert now.parcel_sha256 == "ab" * 32, "that of what the other side holds"
    assert deliveries(city)[0].receipt == "REFERENCE_REUSED 东河1"


def test_the_outcome_of_what_was_sent_is_taken_though_its_answer_was_lost_and_it_was_called_off(
    city: City, neighbour: Neighbour, ordered: Any, courier_of: MakeCourier
) -> None:
    neighbour.lost = True
    courier_of().look()
    [one] = deliveries(city)
    city.do("CallOffDelivery", ADMIN, delivery_id=one.delivery_id, expected_version=one.version)
    assert transfer(city).state == transfers_pb2.TRANSFER_STATE_CALLED_OFF

    city.do("ReturnOutcome", MACHINE, reference=ordered.transfer_id, parcel=sealed(city, "已补岗。"))

    assert transfer(city).state == transfers_pb2.TRANSFER_STATE_ANSWERED


def test_a_refused_transfer_is_ordered_again_with_its_delivery(
    city: City, neighbour: Neighbour, ordered: Any, courier_of: MakeCourier
) -> None:
    courier = courier_of()
    neighbour.refuses = "PEER_STOPPED"
    courier.look()
    [given_up] = deliveries(city)
    assert (given_up.state, transfer(city).refusal) == (GIVEN_UP, "PEER_STOPPED")
    neighbour.refuses = ""
    city.do("RetryDelivery", ADMIN, delivery_id=given_up.delivery_id, expected_version=given_up.version)
    courier.look()

    assert (transfer(city).state, transfer(city).refusal) == (TAKEN, "")
    assert neighbour.calls == [ordered.transfer_id] * 2 and len(neighbour.taken) == 1
