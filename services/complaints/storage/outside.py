"""Tables of what leaves the house and comes back: deliveries, webhooks, addresses for notices, peers, transfers.

No text and no address stands in the clear: a contact's address is sealed to the holder `notice`, a complainant's to the same
holder under the complaint's own key, an outcome's text under the key of the complaint it is about.
"""

from __future__ import annotations

import sqlalchemy as sa
from sqlalchemy import Boolean, Column, Index, Integer, Text

from chassis.db import BIG, Bytes, Choice, Doc, Id, Instant
from chassis.store import Tx
from services.complaints.domain.complaint import Complaint
from services.complaints.domain.deliveries import Delivery, DeliveryState, Means
from services.complaints.domain.notices import Contact, ContactKind
from services.complaints.domain.stages import Conclusion
from services.complaints.domain.transfers import Peer, PeerKind, Scope, Transfer, TransferDirection, TransferState
from services.complaints.domain.webhooks import Direction, Webhook
from services.complaints.storage.tables import COMPLAINTS, SCHEMA

_WAITING = sa.text("state = 'waiting'")

DELIVERIES = SCHEMA.resource(
    Delivery,
    "deliveries",
    Column("means", Choice(Means), nullable=False),
    Column("addressee", Text, nullable=False),
    Column("receiver", Text, nullable=False),
    Column("kind", Text, nullable=False),
    Column("message_id", Text, nullable=False),
    Column("complaint_id", Text, nullable=False),
    Column("number", Text, nullable=False),
    Column("ordered_at", Instant(), nullable=False),
    Column("fact_row", BIG),
    Column("transfer_id", Text, nullable=False),
    Column("state", Choice(DeliveryState), nullable=False),
    Column("attempts", Integer, nullable=False),
    Column("next_at", Instant()),
    Column("done_at", Instant()),
    Column("receipt", Text, nullable=False),
    # A fact is sent once to each receiver, however often the courier looks at it.
    Index("deliveries_once", "receiver", "kind", "message_id", unique=True),
    Index("deliveries_waiting", "next_at", "id", sqlite_where=_WAITING, postgresql_where=_WAITING),
    Index("deliveries_ordered", "ordered_at", "id"),
    Index("deliveries_complaint", "complaint_id"),
)

# How far the outbox has been looked through for facts that are to be told outside: one row.
SORTED = SCHEMA.table("sorted_facts", Column("name", Text, primary_key=True), Column("outbox_id", BIG, nullable=False))

WEBHOOKS = SCHEMA.resource(
    Webhook,
    "webhooks",
    Column("name", Text, nullable=False),
    Column("direction", Choice(Direction), nullable=False),
    Column("url", Text, nullable=False),
    Column("facts", Doc(tuple[str, ...]), nullable=False),
    Column("running", Boolean, nullable=False),
    Column("since", Instant(), nullable=False),
    Column("created_at", Instant(), nullable=False),
    Column("drawn", Integer, nullable=False),
    Column("old_secret_until", Instant()),
    Index("webhooks_created", "created_at", "id"),
)

# Messages an incoming webhook has taken, by keyed hash, until they are too old to be believed anyway.
SEEN = SCHEMA.table(
    "webhook_seen",
    Column("webhook_id", Id(), primary_key=True),
    Column("message_mac", Bytes(), primary_key=True),
    Column("at", Instant(), nullable=False),
    Index("webhook_seen_at", "at"),
)

CONTACTS = SCHEMA.resource(
    Contact,
    "notice_contacts",
    Column("kind", Choice(ContactKind), nullable=False),
    Column("means", Choice(Means), nullable=False),
    Column("hint", Text, nullable=False),
    Column("language", Text, nullable=False),
    Column("sealed", Bytes()),
    Index("notice_contacts_place", "jurisdiction_path", "kind"),
)

# The address a complainant gave for notices. One for a complaint.
NOTICE_ADDRESSES = SCHEMA.table(
    "notice_addresses",
    Column("complaint_id", Id(), primary_key=True),
    Column("means", Choice(Means), nullable=False),
    Column("language", Text, nullable=False),
    Column("sealed", Bytes(), nullable=False),
    Column("consent", Text, nullable=False),
    Column("given_at", Instant(), nullable=False),
)

PEERS = SCHEMA.resource(
    Peer,
    "peers",
    Column("name", Text, nullable=False),
    Column("kind", Choice(PeerKind), nullable=False),
    Column("account", Text, nullable=False, unique=True),
    Column("target", Text, nullable=False),
    Column("target_path", Text, nullable=False),
    Column("public_key", Text, nullable=False),
    Column("running", Boolean, nullable=False),
)

TRANSFERS = SCHEMA.resource(
    Transfer,
    "transfers",
    Column("complaint_id", Id(), nullable=False),
    Column("number", Text, nullable=False),
    Column("direction", Choice(TransferDirection), nullable=False),
    Column("peer_id", Id(), nullable=False),
    Column("peer_name", Text, nullable=False),
    Column("reference", Text, nullable=False),
    Column("scope", Choice(Scope), nullable=False),
    Column("state", Choice(TransferState), nullable=False),
    Column("reason", Bytes()),
    Column("ordered_by", Text, nullable=False),
    Column("ordered_at", Instant(), nullable=False),
    Column("peer_number", Text, nullable=False),
    Column("taken_at", Instant()),
    Column("parcel_hash", Bytes(), nullable=False),
    Column("refusal", Text, nullable=False),
    Column("conclusion", Choice(Conclusion)),
    Column("outcome", Bytes()),
    Column("outcome_hash", Bytes(), nullable=False),
    Column("answered_at", Instant()),
    Index("transfers_complaint", "complaint_id"),
    Index("transfers_reference", "peer_id", "direction", "reference", unique=True),
    Index("transfers_ordered", "ordered_at", "id"),
)

# Letters a mailbox has been read up to: who wrote is sealed with the complaint, the Message-ID is a keyed hash.
LETTERS = SCHEMA.table(
    "mail_taken",
    Column("message_mac", Bytes(), primary_key=True),
    Column("complaint_id", Text, nullable=False),
    Column("at", Instant(), nullable=False),
)


def complaint_of(tx: Tx, complaint_id: str) -> Complaint:
    """The complaint something outside is about, wherever it lies by now: who found that thing need not see the complaint."""
    [row] = tx.rows(sa.select(COMPLAINTS.table).where(COMPLAINTS.table.c.id == complaint_id))
    return COMPLAINTS.value(row)


class HeldAddresses:
    """Where a complainant wants news is part of who they are: it goes when their identity does."""

    def anonymise(self, tx: Tx, complaint_id: str) -> None:
        """The address goes."""
        tx.execute(sa.delete(NOTICE_ADDRESSES).where(NOTICE_ADDRESSES.c.complaint_id == complaint_id))

    def erase(self, tx: Tx, complaint_id: str) -> None:
        """The address goes."""
        self.anonymise(tx, complaint_id)
