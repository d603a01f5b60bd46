"""The lists and records of this family, declared: each record is a row of its list, found by its id."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from starlette.responses import Response

from gateway.pages.frame.acts import Act, Record, RecordKind, offered
from gateway.pages.frame.forms import Option
from gateway.pages.frame.ledger import Column, Ledger
from gateway.pages.frame.visit import Visit
from gateway.refusals import Refused

DELIVERIES = Ledger(
    key="deliveries",
    path="/deliveries",
    rpc="complaints.ListDeliveries",
    rows="deliveries",
    id="delivery_id",
    record="/deliveries/{}",
    columns=(
        Column("kind", "outside_kind"),
        Column("number"),
        Column("addressee", "outside_addressee"),
        Column("means", "DeliveryMeans"),
        Column("state", "DeliveryState"),
        Column("attempts", "number"),
        Column("receipt", wide=True),
        Column("next_at", "moment"),
        Column("ordered_at", "moment"),
    ),
    filters=("state", "means", "number"),
)
WEBHOOKS = Ledger(
    key="webhooks",
    path="/webhooks",
    rpc="complaints.ListWebhooks",
    rows="webhooks",
    id="webhook_id",
    record="/webhooks/{}",
    columns=(
        Column("name"),
        Column("direction", "WebhookDirection"),
        Column("url", wide=True),
        Column("facts", "outside_kind", wide=True, word="hook_facts"),
        Column("running", "truth"),
        Column("created_at", "moment"),
    ),
    filters=("direction",),
    new="/webhooks/new",
    new_rpc="complaints.CreateWebhook",
)
CONTACTS = Ledger(
    key="contacts",
    path="/notice-contacts",
    rpc="complaints.ListContacts",
    rows="contacts",
    id="contact_id",
    record="/notice-contacts/{}",
    columns=(
        Column("kind", "ContactKind", word="contact_kind"),
        Column("unit_path", "name"),
        Column("jurisdiction_path", "name"),
        Column("means", "DeliveryMeans"),
        Column("hint"),
        Column("removed", "truth"),
    ),
    filters=("kind",),
    new="/notice-contacts/new",
    new_rpc="complaints.AddContact",
)
PEERS = Ledger(
    key="peers",
    path="/peers",
    rpc="complaints.ListPeers",
    rows="peers",
    id="peer_id",
    record="/peers/{}",
    columns=(
        Column("name"),
        Column("kind", "PeerKind", word="peer_kind"),
        Column("machine_account"),
        Column("target", word="peer_target"),
        Column("running", "truth"),
    ),
    filters=("kind",),
    new="/peers/new",
    new_rpc="complaints.RegisterPeer",
)
TRANSFERS = Ledger(
    key="transfers",
    path="/transfers",
    rpc="complaints.ListTransfers",
    rows="transfers",
    id="transfer_id",
    record="/transfers/{}",
    columns=(
        Column("number"),
        Column("direction", "TransferDirection"),
        Column("peer_name", wide=True),
        Column("state", "TransferState"),
        Column("peer_number"),
        Column("scope", "TransferScope"),
        Column("ordered_at", "moment"),
        Column("answered_at", "moment"),
    ),
    filters=("direction", "state"),
)
LEDGERS = (DELIVERIES, WEBHOOKS, CONTACTS, PEERS, TRANSFERS)


@dataclass(frozen=True, slots=True)
class Listed(RecordKind):
    """A kind of record that is read as the one row of its list."""

    rows: str = ""
    facts: Sequence[Column] = ()
    """What its page shows."""

    async def read(self, visit: Visit) -> dict[str, Any]:
        answer = await visit.ask(self.rpc, **{self.id: visit.ref("ref")}, page_size=1)
        if not answer[self.rows]:
            raise Refused(404, "NO_SUCH_PAGE", "")
        record: dict[str, Any] = answer[self.rows][0]
        return record


def _listed(ledger: Ledger, acts: Sequence[Act], facts: Sequence[Column], label: Callable[[Record], str]) -> Listed:
    return Listed(
        key=ledger.key,
        path=ledger.path,
        rpc=ledger.rpc,
        field="",
        id=ledger.id,
        acts=acts,
        label=label,
        rows=ledger.rows,
        facts=facts,
    )


def _off(record: Record) -> Mapping[str, Any]:
    """A form to switch starts with the other state."""
    return {"running": "" if record["running"] else "true"}


def _waits(record: Record) -> bool:
    return record["state"] in ("DELIVERY_STATE_WAITING", "DELIVERY_STATE_GIVEN_UP")


def _sends(record: Record) -> bool:
    return bool(record["running"]) and record["direction"] == "WEBHOOK_DIRECTION_OUT"


DELIVERY = _listed(
    DELIVERIES,
    (Act("complaints.RetryDelivery", _waits), Act("complaints.CallOffDelivery", _waits)),
    (*DELIVERIES.columns, Column("done_at", "moment")),
    lambda record: str(record["number"] or record["addressee"]),
)
WEBHOOK = _listed(
    WEBHOOKS,
    (Act("complaints.TestWebhook", _sends, back="/deliveries"), Act("complaints.SwitchWebhook", start=_off)),
    (*WEBHOOKS.columns, Column("old_secret_until", "moment")),
    lambda record: str(record["name"]),
)
CONTACT = _listed(
    CONTACTS,
    (Act("complaints.RemoveContact", lambda record: not record["removed"]),),
    CONTACTS.columns,
    lambda record: str(record["hint"] or record["contact_id"][:8]),
)
PEER = _listed(
    PEERS,
    (Act("complaints.SwitchPeer", start=_off),),
    (*PEERS.columns, Column("target_path"), Column("public_key", wide=True)),
    lambda record: str(record["name"]),
)
TRANSFER = _listed(
    TRANSFERS,
    (Act("complaints.CallOffTransfer", lambda record: record["state"] == "TRANSFER_STATE_ORDERED"),),
    (
        *TRANSFERS.columns,
        Column("taken_at", "moment", word="handed_at"),
        Column("reason", wide=True),
        Column("refusal", wide=True),
        Column("conclusion", "Conclusion"),
        Column("outcome_text", wide=True),
        Column("parcel_sha256", wide=True),
    ),
    lambda record: str(record["number"]),
)
KINDS = (DELIVERY, WEBHOOK, CONTACT, PEER, TRANSFER)


def record_page(kind: Listed) -> Callable[[Visit], Awaitable[Response]]:
    """The page of one record: what is known of it, and what can be done."""

    async def show(visit: Visit) -> Response:
        record = await kind.read(visit)
        why = f"outside_refusal.{record.get('refusal', '')}"
        if visit.site.words.has(why):
            record["refusal"] = visit.t(why)
        await visit.learn(record)
        ref = visit.ref("ref")
        values: dict[str, Any] = {"kind": kind, "record": record, "offers": offered(visit, kind, record, ref), "ref": ref}
        return visit.site.page(visit, "outside/record.html", **values)

    show.__qualname__ = f"record_{kind.key}"
    return show


async def peers_to_choose(visit: Visit, record: Record) -> Mapping[str, Sequence[Option]]:
    """The peers a complaint may be handed to."""
    answer = await visit.part("complaints.ListPeers", page_size=200)
    running = [one for one in answer["peers"] if one["running"]] if answer else []
    return {"peer_id": [Option(one["peer_id"], one["name"]) for one in running]}
