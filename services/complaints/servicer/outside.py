"""The door of what leaves the house and comes back: deliveries, webhooks, addresses for notices."""

from __future__ import annotations

from typing import Any

from grpc import ServicerContext
from zhengfeng.complaints.v1 import (
    deliveries_pb2,
    deliveries_pb2_grpc,
    notices_pb2,
    notices_pb2_grpc,
    webhooks_pb2,
    webhooks_pb2_grpc,
)

from chassis.rpc import caller_of
from services.complaints.usecases import UseCases
from services.complaints.wire import outside as wire


class DeliveryServiceServicer(deliveries_pb2_grpc.DeliveryServiceServicer):
    """Deliveries to the outside."""

    def __init__(self, usecases: UseCases) -> None:
        self.cases = usecases.deliveries

    def ListDeliveries(self, request: Any, context: ServicerContext) -> deliveries_pb2.ListDeliveriesResponse:
        wanted = wire.wanted_deliveries(request)
        rows, token = self.cases.page(caller_of(context), wanted, request.page_size, request.page_token)
        return deliveries_pb2.ListDeliveriesResponse(deliveries=map(wire.delivery, rows), next_page_token=token)

    def RetryDelivery(self, request: Any, context: ServicerContext) -> deliveries_pb2.RetryDeliveryResponse:
        retried = self.cases.retry(caller_of(context), request.delivery_id, request.expected_version)
        return deliveries_pb2.RetryDeliveryResponse(delivery=wire.delivery(retried))

    def CallOffDelivery(self, request: Any, context: ServicerContext) -> deliveries_pb2.CallOffDeliveryResponse:
        called_off = self.cases.call_off(caller_of(context), request.delivery_id, request.expected_version)
        return deliveries_pb2.CallOffDeliveryResponse(delivery=wire.delivery(called_off))


class WebhookServiceServicer(webhooks_pb2_grpc.WebhookServiceServicer):
    """Webhooks both ways."""

    def __init__(self, usecases: UseCases) -> None:
        self.cases = usecases.webhooks

    def CreateWebhook(self, request: Any, context: ServicerContext) -> webhooks_pb2.CreateWebhookResponse:
        way = wire.DIRECTION[request.direction]
        told = (request.jurisdiction_path, request.name, way, request.url, tuple(request.facts))
        made = self.cases.create(caller_of(context), *told)
        return webhooks_pb2.CreateWebhookResponse(webhook=wire.webhook(made.webhook), secret=made.secret)

    def ListWebhooks(self, request: Any, context: ServicerContext) -> webhooks_pb2.ListWebhooksResponse:
        way = wire.DIRECTION[request.direction] if request.direction else None
        page = (request.webhook_id, request.page_size, request.page_token)
        rows, token = self.cases.page(caller_of(context), way, *page)
        return webhooks_pb2.ListWebhooksResponse(webhooks=map(wire.webhook, rows), next_page_token=token)

    def SwitchWebhook(self, request: Any, context: ServicerContext) -> webhooks_pb2.SwitchWebhookResponse:
        one = (request.webhook_id, request.expected_version, request.running)
        switched = self.cases.switch(caller_of(context), *one)
        return webhooks_pb2.SwitchWebhookResponse(webhook=wire.webhook(switched))

    def RenewWebhookSecret(self, request: Any, context: ServicerContext) -> webhooks_pb2.RenewWebhookSecretResponse:
        renewed = self.cases.renew(caller_of(context), request.webhook_id, request.expected_version)
        return webhooks_pb2.RenewWebhookSecretResponse(webhook=wire.webhook(renewed.webhook), secret=renewed.secret)

    def TestWebhook(self, request: Any, context: ServicerContext) -> webhooks_pb2.TestWebhookResponse:
        ordered = self.cases.try_out(caller_of(context), request.webhook_id)
        return webhooks_pb2.TestWebhookResponse(delivery=wire.delivery(ordered))

    def ReceiveReport(self, request: Any, context: ServicerContext) -> webhooks_pb2.ReceiveReportResponse:
        signed = (request.message_id, request.timestamp, request.signature, request.body)
        self.cases.take(caller_of(context), request.webhook, *signed)
        return webhooks_pb2.ReceiveReportResponse()


class NoticeServiceServicer(notices_pb2_grpc.NoticeServiceServicer):
    """Addresses for notices."""

    def __init__(self, usecases: UseCases) -> None:
        self.cases = usecases.notices

    def AddContact(self, request: Any, context: ServicerContext) -> notices_pb2.AddContactResponse:
        whose = (request.jurisdiction_path, request.unit_path, wire.CONTACT_KIND[request.kind])
        where = (wire.MEANS[request.means], request.address, request.language)
        added = self.cases.add(caller_of(context), *whose, *where)
        return notices_pb2.AddContactResponse(contact=wire.contact(added))

    def ListContacts(self, request: Any, context: ServicerContext) -> notices_pb2.ListContactsResponse:
        kind = wire.CONTACT_KIND[request.kind] if request.kind else None
        page = (request.contact_id, request.page_size, request.page_token)
        rows, token = self.cases.page(caller_of(context), kind, *page)
        return notices_pb2.ListContactsResponse(contacts=map(wire.contact, rows), next_page_token=token)

    def RemoveContact(self, request: Any, context: ServicerContext) -> notices_pb2.RemoveContactResponse:
        removed = self.cases.remove(caller_of(context), request.contact_id, request.expected_version)
        return notices_pb2.RemoveContactResponse(contact=wire.contact(removed))

    def GiveNoticeAddress(self, request: Any, context: ServicerContext) -> notices_pb2.GiveNoticeAddressResponse:
        where = (wire.MEANS[request.means], request.address, request.consent, request.language)
        hint = self.cases.give(caller_of(context), request.receipt_code, *where)
        return notices_pb2.GiveNoticeAddressResponse(hint=hint)

    def StopNotices(self, request: Any, context: ServicerContext) -> notices_pb2.StopNoticesResponse:
        self.cases.stop(caller_of(context), request.receipt_code)
        return notices_pb2.StopNoticesResponse()


SERVICES = (
    (deliveries_pb2, deliveries_pb2_grpc, DeliveryServiceServicer),
    (webhooks_pb2, webhooks_pb2_grpc, WebhookServiceServicer),
    (notices_pb2, notices_pb2_grpc, NoticeServiceServicer),
)
