"""Transfers through the door: who is told of them, what ends them, and what the other side learns of the outcome."""

from __future__ import annotations

import hashlib
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
import sqlalchemy as sa
from nacl.public import PublicKey, SealedBox
from zhengfeng.complaints.v1 import deliveries_pb2, events_pb2, peers_pb2, transfers_pb2

from services.complaints.domain.deliveries import OUTCOME, Delivery
from services.complaints.storage.outside import DELIVERIES
from tests.doors import caller
from tests.service.complaints.city import CLERK, LEADER, OFFICE, City

ADMIN = caller("system_admin", jurisdiction="/qinghe", subject="admin")
PEER = caller("peer", jurisdiction="/qinghe/donghe", subject="machine:donghe")
KEY = "5c0b9f7dc7a6d7a3b5e1c4f2d3a49687b8c9dae0f1e2d3c4b5a697887766554a"
EXCERPT, WHOLE = transfers_pb2.TRANSFER_SCOPE_EXCERPT, transfers_pb2.TRANSFER_SCOPE_WHOLE


@pytest.fixture
def peer(city: City) -> peers_pb2.Peer:
    """A district's system; it sees its own place only."""
    about = {"jurisdiction_path": "/qinghe", "name": "东河区", "kind": peers_pb2.PEER_KIND_DISTRICT, "public_key": KEY}
    reached = {"machine_account": PEER.subject, "target": "donghe.invalid:9", "target_path": "/qinghe/donghe"}
    made: peers_pb2.Peer = city.do("RegisterPeer", ADMIN, **about, **reached).peer
    return made


def ordered(city: City, peer: peers_pb2.Peer, on: Any) -> transfers_pb2.Transfer:
    one = {"complaint_id": on.complaint_id, "expected_version": on.version, "peer_id": peer.peer_id}
    made: transfers_pb2.Transfer = city.do("TransferOut", OFFICE, **one, scope=EXCERPT, reason="请知悉").transfer
    return made


def sealed(city: City, text: str) -> bytes:
    ours = bytes.fromhex(city.do("TellTransferKey", None).public_key)
    return bytes(SealedBox(PublicKey(ours)).encrypt(text.encode()))


def delivery(city: City, kind: str) -> Delivery:
    """The one delivery of this kind, as the courier takes it in hand."""
    with city.door.store.engine.connect() as connection:
        [row] = connection.execute(DELIVERIES.table.select().where(DELIVERIES.table.c.kind == kind))
    return DELIVERIES.value(row)


def test_who_must_stay_out_is_shown_no_transfer_delivery_or_handover_and_calls_none_off(
    city: City, peer: peers_pb2.Peer
) -> None:
    on = city.accepted()
    transfer = ordered(city, peer, on)
    kept_out = {"on": city.seen(on), "reason": "利害关系"}
    assert city.do("ListTransfers", OFFICE).transfers and city.do("ListDeliveries", ADMIN).deliveries
    city.do("RecuseFromComplaint", LEADER, **kept_out, account_id=OFFICE.subject)
    city.do("RecuseFromComplaint", LEADER, on=city.seen(on, CLERK), reason="利害关系", account_id=ADMIN.subject)
    assert not city.do("ListTransfers", OFFICE).transfers
    assert not city.do("ListTransfers", OFFICE, transfer_id=transfer.transfer_id).transfers
    assert not city.do("ListDeliveries", ADMIN).deliveries
    hand_over = {"delivery_id": delivery(city, "hand_over").id, "expected_version": 1}
    for rpc in ("RetryDelivery", "CallOffDelivery"):
        assert city.refused(rpc, ADMIN, **hand_over).reason == "RECUSED"
    assert city.do("ListTransfers", CLERK).transfers
    one = {"transfer_id": transfer.transfer_id, "expected_version": transfer.version}
    assert city.refused("CallOffTransfer", OFFICE, **one).reason == "RECUSED"
    city.do("CallOffTransfer", CLERK, **one)


def test_a_list_asks_the_database_as_often_for_one_transfer_as_for_many(city: City, peer: peers_pb2.Peer) -> None:
    def asked() -> int:
        count = 0

        def one_more(*_: object) -> None:
            nonlocal count
            count += 1

        sa.event.listen(city.door.store.engine, "after_cursor_execute", one_more)
        assert {one.reason for one in city.do("ListTransfers", OFFICE).transfers} == {"请知悉"}
        city.do("ListDeliveries", ADMIN)
        sa.event.remove(city.door.store.engine, "after_cursor_execute", one_more)
        return count

    ordered(city, peer, city.accepted())
    for_one = asked()
    for _ in range(3):
        ordered(city, peer, city.accepted())
    assert asked() == for_one


def test_who_must_stay_out_is_shown_no_handover(city: City) -> None:
    on = city.seen(city.filed())
    city.do("TakeParcel", OFFICE, complaint_id=on.complaint_id)
    assert city.do("ListHandovers", OFFICE).handovers
    city.do("RecuseFromComplaint", LEADER, on=on, reason="利害关系", account_id=OFFICE.subject)
    assert not city.do("ListHandovers", OFFICE).handovers and city.do("ListHandovers", CLERK).handovers


def test_an_outcome_is_announced_though_the_peer_does_not_see_the_complaint(city: City, peer: peers_pb2.Peer) -> None:
    transfer = ordered(city, peer, city.accepted())
    outcome = {"reference": transfer.transfer_id, "parcel": sealed(city, "已补岗。")}
    city.do("ReturnOutcome", PEER, **outcome)
    [fact] = city.facts(events_pb2.TransferAnswered)
    assert fact.transfer_answered.transfer_id == transfer.transfer_id


def test_what_was_called_off_has_no_outcome(city: City, peer: peers_pb2.Peer) -> None:
    transfer = ordered(city, peer, city.accepted())
    city.do("CallOffTransfer", OFFICE, transfer_id=transfer.transfer_id, expected_version=transfer.version)
    outcome = {"reference": transfer.transfer_id, "parcel": sealed(city, "已补岗。")}
    assert city.refused("ReturnOutcome", PEER, **outcome).reason == "TRANSFER_ENDED"
    [now] = city.do("ListTransfers", OFFICE).transfers
    assert now.state == transfers_pb2.TRANSFER_STATE_CALLED_OFF


def test_a_delivery_is_given_up_together_with_its_transfer(city: City, peer: peers_pb2.Peer) -> None:
    ordered(city, peer, city.accepted())
    city.door.usecases.deliveries.failed(delivery(city, "hand_over"), "PEER_UNKNOWN", True)
    [transfer] = city.do("ListTransfers", OFFICE).transfers
    assert (transfer.state, transfer.refusal) == (transfers_pb2.TRANSFER_STATE_REFUSED, "PEER_UNKNOWN")
    assert city.do("ListDeliveries", ADMIN).deliveries[0].state == deliveries_pb2.DELIVERY_STATE_GIVEN_UP


def test_neither_a_peer_nor_a_webhook_learns_that_the_discipline_organ_has_it(city: City, peer: peers_pb2.Peer) -> None:
    hook = {"jurisdiction_path": "/qinghe", "name": "平台", "url": "https://platform.example/", "direction": 1}
    city.do("CreateWebhook", ADMIN, **hook, facts=["ComplaintNotAccepted"])
    said = '{"title": "标题", "text": "窗口无人值守"}'
    taken = {"reference": "theirs-1", "sender_number": "1", "jurisdiction_path": "/qinghe/donghe", "scope": WHOLE}
    city.do("TransferIn", PEER, **taken, parcel=sealed(city, said))
    [transfer] = city.do("ListTransfers", OFFICE).transfers
    on = city.seen(transfer)
    city.do("TakeParcel", OFFICE, complaint_id=on.complaint_id)
    city.do("MoveToDiscipline", OFFICE, on=city.seen(on), organ="清河市纪委监委")
    city.door.usecases.sorting.sort()

    back = city.door.usecases.handing.prepare(delivery(city, OUTCOME))
    body = city.door.usecases.post.letter(delivery(city, "ComplaintNotAccepted")).body

    assert back.content.decode() == "已按规定处理。" and back.digest == hashlib.sha256(back.content).hexdigest()
    assert b"moved" not in body and "纪委".encode() not in body


@pytest.mark.parametrize(
    "said",
    [
        "{}",
        "[]",
        '"title text"',
        "1",
        "null",
        "[" * 100_000,
        '{"title": "标题"}',
        '{"title": " ", "text": "正文"}',
        '{"title": "标题", "text": 1}',
        '{"title": "标题", "text": "\\u0000"}',
        '{"title": "标题", "text": "\\ud800"}',
        '{"title": "标题", "text": "正文", "note": "\\udc00"}',
        '{"title": "%s", "text": "正文"}' % ("长" * 101),
        '{"title": "标题", "text": "%s"}' % ("长" * 10_001),
        '{"title": "标题", "text": "正文", "confidential_text": "%s"}' % ("长" * 10_001),
        '{"title": "标题", "text": "正文", "note": "%s"}' % ("长" * 501),
        '{"title": "标题", "text": "正文", "received_at": "%s"}' % ("9" * 101),
    ],
)
def test_a_parcel_that_is_none_is_refused_and_nothing_is_kept(city: City, peer: peers_pb2.Peer, said: str) -> None:
    taken = {"reference": "theirs-1", "sender_number": "1", "jurisdiction_path": "/qinghe/donghe", "scope": WHOLE}
    assert city.refused("TransferIn", PEER, **taken, parcel=sealed(city, said)).reason == "PARCEL_UNREADABLE"
    assert not city.do("ListTransfers", OFFICE).transfers and not city.do("ListComplaints", OFFICE).complaints


def test_an_outcome_that_is_no_text_is_refused_and_so_is_what_is_not_sealed_to_us(city: City, peer: peers_pb2.Peer) -> None:
    transfer = ordered(city, peer, city.accepted())
    ours = PublicKey(bytes.fromhex(city.do("TellTransferKey", None).public_key))
    for content in (b"\xff\xfe", b"a\x00b", "长".encode() * 10_001, "\ud800".encode(errors="surrogatepass")):
        outcome = {"reference": transfer.transfer_id, "parcel": bytes(SealedBox(ours).encrypt(content))}
        assert city.refused("ReturnOutcome", PEER, **outcome).reason == "PARCEL_UNREADABLE"
    for parcel in (b"x", b"x" * 47, b"x" * 48, b"x" * 1000):
        outcome = {"reference": transfer.transfer_id, "parcel": parcel}
        assert city.refused("ReturnOutcome", PEER, **outcome).reason == "PARCEL_UNREADABLE"


def test_the_same_parcel_at_the_same_moment_is_one_complaint(city: City, peer: peers_pb2.Peer) -> None:
    said = sealed(city, '{"title": "标题", "text": "窗口无人值守"}')
    taken = {"reference": "theirs-1", "sender_number": "1", "jurisdiction_path": "/qinghe/donghe", "scope": WHOLE}
    with ThreadPoolExecutor(4) as threads:
        answers = list(threads.map(lambda _: city.do("TransferIn", PEER, **taken, parcel=said), range(4)))
    assert len({one.number for one in answers}) == 1 == len(city.do("ListComplaints", OFFICE).complaints)
