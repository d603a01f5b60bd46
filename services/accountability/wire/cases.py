"""Cases, their parties and their timeline as messages."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from zhengfeng.accountability.v1 import aftermath_pb2, cases_pb2, investigation_pb2
from zhengfeng.accountability.v1 import case_pb2 as pb

from services.accountability.domain.case import Case, EstablishedFact, Investigator, Party
from services.accountability.domain.intake import Clue
from services.accountability.domain.investigation import TrailStep
from services.accountability.domain.states import NEXT, CaseState
from services.accountability.domain.views import CaseFile, CaseFilter, Finding, Line
from services.accountability.rules.words import Consequence, Severity
from services.accountability.wire.parts import day, moment, number, origins, read_day, read_origin, word

_NONE: Mapping[str, str] = {}


def case(found: Case, texts: Mapping[str, str] = _NONE, leader_answer: str = "") -> pb.Case:
    """A case; `texts` are what was found in words, by fact."""
    question = found.leader_question
    return pb.Case(
        id=found.id,
        version=found.version,
        number=found.number,
        state=state(found.state),
        origins=origins(found.origins),
        unit_path=found.unit_path,
        jurisdiction_path=found.jurisdiction_path,
        suspected_conduct=found.suspected_conduct,
        parties=[party(one, texts) for one in found.parties],
        investigators=[one.account for one in found.investigators],
        reviewer=found.reviewer,
        decider=found.decider,
        leader_question=pb.LeaderQuestion(
            asked=bool(question.triggers),
            triggers=question.triggers,
            answered=question.answered,
            answer=leader_answer,
        ),
        opened_at=moment(found.opened_at),
        filed_at=moment(found.filed_at),
        decide_by=day(found.decide_by),
        decided_at=moment(found.decided_at),
        proposal_id=found.proposal_id,
        tolerance=[pb.ToleranceFound(key=one.key, finding=texts.get(one.finding_id, "")) for one in found.tolerance],
        joined_into_id=found.joined_into,
        next_states=sorted(state(after) for after in NEXT[found.state]),
    )


def case_file(found: CaseFile) -> pb.Case:
    """A case with its texts."""
    return case(found.case, found.texts, found.leader_answer)


def listed(found: Case) -> pb.Case:
    """A case as a list shows it: its parties without facts."""
    shown = case(found)
    for one in shown.parties:
        del one.facts[:]
    return shown


def state(found: CaseState) -> Any:
    """A state's number."""
    return number(pb.CaseState, "CASE_STATE", found)


def party(found: Party, texts: Mapping[str, str]) -> pb.Party:
    """A party with its facts."""
    return pb.Party(
        id=found.id,
        official_id=found.official_id,
        unit_path=found.unit_path,
        subject_kind=found.subject_kind,
        post=found.post if found.official_id else "",
        role=found.role or "",
        management_line=found.management_line,
        facts=[fact(one, texts.get(one.id, "")) for one in found.facts],
        heard_at=moment(found.heard_at),
        released=found.released,
        measures=found.measures,
        outside_measures=found.outside,
        outside_range=found.outside_range,
        served_at=moment(found.served_at),
        executed_at=moment(found.executed_at),
    )


def fact(found: EstablishedFact, statement: str) -> pb.EstablishedFact:
    """A fact with what was found in words."""
    return pb.EstablishedFact(
        id=found.id,
        conduct=found.conduct,
        conduct_day=day(found.day),
        severity=number(pb.Severity, "SEVERITY", found.severity),
        consequence=number(pb.Consequence, "CONSEQUENCE", found.consequence),
        mitigating=found.mitigating,
        aggravating=found.aggravating,
        statement=statement,
        evidence_sha256=found.evidence_sha256,
        recorded_by=found.recorded_by,
        recorded_at=moment(found.recorded_at),
    )


def line(found: Line) -> pb.TimelineEntry:
    """A line of the timeline."""
    return pb.TimelineEntry(at=moment(found.at), act=found.act, by=found.by, state=state(found.state), note=found.note)


# -- requests ---------------------------------------------------------------------------------------------------------


def read_clue(request: cases_pb2.OpenCaseRequest, today: date) -> Clue:
    """A clue entered by hand; the directory says which jurisdiction its unit belongs to."""
    return Clue(read_origin(request.origin), request.unit_path, "", today, official_ids=tuple(request.official_ids))


def read_filter(request: cases_pb2.ListCasesRequest) -> CaseFilter:
    """What a list is narrowed by."""
    wanted = word(CaseState, pb.CaseState, "CASE_STATE", request.state) if request.state else None
    return CaseFilter(wanted, request.unit_path, request.origin_subject_id, request.official_id)


def read_ending(request: cases_pb2.DropCaseRequest) -> CaseState:
    """How a case ends."""
    return word(CaseState, cases_pb2.Ending, "ENDING", request.ending)


def read_investigator(message: investigation_pb2.Investigator) -> Investigator:
    """An investigator."""
    return Investigator(message.account, message.official_id)


def read_finding(request: investigation_pb2.RecordFactRequest) -> Finding:
    """What an investigator records."""
    return Finding(
        request.party_id,
        request.conduct,
        read_day(request.conduct_day, "conduct_day"),
        word(Severity, pb.Severity, "SEVERITY", request.severity),
        word(Consequence, pb.Consequence, "CONSEQUENCE", request.consequence),
        tuple(request.mitigating),
        tuple(request.aggravating),
        request.statement,
        tuple(request.evidence_sha256),
    )


def read_steps(request: investigation_pb2.RecordTrailRequest) -> tuple[TrailStep, ...]:
    """The steps of an approval trail."""
    prefix = "TRAIL_STEP_"
    return tuple(
        TrailStep(entry.official_id, investigation_pb2.TrailStep.Name(entry.step).removeprefix(prefix).lower())
        for entry in request.entries
    )


def read_ground(request: investigation_pb2.RecuseInvestigatorRequest) -> str:
    """The ground of a recusal and its reason, as one note."""
    ground = investigation_pb2.RecusalGround.Name(request.ground).removeprefix("RECUSAL_GROUND_").lower()
    return f"{ground}: {request.reason}"


def read_delivery(request: aftermath_pb2.ServeRequest) -> str:
    """The way of a delivery and its proof, as one note."""
    way = aftermath_pb2.DeliveryWay.Name(request.way).removeprefix("DELIVERY_WAY_").lower()
    return f"{way}: sha256 {request.proof_sha256}"
