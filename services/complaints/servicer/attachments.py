"""The door of attachments and uploads. A refusal comes before the first message; bytes are fetched as they are sent."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from grpc import ServicerContext
from zhengfeng.complaints.v1 import attachments_pb2, attachments_pb2_grpc, uploads_pb2, uploads_pb2_grpc

from chassis.rpc import caller_of, visitor_of
from services.complaints.domain.flood import Visitor
from services.complaints.usecases import UseCases
from services.complaints.wire import attachments as wire
from services.complaints.wire.words import stamp

ANY_BYTES = "application/octet-stream"


class AttachmentServiceServicer(attachments_pb2_grpc.AttachmentServiceServicer):
    """What was given, for those who work on it."""

    def __init__(self, usecases: UseCases) -> None:
        self.cases = usecases.attachments

    def ListAttachments(self, request: Any, context: ServicerContext) -> attachments_pb2.ListAttachmentsResponse:
        page = (request.complaint_id, request.page_size, request.page_token)
        return attachments_pb2.ListAttachmentsResponse(**wire.given(self.cases.of_complaint(caller_of(context), *page)))

    def DownloadAttachment(self, request: Any, context: ServicerContext) -> Iterator[Any]:
        shown, pieces = self.cases.copy(caller_of(context), request.attachment_id)
        one = shown.attachment
        return wire.streamed(attachments_pb2.DownloadAttachmentResponse, shown, one.copy_size, pieces, one.media_type)

    def DownloadOriginal(self, request: Any, context: ServicerContext) -> Iterator[Any]:
        shown, pieces = self.cases.original(caller_of(context), request.attachment_id, request.purpose)
        return wire.streamed(attachments_pb2.DownloadOriginalResponse, shown, shown.attachment.size, pieces, ANY_BYTES)

    def ListOriginalLooks(self, request: Any, context: ServicerContext) -> attachments_pb2.ListOriginalLooksResponse:
        page = (request.complaint_id, request.page_size, request.page_token)
        looks, token = self.cases.looks(caller_of(context), *page)
        return attachments_pb2.ListOriginalLooksResponse(looks=[wire.look(one) for one in looks], next_page_token=token)

    def ShowToUnit(self, request: Any, context: ServicerContext) -> attachments_pb2.ShowToUnitResponse:
        asked = (request.attachment_id, request.expected_version, request.shown)
        changed = self.cases.show_to_unit(caller_of(context), *asked)
        return attachments_pb2.ShowToUnitResponse(attachment=wire.attachment(changed))


class UploadServiceServicer(uploads_pb2_grpc.UploadServiceServicer):
    """How it comes in, and what its giver sees of it."""

    def __init__(self, usecases: UseCases) -> None:
        self.cases = usecases.uploads
        self.own = usecases.attachments

    def ShowUploadLimits(self, request: Any, context: ServicerContext) -> uploads_pb2.ShowUploadLimitsResponse:
        limits = self.cases.limits(caller_of(context), request.jurisdiction_path)
        return uploads_pb2.ShowUploadLimitsResponse(largest=limits.largest, files=limits.files)

    def BeginUpload(self, request: Any, context: ServicerContext) -> uploads_pb2.BeginUploadResponse:
        asked = (request.complaint_id, request.file_name, request.size)
        ticket = self.cases.begin(caller_of(context), *asked)
        until = stamp(ticket.good_until)
        return uploads_pb2.BeginUploadResponse(ticket=ticket.code, good_until=until, largest=ticket.largest)

    def BeginOwnUpload(self, request: Any, context: ServicerContext) -> uploads_pb2.BeginOwnUploadResponse:
        asked = (request.receipt_code, request.file_name, request.size)
        ticket = self.cases.begin_own(caller_of(context), *asked, Visitor(*visitor_of(context)))
        until = stamp(ticket.good_until)
        return uploads_pb2.BeginOwnUploadResponse(ticket=ticket.code, good_until=until, largest=ticket.largest)

    def UploadAttachment(self, request_iterator: Any, context: ServicerContext) -> uploads_pb2.UploadAttachmentResponse:
        told = ((message.ticket, message.content) for message in request_iterator)
        taken = self.cases.take(caller_of(context), told)
        return uploads_pb2.UploadAttachmentResponse(attachment=wire.attachment(taken))

    def ListOwnAttachments(self, request: Any, context: ServicerContext) -> uploads_pb2.ListOwnAttachmentsResponse:
        page = (request.receipt_code, request.page_size, request.page_token)
        return uploads_pb2.ListOwnAttachmentsResponse(**wire.given(self.own.own(caller_of(context), *page)))

    def DownloadOwnAttachment(self, request: Any, context: ServicerContext) -> Iterator[Any]:
        shown, pieces = self.own.own_copy(caller_of(context), request.receipt_code, request.attachment_id)
        one = shown.attachment
        return wire.streamed(uploads_pb2.DownloadOwnAttachmentResponse, shown, one.copy_size, pieces, one.media_type)


SERVICES = (
    (attachments_pb2, attachments_pb2_grpc, AttachmentServiceServicer),
    (uploads_pb2, uploads_pb2_grpc, UploadServiceServicer),
)
