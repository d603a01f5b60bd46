"""What must hold when several people, devices or viewers act at the same moment."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import grpc
import sqlalchemy as sa
from zhengfeng.evaluation.v1 import ballots_pb2, raters_pb2

from services.evaluation.log import SHA256_ED25519, Frontier
from tests.doors import refusal
from tests.service.evaluation import stored
from tests.service.evaluation.campaigns import ORGANISER, REGISTRAR, City, packed

GOOD, OTHER = (1, 2, 3, 1), (2, 1, 1, 3)


def by_stream(city: City, campaign: Any, source: str, codes: list[str], grades: tuple[int, ...]) -> tuple[int, set[str]]:
    """Casts one ballot a code as a device of its own; how many went in, and why the others did not."""

    def batches() -> Iterator[ballots_pb2.CastBallotsRequest]:
        for number, code in enumerate(codes, start=1):
            yield ballots_pb2.CastBallotsRequest(
                campaign_id=campaign.campaign_id,
                source=source,
                channel=ballots_pb2.CHANNEL_ON_SITE,
                sequence=number,
                codes=[code],
                ratings=packed(grades),
            )

    answer = city.ballots.CastBallots(batches(), metadata=tuple(city.door.metadata(ORGANISER)), timeout=60)
    return answer.taken.accepted, {one.reason for one in answer.taken.refusals}


def by_phone(city: City, campaign: Any, codes: list[str], grades: tuple[int, ...]) -> tuple[int, set[str]]:
    """Casts the ballots one by one with their codes."""
    accepted, reasons = 0, set()
    for code in codes:
        try:
            city.cast(code, campaign, grades)
            accepted += 1
        except grpc.RpcError as error:
            reasons.add(refusal(error).reason)
    return accepted, reasons


def test_a_code_used_on_several_channels_at_once_counts_once(city: City) -> None:
    campaign, codes, _ = city.opened(delegates=20, enterprises=0)
    with ThreadPoolExecutor() as pool:
        acts = [
            pool.submit(by_phone, city, campaign, codes, GOOD),
            pool.submit(by_stream, city, campaign, "tablet-1", codes, OTHER),
            pool.submit(by_stream, city, campaign, "tablet-2", codes[::-1], (3, 3, 2, 1)),
        ]
        done = [act.result() for act in acts]
    assert sum(accepted for accepted, _ in done) == len(codes)
    assert set().union(*(reasons for _, reasons in done)) <= {"BALLOT_ALREADY_CAST"}
    request = raters_pb2.GetTurnoutRequest(campaign_id=campaign.campaign_id)
    [group, _] = city.door.call(city.raters.GetTurnout, request, ORGANISER).turnout.groups
    assert (group.issued, group.received, group.counted) == (20, 20, 20)


def test_what_was_cast_at_once_lies_in_one_tree_without_gaps(city: City) -> None:
    campaign, codes, firms = city.opened(delegates=12, enterprises=12)
    with ThreadPoolExecutor() as pool:
        acts = [
            pool.submit(by_phone, city, campaign, codes, GOOD),
            pool.submit(by_stream, city, campaign, "tablet-1", firms, OTHER),
        ]
        assert [act.result()[0] for act in acts] == [12, 12]
    boxes = city.door.store.schema["boxes"]
    with city.door.store.engine.connect() as connection:
        box = connection.execute(sa.select(boxes)).one()
    leaves = [SHA256_ED25519.leaf(entry) for entry in stored.entries(city.door.store)]
    assert len(leaves) == len(set(stored.hashes(city.door.store, "code_hashes"))) == 24
    assert leaves == stored.hashes(city.door.store, "leaf_hashes")
    assert Frontier.from_bytes(box.size, box.frontier) == Frontier().grown(leaves)


def test_more_raters_than_a_batch_holds_all_get_different_codes(city: City) -> None:
    campaign = city.create()
    for start in (0, 500, 1000):
        raters = [raters_pb2.NewRater(reference=f"d{n}", rater_group="delegates") for n in range(start, start + 400)]
        request = raters_pb2.ImportRatersRequest(campaign_id=campaign.campaign_id, raters=raters)
        city.door.call(city.raters.ImportRaters, request, REGISTRAR)
    assert len(set(city.issue(campaign.campaign_id, "all").values())) == 1200
    turnout = raters_pb2.GetTurnoutRequest(campaign_id=campaign.campaign_id)
    assert city.door.call(city.raters.GetTurnout, turnout, ORGANISER).turnout.groups[0].issued == 1200
