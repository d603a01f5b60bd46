"""What leaves the demonstration city: a webhook and a peer. Neither exists, so nothing is left to send."""

from __future__ import annotations

from collections.abc import Callable

from zhengfeng.complaints.v1 import deliveries_pb2, peers_pb2, transfers_pb2, webhooks_pb2

from suite.acting import Stage
from suite.demo.complaints import Told

CITY = "/qinghe"
KEY = "07" * 32


def reach_out(stage: Stage, told: Told, say: Callable[[str], None]) -> None:
    """One of each, and one complaint that was to go to the hotline and was kept. Their addresses end in `.invalid`."""
    admin = stage.as_("sysadmin")
    _webhook(stage, admin)
    peer = peers_pb2.RegisterPeerRequest(
        jurisdiction_path=CITY,
        name="清河市12345政务服务便民热线",
        kind=peers_pb2.PEER_KIND_HOTLINE,
        machine_account="hotline-12345",
        target="hotline.qinghe.invalid:443",
        target_path=CITY,
        public_key=KEY,
    )
    _kept_after_all(stage, told, admin(peer).peer.peer_id)
    say("outside: one webhook, one peer; nothing is sent")


def _webhook(stage: Stage, admin: Callable[..., object]) -> None:
    """Made and tried; the try is called off and the webhook stopped, because nobody is there."""
    made = stage.as_("sysadmin")(
        webhooks_pb2.CreateWebhookRequest(
            jurisdiction_path=CITY,
            name="市政务数据平台",
            direction=webhooks_pb2.WEBHOOK_DIRECTION_OUT,
            url="https://platform.qinghe.invalid/facts",
            facts=["ComplaintClosed", "ComplaintOverdue"],
        )
    ).webhook
    admin(webhooks_pb2.TestWebhookRequest(webhook_id=made.webhook_id))
    stopped = webhooks_pb2.SwitchWebhookRequest(webhook_id=made.webhook_id, expected_version=made.version, running=False)
    admin(stopped)
    _call_off(stage)


def _kept_after_all(stage: Stage, told: Told, peer_id: str) -> None:
    """A complaint was to be handed over and is kept."""
    office = stage.as_("office")
    ordered = told.request(
        transfers_pb2.TransferOutRequest,
        peer_id=peer_id,
        scope=transfers_pb2.TRANSFER_SCOPE_EXCERPT,
        reason="诉求主要属于热线承办范围",
    )
    one = office(ordered).transfer
    back = transfers_pb2.CallOffTransferRequest(transfer_id=one.transfer_id, expected_version=one.version)
    office(back)
    _call_off(stage)


def _call_off(stage: Stage) -> None:
    """Whatever still waits to be sent."""
    admin = stage.as_("sysadmin")
    for one in admin(deliveries_pb2.ListDeliveriesRequest(page_size=100)).deliveries:
        if one.state == deliveries_pb2.DELIVERY_STATE_WAITING:
            admin(deliveries_pb2.CallOffDeliveryRequest(delivery_id=one.delivery_id, expected_version=one.version))
