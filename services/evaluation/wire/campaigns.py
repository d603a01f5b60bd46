"""Campaigns, simulations and raters as messages."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from fractions import Fraction

from zhengfeng.evaluation.v1 import campaigns_pb2 as pb
from zhengfeng.evaluation.v1 import simulation_pb2

from services.evaluation.domain.campaign import Amendment, Campaign, State
from services.evaluation.domain.plan import Plan
from services.evaluation.domain.result import rounded
from services.evaluation.wire.plans import plan_message
from services.evaluation.wire.words import member, timestamp, value


def campaign_message(campaign: Campaign) -> pb.Campaign:
    """A campaign with its plan."""
    return pb.Campaign(
        campaign_id=campaign.id,
        version=campaign.version,
        number=campaign.number,
        state=_state(campaign),
        plan=plan_message(campaign.plan),
        rules_hash=campaign.rules_hash,
        amendments=[amendment_message(one) for one in campaign.amendments],
        release_approved_by=campaign.approvals,
        created_at=timestamp(campaign.created_at),
        opened_at=timestamp(campaign.opened_at),
        closed_at=timestamp(campaign.closed_at),
        counted_at=timestamp(campaign.counted_at),
        released_at=timestamp(campaign.released_at),
    )


def campaign_row(campaign: Campaign) -> pb.CampaignRow:
    """A campaign as a list shows it."""
    return pb.CampaignRow(
        campaign_id=campaign.id,
        number=campaign.number,
        title=campaign.title,
        year=campaign.year,
        state=_state(campaign),
        jurisdiction_path=campaign.jurisdiction_path,
        closes_at=timestamp(campaign.closes_at),
        version=campaign.version,
        live=campaign.live,
    )


def state(number: int) -> State | None:
    """The state a list is asked for; None for all."""
    return member(State, pb.CampaignState, number)


def _state(campaign: Campaign) -> pb.CampaignState.ValueType:
    return value(pb.CampaignState, campaign.state)  # type: ignore[return-value]


def amendment_message(one: Amendment) -> pb.Amendment:
    """A recorded change of the plan."""
    return pb.Amendment(
        at=timestamp(one.at),
        by=one.by,
        reason=one.reason,
        rules_hash_before=one.rules_hash_before,
        rules_hash_after=one.rules_hash_after,
    )


def simulation_message(
    plan: Plan, extremes: tuple[Fraction, Fraction], without: Mapping[str, Iterable[Fraction]]
) -> simulation_pb2.Simulation:
    """What a formula can give; `without` holds the shares by the key of the group that stays empty."""
    floor, ceiling = extremes
    decimals = plan.lines.decimals
    cap = plan.points_off.cap
    return simulation_pb2.Simulation(
        floor=rounded(floor, decimals),
        ceiling=rounded(ceiling, decimals),
        floor_after_points_off="" if cap is None else rounded(max(floor - cap, Fraction(0)), decimals),
        empty_groups=[
            simulation_pb2.EmptyGroupEffect(empty_group=key, weights=_weights(plan, shares))
            for key, shares in without.items()
        ],
    )


def _weights(plan: Plan, shares: Iterable[Fraction]) -> list[simulation_pb2.WeightInForce]:
    pairs = zip(plan.rater_groups, shares, strict=True)
    return [simulation_pb2.WeightInForce(rater_group=group.key, share=str(share)) for group, share in pairs]
