"""What leaves the house and comes back, as messages: deliveries, webhooks, contacts, peers, transfers."""

from __future__ import annotations

import json
from datetime import datetime
from typing import Any

from google.protobuf.json_format import MessageToDict
from zhengfeng.complaints.v1 import deliveries_pb2, notices_pb2, peers_pb2, transfers_pb2, webhooks_pb2

from chassis.facts import whole_event
from services.complaints.domain.deliveries import Delivery, DeliveryState, Means, WantedDeliveries
from services.complaints.domain.notices import Contact, ContactKind
from services.complaints.domain.transfers import (
    Peer,
    PeerKind,
    Scope,
    Transfer,
    TransferDirection,
    TransferState,
    WantedTransfers,
)
from services.complaints.domain.webhooks import Direction, Webhook
from services.complaints.wire.words import CONCLUSION, Pairs, stamp

MEANS = Pairs(Means, deliveries_pb2.DeliveryMeans)
DELIVERY_STATE = Pairs(DeliveryState, deliveries_pb2.DeliveryState)
DIRECTION = Pairs(Direction, webhooks_pb2.WebhookDirection)
CONTACT_KIND = Pairs(ContactKind, notices_pb2.ContactKind)
PEER_KIND = Pairs(PeerKind, peers_pb2.PeerKind)
TRANSFER_DIRECTION = Pairs(TransferDirection, transfers_pb2.TransferDirection)
TRANSFER_STATE = Pairs(TransferState, transfers_pb2.TransferState)
SCOPE = Pairs(Scope, transfers_pb2.TransferScope)


def delivery(of: Delivery) -> deliveries_pb2.Delivery:
    """A delivery."""
    return deliveries_pb2.Delivery(
        delivery_id=of.id,
        version=of.version,
        jurisdiction_path=of.jurisdiction_path,
        means=MEANS.number(of.means),
        addressee=of.addressee,
        kind=of.kind,
        complaint_id=of.complaint_id,
        number=of.number,
        state=DELIVERY_STATE.number(of.state),
        attempts=of.attempts,
        ordered_at=stamp(of.ordered_at),
        next_at=stamp(of.next_at),
        done_at=stamp(of.done_at),
        receipt=of.receipt,
    )


def wanted_deliveries(message: Any) -> WantedDeliveries:
    """Which deliveries a list is of."""
    return WantedDeliveries(
        DELIVERY_STATE[message.state] if message.state else None,
        MEANS[message.means] if message.means else None,
        message.number,
        message.delivery_id,
    )


def webhook(of: Webhook) -> webhooks_pb2.Webhook:
    """A webhook, without its secret."""
    return webhooks_pb2.Webhook(
        webhook_id=of.id,
        version=of.version,
        jurisdiction_path=of.jurisdiction_path,
        name=of.name,
        direction=DIRECTION.number(of.direction),
        url=of.url,
        facts=of.facts,
        running=of.running,
        created_at=stamp(of.created_at),
        old_secret_until=stamp(of.old_secret_until),
    )


def contact(of: Contact) -> notices_pb2.Contact:
    """Whose address is kept, without the address."""
    return notices_pb2.Contact(
        contact_id=of.id,
        version=of.version,
        jurisdiction_path=of.jurisdiction_path,
        unit_path=of.unit_path,
        kind=CONTACT_KIND.number(of.kind),
        means=MEANS.number(of.means),
        hint=of.hint,
        language=of.language,
        removed=of.sealed is None,
    )


def peer(of: Peer) -> peers_pb2.Peer:
    """A peer."""
    return peers_pb2.Peer(
        peer_id=of.id,
        version=of.version,
        jurisdiction_path=of.jurisdiction_path,
        name=of.name,
        kind=PEER_KIND.number(of.kind),
        machine_account=of.account,
        target=of.target,
        target_path=of.target_path,
        public_key=of.public_key,
        running=of.running,
    )


def transfer(of: Transfer, reason: str = "", outcome: str = "") -> transfers_pb2.Transfer:
    """A transfer, with its texts where they were opened."""
    return transfers_pb2.Transfer(
        transfer_id=of.id,
        version=of.version,
        complaint_id=of.complaint_id,
        number=of.number,
        jurisdiction_path=of.jurisdiction_path,
        direction=TRANSFER_DIRECTION.number(of.direction),
        peer_id=of.peer_id,
        peer_name=of.peer_name,
        peer_number=of.peer_number,
        scope=SCOPE.number(of.scope),
        state=TRANSFER_STATE.number(of.state),
        reason=reason,
        ordered_at=stamp(of.ordered_at),
        taken_at=stamp(of.taken_at),
        parcel_sha256=of.parcel_hash.hex() if of.taken_at else "",
        refusal=of.refusal,
        conclusion=CONCLUSION.number(of.conclusion),
        outcome_text=outcome,
        answered_at=stamp(of.answered_at),
    )


def wanted_transfers(message: Any) -> WantedTransfers:
    """Which transfers a list is of."""
    return WantedTransfers(
        message.complaint_id,
        TRANSFER_DIRECTION[message.direction] if message.direction else None,
        TRANSFER_STATE[message.state] if message.state else None,
        message.transfer_id,
    )


def fact_names() -> tuple[str, ...]:
    """The facts this service announces, by the names webhooks ask for them."""
    from zhengfeng.complaints.v1 import events_pb2

    kinds = events_pb2.ComplaintEvent.DESCRIPTOR.oneofs_by_name["fact"].fields
    return tuple(str(field.message_type.name) for field in kinds if field.message_type is not None)


def cloud_event(event_id: str, kind: str, payload: bytes, occurred_at: datetime) -> bytes:
    """A fact as a CloudEvent in JSON (CloudEvents 1.0.2, JSON format); `kind` is its full name."""
    event: Any = whole_event(kind, payload)
    if event.HasField("not_accepted") and event.not_accepted.reason.startswith("moved_to_"):
        event.not_accepted.reason = "other"  # which organ it left for is told to nobody outside
    return _cloud_event(event_id, kind, occurred_at, str(event.subject_id), MessageToDict(event))


def trial_event(event_id: str, at: datetime) -> bytes:
    """A CloudEvent that says nothing but that it is a test."""
    return _cloud_event(event_id, "zhengfeng.test", at, "", {"test": True})


def _cloud_event(event_id: str, kind: str, at: datetime, subject: str, told: Any) -> bytes:
    event = {
        "specversion": "1.0",
        "id": event_id,
        "source": "complaints",
        "type": kind,
        **({"subject": subject} if subject else {}),
        "time": at.isoformat(),
        "datacontenttype": "application/json",
        "data": told,
    }
    return json.dumps(event, ensure_ascii=False, separators=(",", ":")).encode()
