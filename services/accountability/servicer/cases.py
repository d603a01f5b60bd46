"""The doors to cases and their investigation."""

from __future__ import annotations

import grpc
from zhengfeng.accountability.v1 import cases_pb2 as pb
from zhengfeng.accountability.v1 import cases_pb2_grpc, investigation_pb2_grpc
from zhengfeng.accountability.v1 import investigation_pb2 as inv

from chassis.rpc import caller_of
from services.accountability.rules.words import Role
from services.accountability.usecases import UseCases
from services.accountability.wire import cases as wire


class CasesServicer(cases_pb2_grpc.CasesServiceServicer):
    """Answers CasesService."""

    def __init__(self, usecases: UseCases) -> None:
        self._cases = usecases.cases
        self._intake = usecases.intake

    def OpenCase(self, request: pb.OpenCaseRequest, context: grpc.ServicerContext) -> pb.OpenCaseResponse:
        clue = wire.read_clue(request, self._intake.desk.clock.today())
        found = self._intake.open_by_hand(caller_of(context), clue, request.suspected_conduct, request.note)
        return pb.OpenCaseResponse(case=wire.case(found))

    def ListCases(self, request: pb.ListCasesRequest, context: grpc.ServicerContext) -> pb.ListCasesResponse:
        narrowed = wire.read_filter(request)
        found, token = self._cases.list(caller_of(context), narrowed, request.page_size, request.page_token)
        return pb.ListCasesResponse(cases=map(wire.listed, found), next_page_token=token)

    def GetCase(self, request: pb.GetCaseRequest, context: grpc.ServicerContext) -> pb.GetCaseResponse:
        found = self._cases.get(caller_of(context), request.case_id)
        return pb.GetCaseResponse(case=wire.case_file(found))

    def ListTimeline(self, request: pb.ListTimelineRequest, context: grpc.ServicerContext) -> pb.ListTimelineResponse:
        page = request.case_id, request.page_size, request.page_token
        found, token = self._cases.timeline(caller_of(context), *page)
        return pb.ListTimelineResponse(entries=map(wire.line, found), next_page_token=token)

    def VerifyClue(self, request: pb.VerifyClueRequest, context: grpc.ServicerContext) -> pb.VerifyClueResponse:
        found = self._cases.verify(caller_of(context), request.case_id, request.expected_version, request.note)
        return pb.VerifyClueResponse(case=wire.case(found))

    def FileCase(self, request: pb.FileCaseRequest, context: grpc.ServicerContext) -> pb.FileCaseResponse:
        found = self._cases.file(caller_of(context), request.case_id, request.expected_version, request.finding)
        return pb.FileCaseResponse(case=wire.case(found))

    def DropCase(self, request: pb.DropCaseRequest, context: grpc.ServicerContext) -> pb.DropCaseResponse:
        said = wire.read_ending(request), request.reason
        found = self._cases.drop(caller_of(context), request.case_id, request.expected_version, *said)
        return pb.DropCaseResponse(case=wire.case(found))

    def JoinCases(self, request: pb.JoinCasesRequest, context: grpc.ServicerContext) -> pb.JoinCasesResponse:
        said = request.into_case_id, request.reason
        found = self._cases.join(caller_of(context), request.case_id, request.expected_version, *said)
        return pb.JoinCasesResponse(case=wire.case(found))


class InvestigationServicer(investigation_pb2_grpc.InvestigationServiceServicer):
    """Answers InvestigationService."""

    def __init__(self, usecases: UseCases) -> None:
        self._investigations = usecases.investigations

    def AssignInvestigators(
        self, request: inv.AssignInvestigatorsRequest, context: grpc.ServicerContext
    ) -> inv.AssignInvestigatorsResponse:
        two = [wire.read_investigator(one) for one in request.investigators]
        found = self._investigations.assign(caller_of(context), request.case_id, request.expected_version, two)
        return inv.AssignInvestigatorsResponse(case=wire.case(found))

    def RecuseInvestigator(
        self, request: inv.RecuseInvestigatorRequest, context: grpc.ServicerContext
    ) -> inv.RecuseInvestigatorResponse:
        who = request.account, wire.read_investigator(request.substitute), wire.read_ground(request)
        found = self._investigations.recuse(caller_of(context), request.case_id, request.expected_version, *who)
        return inv.RecuseInvestigatorResponse(case=wire.case(found))

    def AddParty(self, request: inv.AddPartyRequest, context: grpc.ServicerContext) -> inv.AddPartyResponse:
        who = request.official_id, request.unit_path, Role(request.role) if request.role else None
        found = self._investigations.add_party(caller_of(context), request.case_id, request.expected_version, *who)
        return inv.AddPartyResponse(case=wire.case(found))

    def ReleaseParty(self, request: inv.ReleasePartyRequest, context: grpc.ServicerContext) -> inv.ReleasePartyResponse:
        said = request.party_id, request.reason
        found = self._investigations.release(caller_of(context), request.case_id, request.expected_version, *said)
        return inv.ReleasePartyResponse(case=wire.case(found))

    def RecordFact(self, request: inv.RecordFactRequest, context: grpc.ServicerContext) -> inv.RecordFactResponse:
        finding, which = wire.read_finding(request), (request.case_id, request.expected_version)
        found = self._investigations.record_fact(caller_of(context), *which, finding)
        return inv.RecordFactResponse(case=wire.case(found))

    def RecordTrail(self, request: inv.RecordTrailRequest, context: grpc.ServicerContext) -> inv.RecordTrailResponse:
        said = request.situation, wire.read_steps(request)
        found = self._investigations.record_trail(caller_of(context), request.case_id, request.expected_version, *said)
        return inv.RecordTrailResponse(case=wire.case(found))

    def AnswerLeaderQuestion(
        self, request: inv.AnswerLeaderQuestionRequest, context: grpc.ServicerContext
    ) -> inv.AnswerLeaderQuestionResponse:
        which = request.case_id, request.expected_version
        found = self._investigations.answer_leader_question(caller_of(context), *which, request.reason)
        return inv.AnswerLeaderQuestionResponse(case=wire.case(found))

    def ReviewCase(self, request: inv.ReviewCaseRequest, context: grpc.ServicerContext) -> inv.ReviewCaseResponse:
        said = request.passed, request.opinion
        found = self._investigations.review(caller_of(context), request.case_id, request.expected_version, *said)
        return inv.ReviewCaseResponse(case=wire.case(found))

    def RecordHearing(self, request: inv.RecordHearingRequest, context: grpc.ServicerContext) -> inv.RecordHearingResponse:
        said = request.party_id, request.statement, request.answer
        found = self._investigations.hear(caller_of(context), request.case_id, request.expected_version, *said)
        return inv.RecordHearingResponse(case=wire.case(found))
