"""The yearly composite as messages, and the facts it rests on."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

from zhengfeng.common.v1 import origin_pb2
from zhengfeng.complaints.v1 import events_pb2 as complaints_pb2
from zhengfeng.evaluation.v1 import year_scores_pb2 as score_pb
from zhengfeng.evaluation.v1 import years_pb2 as pb
from zhengfeng.supervision.v1 import events_pb2 as supervision_pb2

from chassis.clock import local_day
from chassis.facts import Heard
from services.evaluation.domain.adjustment import Origin
from services.evaluation.domain.result import rounded
from services.evaluation.domain.year import Evidence, Input, Part, PartScore, YearScore, YearTable
from services.evaluation.wire.words import decimal, timestamp, value

SHOWN_DECIMALS = 2


def heard_input(heard: Heard, part: Part, what: str, number: Fraction = Fraction(1)) -> Input:
    """What a fact says of its record, in the year it happened."""
    year = local_day(heard.occurred_at).year
    place = ("", 1, heard.unit_path, heard.jurisdiction_path, year, part, what, heard.subject_id, heard.version)
    return Input(*place, number, Origin(heard.source, heard.subject_id, heard.number), heard.occurred_at)


def closed_input(fact: complaints_pb2.ComplaintClosed, heard: Heard) -> Input:
    """A closed complaint, to the credit of the unit that handled it: the fact itself is about the unit complained of."""
    told = heard_input(heard, Part.RECTIFICATION, "closed")
    return replace(told, unit_path=fact.handled_by_unit_path or told.unit_path)


def sampled(fact: complaints_pb2.ReviewPublished, heard: Heard) -> Input:
    """What third parties found of a unit's handling in a drawn sample; it belongs to the year the sample is of."""
    told = heard_input(heard, Part.THIRD_PARTY, "sampled", Fraction(fact.figure))
    return replace(told, year=fact.year)


def month(fact: supervision_pb2.UnitMonthScored, heard: Heard) -> Input:
    """A scored month; it belongs to the year that was scored, whenever the score came."""
    place = ("", 1, heard.unit_path, heard.jurisdiction_path, fact.year, Part.EFFICIENCY, "month")
    origin = Origin(heard.source, heard.subject_id, heard.number or f"{fact.year}-{fact.month:02d}")
    record_id = f"{heard.subject_id}/{fact.year}-{fact.month:02d}"
    return Input(*place, record_id, heard.version, Fraction(fact.points), origin, heard.occurred_at)


def review_message(one: Input) -> pb.Review:
    """What a third party found."""
    return pb.Review(
        review_id=one.id,
        unit_path=one.unit_path,
        year=one.year,
        figure=decimal(one.value),
        organisation=one.note,
        report_number=one.origin.number,
        confirmed=one.counts,
    )


def table_message(table: YearTable) -> pb.YearTable:
    """A year."""
    return pb.YearTable(
        year_table_id=table.id,
        version=table.version,
        jurisdiction_path=table.jurisdiction_path,
        year=table.year,
        edition=table.edition,
        released=table.released_at is not None,
        scored_at=timestamp(table.scored_at),
        approved_by=table.approvals,
        weights=[
            pb.PartWeight(part=value(pb.YearPart, one.part), weight=one.weight, source=one.source)  # type: ignore[arg-type]
            for one in table.weights
        ],
        scored=table.scored,
        unscored=table.unscored,
        released_edition=table.released_edition,
        corrections=[
            pb.YearCorrection(edition=one.edition, reason=one.reason, by=one.by, at=timestamp(one.at))
            for one in table.corrections
        ],
    )


def score_message(one: YearScore, explained: bool = False) -> score_pb.YearScore:
    """A unit's score; with every record behind it where it is asked for alone."""
    return score_pb.YearScore(
        year_score_id=one.id,
        unit_path=one.unit_path,
        unit_name=one.unit_name,
        year=one.year,
        edition=one.edition,
        group=one.group,
        rank=one.rank,
        score="" if one.total is None else rounded(one.total, one.decimals),
        exact_score="" if one.total is None else str(one.total),
        released=one.released,
        parts=[_part(part, one.decimals, explained) for part in one.parts],
        year_table_id=one.table_id,
        jurisdiction_path=one.table_path,
    )


def public_message(one: YearScore) -> score_pb.YearScore:
    """A unit's score as far as everybody may read it: rounded, and nothing a figure withheld could be worked back from."""
    message = score_message(one)
    message.ClearField("exact_score")
    for part in message.parts:
        part.ClearField("exact_figure")
    for field in () if one.score_public else ("score", "parts"):
        message.ClearField(field)
    if not one.rank_public:
        message.ClearField("rank")
    return message


def _part(one: PartScore, decimals: int, explained: bool) -> score_pb.PartScore:
    return score_pb.PartScore(
        part=value(pb.YearPart, one.part),  # type: ignore[arg-type]
        figure="" if one.figure is None else rounded(one.figure, decimals),
        exact_figure="" if one.figure is None else str(one.figure),
        weight=one.weight,
        share=str(one.share),
        points=rounded(one.points, decimals),
        records=len(one.evidence),
        inputs=[_input(each) for each in one.evidence] if explained else [],
    )


def _input(one: Evidence) -> score_pb.YearInput:
    return score_pb.YearInput(
        origin=origin_pb2.Origin(service=one.origin.service, subject_id=one.origin.subject_id, number=one.origin.number),
        what=one.what,
        value=rounded(one.value, SHOWN_DECIMALS),
        happened_at=timestamp(one.happened_at),
    )
