"""The door of media exposures."""

from __future__ import annotations

from typing import Any

from grpc import ServicerContext
from zhengfeng.complaints.v1 import commitments_pb2, commitments_pb2_grpc, media_pb2, media_pb2_grpc

from chassis.rpc import caller_of
from services.complaints.domain.media import Told
from services.complaints.usecases import UseCases
from services.complaints.wire import review as wire
from services.complaints.wire.words import CONCLUSION


class MediaServiceServicer(media_pb2_grpc.MediaServiceServicer):
    """Recorded, verified, followed, closed."""

    def __init__(self, usecases: UseCases) -> None:
        self.cases = usecases.media

    def RecordExposure(self, request: Any, context: ServicerContext) -> media_pb2.RecordExposureResponse:
        told = Told(
            unit_path=request.unit_path,
            jurisdiction_path=request.jurisdiction_path,
            medium=request.medium,
            headline=request.headline,
            place=request.place,
            exposed_on=wire.a_day(request, "exposed_on"),
            complaint_id=request.complaint_id,
        )
        return media_pb2.RecordExposureResponse(exposure=wire.exposure(self.cases.record(caller_of(context), told)))

    def VerifyExposure(self, request: Any, context: ServicerContext) -> media_pb2.VerifyExposureResponse:
        on = (request.exposure_id, request.expected_version)
        done = self.cases.verify(caller_of(context), *on, CONCLUSION[request.conclusion], request.text)
        return media_pb2.VerifyExposureResponse(exposure=wire.exposure(done))

    def FollowExposure(self, request: Any, context: ServicerContext) -> media_pb2.FollowExposureResponse:
        on = (request.exposure_id, request.expected_version, wire.a_day(request, "day"))
        done = self.cases.follow(caller_of(context), *on, request.text)
        return media_pb2.FollowExposureResponse(exposure=wire.exposure(done))

    def CloseExposure(self, request: Any, context: ServicerContext) -> media_pb2.CloseExposureResponse:
        on = (request.exposure_id, request.expected_version)
        done = self.cases.close(caller_of(context), *on, request.text)
        return media_pb2.CloseExposureResponse(exposure=wire.exposure(done))

    def GetExposure(self, request: Any, context: ServicerContext) -> media_pb2.GetExposureResponse:
        seen = self.cases.get(caller_of(context), request.exposure_id)
        return media_pb2.GetExposureResponse(exposure=wire.exposure(seen))

    def ListExposures(self, request: Any, context: ServicerContext) -> media_pb2.ListExposuresResponse:
        wanted = (wire.EXPOSURE_STATE.get(request.state), request.unit_path.rstrip("/"))
        found, token = self.cases.page(caller_of(context), *wanted, request.page_size, request.page_token)
        return media_pb2.ListExposuresResponse(exposures=[wire.exposure(one) for one in found], next_page_token=token)


class CommitmentServiceServicer(commitments_pb2_grpc.CommitmentServiceServicer):
    """Interviews and public commitments."""

    def __init__(self, usecases: UseCases) -> None:
        self.cases = usecases.media

    def RecordInterview(self, request: Any, context: ServicerContext) -> commitments_pb2.RecordInterviewResponse:
        on = (request.exposure_id, request.expected_version, wire.a_day(request, "day"))
        done = self.cases.interview(caller_of(context), *on, request.leader, request.text)
        return commitments_pb2.RecordInterviewResponse(exposure=wire.exposure(done))

    def RecordCommitment(self, request: Any, context: ServicerContext) -> commitments_pb2.RecordCommitmentResponse:
        on = (request.exposure_id, request.expected_version)
        done = self.cases.commit(caller_of(context), *on, request.commitment, wire.a_day(request, "due_on"))
        return commitments_pb2.RecordCommitmentResponse(exposure=wire.exposure(done))

    def SettleCommitment(self, request: Any, context: ServicerContext) -> commitments_pb2.SettleCommitmentResponse:
        on = (request.exposure_id, request.expected_version)
        done = self.cases.settle(caller_of(context), *on, request.kept, request.proof, request.text)
        return commitments_pb2.SettleCommitmentResponse(exposure=wire.exposure(done))


SERVICES = (
    (media_pb2, media_pb2_grpc, MediaServiceServicer),
    (commitments_pb2, commitments_pb2_grpc, CommitmentServiceServicer),
)
