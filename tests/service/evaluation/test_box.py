"""The box: proofs and heads that hold, damage that stops the count, and what each database does not know."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from zhengfeng.evaluation.v1 import ballots_pb2, campaigns_pb2, counting_pb2, heads_pb2

from chassis.audit import first_broken
from chassis.clock import SettableClock
from services.evaluation.log import TreeHead, leads_to
from tests.service.evaluation import stored
from tests.service.evaluation.campaigns import BATCH, CHECKER, CLOSES_AT, City, proof_of

GOOD = (1, 2, 3, 1)


def head_of(message: heads_pb2.TreeHead) -> TreeHead:
    """A head as whoever verifies it reads it."""
    return TreeHead(
        message.campaign_id,
        message.tree_size,
        message.root_hash,
        message.rules_hash,
        message.signed_at.ToDatetime(tzinfo=CLOSES_AT.tzinfo),
        message.signature,
        message.public_key,
        message.suite,
        message.closing,
    )


def test_a_receipt_proves_that_the_ballot_is_in_the_box(city: City) -> None:
    campaign, codes, _ = city.opened()
    receipts = [city.cast(code, campaign, GOOD) for code in codes]
    city.head_signed()
    for code, receipt in zip(codes, receipts, strict=True):
        proof = city.prove(code)
        head = head_of(proof.head)
        assert head.genuine()
        assert (proof.position, proof.leaf_hash) == (receipt.position, receipt.leaf_hash)
        assert leads_to(head.root_hash, proof.leaf_hash, proof.position, head.tree_size, list(proof.path))


def test_without_a_ballot_there_is_nothing_to_prove(city: City) -> None:
    _, [code, *_], _ = city.opened()
    receipt = ballots_pb2.Receipt(leaf_hash=bytes(32), signature=bytes(64))
    refused = city.door.refused(city.ballots.ProveBallot, proof_of(code, receipt))
    assert refused.reason == "NO_BALLOT_CAST"


def test_heads_are_signed_as_the_box_grows(city: City) -> None:
    campaign, codes, _ = city.opened()
    request = ballots_pb2.GetTreeHeadRequest(campaign_id=campaign.campaign_id)
    assert city.door.call(city.ballots.GetTreeHead, request).head.tree_size == 0
    city.cast(codes[0], campaign, GOOD)
    city.head_signed()
    head = city.door.call(city.ballots.GetTreeHead, request).head
    assert (head.tree_size, head.rules_hash) == (1, campaign.rules_hash)
    assert head_of(head).genuine()


@pytest.mark.parametrize(
    ("field", "value"),
    [("ratings", [1] * 8), ("class", 3), ("group", 1), ("ordinal", 1), ("earlier", 0), ("channel", 4), ("batch", 9)],
)
def test_whatever_is_changed_in_a_stored_ballot_stops_the_count(city: City, field: str, value: Any) -> None:
    campaign, codes, _ = city.opened()
    for code in codes:
        city.cast(code, campaign, GOOD)
    stored.change(city.door.store, 2, field, value)
    closed = city.move(city.campaigns.CloseCampaign, campaigns_pb2.CloseCampaignRequest, campaign)
    request = counting_pb2.CountCampaignRequest(campaign_id=closed.campaign_id, expected_version=closed.version)
    assert city.door.refused(city.counting.CountCampaign, request, CHECKER).reason == "BOX_DAMAGED"


def heads_in(city: City) -> Any:
    """The table of heads."""
    return city.door.store.schema["tree_heads"]


def test_a_closed_box_that_was_cut_back_to_an_earlier_head_is_not_counted(city: City) -> None:
    campaign, codes, _ = city.opened()
    for code in codes[:3]:
        city.cast(code, campaign, GOOD)
    city.head_signed()
    city.cast(codes[3], campaign, GOOD)
    closed = city.move(city.campaigns.CloseCampaign, campaigns_pb2.CloseCampaignRequest, campaign)
    heads, pages, marked = heads_in(city), city.door.store.schema["pages"], city.door.store.schema["codes"]
    with city.door.store.engine.connect().execution_options(writes=True) as connection:
        connection.execute(heads.delete().where(heads.c.tree_size > 3))
        connection.execute(pages.delete().where(pages.c.first >= 3))
        connection.execute(marked.update().where(marked.c.page >= 3).values(page=None))
        connection.commit()
    request = counting_pb2.CountCampaignRequest(campaign_id=closed.campaign_id, expected_version=closed.version)
    assert city.door.refused(city.counting.CountCampaign, request, CHECKER).reason == "BOX_DAMAGED"


def test_the_last_head_says_that_the_box_is_closed_and_no_earlier_one_does(city: City) -> None:
    campaign, codes, _ = city.opened()
    city.cast(codes[0], campaign, GOOD)
    request = ballots_pb2.GetTreeHeadRequest(campaign_id=campaign.campaign_id)
    assert not city.door.call(city.ballots.GetTreeHead, request).head.closing
    city.move(city.campaigns.CloseCampaign, campaigns_pb2.CloseCampaignRequest, campaign)
    head = head_of(city.door.call(city.ballots.GetTreeHead, request).head)
    assert head.closing
    assert head.genuine()
    assert not replace(head, closing=False).genuine(), "nobody can take the word away"


def test_heads_follow_one_another_whatever_the_clock_says(city: City, clock: SettableClock) -> None:
    campaign, codes, _ = city.opened()
    now = clock.now()
    city.cast(codes[0], campaign, GOOD)
    city.head_signed()
    clock.set(now)
    closed = city.move(city.campaigns.CloseCampaign, campaigns_pb2.CloseCampaignRequest, campaign)
    heads = heads_in(city)
    with city.door.store.engine.connect() as connection:
        rows = connection.execute(sa.select(heads).order_by(heads.c.signed_at)).all()
    assert [(row.tree_size, row.closing) for row in rows] == [(0, False), (1, False), (1, True)]
    assert len({row.signed_at for row in rows}) == len(rows)
    assert closed.state


def test_heads_cover_whole_batches_and_no_proof_asks_for_one(city: City) -> None:
    """Else the list of heads, which everybody may see, would tell when a single ballot came."""
    campaign, codes, _ = city.opened()
    city.cast(codes[0], campaign, GOOD)
    city.door.run_timer("heads")
    proof = city.prove(codes[0])
    assert (proof.head.tree_size, list(proof.path), proof.HasField("head_due")) == (0, [], True)
    city.door.clock.advance(BATCH)
    city.cast(codes[1], campaign, GOOD)  # the first of the next batch comes before the timer does
    city.cast(codes[2], campaign, GOOD)
    city.door.run_timer("heads")
    proof = city.prove(codes[0])
    assert (proof.head.tree_size, proof.HasField("head_due")) == (1, False)
    assert leads_to(proof.head.root_hash, proof.leaf_hash, proof.position, 1, list(proof.path))


def test_a_code_made_good_again_in_the_database_stops_the_count(city: City) -> None:
    campaign, codes, _ = city.opened()
    first = city.cast(codes[0], campaign, GOOD)
    marked = city.door.store.schema["codes"]
    with city.door.store.engine.connect().execution_options(writes=True) as connection:
        connection.execute(sa.update(marked).values(page=None))
        connection.commit()
    assert city.cast(codes[0], campaign, GOOD).position == first.position + 1
    closed = city.move(city.campaigns.CloseCampaign, campaigns_pb2.CloseCampaignRequest, campaign)
    request = counting_pb2.CountCampaignRequest(campaign_id=closed.campaign_id, expected_version=closed.version)
    assert city.door.refused(city.counting.CountCampaign, request, CHECKER).reason == "BOX_DAMAGED"


def test_a_code_whose_page_does_not_hold_its_ballot_is_damage_and_is_told(city: City) -> None:
    campaign, [code, other, *_], _ = city.opened()
    city.cast(code, campaign, GOOD)
    receipt = city.cast(other, campaign, GOOD)
    marked = city.door.store.schema["codes"]
    for page in (0, 77):
        with city.door.store.engine.connect().execution_options(writes=True) as connection:
            connection.execute(sa.update(marked).where(marked.c.page.is_not(None)).values(page=page))
            connection.commit()
        asked = city.door.refused(city.ballots.ProveBallot, proof_of(other, receipt))
        cast = city.door.refused(city.ballots.CastBallot, city.ballot(other, campaign, GOOD))
        assert (asked.reason, cast.reason) == ("BOX_DAMAGED", "BOX_DAMAGED")


def test_neither_database_alone_leads_from_a_ballot_to_a_rater(city: City) -> None:
    campaign, codes, firms = city.opened()
    for code in (*codes, *firms):
        city.cast(code, campaign, GOOD)
    box = set(values(city.door.store))
    register = set(values(city.door.usecases.register))
    shared = {value for value in box & register if len(value) > 3}
    assert {campaign.campaign_id} <= shared
    allowed = {campaign.campaign_id, "/qinghe", "delegates", "enterprises"}
    assert not [value for value in shared - allowed if not value.startswith(("20", "Import", "Issue", "registrar@"))]
    assert not [value for value in box | register if any(code in value for code in (*codes, *firms))]
    assert not [value for value in register if "人d0" in value]


def test_the_registers_audit_trail_is_chained_and_its_requests_are_forgotten(city: City, clock: SettableClock) -> None:
    city.opened()
    register = city.door.usecases.register
    lines, requests = register.schema["audit"], register.schema["requests"]
    city.door.run_timer("register audit seal")
    assert first_broken(register) is None
    with register.engine.connect().execution_options(writes=True) as connection:
        connection.execute(sa.update(lines).values(actor="somebody else"))
        connection.commit()
    assert first_broken(register) == 1, "a changed line breaks the chain"
    clock.advance(timedelta(days=400))
    city.door.run_timer("register requests")
    with register.engine.connect() as connection:
        assert not connection.execute(sa.select(requests)).all()


def values(store: Any) -> Iterator[str]:
    """Every value of every row of a database but numbers, as text."""
    with store.engine.connect() as connection:
        for table in store.schema.metadata.tables.values():
            if table.name not in ("copies", "settings", "sequences", "leases"):
                for row in connection.execute(table.select()):
                    yield from (str(value) for value in row if isinstance(value, str | bytes))


def test_a_ballot_whose_place_is_taken_in_the_database_is_never_acknowledged(city: City) -> None:
    campaign, codes, _ = city.opened()
    city.cast(codes[0], campaign, GOOD)
    pages = city.door.store.schema["pages"]
    with city.door.store.engine.connect().execution_options(writes=True) as connection:
        foreign = {**connection.execute(sa.select(pages)).mappings().one(), "first": 1}
        connection.execute(pages.insert().values(foreign))
        connection.commit()
    request = city.ballot(codes[1], campaign, GOOD)
    assert city.door.refused(city.ballots.CastBallot, request).reason == "TAKEN_MEANWHILE"
    assert not city.paper(codes[1]).cast, "nothing of it stays, and the next one is told the truth"
    assert city.prove(codes[0]).position == 0
