"""What leaves the house and comes back: deliveries and their tries, webhooks, addresses for notices, peers, transfers."""

from __future__ import annotations

from starlette.routing import Route

from gateway.pages.frame.acts import act_routes
from gateway.pages.frame.ledger import ledger_routes
from gateway.pages.frame.menu import Entry
from gateway.pages.frame.site import Site
from gateway.pages.outside import incoming, making, notices
from gateway.pages.outside.records import CONTACT, DELIVERY, KINDS, LEDGERS, PEER, TRANSFER, WEBHOOK, record_page

__all__ = ["CONTACT", "DELIVERY", "KINDS", "LEDGERS", "MENU", "PEER", "TRANSFER", "WEBHOOK", "routes"]

MENU = (
    Entry("/transfers", "title.transfers", "complaints.ListTransfers", "group.outside"),
    Entry("/deliveries", "title.deliveries", "complaints.ListDeliveries", "group.outside"),
    Entry("/notice-contacts", "title.contacts", "complaints.ListContacts", "group.outside"),
    Entry("/webhooks", "title.webhooks", "complaints.ListWebhooks", "group.outside"),
    Entry("/peers", "title.peers", "complaints.ListPeers", "group.outside"),
)


def routes(site: Site) -> list[Route]:
    records = {DELIVERY.key: DELIVERY, WEBHOOK.key: WEBHOOK, CONTACT.key: CONTACT, PEER.key: PEER, TRANSFER.key: TRANSFER}
    return [
        Route("/incoming/{ref}", incoming.take(site), methods=["POST"]),
        site.route("/notices", notices.notices, signed_in=False, post=True),
        site.route("/webhooks/new", making.webhook, post=True),
        site.route("/webhooks/{ref}/secret", making.secret, post=True),
        site.route("/notice-contacts/new", making.contact, post=True),
        site.route("/peers/new", making.peer, post=True),
        *(route for ledger in LEDGERS for route in ledger_routes(site, ledger)),
        *(route for kind in KINDS for route in act_routes(site, kind)),
        *(site.route(kind.path + "/{ref}", record_page(kind)) for kind in records.values()),
    ]
