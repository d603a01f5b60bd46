"""The ledger of findings and the acts on it."""

from __future__ import annotations

from typing import Any

from grpc import ServicerContext
from zhengfeng.supervision.v1 import finding_acts_pb2 as acts
from zhengfeng.supervision.v1 import finding_lists_pb2 as lists
from zhengfeng.supervision.v1 import findings_pb2_grpc

from chassis.auth import Caller
from chassis.rpc import caller_of
from services.supervision.domain.finding import Finding
from services.supervision.domain.recording import next_acts
from services.supervision.domain.words import FindingStage, FoundBy
from services.supervision.storage.reading import FindingFilter
from services.supervision.usecases import UseCases
from services.supervision.usecases.ledger import seen_by
from services.supervision.wire import findings as wire
from services.supervision.wire.parts import day, proofs, word_of
from workdays import Light


def shown(caller: Caller, found: Finding) -> Any:
    """A finding as its reader may see it, with what he may do next."""
    return wire.finding(seen_by(caller, found), next_acts(found, caller.roles, caller.subject))


def narrowed(request: Any) -> FindingFilter:
    """The filter of a list request."""
    return FindingFilter(
        stage=word_of(FindingStage, request.stage),
        light=word_of(Light, request.light),
        unit_path=request.unit_path,
        found_by=word_of(FoundBy, request.found_by),
        misconduct=request.misconduct,
        inspection_id=request.inspection_id,
        number=request.number,
        open=request.open,
        overdue=request.overdue,
        referred=request.referred,
        repeated=request.repeated,
        by_due=request.sort == lists.FINDING_SORT_DUE,
    )


class FindingServicer(findings_pb2_grpc.FindingServiceServicer):
    """Answers FindingService."""

    def __init__(self, usecases: UseCases) -> None:
        self.ledger = usecases.ledger
        self.findings = usecases.findings

    def ListFindings(self, request: Any, context: ServicerContext) -> lists.ListFindingsResponse:
        caller = caller_of(context)
        found, token = self.ledger.list(caller, narrowed(request), request.page_size, request.page_token)
        return lists.ListFindingsResponse(findings=[shown(caller, value) for value in found], next_page_token=token)

    def GetFinding(self, request: Any, context: ServicerContext) -> lists.GetFindingResponse:
        caller = caller_of(context)
        return lists.GetFindingResponse(finding=shown(caller, self.ledger.get(caller, request.finding_id)))

    def ListFindingTimeline(self, request: Any, context: ServicerContext) -> lists.ListFindingTimelineResponse:
        page = request.page_size, request.page_token
        entries, token = self.ledger.timeline(caller_of(context), request.finding_id, *page)
        return lists.ListFindingTimelineResponse(entries=[wire.entry(e) for e in entries], next_page_token=token)

    def ExplainLimit(self, request: Any, context: ServicerContext) -> lists.ExplainLimitResponse:
        found, days = self.ledger.explain_limit(caller_of(context), request.finding_id)
        return lists.ExplainLimitResponse(clock=wire.finding(found).clock, days=wire.limit_days(days))

    def RecordPointFinding(self, request: Any, context: ServicerContext) -> acts.RecordPointFindingResponse:
        caller = caller_of(context)
        seen = {"title": request.title, "text": request.text, "evidence": proofs(request.evidence)}
        which = request.point_report_id, request.expected_version, request.unit_path
        found = self.findings.record_from_point(caller, *which, misconduct=tuple(request.misconduct), **seen)
        return acts.RecordPointFindingResponse(finding=shown(caller, found))

    def ReportOwnFinding(self, request: Any, context: ServicerContext) -> acts.ReportOwnFindingResponse:
        caller = caller_of(context)
        seen = {"title": request.title, "text": request.text, "evidence": proofs(request.evidence)}
        found = self.findings.report_own(caller, request.unit_path, tuple(request.misconduct), **seen)
        return acts.ReportOwnFindingResponse(finding=shown(caller, found))

    def IssueNotice(self, request: Any, context: ServicerContext) -> acts.IssueNoticeResponse:
        caller = caller_of(context)
        which = request.finding_id, request.expected_version
        return acts.IssueNoticeResponse(
            finding=shown(caller, self.findings.issue_notice(caller, *which, request.kind, request.text))
        )

    def AnswerNotice(self, request: Any, context: ServicerContext) -> acts.AnswerNoticeResponse:
        caller = caller_of(context)
        which = request.finding_id, request.expected_version
        return acts.AnswerNoticeResponse(finding=shown(caller, self.findings.answer_notice(caller, *which, request.text)))

    def SubmitRectification(self, request: Any, context: ServicerContext) -> acts.SubmitRectificationResponse:
        caller = caller_of(context)
        which = request.finding_id, request.expected_version, request.text
        done = day(request.rectified_on, "rectified_on"), proofs(request.evidence)
        found = self.findings.submit_rectification(caller, *which, *done)
        return acts.SubmitRectificationResponse(finding=shown(caller, found))

    def VerifyRectification(self, request: Any, context: ServicerContext) -> acts.VerifyRectificationResponse:
        caller = caller_of(context)
        which = request.finding_id, request.expected_version
        found = self.findings.verify_rectification(caller, *which, request.accepted, request.opinion)
        return acts.VerifyRectificationResponse(finding=shown(caller, found))

    def CloseFinding(self, request: Any, context: ServicerContext) -> acts.CloseFindingResponse:
        caller = caller_of(context)
        which = request.finding_id, request.expected_version
        return acts.CloseFindingResponse(finding=shown(caller, self.findings.close(caller, *which)))

    def ReferToAccountability(self, request: Any, context: ServicerContext) -> acts.ReferToAccountabilityResponse:
        caller = caller_of(context)
        which = request.finding_id, request.expected_version
        found = self.findings.refer(caller, *which, request.reason, tuple(request.official_ids))
        return acts.ReferToAccountabilityResponse(finding=shown(caller, found))

    def PauseLimit(self, request: Any, context: ServicerContext) -> acts.PauseLimitResponse:
        caller = caller_of(context)
        which = request.finding_id, request.expected_version
        found = self.findings.pause_limit(caller, *which, request.reason, request.basis)
        return acts.PauseLimitResponse(finding=shown(caller, found))

    def ResumeLimit(self, request: Any, context: ServicerContext) -> acts.ResumeLimitResponse:
        caller = caller_of(context)
        which = request.finding_id, request.expected_version
        return acts.ResumeLimitResponse(finding=shown(caller, self.findings.resume_limit(caller, *which)))
