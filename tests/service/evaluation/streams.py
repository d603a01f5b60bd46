"""A tablet in the hall: batches of ballots, and how their stream is answered."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import grpc
import pytest
from zhengfeng.evaluation.v1 import ballots_pb2, raters_pb2

from tests.doors import Refused, refusal
from tests.service.evaluation.campaigns import ORGANISER, City

WRONG = "00000-00000-00000-00000"


def turnout(city: City, campaign: Any, group: int = 0) -> raters_pb2.GroupTurnout:
    """The turnout of one rater group."""
    request = raters_pb2.GetTurnoutRequest(campaign_id=campaign.campaign_id)
    return city.door.call(city.raters.GetTurnout, request, ORGANISER).turnout.groups[group]  # type: ignore[no-any-return]


def batch(
    campaign: Any, sequence: int, slips: Sequence[tuple[str, bytes]], source: str = "tablet-1"
) -> ballots_pb2.CastBallotsRequest:
    """A batch of the hall's tablet."""
    return ballots_pb2.CastBallotsRequest(
        campaign_id=campaign.campaign_id,
        source=source,
        channel=ballots_pb2.CHANNEL_ON_SITE,
        sequence=sequence,
        codes=[code for code, _ in slips],
        ratings=b"".join(ballot for _, ballot in slips),
    )


def stream(city: City, *batches: ballots_pb2.CastBallotsRequest, as_: Any = ORGANISER) -> ballots_pb2.BallotsTaken:
    """Sends the batches and returns how far they came."""
    answer = city.ballots.CastBallots(iter(batches), metadata=tuple(city.door.metadata(as_)), timeout=30)
    return answer.taken


def stream_refused(city: City, *batches: ballots_pb2.CastBallotsRequest, as_: Any = ORGANISER) -> Refused:
    """How the stream is refused."""
    with pytest.raises(grpc.RpcError) as error:
        stream(city, *batches, as_=as_)
    return refusal(error.value)
