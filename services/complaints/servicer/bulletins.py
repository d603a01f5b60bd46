"""The door of bulletins."""

from __future__ import annotations

from typing import Any

from grpc import ServicerContext
from zhengfeng.complaints.v1 import bulletins_pb2 as pb
from zhengfeng.complaints.v1 import bulletins_pb2_grpc

from chassis.rpc import caller_of
from services.complaints.usecases import UseCases
from services.complaints.wire import bulletins as wire
from services.complaints.wire.complaints import complaint


class ComplaintBulletinServiceServicer(bulletins_pb2_grpc.ComplaintBulletinServiceServicer):
    """Drafting, issuing and reading bulletins."""

    def __init__(self, usecases: UseCases) -> None:
        self.cases = usecases.bulletins

    def DraftComplaintBulletin(self, request: Any, context: ServicerContext) -> pb.DraftComplaintBulletinResponse:
        made = self.cases.draft(caller_of(context), wire.wanted(request))
        return pb.DraftComplaintBulletinResponse(complaint_bulletin=wire.bulletin(made))

    def IssueComplaintBulletin(self, request: Any, context: ServicerContext) -> pb.IssueComplaintBulletinResponse:
        issued = self.cases.issue(caller_of(context), request.complaint_bulletin_id, request.expected_version)
        return pb.IssueComplaintBulletinResponse(complaint_bulletin=wire.bulletin(issued))

    def GetComplaintBulletin(self, request: Any, context: ServicerContext) -> pb.GetComplaintBulletinResponse:
        found = self.cases.get(caller_of(context), request.complaint_bulletin_id)
        return pb.GetComplaintBulletinResponse(complaint_bulletin=wire.bulletin(found))

    def ListComplaintBulletins(self, request: Any, context: ServicerContext) -> pb.ListComplaintBulletinsResponse:
        page = (*wire.asked_for(request), request.page_size, request.page_token)
        found, token = self.cases.page(caller_of(context), *page)
        rows = [wire.bulletin(one, whole=False) for one in found]
        return pb.ListComplaintBulletinsResponse(complaint_bulletins=rows, next_page_token=token)

    def ListCountedComplaints(self, request: Any, context: ServicerContext) -> pb.ListCountedComplaintsResponse:
        asked = (request.complaint_bulletin_id, wire.counted_rows(request), request.page_size, request.page_token)
        listed = self.cases.counted(caller_of(context), *asked)
        rows = [complaint(seen) for seen in listed.complaints]
        return pb.ListCountedComplaintsResponse(complaints=rows, next_page_token=listed.next_token)

    def BuildComplaintBulletin(self, request: Any, context: ServicerContext) -> pb.BuildComplaintBulletinResponse:
        asked = (request.complaint_bulletin_id, wire.FORMAT[request.format])
        return wire.file(self.cases.build(caller_of(context), *asked))


SERVICES = ((pb, bulletins_pb2_grpc, ComplaintBulletinServiceServicer),)
