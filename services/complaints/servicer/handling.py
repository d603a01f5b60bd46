"""The door of the unit at work: handling and clocks."""

from __future__ import annotations

from typing import Any

from grpc import ServicerContext
from zhengfeng.complaints.v1 import clock_pb2, clock_pb2_grpc, explain_pb2, handling_pb2, handling_pb2_grpc

from chassis.rpc import caller_of
from services.complaints.usecases import UseCases
from services.complaints.wire import complaints as wire
from services.complaints.wire import office


class HandlingServiceServicer(handling_pb2_grpc.HandlingServiceServicer):
    """Signing for it, bouncing it, asking, reminding."""

    def __init__(self, usecases: UseCases) -> None:
        self.cases = usecases.handling

    def SignFor(self, request: Any, context: ServicerContext) -> handling_pb2.SignForResponse:
        done = self.cases.sign_for(caller_of(context), request.complaint_id, request.expected_version)
        return handling_pb2.SignForResponse(complaint=wire.complaint(done))

    def Bounce(self, request: Any, context: ServicerContext) -> handling_pb2.BounceResponse:
        done = self.cases.bounce(
            caller_of(context),
            request.complaint_id,
            request.expected_version,
            request.reason_code,
            request.reason,
            request.legal_basis,
        )
        return handling_pb2.BounceResponse(complaint=wire.complaint(done))

    def RuleOnBounce(self, request: Any, context: ServicerContext) -> handling_pb2.RuleOnBounceResponse:
        done = self.cases.rule_on_bounce(
            caller_of(context),
            request.complaint_id,
            request.expected_version,
            request.unit_path,
            request.reason_code,
            request.reason,
        )
        return handling_pb2.RuleOnBounceResponse(complaint=wire.complaint(done))

    def AskComplainant(self, request: Any, context: ServicerContext) -> handling_pb2.AskComplainantResponse:
        done = self.cases.ask(caller_of(context), request.complaint_id, request.expected_version, request.question)
        return handling_pb2.AskComplainantResponse(complaint=wire.complaint(done))

    def Remind(self, request: Any, context: ServicerContext) -> handling_pb2.RemindResponse:
        done = self.cases.remind(
            caller_of(context), request.complaint_id, request.expected_version, request.reason_code, request.text
        )
        return handling_pb2.RemindResponse(complaint=wire.complaint(done))


class ClockServiceServicer(clock_pb2_grpc.ClockServiceServicer):
    """What changes when a limit ends."""

    def __init__(self, usecases: UseCases) -> None:
        self.cases = usecases.limits

    def Pause(self, request: Any, context: ServicerContext) -> clock_pb2.PauseResponse:
        done = self.cases.pause(
            caller_of(context),
            request.complaint_id,
            request.expected_version,
            request.reason,
            request.legal_basis,
        )
        return clock_pb2.PauseResponse(complaint=wire.complaint(done))

    def Resume(self, request: Any, context: ServicerContext) -> clock_pb2.ResumeResponse:
        done = self.cases.resume(caller_of(context), request.complaint_id, request.expected_version)
        return clock_pb2.ResumeResponse(complaint=wire.complaint(done))

    def RequestExtension(self, request: Any, context: ServicerContext) -> clock_pb2.RequestExtensionResponse:
        done = self.cases.request_extension(
            caller_of(context),
            request.complaint_id,
            request.expected_version,
            request.days,
            request.reason_code,
            request.reason,
        )
        return clock_pb2.RequestExtensionResponse(complaint=wire.complaint(done))

    def DecideExtension(self, request: Any, context: ServicerContext) -> clock_pb2.DecideExtensionResponse:
        done = self.cases.decide_extension(
            caller_of(context),
            request.complaint_id,
            request.expected_version,
            request.granted,
            request.reason_code,
            request.reason,
        )
        return clock_pb2.DecideExtensionResponse(complaint=wire.complaint(done))

    def Supervise(self, request: Any, context: ServicerContext) -> clock_pb2.SuperviseResponse:
        done = self.cases.supervise(
            caller_of(context),
            request.complaint_id,
            request.expected_version,
            request.regime,
            request.reason_code,
            request.text,
        )
        return clock_pb2.SuperviseResponse(complaint=wire.complaint(done))

    def ExplainClocks(self, request: Any, context: ServicerContext) -> explain_pb2.ExplainClocksResponse:
        clocks = self.cases.explain(caller_of(context), request.complaint_id)
        return explain_pb2.ExplainClocksResponse(clocks=[office.explained(clock) for clock in clocks])
