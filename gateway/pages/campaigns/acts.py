"""What can be done with a campaign, what comes next first: a counted one is released before it is counted again."""

from __future__ import annotations

from collections.abc import Callable

from gateway.pages.frame.acts import Act, Record, RecordKind

ROAD = (
    "CAMPAIGN_STATE_DRAFT",
    "CAMPAIGN_STATE_OPEN",
    "CAMPAIGN_STATE_CLOSED",
    "CAMPAIGN_STATE_COUNTED",
    "CAMPAIGN_STATE_RELEASED",
    "CAMPAIGN_STATE_FINAL",
)
REACHED = ("created_at", "opened_at", "closed_at", "counted_at", "released_at", "")
"""The field that tells when each state of the road was reached."""


def in_state(*names: str) -> Callable[[Record], bool]:
    return lambda record: record["state"] in {f"CAMPAIGN_STATE_{name}" for name in names}


CAMPAIGN = RecordKind(
    key="campaigns",
    path="/campaigns",
    rpc="evaluation.GetCampaign",
    field="campaign",
    id="campaign_id",
    acts=(
        Act("evaluation.OpenCampaign", in_state("DRAFT")),
        Act("evaluation.CloseCampaign", in_state("OPEN")),
        Act("evaluation.ReleaseResult", in_state("COUNTED")),
        Act("evaluation.CountCampaign", in_state("CLOSED", "COUNTED")),
        Act("evaluation.FinaliseResult", in_state("RELEASED")),
    ),
)
