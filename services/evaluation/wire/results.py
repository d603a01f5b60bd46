"""Results and turnout as messages. Scores are rounded for reading and given exactly beside it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from zhengfeng.evaluation.v1 import formula_pb2, raters_pb2
from zhengfeng.evaluation.v1 import results_pb2 as pb

from services.evaluation.domain.ballot import BallotClass
from services.evaluation.domain.campaign import Campaign, State
from services.evaluation.domain.formula import Publish
from services.evaluation.domain.objection import ObjectionState, objections_until
from services.evaluation.domain.plan import Plan
from services.evaluation.domain.result import Frame, GroupTurnout, ResultChange, ResultRow, rounded
from services.evaluation.domain.shown import Kept, Shown
from services.evaluation.wire.words import decimal, timestamp, value


def row_message(plan: Plan, row: ResultRow, what: Publish = Publish.FULL) -> pb.ResultRow:
    """One object's line, as far as `what` publishes it: grades only, or with the order, or with the figures."""
    names = {grade.key: grade.name for grade in plan.lines.grades}
    known = {name: getattr(row, name) for name in ("object_id", "unit_id", "name", "object_group", "suppressed")}
    line = pb.ResultRow(**known, grade=names.get(row.grade, ""))
    if what is not Publish.GRADES:
        line.rank, line.rank_from, line.rank_to = row.rank, row.rank_from, row.rank_to
    if what is Publish.FULL:
        _figures(line, plan.lines.decimals, row)
    return line


def _figures(line: pb.ResultRow, decimals: int, row: ResultRow) -> None:
    line.points_off, line.points_on = decimal(row.points_off), decimal(row.points_on)
    line.adjustments = row.adjustments
    line.raters = 0 if row.suppressed else row.raters
    if row.total is not None and row.rating is not None:
        line.score, line.exact_score = rounded(row.total, decimals), str(row.total)
        line.rating = rounded(row.rating, decimals)
        line.low, line.high = rounded(row.low, decimals), rounded(row.high, decimals)


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
    """One picture of the count. Scores are rounded: from exact ones of two pictures a single ballot could be worked out."""
    plan = frame.campaign.plan
    rows = [row_message(plan, row) for row in frame.rows]
    for row in rows:
        row.exact_score = ""
    return pb.LiveFrame(
        campaign_id=frame.campaign.id,
        at=timestamp(frame.at),
        ballots=frame.size,
        root_hash=frame.root,
        turnout=turnout_message(plan, frame.turnout),
        rows=rows,
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
        template=campaign.plan.template,
    )


def result_message(shown: Shown) -> pb.CampaignResult:
    """A counted campaign, as far as it is shown."""
    campaign, plan = shown.campaign, shown.campaign.plan
    said = shown.objections
    return pb.CampaignResult(
        campaign_id=campaign.id,
        number=campaign.number,
        title=campaign.title,
        year=campaign.year,
        counted_at=timestamp(shown.kept.counted_at),
        released_at=timestamp(shown.kept.released_at),
        rules_hash=campaign.rules_hash,
        turnout=turnout_message(plan, shown.kept.turnout) if shown.what is Publish.FULL else None,
        object_groups=[pb.ObjectGroupName(key=group.key, name=group.name) for group in plan.object_groups],
        rows=[row_message(plan, row, shown.what) for row in _ordered(plan, shown)],
        final=campaign.state is State.FINAL,
        count=shown.kept.count,
        versions=[_version(plan, kept, changes, shown.what) for kept, changes in shown.versions],
        published=value(formula_pb2.Publish, shown.what),  # type: ignore[arg-type]
        objections_until=timestamp(objections_until(campaign)),
        objections=pb.ObjectionNumbers(
            open=said.get(ObjectionState.FILED, 0),
            upheld=said.get(ObjectionState.UPHELD, 0),
            rejected=said.get(ObjectionState.REJECTED, 0),
        ),
        template=plan.template,
        recounting=campaign.public and campaign.state in (State.CLOSED, State.COUNTED),
    )


def _ordered(plan: Plan, shown: Shown) -> list[ResultRow]:
    """First place first; where only grades are published in the order of the ballot, which says nothing."""
    if shown.what is not Publish.GRADES:
        return shown.rows
    order = {one.object_id: place for place, one in enumerate(plan.objects)}
    return sorted(shown.rows, key=lambda row: order[row.object_id])


def _version(plan: Plan, kept: Kept, changes: Iterable[ResultChange], what: Publish) -> pb.ResultVersion:
    released, counted = timestamp(kept.released_at), timestamp(kept.counted_at)
    told = [] if what is Publish.GRADES else [_change(plan, one, what) for one in changes]
    return pb.ResultVersion(count=kept.count, counted_at=counted, released_at=released, changes=told)


def _change(plan: Plan, change: ResultChange, what: Publish) -> pb.ResultChange:
    before, after = row_message(plan, change.before, what), row_message(plan, change.after, what)
    return pb.ResultChange(
        object_id=after.object_id,
        name=after.name,
        rank_before=before.rank,
        rank=after.rank,
        score_before=before.score,
        score=after.score,
    )
