"""The door to documents."""

from __future__ import annotations

import grpc
from zhengfeng.accountability.v1 import documents_pb2 as pb
from zhengfeng.accountability.v1 import documents_pb2_grpc

from chassis.rpc import caller_of
from services.accountability.usecases import UseCases
from services.accountability.wire import documents as wire


class DocumentsServicer(documents_pb2_grpc.DocumentsServiceServicer):
    """Answers DocumentsService."""

    def __init__(self, usecases: UseCases) -> None:
        self._documents = usecases.documents

    def BuildDocument(self, request: pb.BuildDocumentRequest, context: grpc.ServicerContext) -> pb.BuildDocumentResponse:
        wanted, format = wire.read_wanted(request.wanted), wire.read_format(request.format)
        found = self._documents.build(caller_of(context), request.case_id, wanted, format)
        name, kind = wire.file_name(found.title, found.number, found.format), wire.MEDIA_TYPES[found.format]
        return pb.BuildDocumentResponse(content=found.content, file_name=name, media_type=kind)

    def IssueDocument(self, request: pb.IssueDocumentRequest, context: grpc.ServicerContext) -> pb.IssueDocumentResponse:
        said = request.case_id, request.expected_version, wire.read_wanted(request.wanted)
        return pb.IssueDocumentResponse(document=wire.document(self._documents.issue(caller_of(context), *said)))

    def ListDocuments(self, request: pb.ListDocumentsRequest, context: grpc.ServicerContext) -> pb.ListDocumentsResponse:
        page = request.case_id, request.page_size, request.page_token
        found, token = self._documents.list(caller_of(context), *page)
        return pb.ListDocumentsResponse(documents=map(wire.document, found), next_page_token=token)

    def ReadDocument(self, request: pb.ReadDocumentRequest, context: grpc.ServicerContext) -> pb.ReadDocumentResponse:
        found = self._documents.read(caller_of(context), request.document_id, wire.read_format(request.format))
        name, kind = wire.file_name(found.title, found.number, found.format), wire.MEDIA_TYPES[found.format]
        return pb.ReadDocumentResponse(content=found.content, file_name=name, media_type=kind)
