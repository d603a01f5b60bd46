"""The door to the rules."""

from __future__ import annotations

import grpc
from zhengfeng.accountability.v1 import rule_drafts_pb2, rule_drafts_pb2_grpc, rules_pb2_grpc
from zhengfeng.accountability.v1 import rules_pb2 as pb

from chassis.i18n import Catalogue
from chassis.rpc import caller_of
from services.accountability.usecases import UseCases
from services.accountability.wire import rules as wire


class RulesServicer(rules_pb2_grpc.RulesServiceServicer):
    """Answers RulesService."""

    def __init__(self, usecases: UseCases, sentences: Catalogue) -> None:
        self._rules = usecases.rules
        self._sentences = sentences

    def ImportRules(self, request: pb.ImportRulesRequest, context: grpc.ServicerContext) -> pb.ImportRulesResponse:
        found = self._rules.import_pack(caller_of(context), wire.given(request))
        return pb.ImportRulesResponse(rule_version=wire.version(found))

    def LintRules(self, request: pb.LintRulesRequest, context: grpc.ServicerContext) -> pb.LintRulesResponse:
        faults = self._rules.lint(caller_of(context), wire.given(request))
        return wire.linted(faults, self._sentences)

    def ExportRules(self, request: pb.ExportRulesRequest, context: grpc.ServicerContext) -> pb.ExportRulesResponse:
        return wire.exported(self._rules.export(caller_of(context), request.rule_version_id))

    def FreezeRow(self, request: pb.FreezeRowRequest, context: grpc.ServicerContext) -> pb.FreezeRowResponse:
        which = request.rule_version_id, request.expected_version
        found = self._rules.freeze(caller_of(context), *which, request.row, request.reason)
        return pb.FreezeRowResponse(rule_version=wire.version(found))

    def GetRuleVersion(self, request: pb.GetRuleVersionRequest, context: grpc.ServicerContext) -> pb.GetRuleVersionResponse:
        found = self._rules.get(caller_of(context), request.rule_version_id)
        return pb.GetRuleVersionResponse(rule_version=wire.version_with_rows(found))

    def ListRuleVersions(
        self, request: pb.ListRuleVersionsRequest, context: grpc.ServicerContext
    ) -> pb.ListRuleVersionsResponse:
        page = request.instrument_key, request.page_size, request.page_token
        found, token = self._rules.list(caller_of(context), *page)
        return pb.ListRuleVersionsResponse(rule_versions=map(wire.version, found), next_page_token=token)

    def SubmitRules(self, request: pb.SubmitRulesRequest, context: grpc.ServicerContext) -> pb.SubmitRulesResponse:
        found = self._rules.submit(caller_of(context), request.rule_version_id, request.expected_version)
        return pb.SubmitRulesResponse(rule_version=wire.version(found))

    def ReviewRules(self, request: pb.ReviewRulesRequest, context: grpc.ServicerContext) -> pb.ReviewRulesResponse:
        said = request.sha256, request.passed, request.opinion
        found = self._rules.review(caller_of(context), request.rule_version_id, request.expected_version, *said)
        return pb.ReviewRulesResponse(rule_version=wire.version(found))

    def ApproveRules(self, request: pb.ApproveRulesRequest, context: grpc.ServicerContext) -> pb.ApproveRulesResponse:
        which = request.rule_version_id, request.expected_version
        found = self._rules.approve(caller_of(context), *which, request.sha256)
        return pb.ApproveRulesResponse(rule_version=wire.version(found))

    def CompareVersions(
        self, request: pb.CompareVersionsRequest, context: grpc.ServicerContext
    ) -> pb.CompareVersionsResponse:
        changes = self._rules.compare(caller_of(context), request.before_id, request.after_id)
        return pb.CompareVersionsResponse(changes=map(wire.change, changes))


class RuleDraftsServicer(rule_drafts_pb2_grpc.RuleDraftsServiceServicer):
    """Answers RuleDraftsService."""

    def __init__(self, usecases: UseCases) -> None:
        self._rules = usecases.rules

    def ReviseRules(
        self, request: rule_drafts_pb2.ReviseRulesRequest, context: grpc.ServicerContext
    ) -> rule_drafts_pb2.ReviseRulesResponse:
        which = request.rule_version_id, request.expected_version
        found = self._rules.revise(caller_of(context), *which, wire.given(request))
        return rule_drafts_pb2.ReviseRulesResponse(rule_version=wire.version(found))

    def LayOutRules(
        self, request: rule_drafts_pb2.LayOutRulesRequest, context: grpc.ServicerContext
    ) -> rule_drafts_pb2.LayOutRulesResponse:
        return wire.sheets(self._rules.lay_out(caller_of(context), request.rule_version_id))
