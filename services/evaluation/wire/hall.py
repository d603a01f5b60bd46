"""The hall as messages: what stands on the screen, the hold, the minutes."""

from __future__ import annotations

from collections.abc import Iterable

from zhengfeng.evaluation.v1 import campaigns_pb2, results_pb2
from zhengfeng.evaluation.v1 import hall_pb2 as pb

from services.evaluation.domain.campaign import Campaign
from services.evaluation.domain.hall import HallAct, HallShown, Screen
from services.evaluation.domain.minutes import Checked, SignedMinutes
from services.evaluation.wire.ballots import head_message
from services.evaluation.wire.campaigns import amendment_message
from services.evaluation.wire.results import row_message, turnout_message
from services.evaluation.wire.words import timestamp, value


def screen_message(screen: Screen) -> pb.Screen:
    """What stands around the count."""
    campaign = screen.campaign
    return pb.Screen(
        campaign_id=campaign.id,
        number=campaign.number,
        title=campaign.title,
        state=value(campaigns_pb2.CampaignState, campaign.state),  # type: ignore[arg-type]
        closes_at=timestamp(campaign.closes_at),
        object_groups=_groups(campaign),
        page_seconds=screen.page_seconds,
        page_places=screen.page_places,
    )


def hall_message(shown: HallShown) -> pb.Hall:
    """The hold on a campaign's live count."""
    campaign, hall = shown.campaign, shown.hall
    return pb.Hall(
        campaign_id=campaign.id,
        version=hall.version,
        number=campaign.number,
        title=campaign.title,
        held=hall.held,
        approved_by=hall.approvals,
        held_ballots=hall.picture.size if hall.picture else 0,
        acts=_acts(hall.acts),
    )


def minutes_message(signed: SignedMinutes) -> pb.Minutes:
    """Minutes with their signature."""
    minutes = signed.minutes
    campaign = minutes.campaign
    return pb.Minutes(
        campaign_id=campaign.id,
        number=campaign.number,
        title=campaign.title,
        place=minutes.place,
        jurisdiction_path=campaign.jurisdiction_path,
        opened_at=timestamp(campaign.opened_at),
        closed_at=timestamp(campaign.closed_at),
        counted_at=timestamp(campaign.counted_at),
        released_at=timestamp(campaign.released_at),
        release_approved_by=campaign.approvals,
        turnout=turnout_message(campaign.plan, minutes.turnout),
        object_groups=_groups(campaign),
        rows=[row_message(campaign.plan, row) for row in minutes.rows],
        amendments=[amendment_message(one) for one in campaign.amendments],
        acts=_acts(minutes.acts),
        head=head_message(minutes.head),
        facts=signed.facts,
        statement=signed.statement,
        signature=signed.signature,
        public_key=signed.public_key,
    )


def checked_message(checked: Checked) -> pb.CheckedStatement:
    """What became of a check; what a statement says that is not ours is not repeated."""
    said = checked.statement
    if not checked.genuine:
        return pb.CheckedStatement(genuine=False)
    return pb.CheckedStatement(genuine=True, campaign_id=said.campaign_id, number=said.number, facts_hash=said.facts_hash)


def _groups(campaign: Campaign) -> list[results_pb2.ObjectGroupName]:
    return [results_pb2.ObjectGroupName(key=group.key, name=group.name) for group in campaign.plan.object_groups]


def _acts(acts: Iterable[HallAct]) -> list[pb.HallAct]:
    return [
        pb.HallAct(
            kind=value(pb.HallActKind, act.kind),  # type: ignore[arg-type]
            by=act.by,
            at=timestamp(act.at),
            reason=act.reason,
        )
        for act in acts
    ]
