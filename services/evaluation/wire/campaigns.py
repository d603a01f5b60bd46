"""Campaigns as messages."""

from __future__ import annotations

from zhengfeng.evaluation.v1 import campaigns_pb2 as pb

from services.evaluation.domain.campaign import Amendment, Campaign, State
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
        changes=[pb.ChangedField(field=change.field, before=change.before, after=change.after) for change in one.changes],
    )
