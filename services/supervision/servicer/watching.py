"""Monitoring points, supervisors, inspections and the key list."""

from __future__ import annotations

from typing import Any

from grpc import ServicerContext
from zhengfeng.supervision.v1 import inspection_acts_pb2 as acts
from zhengfeng.supervision.v1 import inspections_pb2_grpc, keylist_pb2, keylist_pb2_grpc, points_pb2_grpc
from zhengfeng.supervision.v1 import point_acts_pb2 as points

from chassis.auth import Caller
from chassis.rpc import caller_of
from services.supervision.domain.inspection import Inspection
from services.supervision.domain.words import InspectionKind, InspectionStage, PointKind, ReportOutcome
from services.supervision.servicer.findings import shown as shown_finding
from services.supervision.storage.reading import ReportFilter
from services.supervision.usecases import UseCases
from services.supervision.usecases.inspections import seen_by
from services.supervision.wire import watching as wire
from services.supervision.wire.parts import day, moment, needed, optional_day, proofs, word_of


class PointServicer(points_pb2_grpc.PointServiceServicer):
    """Answers PointService."""

    def __init__(self, usecases: UseCases) -> None:
        self.points = usecases.points

    def CreatePoint(self, request: Any, context: ServicerContext) -> points.CreatePointResponse:
        what = request.name, needed(PointKind, request.kind), request.phone, request.account_id
        made = self.points.create(caller_of(context), request.jurisdiction_path, *what)
        return points.CreatePointResponse(point=wire.point(made))

    def EndPoint(self, request: Any, context: ServicerContext) -> points.EndPointResponse:
        ended = self.points.end(caller_of(context), request.point_id, request.expected_version)
        return points.EndPointResponse(point=wire.point(ended))

    def GetPoint(self, request: Any, context: ServicerContext) -> points.GetPointResponse:
        return points.GetPointResponse(point=wire.point(self.points.get(caller_of(context), request.point_id)))

    def ListPoints(self, request: Any, context: ServicerContext) -> points.ListPointsResponse:
        what = word_of(PointKind, request.kind), request.active, request.page_size, request.page_token
        found, token = self.points.list(caller_of(context), *what)
        return points.ListPointsResponse(points=[wire.point(value) for value in found], next_page_token=token)

    def OpenRound(self, request: Any, context: ServicerContext) -> points.OpenRoundResponse:
        days = day(request.opens_on, "opens_on"), day(request.closes_on, "closes_on")
        what = request.jurisdiction_path, request.title, request.text
        return points.OpenRoundResponse(round=wire.round_(self.points.open_round(caller_of(context), *what, *days), 0))

    def ListRounds(self, request: Any, context: ServicerContext) -> points.ListRoundsResponse:
        open_on = optional_day(request.open_on, "open_on")
        found, token = self.points.list_rounds(caller_of(context), open_on, request.page_size, request.page_token)
        return points.ListRoundsResponse(rounds=[wire.round_(*row) for row in found], next_page_token=token)

    def ReportFromPoint(self, request: Any, context: ServicerContext) -> points.ReportFromPointResponse:
        seen = request.title, request.text, proofs(request.evidence), moment(request.occurred_at, "occurred_at")
        said = self.points.report(caller_of(context), request.round_id, request.about_unit_path, *seen)
        return points.ReportFromPointResponse(point_report=wire.point_report(said))

    def ListPointReports(self, request: Any, context: ServicerContext) -> points.ListPointReportsResponse:
        outcome = word_of(ReportOutcome, request.outcome)
        narrowed = ReportFilter(outcome, request.point_id, request.round_id, request.about_unit_path)
        found, token = self.points.list_reports(caller_of(context), narrowed, request.page_size, request.page_token)
        reports = [wire.point_report(value) for value in found]
        return points.ListPointReportsResponse(point_reports=reports, next_page_token=token)

    def GetPointReport(self, request: Any, context: ServicerContext) -> points.GetPointReportResponse:
        found = self.points.get_report(caller_of(context), request.point_report_id)
        return points.GetPointReportResponse(point_report=wire.point_report(found))

    def SetAsideReport(self, request: Any, context: ServicerContext) -> points.SetAsideReportResponse:
        which = request.point_report_id, request.expected_version
        said = self.points.set_aside(caller_of(context), *which, request.reason)
        return points.SetAsideReportResponse(point_report=wire.point_report(said))


class InspectionServicer(inspections_pb2_grpc.InspectionServiceServicer):
    """Answers InspectionService."""

    def __init__(self, usecases: UseCases) -> None:
        self.inspections = usecases.inspections

    def shown(self, caller: Caller, *found: Inspection) -> list[Any]:
        """Inspections as their reader may see them, with what he may do next."""
        counts, roles = self.inspections.counted(caller, found), (caller.roles, caller.subject)
        return [wire.inspection(seen_by(caller, one), counts.get(one.id, 0), one.next_acts(*roles)) for one in found]

    def AppointSupervisor(self, request: Any, context: ServicerContext) -> acts.AppointSupervisorResponse:
        appointed = self.inspections.appoint(
            caller_of(context),
            request.jurisdiction_path,
            name=request.name,
            account_id=request.account_id,
            term_from=day(request.term_from, "term_from"),
            term_to=day(request.term_to, "term_to"),
            recused_unit_paths=tuple(request.recused_unit_paths),
        )
        return acts.AppointSupervisorResponse(supervisor=wire.supervisor(appointed))

    def ListSupervisors(self, request: Any, context: ServicerContext) -> acts.ListSupervisorsResponse:
        in_term_on = optional_day(request.in_term_on, "in_term_on")
        page = request.page_size, request.page_token
        found, token = self.inspections.list_supervisors(caller_of(context), in_term_on, *page)
        supervisors = [wire.supervisor(value) for value in found]
        return acts.ListSupervisorsResponse(supervisors=supervisors, next_page_token=token)

    def PlanInspection(self, request: Any, context: ServicerContext) -> acts.PlanInspectionResponse:
        caller = caller_of(context)
        planned = self.inspections.plan(
            caller,
            request.jurisdiction_path,
            tuple(request.target_pool),
            request.point_report_id,
            kind=needed(InspectionKind, request.kind),
            title=request.title,
            plan_number=request.plan_number,
            targets_wanted=request.targets_wanted,
            inspectors_wanted=request.inspectors_wanted,
            from_day=day(request.from_day, "from_day"),
            to_day=day(request.to_day, "to_day"),
            checklist=tuple(request.checklist),
        )
        return acts.PlanInspectionResponse(inspection=self.shown(caller, planned)[0])

    def DrawTargets(self, request: Any, context: ServicerContext) -> acts.DrawTargetsResponse:
        caller = caller_of(context)
        which = request.inspection_id, request.expected_version
        seed = request.seed, request.seed_source
        drawn = self.inspections.draw(
            caller, *which, *seed, published_at=moment(request.seed_published_at, "seed_published_at")
        )
        return acts.DrawTargetsResponse(inspection=self.shown(caller, drawn)[0])

    def SealPlan(self, request: Any, context: ServicerContext) -> acts.SealPlanResponse:
        caller = caller_of(context)
        which = request.inspection_id, request.expected_version
        return acts.SealPlanResponse(inspection=self.shown(caller, self.inspections.seal(caller, *which))[0])

    def StartInspection(self, request: Any, context: ServicerContext) -> acts.StartInspectionResponse:
        caller = caller_of(context)
        which = request.inspection_id, request.expected_version
        return acts.StartInspectionResponse(inspection=self.shown(caller, self.inspections.start(caller, *which))[0])

    def RecordFinding(self, request: Any, context: ServicerContext) -> acts.RecordFindingResponse:
        caller = caller_of(context)
        what = request.inspection_id, request.unit_path, tuple(request.misconduct), proofs(request.evidence)
        seen = {"title": request.title, "text": request.text, "occurred_at": moment(request.occurred_at, "occurred_at")}
        found = self.inspections.record_finding(caller, *what, **seen)
        return acts.RecordFindingResponse(finding=shown_finding(caller, found))

    def ConfirmFinding(self, request: Any, context: ServicerContext) -> acts.ConfirmFindingResponse:
        caller = caller_of(context)
        which = request.inspection_id, request.finding_id, request.expected_version
        found = self.inspections.confirm_finding(caller, *which)
        return acts.ConfirmFindingResponse(finding=shown_finding(caller, found))

    def ReleaseInspection(self, request: Any, context: ServicerContext) -> acts.ReleaseInspectionResponse:
        caller = caller_of(context)
        which = request.inspection_id, request.expected_version
        return acts.ReleaseInspectionResponse(inspection=self.shown(caller, self.inspections.release(caller, *which))[0])

    def CloseInspection(self, request: Any, context: ServicerContext) -> acts.CloseInspectionResponse:
        caller = caller_of(context)
        which = request.inspection_id, request.expected_version
        return acts.CloseInspectionResponse(inspection=self.shown(caller, self.inspections.close(caller, *which))[0])

    def GetInspection(self, request: Any, context: ServicerContext) -> acts.GetInspectionResponse:
        caller = caller_of(context)
        found = self.inspections.get(caller, request.inspection_id)
        return acts.GetInspectionResponse(inspection=self.shown(caller, found)[0])

    def ListInspections(self, request: Any, context: ServicerContext) -> acts.ListInspectionsResponse:
        caller = caller_of(context)
        what = word_of(InspectionStage, request.stage), word_of(InspectionKind, request.kind)
        found, token = self.inspections.list(caller, *what, request.page_size, request.page_token)
        inspections = self.shown(caller, *found)
        return acts.ListInspectionsResponse(inspections=inspections, next_page_token=token)


class KeyListServicer(keylist_pb2_grpc.KeyListServiceServicer):
    """Answers KeyListService."""

    def __init__(self, usecases: UseCases) -> None:
        self.key_list = usecases.key_list

    def ListKeyUnits(self, request: Any, context: ServicerContext) -> keylist_pb2.ListKeyUnitsResponse:
        what = request.past, request.unit_path, request.page_size, request.page_token
        found, token = self.key_list.list(caller_of(context), *what)
        return keylist_pb2.ListKeyUnitsResponse(key_units=[wire.key_unit(v) for v in found], next_page_token=token)

    def TakeOffKeyList(self, request: Any, context: ServicerContext) -> keylist_pb2.TakeOffKeyListResponse:
        which = request.key_unit_id, request.expected_version
        gone = self.key_list.take_off(caller_of(context), *which, request.reason)
        return keylist_pb2.TakeOffKeyListResponse(key_unit=wire.key_unit(gone))
