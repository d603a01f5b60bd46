"""Dry runs as messages."""

from __future__ import annotations

from collections.abc import Iterable
from fractions import Fraction

from zhengfeng.evaluation.v1 import simulation_pb2 as pb

from services.evaluation.domain.plan import Plan
from services.evaluation.domain.result import rounded
from services.evaluation.tally.drawing import Drawn, GroupRuns
from services.evaluation.tally.trial import Draw, Trial
from services.evaluation.wire.plans import plan_message
from services.evaluation.wire.words import exact, value


def draw(request: pb.SimulateCampaignRequest) -> Draw | None:
    """The draw that is asked for, if any is."""
    if not request.HasField("draw"):
        return None
    asked = request.draw
    raters = {one.rater_group: one.raters for one in asked.raters}
    return Draw(asked.seed, asked.runs, raters, exact(asked.lowest), exact(asked.apart), exact(asked.dont_know))


def simulation_message(found: Trial) -> pb.Simulation:
    """What a formula can give."""
    plan = found.plan
    decimals, cap = plan.lines.decimals, plan.points_off.cap
    floor, ceiling = min(low for low, _ in found.extremes), max(high for _, high in found.extremes)
    return pb.Simulation(
        floor=rounded(floor, decimals),
        ceiling=rounded(ceiling, decimals),
        floor_after_points_off="" if cap is None else rounded(max(floor - cap, Fraction(0)), decimals),
        empty_groups=[
            pb.EmptyGroupEffect(
                empty_group=plan.rater_groups[one.empty].key,
                weights=_weights(plan, one.shares),
                object_groups=one.object_groups,
                no_score=one.no_score,
            )
            for one in found.emptied
        ],
        plan=plan_message(plan),
        object_groups=[
            pb.GroupExtremes(object_group=group.key, floor=rounded(low, decimals), ceiling=rounded(high, decimals))
            for group, (low, high) in zip(plan.object_groups, found.extremes, strict=True)
        ],
        drawn=None if found.drawn is None else _drawn(plan, found.drawn),
    )


def _weights(plan: Plan, shares: Iterable[Fraction]) -> list[pb.WeightInForce]:
    pairs = zip(plan.rater_groups, shares, strict=True)
    return [pb.WeightInForce(rater_group=group.key, share=str(share)) for group, share in pairs]


def _drawn(plan: Plan, drawn: Drawn) -> pb.Drawn:
    raters = zip(plan.rater_groups, drawn.model.raters, strict=True)
    return pb.Drawn(
        seed=drawn.model.seed,
        runs=drawn.model.runs,
        raters=[pb.SimulatedRaters(rater_group=group.key, raters=number) for group, number in raters],
        rows=_rows(plan, drawn),
        variants=[
            pb.DrawnVariant(
                variant=value(pb.Variant, variant),  # type: ignore[arg-type]
                groups=[_group(plan, group) for group in groups],
            )
            for variant, groups in drawn.variants.items()
        ],
    )


def _rows(plan: Plan, drawn: Drawn) -> list[pb.DrawnRow]:
    objects, decimals = plan.objects, plan.lines.decimals
    return [
        pb.DrawnRow(
            object_group=row.object_group,
            name=objects[row.place].name,
            rank=row.rank,
            rank_from=row.rank_from,
            rank_to=row.rank_to,
            score="" if row.total is None else rounded(row.total, decimals),
            low=rounded(row.low, decimals) if row.rank else "",
            high=rounded(row.high, decimals) if row.rank else "",
            true_rank=drawn.true_ranks[row.place],
        )
        for row in drawn.table
    ]


def _group(plan: Plan, group: GroupRuns) -> pb.DrawnGroup:
    ranked = group.ranked
    return pb.DrawnGroup(
        object_group=group.object_group,
        objects=group.objects,
        last_found=group.last_found,
        last_among_three=group.last_among_three,
        first_found=group.first_found,
        ties=group.ties,
        same_score_shown=group.same_score_shown,
        last_set_apart=group.last_set_apart,
        mean_width=rounded(group.widths / ranked, plan.lines.decimals) if ranked else "",
        mean_reach=rounded(Fraction(group.reaches, ranked), plan.lines.decimals) if ranked else "",
    )
