"""Results, turnout and the adjustment ledger as messages. Scores are rounded for reading and given exactly beside it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from zhengfeng.common.v1 import origin_pb2
from zhengfeng.evaluation.v1 import adjustments_pb2, formula_pb2, raters_pb2, standings_pb2
from zhengfeng.evaluation.v1 import results_pb2 as pb

from services.evaluation.domain.adjustment import Adjustment, Charge
from services.evaluation.domain.ballot import BallotClass
from services.evaluation.domain.campaign import Campaign, State
from services.evaluation.domain.plan import Plan
from services.evaluation.domain.result import (
    DimensionShare,
    Frame,
    GroupShare,
    GroupTurnout,
    ObjectResult,
    ResultRow,
    rounded,
)
from services.evaluation.wire.words import decimal, timestamp, value


def row_message(plan: Plan, row: ResultRow) -> pb.ResultRow:
    """One object's line."""
    decimals = plan.lines.decimals
    names = {grade.key: grade.name for grade in plan.lines.grades}
    line = pb.ResultRow(
        object_id=row.object_id,
        unit_id=row.unit_id,
        name=row.name,
        object_group=row.object_group,
        rank=row.rank,
        rank_from=row.rank_from,
        rank_to=row.rank_to,
        points_off=decimal(row.points_off),
        adjustments=row.adjustments,
        grade=names.get(row.grade, ""),
        suppressed=row.suppressed,
        raters=0 if row.suppressed else row.raters,
    )
    if row.total is not None and row.rating is not None:
        line.score, line.exact_score = rounded(row.total, decimals), str(row.total)
        line.rating = rounded(row.rating, decimals)
        line.low, line.high = rounded(row.low, decimals), rounded(row.high, decimals)
    return line


def turnout_message(plan: Plan, turnout: Sequence[GroupTurnout]) -> raters_pb2.Turnout:
    """Who took part, by group."""
    return raters_pb2.Turnout(
        groups=[
            raters_pb2.GroupTurnout(
                rater_group=group.key,
                name=group.name,
                quota=group.quota,
                issued=one.issued,
                received=one.received,
                counted=one.counted,
                blank=one.classes.get(BallotClass.BLANK, 0),
                too_few=one.classes.get(BallotClass.TOO_FEW, 0),
                straight_lined=one.classes.get(BallotClass.STRAIGHT_LINED, 0),
                late=one.classes.get(BallotClass.LATE, 0),
                superseded=one.superseded,
            )
            for group, one in zip(plan.rater_groups, turnout, strict=True)
        ]
    )


def frame_message(frame: Frame) -> pb.LiveFrame:
    """One picture of the count."""
    plan = frame.campaign.plan
    return pb.LiveFrame(
        campaign_id=frame.campaign.id,
        at=timestamp(frame.at),
        ballots=frame.size,
        root_hash=frame.root,
        turnout=turnout_message(plan, frame.turnout),
        rows=[row_message(plan, row) for row in frame.rows],
        held=frame.held,
    )


def released_message(campaign: Campaign) -> pb.ReleasedResult:
    """A released result as a list shows it."""
    return pb.ReleasedResult(
        campaign_id=campaign.id,
        number=campaign.number,
        title=campaign.title,
        year=campaign.year,
        released_at=timestamp(campaign.released_at),
        final=campaign.state is State.FINAL,
    )


def result_message(campaign: Campaign, turnout: Sequence[GroupTurnout], rows: Iterable[ResultRow]) -> pb.CampaignResult:
    """A counted campaign."""
    groups = [pb.ObjectGroupName(key=group.key, name=group.name) for group in campaign.plan.object_groups]
    return pb.CampaignResult(
        campaign_id=campaign.id,
        number=campaign.number,
        title=campaign.title,
        year=campaign.year,
        counted_at=timestamp(campaign.counted_at),
        released_at=timestamp(campaign.released_at),
        rules_hash=campaign.rules_hash,
        turnout=turnout_message(campaign.plan, turnout),
        object_groups=groups,
        rows=[row_message(campaign.plan, row) for row in rows],
        final=campaign.state is State.FINAL,
    )


def explained_message(plan: Plan, result: ObjectResult, entries: Mapping[str, Adjustment]) -> standings_pb2.ScoreExplained:
    """Everything behind one score; `entries` holds the ledger entries of its charges by id."""
    return standings_pb2.ScoreExplained(
        row=row_message(plan, result.row),
        groups=[_group(plan, place, share) for place, share in enumerate(result.groups)],
        adjustments=[
            adjustment_message(entries[charge.adjustment_id], charge)
            for charge in result.charges
            if charge.adjustment_id in entries
        ],
        points_cap=decimal(plan.points_off.cap),
    )


def _group(plan: Plan, place: int, share: GroupShare) -> standings_pb2.GroupShare:
    group, decimals = plan.rater_groups[place], plan.lines.decimals
    return standings_pb2.GroupShare(
        rater_group=group.key,
        name=group.name,
        weight=group.weight,
        share=str(share.share),
        mean="" if share.mean is None else rounded(share.mean, decimals),
        suppressed=share.hidden,
        dimensions=[_dimension(plan, at, one) for at, one in enumerate(share.dimensions)],
    )


def _dimension(plan: Plan, place: int, share: DimensionShare) -> standings_pb2.DimensionShare:
    dimension = plan.dimensions[place]
    return standings_pb2.DimensionShare(
        dimension=dimension.key,
        name=dimension.name,
        mean="" if share.mean is None else rounded(share.mean, plan.lines.decimals),
        grades=share.grades,
        dont_know=share.dont_know,
    )


def adjustment_message(entry: Adjustment, charge: Charge | None = None) -> adjustments_pb2.Adjustment:
    """A ledger entry, with what it costs where a score is explained."""
    return adjustments_pb2.Adjustment(
        adjustment_id=entry.id,
        unit_path=entry.unit_path,
        year=entry.year,
        cause=value(formula_pb2.AdjustmentCause, entry.cause),  # type: ignore[arg-type]
        measure=entry.measure,
        state=value(adjustments_pb2.AdjustmentState, entry.state),  # type: ignore[arg-type]
        happened_at=timestamp(entry.happened_at),
        reason=entry.reason,
        origins=[
            origin_pb2.Origin(service=one.service, subject_id=one.subject_id, number=one.number) for one in entry.origins
        ],
        points=decimal(charge.points) if charge else "",
        source=charge.source if charge else "",
    )
