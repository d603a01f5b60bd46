"""What can be done with a campaign, what comes next first: a counted one is released before it is counted again."""

from __future__ import annotations

from collections.abc import Callable

from gateway.pages.frame.acts import Act, Record, RecordKind

ROAD = (
    "CAMPAIGN_STATE_DRAFT",
    "CAMPAIGN_STATE_STATEMENTS",
    "CAMPAIGN_STATE_OPEN",
    "CAMPAIGN_STATE_CLOSED",
    "CAMPAIGN_STATE_COUNTED",
    "CAMPAIGN_STATE_RELEASED",
    "CAMPAIGN_STATE_FINAL",
)
REACHED = ("created_at", "", "opened_at", "closed_at", "counted_at", "released_at", "")
"""The field that tells when each state of the road was reached."""


def road(record: Record) -> tuple[str, ...]:
    """The road of this campaign: statements lie on it where its plan asks for them."""
    return tuple(one for one in ROAD if one != "CAMPAIGN_STATE_STATEMENTS" or record["plan"]["statements"])


def next_is_open(record: Record) -> bool:
    """Whether it can be opened: statements are called for first where the plan asks for them."""
    return in_state("STATEMENTS")(record) or (in_state("DRAFT")(record) and not record["plan"]["statements"])


def next_is_call(record: Record) -> bool:
    return in_state("DRAFT")(record) and bool(record["plan"]["statements"])


def in_state(*names: str) -> Callable[[Record], bool]:
    return lambda record: record["state"] in {f"CAMPAIGN_STATE_{name}" for name in names}


CAMPAIGN = RecordKind(
    key="campaigns",
    path="/campaigns",
    rpc="evaluation.GetCampaign",
    field="campaign",
    id="campaign_id",
    acts=(
        Act("evaluation.OpenCampaign", next_is_open),
        Act("evaluation.CallForStatements", next_is_call),
        Act("evaluation.CloseCampaign", in_state("OPEN"), template="campaigns/close.html"),
        Act("evaluation.ReleaseResult", in_state("COUNTED")),
        Act("evaluation.CountCampaign", in_state("CLOSED", "COUNTED")),
        Act("evaluation.FinaliseResult", in_state("RELEASED")),
    ),
)
