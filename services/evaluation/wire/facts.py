"""Facts: ours on the way out, the neighbours' on the way in."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from fractions import Fraction
from typing import Any

from google.protobuf.message import Message
from zhengfeng.accountability.v1 import events_pb2 as accountability_pb2
from zhengfeng.complaints.v1 import events_pb2 as complaints_pb2
from zhengfeng.evaluation.v1 import events_pb2 as pb
from zhengfeng.supervision.v1 import events_pb2 as supervision_pb2

from chassis.clock import local_day
from chassis.facts import Heard
from chassis.store import Envelope
from services.evaluation.domain import facts
from services.evaluation.domain.adjustment import (
    Against,
    HeldToAccount,
    Origin,
    Record,
    against_complaint,
    against_month,
    against_parties,
    made_at,
)
from services.evaluation.domain.formula import Cause
from services.evaluation.domain.result import rounded
from services.evaluation.wire.words import timestamp

CONCLUSIONS = {
    complaints_pb2.CONCLUSION_ESTABLISHED: Cause.COMPLAINT_ESTABLISHED,
    complaints_pb2.CONCLUSION_PARTLY: Cause.COMPLAINT_PARTLY,
}


def encode_fact(fact: facts.Fact, envelope: Envelope) -> Message:
    """The event that carries a fact."""
    field, make = _MADE[type(fact)]
    event = pb.EvaluationEvent(
        event_id=envelope.event_id,
        occurred_at=timestamp(envelope.occurred_at),
        recorded_at=timestamp(envelope.recorded_at),
        subject_id=fact.subject_id,
        version=fact.version,
        unit_path=fact.unit_path,
        jurisdiction_path=fact.jurisdiction_path,
        number=fact.number,
    )
    getattr(event, field).CopyFrom(make(fact))
    return event


def _year_scored(fact: facts.YearScored) -> pb.YearScored:
    return pb.YearScored(year=fact.year, score=fact.score, rank=fact.rank, group=fact.group, ranked=fact.ranked)


def _released(fact: facts.ResultReleased) -> pb.ResultReleased:
    results = [
        pb.ObjectResult(
            object_id=one.object_id,
            unit_path=one.unit_path,
            object_group=one.object_group,
            score="" if one.score is None else rounded(one.score, fact.decimals),
            rank=one.rank,
            grade=one.grade,
            **_about(one),
        )
        for one in fact.results
    ]
    return pb.ResultReleased(year=fact.year, results=results)


def _about(one: Any) -> dict[str, str]:
    return {"kind": one.kind, "official_id": one.official_id}


def _scored(fact: Any) -> dict[str, str]:
    return {"campaign_id": fact.campaign_id, "score": fact.score, **_about(fact)}


_MADE: dict[type[facts.Fact], tuple[str, Callable[[Any], Message]]] = {
    facts.YearScored: ("year_scored", _year_scored),
    facts.CampaignOpened: ("campaign_opened", lambda fact: pb.CampaignOpened(year=fact.year)),
    facts.CampaignClosed: ("campaign_closed", lambda fact: pb.CampaignClosed(ballots=fact.ballots)),
    facts.ResultReleased: ("result_released", _released),
    facts.RankedLast: (
        "ranked_last",
        lambda fact: pb.RankedLast(object_group=fact.object_group, **_scored(fact)),
    ),
    facts.RatedUnsatisfied: (
        "rated_unsatisfied",
        lambda fact: pb.RatedUnsatisfied(grade=fact.grade, **_scored(fact)),
    ),
    facts.Commended: ("commended", lambda fact: pb.Commended(**_scored(fact))),
}


def record(heard: Heard, *behind: Any) -> Record:
    """The record a fact tells of, with the origins behind it as the fact names them."""
    own = Origin(heard.source, heard.subject_id, heard.number)
    origins = tuple(Origin(one.service, one.subject_id, one.number) for one in behind if one.subject_id)
    return Record(
        id=heard.subject_id,
        version=heard.version,
        jurisdiction_path=heard.jurisdiction_path,
        year=local_day(heard.occurred_at).year,
        happened_at=heard.occurred_at,
        origins=(own, *origins),
    )


def month(fact: supervision_pb2.UnitMonthScored, heard: Heard) -> Record:
    """The record of a unit's scored month; it belongs to the year that was scored, whenever the score came."""
    told = record(heard)
    return replace(told, id=f"{told.id}/{fact.year}-{fact.month:02d}", year=fact.year)


def part(told: Record, of: str) -> Record:
    """A record of its own for one part of a record, such as one clock of a complaint: each part is told of apart."""
    return replace(told, id=f"{told.id}/{of}")


def complaint_closed(fact: complaints_pb2.ComplaintClosed, heard: Heard) -> list[Against]:
    """What a closed complaint holds against the unit that handled it."""
    return against_complaint(CONCLUSIONS.get(fact.conclusion), heard.unit_path)


def corrected_on(fact: complaints_pb2.ComplaintClosed | supervision_pb2.FindingClosed, heard: Heard) -> str:
    """The day the unit set right what it had found itself; empty without proof of the day.

    A day that had not come proves nothing. What a complaint is about was to be set right before it, so not on a day after it
    was filed, as its id says.
    """
    if not fact.self_found or not fact.rectified_on:
        return ""
    last = local_day(heard.occurred_at)
    if isinstance(fact, complaints_pb2.ComplaintClosed):
        last = min(last, local_day(made_at(heard.subject_id)))
    return fact.rectified_on if date.fromisoformat(fact.rectified_on) <= last else ""


def complaint_overdue(heard: Heard, own_clock: bool) -> list[Against]:
    """What a complaint past a limit holds against the unit that handles it: nothing where the limit was the office's."""
    return against_complaint(Cause.COMPLAINT_OVERDUE if own_clock else None, heard.unit_path)


def item_overdue(heard: Heard) -> list[Against]:
    """What a monitored item past its limit, such as an approval, holds against the unit."""
    return against_complaint(Cause.ITEM_OVERDUE, heard.unit_path)


def finding_closed(heard: Heard) -> list[Against]:
    """What a closed finding holds against the unit."""
    return [Against(Cause.FINDING, heard.unit_path)]


def finding_overdue(_fact: supervision_pb2.FindingOverdue, heard: Heard) -> list[Against]:
    """What a finding past its limit holds against the unit."""
    return [Against(Cause.FINDING_OVERDUE, heard.unit_path)]


def poor_month(fact: supervision_pb2.UnitMonthScored, heard: Heard, below: Fraction) -> list[Against]:
    """What a scored month holds against the unit."""
    return against_month(heard.unit_path, Fraction(fact.points), below)


def decision(fact: accountability_pb2.Decided | accountability_pb2.DecisionChanged, heard: Heard) -> list[Against]:
    """What a decision holds against units."""
    parties = [
        HeldToAccount(party.unit_path or heard.unit_path, party.official_id, tuple(party.measures)) for party in fact.parties
    ]
    return against_parties(fact.outcome, parties)
