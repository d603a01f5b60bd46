"""Making a webhook, an address for notices, a peer. A webhook's secret is on the page that answers, and never again."""

from __future__ import annotations

from typing import Any

from starlette.responses import Response

from chassis.clock import new_id
from gateway.pages.frame.choices import Choices
from gateway.pages.frame.forms import Option, message, typed
from gateway.pages.frame.ledger import maker
from gateway.pages.frame.single import shown_refusal, single
from gateway.pages.frame.visit import Visit
from gateway.pages.outside.records import WEBHOOK
from gateway.refusals import Refused
from gateway.transcode import Malformed


async def webhook(visit: Visit) -> Response:
    """A new webhook; the answer is the page with its secret."""
    rpc = visit.site.contracts.rpc("complaints.CreateWebhook")
    form = await Choices(visit).fill(maker(visit).make(rpc), facts=_facts(visit))
    page: dict[str, Any] = {
        "rpc": "complaints.CreateWebhook",
        "title": visit.t("new.webhooks"),
        "back": (visit.t("title.webhooks"), "/webhooks"),
        "request_id": str(new_id(visit.site.clock)),
    }
    if visit.request.method == "GET":
        return visit.site.page(visit, "frame/single.html", form=form, **page)
    values = typed(form, visit.form)
    form = form.with_values(values)
    try:
        command = {**message(form, values), "request_id": str(visit.form.get("request_id") or page["request_id"])}
        answer = await visit.ask("complaints.CreateWebhook", **command)
    except (Refused, Malformed) as wrong:
        return visit.site.page(visit, "frame/single.html", 400, form=shown_refusal(visit, form, wrong), **page)
    return _secret(visit, answer)


async def secret(visit: Visit) -> Response:
    """Asks before it draws another secret, then shows it."""
    record = await WEBHOOK.read(visit)
    if visit.request.method == "GET":
        return visit.site.page(visit, "outside/renew.html", record=record, request_id=str(new_id(visit.site.clock)))
    answer = await visit.ask(
        "complaints.RenewWebhookSecret",
        webhook_id=record["webhook_id"],
        expected_version=str(visit.form.get("expected_version", record["version"])),
        request_id=str(visit.form.get("request_id", "")),
    )
    return _secret(visit, answer)


async def contact(visit: Visit) -> Response:
    """A new address for notices."""
    return await single(
        visit,
        "complaints.AddContact",
        visit.t("new.contacts"),
        (visit.t("title.contacts"), "/notice-contacts"),
        lambda answer: f"/notice-contacts/{answer['contact']['contact_id']}?done=AddContact",
        options={"means": _by_hand(visit), "language": _languages(visit)},
    )


async def peer(visit: Visit) -> Response:
    """A new peer; the page tells our own key, which the other side needs."""
    key = (await visit.ask("complaints.TellTransferKey"))["public_key"]
    return await single(
        visit,
        "complaints.RegisterPeer",
        visit.t("new.peers"),
        (visit.t("title.peers"), "/peers"),
        lambda answer: f"/peers/{answer['peer']['peer_id']}?done=RegisterPeer",
        template="outside/peer.html",
        own_key=key,
    )


def _secret(visit: Visit, answer: dict[str, Any]) -> Response:
    return visit.site.page(visit, "outside/secret.html", record=answer["webhook"], secret=answer["secret"])


def _facts(visit: Visit) -> list[Option]:
    names = visit.site.words.below("outside_kind.")
    facts = [name.rpartition(".")[2] for name in names]
    return [Option(name, visit.t(f"outside_kind.{name}")) for name in facts if name[0].isupper()]


def _by_hand(visit: Visit) -> list[Option]:
    means = ("DELIVERY_MEANS_MAIL", "DELIVERY_MEANS_SMS")
    return [Option(one, visit.label("DeliveryMeans", one)) for one in means]


def _languages(visit: Visit) -> list[Option]:
    return [Option("zh", "中文"), Option("en", "English")]
