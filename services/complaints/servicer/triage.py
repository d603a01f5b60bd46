"""The door of the clerk: triage, disposal, matters."""

from __future__ import annotations

from typing import Any

from grpc import ServicerContext
from zhengfeng.complaints.v1 import disposal_pb2, disposal_pb2_grpc, matter_pb2, matter_pb2_grpc, triage_pb2, triage_pb2_grpc

from chassis.rpc import caller_of
from services.complaints.usecases import UseCases
from services.complaints.wire import complaints as wire
from services.complaints.wire import office
from services.complaints.wire.words import TRACK, WAY


class TriageServiceServicer(triage_pb2_grpc.TriageServiceServicer):
    """Reception to registration."""

    def __init__(self, usecases: UseCases) -> None:
        self.cases = usecases.triage

    def AcceptComplaint(self, request: Any, context: ServicerContext) -> triage_pb2.AcceptComplaintResponse:
        done = self.cases.accept(caller_of(context), request.complaint_id, request.expected_version, request.regime)
        return triage_pb2.AcceptComplaintResponse(complaint=wire.complaint(done))

    def DeclineComplaint(self, request: Any, context: ServicerContext) -> triage_pb2.DeclineComplaintResponse:
        done = self.cases.decline(
            caller_of(context),
            request.complaint_id,
            request.expected_version,
            request.reason,
            request.explanation,
        )
        return triage_pb2.DeclineComplaintResponse(complaint=wire.complaint(done))

    def ForwardComplaint(self, request: Any, context: ServicerContext) -> triage_pb2.ForwardComplaintResponse:
        done = self.cases.forward(
            caller_of(context),
            request.complaint_id,
            request.expected_version,
            request.forwarded_to,
            request.reason_code,
            request.explanation,
        )
        return triage_pb2.ForwardComplaintResponse(complaint=wire.complaint(done))

    def MoveToDiscipline(self, request: Any, context: ServicerContext) -> triage_pb2.MoveToDisciplineResponse:
        done = self.cases.move(caller_of(context), request.complaint_id, request.expected_version, request.organ)
        return triage_pb2.MoveToDisciplineResponse(complaint=wire.complaint(done))

    def RegisterComplaint(self, request: Any, context: ServicerContext) -> triage_pb2.RegisterComplaintResponse:
        done = self.cases.register(
            caller_of(context),
            request.complaint_id,
            request.expected_version,
            request.category,
            request.accused_unit_path,
            request.accused_official_id,
        )
        return triage_pb2.RegisterComplaintResponse(complaint=wire.complaint(done))


class DisposalServiceServicer(disposal_pb2_grpc.DisposalServiceServicer):
    """Submission for approval and dispatch."""

    def __init__(self, usecases: UseCases) -> None:
        self.cases = usecases.triage

    def SubmitForApproval(self, request: Any, context: ServicerContext) -> disposal_pb2.SubmitForApprovalResponse:
        done = self.cases.submit(
            caller_of(context),
            request.complaint_id,
            request.expected_version,
            WAY[request.way],
            TRACK[request.track],
            request.unit_path,
            tuple(request.cooperating_unit_paths),
            request.opinion,
        )
        return disposal_pb2.SubmitForApprovalResponse(complaint=wire.complaint(done))

    def ApproveDisposal(self, request: Any, context: ServicerContext) -> disposal_pb2.ApproveDisposalResponse:
        done = self.cases.approve(
            caller_of(context),
            request.complaint_id,
            request.expected_version,
            request.approved,
            request.reason_code,
            request.opinion,
        )
        return disposal_pb2.ApproveDisposalResponse(complaint=wire.complaint(done))

    def Dispatch(self, request: Any, context: ServicerContext) -> disposal_pb2.DispatchResponse:
        done = self.cases.dispatch(caller_of(context), request.complaint_id, request.expected_version)
        return disposal_pb2.DispatchResponse(complaint=wire.complaint(done))


class MatterServiceServicer(matter_pb2_grpc.MatterServiceServicer):
    """Merging, taking out again, the list of matters."""

    def __init__(self, usecases: UseCases) -> None:
        self.cases = usecases.triage
        self.matters = usecases.matters

    def ListMatters(self, request: Any, context: ServicerContext) -> matter_pb2.ListMattersResponse:
        page = (request.unit_path.rstrip("/"), request.open_only, request.page_size, request.page_token)
        rows, token = self.matters.page(caller_of(context), *page)
        return matter_pb2.ListMattersResponse(matters=[office.matter(row) for row in rows], next_page_token=token)

    def Merge(self, request: Any, context: ServicerContext) -> matter_pb2.MergeResponse:
        done = self.cases.merge(
            caller_of(context),
            request.complaint_id,
            request.expected_version,
            request.into_complaint_id,
        )
        return matter_pb2.MergeResponse(complaint=wire.complaint(done))

    def Unmerge(self, request: Any, context: ServicerContext) -> matter_pb2.UnmergeResponse:
        done = self.cases.unmerge(
            caller_of(context),
            request.complaint_id,
            request.expected_version,
            request.reason_code,
            request.reason,
        )
        return matter_pb2.UnmergeResponse(complaint=wire.complaint(done))
