"""A city with its rules in force, the people of a case, and the steps that bring a case to where a test begins."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from zhengfeng.accountability.v1 import (
    aftermath_pb2,
    aftermath_pb2_grpc,
    case_pb2,
    cases_pb2,
    cases_pb2_grpc,
    decisions_pb2,
    decisions_pb2_grpc,
    effects_pb2_grpc,
    investigation_pb2,
    investigation_pb2_grpc,
    rule_drafts_pb2_grpc,
    rules_pb2,
    rules_pb2_grpc,
)
from zhengfeng.complaints.v1 import events_pb2 as complaints
from zhengfeng.directory.v1 import events_pb2 as directory

from chassis.auth import Caller
from tests.doors import Door, caller

PACKS = Path(__file__).parents[3] / "services/accountability/packs/rules"
LABELS = {"2007", "2020", "2021", "2024", "2025"}
CITY = "/qinghe"
BUREAU, SECTION = "/qinghe/housing", "/qinghe/housing/approvals"
AUTHOR = caller("rule_author", jurisdiction=CITY)
RULES_REVIEWER = caller("reviewer", jurisdiction=CITY, subject="rules-reviewer")
APPROVER = caller("approver", jurisdiction=CITY)
OFFICE = caller("office", jurisdiction=CITY)
FIRST = caller("investigator", jurisdiction=CITY, subject="first")
SECOND = caller("investigator", jurisdiction=CITY, subject="second")
REVIEWER = caller("reviewer", jurisdiction=CITY, subject="case-reviewer")
DECIDER = caller("decider", jurisdiction=CITY)
ANOTHER_DECIDER = caller("decider", jurisdiction=CITY, subject="another-decider")
PERSONNEL = caller("personnel", jurisdiction=CITY)


def fixed_id(name: str) -> str:
    """The same UUID for the same name."""
    return str(uuid.uuid5(uuid.NAMESPACE_OID, name))


CLERK, SECTION_HEAD, DEPUTY, HEAD = map(fixed_id, ("clerk", "section-head", "deputy", "head"))
INSPECTOR_A, INSPECTOR_B, TAX_CLERK = map(fixed_id, ("inspector-a", "inspector-b", "tax-clerk"))


@dataclass
class Scene:
    """One door with the city behind it."""

    door: Door

    def __post_init__(self) -> None:
        self.rules = self.door.stub(rules_pb2_grpc.RulesServiceStub)
        self.drafts = self.door.stub(rule_drafts_pb2_grpc.RuleDraftsServiceStub)
        self.cases = self.door.stub(cases_pb2_grpc.CasesServiceStub)
        self.investigation = self.door.stub(investigation_pb2_grpc.InvestigationServiceStub)
        self.decisions = self.door.stub(decisions_pb2_grpc.DecisionsServiceStub)
        self.aftermath = self.door.stub(aftermath_pb2_grpc.AftermathServiceStub)
        self.effects = self.door.stub(effects_pb2_grpc.EffectsServiceStub)

    # -- the city ---------------------------------------------------------------------------------------------------

    def with_directory(self) -> Scene:
        """Units, officials and posts as the directory announces them."""
        for path in (BUREAU, SECTION, "/qinghe/office", "/qinghe/tax"):
            self._directory(fixed_id(path), path, unit_changed=directory.UnitChanged(name=path, kind="bureau"))
        people = {
            CLERK: (SECTION, "handler", ""),
            SECTION_HEAD: (SECTION, "section_head", ""),
            DEPUTY: (BUREAU, "deputy_in_charge", ""),
            HEAD: (BUREAU, "unit_head", ""),
            INSPECTOR_A: ("/qinghe/office", "handler", ""),
            INSPECTOR_B: ("/qinghe/office", "handler", ""),
            TAX_CLERK: ("/qinghe/tax", "handler", "tax"),
        }
        for official, (path, post, line) in people.items():
            entered = directory.OfficialChanged(
                kind="civil_servant", unit_id=fixed_id(path), management_line=line, valid_from="2020-01-01"
            )
            self._directory(official, path, official_changed=entered)
            held = directory.PostChanged(official_id=official, unit_id=fixed_id(path), kind=post, valid_from="2020-01-01")
            self._directory(fixed_id(f"post {official}"), path, post_changed=held)
        return self

    def _directory(self, subject: str, path: str, **fact: Any) -> None:
        self.door.hear(
            directory.DirectoryEvent(subject_id=subject, version=1, unit_path=path, jurisdiction_path=CITY, **fact)
        )

    def with_rules(self) -> Scene:
        """The shipped packs, written by one, reviewed by another, approved by a third."""
        for pack in sorted(PACKS.glob("*.toml")):
            self.put_in_force(pack.read_text(encoding="utf-8"))
        return self

    def put_in_force(self, text: str) -> rules_pb2.RuleVersion:
        """A pack on its way into force."""
        call = self.door.call
        made = call(self.rules.ImportRules, rules_pb2.ImportRulesRequest(pack_text=text), AUTHOR).rule_version
        which = {"rule_version_id": made.id}
        call(self.rules.SubmitRules, rules_pb2.SubmitRulesRequest(**which, expected_version=1), AUTHOR)
        review = rules_pb2.ReviewRulesRequest(
            **which, expected_version=2, sha256=made.sha256, passed=True, opinion="逐条核对无误"
        )
        call(self.rules.ReviewRules, review, RULES_REVIEWER)
        approval = rules_pb2.ApproveRulesRequest(**which, expected_version=3, sha256=made.sha256)
        approved: rules_pb2.RuleVersion = call(self.rules.ApproveRules, approval, APPROVER).rule_version
        return approved

    # -- a case -----------------------------------------------------------------------------------------------------

    def closed_complaint(self, name: str = "complaint", **told: Any) -> complaints.ComplaintEvent:
        """A complaint about slow handling that was closed as established, with the clerk responsible."""
        usual: dict[str, Any] = {
            "conclusion": complaints.CONCLUSION_ESTABLISHED,
            "misconduct": ["slow"],
            "official_ids": [CLERK],
        }
        return complaints.ComplaintEvent(
            subject_id=fixed_id(name),
            version=7,
            unit_path=SECTION,
            jurisdiction_path=CITY,
            number=f"投诉〔2026〕{name}",
            closed=complaints.ComplaintClosed(**{**usual, **told}),
        )

    def listed(self, as_: Caller = OFFICE, **narrowed: Any) -> list[case_pb2.Case]:
        """The cases a caller sees."""
        return list(self.door.call(self.cases.ListCases, cases_pb2.ListCasesRequest(**narrowed), as_).cases)

    def get(self, case_id: str, as_: Caller = OFFICE) -> case_pb2.Case:
        """The case in full."""
        found: case_pb2.Case = self.door.call(self.cases.GetCase, cases_pb2.GetCaseRequest(case_id=case_id), as_).case
        return found

    def act(self, case: case_pb2.Case, method: Any, request: type[Any], as_: Caller, **fields: Any) -> case_pb2.Case:
        """One step of a case; answers the case as it then is."""
        self.door.call(method, request(case_id=case.id, expected_version=case.version, **fields), as_)
        return self.get(case.id)

    def filed(self, **told: Any) -> case_pb2.Case:
        """A case from an established complaint, filed."""
        self.door.hear(self.closed_complaint(**told))
        (clue,) = self.listed()
        return self.filed_from(clue)

    def filed_from(self, clue: case_pb2.Case) -> case_pb2.Case:
        """A clue, verified and filed."""
        clue = self.act(clue, self.cases.VerifyClue, cases_pb2.VerifyClueRequest, OFFICE, note="核对台账与监控")
        return self.act(clue, self.cases.FileCase, cases_pb2.FileCaseRequest, OFFICE, finding="超期 11 个工作日")

    def assigned(self, case: case_pb2.Case) -> case_pb2.Case:
        """Two investigators at work."""
        two = [
            investigation_pb2.Investigator(account=FIRST.subject, official_id=INSPECTOR_A),
            investigation_pb2.Investigator(account=SECOND.subject, official_id=INSPECTOR_B),
        ]
        assign = self.investigation.AssignInvestigators
        return self.act(case, assign, investigation_pb2.AssignInvestigatorsRequest, OFFICE, investigators=two)

    def with_fact(self, case: case_pb2.Case, party: int = 0, **told: Any) -> case_pb2.Case:
        """What one party did: ordinary slow handling with a bad effect, unless told otherwise."""
        usual: dict[str, Any] = {
            "party_id": case.parties[party].id,
            "conduct": "slow_handling",
            "conduct_day": "2026-10-09",
            "severity": case_pb2.SEVERITY_ORDINARY,
            "consequence": case_pb2.CONSEQUENCE_SLIGHT,
            "statement": "申请人三次催问，承办人未予答复。",
            "evidence_sha256": ["a" * 64],
        }
        request = investigation_pb2.RecordFactRequest
        return self.act(case, self.investigation.RecordFact, request, FIRST, **{**usual, **told})

    def reviewed(self, case: case_pb2.Case) -> case_pb2.Case:
        """Passed by somebody who did not investigate."""
        request = investigation_pb2.ReviewCaseRequest
        return self.act(case, self.investigation.ReviewCase, request, REVIEWER, passed=True, opinion="事实清楚")

    def heard(self, case: case_pb2.Case) -> case_pb2.Case:
        """Everybody was told and heard."""
        for party in case.parties:
            if not party.released:
                said = {"party_id": party.id, "statement": "当时人手不足。", "answer": "不影响认定。"}
                request = investigation_pb2.RecordHearingRequest
                case = self.act(case, self.investigation.RecordHearing, request, SECOND, **said)
        return case

    def proposed(self, case: case_pb2.Case) -> tuple[case_pb2.Case, Any]:
        """The rules were asked."""
        request = decisions_pb2.ProposeRequest(case_id=case.id, expected_version=case.version)
        answer = self.door.call(self.decisions.Propose, request, OFFICE).proposal
        return self.get(case.id), answer

    def ready(self, **told: Any) -> tuple[case_pb2.Case, Any]:
        """A case from an established complaint to the proposal."""
        case = self.with_fact(self.assigned(self.filed()), **told)
        return self.proposed(self.heard(self.reviewed(case)))

    def ready_about(self, official: str) -> tuple[case_pb2.Case, Any]:
        """The same about somebody else."""
        case = self.with_fact(self.assigned(self.filed(official_ids=[official])))
        return self.proposed(self.heard(self.reviewed(case)))

    def decided(self, *measures: str, **told: Any) -> case_pb2.Case:
        """The same, decided by the office."""
        case, proposal = self.ready(**told)
        choices = [decisions_pb2.Choice(party_id=case.parties[0].id, measures=measures or ("written_self_criticism",))]
        request = decisions_pb2.DecideRequest
        return self.act(case, self.decisions.Decide, request, DECIDER, proposal_id=proposal.id, choices=choices)

    def served(self, case: case_pb2.Case) -> case_pb2.Case:
        """Delivered to the one party."""
        said = {"party_id": case.parties[0].id, "way": aftermath_pb2.DELIVERY_WAY_IN_PERSON, "proof_sha256": "b" * 64}
        return self.act(case, self.aftermath.Serve, aftermath_pb2.ServeRequest, OFFICE, **said)
