"""One unit's own result as messages."""

from __future__ import annotations

from fractions import Fraction

from zhengfeng.evaluation.v1 import standings_pb2 as pb

from services.evaluation.domain.campaign import State
from services.evaluation.domain.plan import Plan
from services.evaluation.domain.result import DimensionShare, GroupShare, rounded
from services.evaluation.domain.shown import Explained, OwnResult
from services.evaluation.domain.standing import Shortfall, Standing
from services.evaluation.wire.adjustments import adjustment_message
from services.evaluation.wire.results import row_message
from services.evaluation.wire.words import decimal, timestamp


def explained_message(found: Explained) -> pb.ScoreExplained:
    """Everything behind one score."""
    campaign, plan, result = found.campaign, found.campaign.plan, found.result
    stands, decimals = found.standing, found.campaign.plan.lines.decimals
    return pb.ScoreExplained(
        row=row_message(plan, result.row),
        groups=[_group(plan, place, share, stands) for place, share in enumerate(result.groups)],
        adjustments=[
            adjustment_message(found.entries[charge.adjustment_id], charge)
            for charge in result.charges
            if charge.adjustment_id in found.entries
        ],
        points_cap=decimal(plan.points_off.cap),
        points_on_cap=decimal(plan.points_off.on_cap),
        standing=pb.Standing(
            objects=stands.objects,
            median=_text(stands.median, decimals),
            best=_text(stands.best, decimals),
            shortfalls=[_shortfall(plan, one) for one in stands.shortfalls],
        ),
        scale=[grade.name for grade in plan.scale],
        campaign_number=campaign.number,
        title=campaign.title,
        group_name=next(group.name for group in plan.object_groups if group.key == result.row.object_group),
        count=result.count,
        objections_until=timestamp(found.objections_until),
        own=found.own,
    )


def own_message(own: OwnResult) -> pb.OwnResult:
    """One line of a unit's own results."""
    campaign = own.campaign
    return pb.OwnResult(
        result_id=own.result.id,
        campaign_id=campaign.id,
        number=campaign.number,
        title=campaign.title,
        year=campaign.year,
        released_at=timestamp(own.released_at),
        final=campaign.state is State.FINAL,
        row=row_message(campaign.plan, own.result.row),
        objects=own.objects,
        objections_until=timestamp(own.objections_until),
    )


def _group(plan: Plan, place: int, share: GroupShare, stands: Standing) -> pb.GroupShare:
    group, decimals = plan.rater_groups[place], plan.lines.decimals
    medians = stands.dimensions[place]
    return pb.GroupShare(
        rater_group=group.key,
        name=group.name,
        weight=group.weight,
        share=str(share.share),
        mean=_text(share.mean, decimals),
        suppressed=share.hidden,
        dimensions=[_dimension(plan, at, one, medians[at]) for at, one in enumerate(share.dimensions)],
        median=_text(stands.groups[place], decimals),
    )


def _dimension(plan: Plan, place: int, share: DimensionShare, median: Fraction | None) -> pb.DimensionShare:
    dimension, decimals = plan.dimensions[place], plan.lines.decimals
    return pb.DimensionShare(
        dimension=dimension.key,
        name=dimension.name,
        mean=_text(share.mean, decimals),
        grades=share.grades,
        dont_know=share.dont_know,
        median=_text(median, decimals),
    )


def _shortfall(plan: Plan, one: Shortfall) -> pb.Shortfall:
    group, dimension, decimals = plan.rater_groups[one.rater_group], plan.dimensions[one.dimension], plan.lines.decimals
    return pb.Shortfall(
        rater_group=group.key,
        group_name=group.name,
        dimension=dimension.key,
        dimension_name=dimension.name,
        mean=rounded(one.mean, decimals),
        median=rounded(one.median, decimals),
        points=rounded(one.points, decimals),
    )


def _text(number: Fraction | None, decimals: int) -> str:
    return "" if number is None else rounded(number, decimals)
