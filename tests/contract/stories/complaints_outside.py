"""What leaves a district and comes back: webhooks, addresses for notices, peers, a complaint handed over and one taken."""

from __future__ import annotations

import json
from typing import Any

from nacl.public import PublicKey, SealedBox
from zhengfeng.complaints.v1 import notices_pb2, peers_pb2, transfers_pb2, webhooks_pb2

from chassis.auth import Caller
from tests.contract.world import District, World

KEY = "07" * 32
OUT = webhooks_pb2.WEBHOOK_DIRECTION_OUT


def tell(world: World, district: District) -> None:
    """Everything that leaves one district."""
    admin = district.somebody("system_admin")
    about = {"jurisdiction_path": district.path, "name": district.mark}
    hook = {**about, "direction": OUT, "url": "https://platform.example/facts", "facts": ["ComplaintClosed"]}
    webhook = world.do("complaints.CreateWebhook", district, admin, **hook).webhook
    world.do("complaints.TestWebhook", district, admin, webhook_id=webhook.webhook_id)
    one = {"webhook_id": webhook.webhook_id, "expected_version": webhook.version}
    world.do("complaints.RenewWebhookSecret", district, admin, **one)
    _addresses(world, district, admin)
    _transfers(world, district, admin)


def _addresses(world: World, district: District, admin: Caller) -> None:
    kept = {"unit_path": district.unit, "kind": notices_pb2.CONTACT_KIND_UNIT, "means": 2, "address": "desk@unit.example"}
    world.do("complaints.AddContact", district, admin, jurisdiction_path=district.path, **kept)
    code = _filed(world, district).receipt_code
    given = {"receipt_code": code, "means": 2, "address": "somebody@mail.example", "consent": True, "language": "zh"}
    world.do("complaints.GiveNoticeAddress", district, None, **given)


def _transfers(world: World, district: District, admin: Caller) -> None:
    """One is ordered and waits; another is taken over from the same peer."""
    machine = district.somebody("peer")
    peer = {
        "jurisdiction_path": district.path,
        "name": district.mark,
        "kind": peers_pb2.PEER_KIND_SUPERIOR,
        "machine_account": machine.subject,
        "target": "donghe.invalid:9",
        "target_path": district.path,
        "public_key": KEY,
    }
    known = world.do("complaints.RegisterPeer", district, admin, **peer).peer
    receipt, office = _filed(world, district), district.somebody("office")
    ordered = {"complaint_id": receipt.complaint_id, "expected_version": 1, "peer_id": known.peer_id}
    excerpt = {"scope": transfers_pb2.TRANSFER_SCOPE_EXCERPT, "reason": district.mark}
    world.do("complaints.TransferOut", district, office, **ordered, **excerpt)
    ours = bytes.fromhex(world.do("complaints.TellTransferKey", district, None).public_key)
    said = {"title": district.mark, "text": district.mark, "note": district.mark}
    parcel = SealedBox(PublicKey(ours)).encrypt(json.dumps(said).encode())
    handed = {"reference": f"theirs-{district.slug}", "sender_number": "上级〔2026〕1号", "parcel": parcel}
    world.do("complaints.TransferIn", district, machine, jurisdiction_path=district.path, **handed)


def _filed(world: World, district: District) -> Any:
    about = {"jurisdiction_path": district.path, "identity": {"name": "某人"}, "manner": 1, "accused_unit_path": ""}
    said = {"title": district.mark, "text": district.mark, "confidential_text": ""}
    return world.do("complaints.FileComplaint", district, None, **about, **said)
