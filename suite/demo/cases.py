"""Cases of the demonstration: what was established goes from clue to decision, some of the way or all of it."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from typing import Any

from zhengfeng.accountability.v1 import aftermath_pb2, case_pb2, cases_pb2, decisions_pb2, investigation_pb2, proposal_pb2
from zhengfeng.directory.v1 import sessions_pb2

from suite.acting import Stage
from suite.demo.days import Days

BEGINS_AGO = 25
DECIDED_CASES = 2
SANCTION = "sanction"


def hold_to_account(stage: Stage, days: Days, settle: Callable[[], object], say: Callable[[str], None]) -> None:
    """Takes the first cases to a decision and the next into investigation; the rest wait as clues."""
    days.ago(BEGINS_AGO)
    settle()
    office = stage.as_("office")
    waiting = [case for case in office(cases_pb2.ListCasesRequest(page_size=50)).cases if case.parties]
    for number, case in enumerate(reversed(waiting)):
        worked = Worked(stage, days, case)
        if number < DECIDED_CASES:
            worked.to_decision()
            settle()
        elif number == DECIDED_CASES:
            worked.to_investigation()
    say(f"accountability: {len(waiting)} cases opened by themselves, {min(len(waiting), DECIDED_CASES)} decided")


class Worked:
    """One case on its way, each step by whoever may take it."""

    def __init__(self, stage: Stage, days: Days, case: Any) -> None:
        self.stage = stage
        self.days = days
        self.case = case

    def to_investigation(self) -> None:
        """Verified, filed, two investigators."""
        self._do("office", cases_pb2.VerifyClueRequest, note="线索具体，初步核实。")
        self._do("office", cases_pb2.FileCaseRequest, finding="投诉认定属实，符合立案条件。")
        who = [self.stage.as_(user)(sessions_pb2.WhoAmIRequest()).person for user in ("investigator", "investigator2")]
        pair = [investigation_pb2.Investigator(account=one.account_id, official_id=one.official_id) for one in who]
        self._do("office", investigation_pb2.AssignInvestigatorsRequest, investigators=pair)

    def to_decision(self) -> None:
        """The whole way to delivery."""
        self.to_investigation()
        self._investigate()
        self._do("reviewer", investigation_pb2.ReviewCaseRequest, passed=True, opinion="事实清楚，证据充分，程序合法。")
        for party in self.case.parties:
            self._do(
                "investigator",
                investigation_pb2.RecordHearingRequest,
                party_id=party.id,
                statement="本人认可调查结论，愿意改正。",
                answer="意见已记录，不影响认定。",
            )
        proposal = self._propose()
        self._decide(proposal)
        for party in self.case.parties:
            if party.measures:
                proof = hashlib.sha256(party.id.encode()).hexdigest()
                way = aftermath_pb2.DELIVERY_WAY_IN_PERSON
                self._do("office", aftermath_pb2.ServeRequest, party_id=party.id, way=way, proof_sha256=proof)

    def _investigate(self) -> None:
        self.days.later(hours=48)
        for party in self.case.parties:
            self._do(
                "investigator",
                investigation_pb2.RecordFactRequest,
                party_id=party.id,
                conduct=self.case.suspected_conduct,
                conduct_day=self.days.today().isoformat(),
                severity=case_pb2.SEVERITY_ORDINARY,
                consequence=case_pb2.CONSEQUENCE_BAD_EFFECT,
                statement="办件记录显示超过承诺时限，且未一次性告知。",
                evidence_sha256=[hashlib.sha256(b"record").hexdigest()],
            )

    def _propose(self) -> Any:
        request = self._request(decisions_pb2.ProposeRequest)
        answer = self.stage.as_("office")(request)
        self._refresh()
        return answer.proposal

    def _decide(self, proposal: Any) -> None:
        """The lightest measure of each range that the office may decide itself; the reviewer and author stay out."""
        choices = [
            decisions_pb2.Choice(party_id=party.party_id, measures=measures)
            for party in proposal.parties
            if (measures := _own_measures(party))
        ]
        self._do("decider", decisions_pb2.DecideRequest, proposal_id=proposal.id, choices=choices)

    def _do(self, user: str, kind: Any, **fields: Any) -> None:
        self.stage.as_(user)(self._request(kind, **fields))
        self._refresh()

    def _request(self, kind: Any, **fields: Any) -> Any:
        return kind(case_id=self.case.id, expected_version=self.case.version, **fields)

    def _refresh(self) -> None:
        self.case = self.stage.as_("office")(cases_pb2.GetCaseRequest(case_id=self.case.id)).case


def _own_measures(party: Any) -> list[str]:
    """What the office may decide itself: in each range all that is required and as few of the offers as it asks for."""
    chosen: list[str] = []
    for measures in party.ranges:
        own = [offer.measure for offer in measures.offers if offer.way == proposal_pb2.WAY_DECIDE]
        required = [offer.measure for offer in measures.required if offer.way == proposal_pb2.WAY_DECIDE]
        if own and measures.track != SANCTION:
            chosen += [*required, *own[: max(1, measures.at_least)]]
    return list(dict.fromkeys(chosen))
