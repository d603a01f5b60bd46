"""What an auditor gets: every head, each consistent with the next, receipts held against the box, the box itself."""

from __future__ import annotations

import json
from typing import Any

import grpc
import pytest
from zhengfeng.evaluation.v1 import campaigns_pb2, formula_pb2, proof_pb2, proof_pb2_grpc

from services.evaluation.log import SHA256_ED25519, Frontier, consistent, leads_to
from tests.doors import caller, refusal
from tests.service.evaluation.campaigns import CHECKER, CITY, ORGANISER, City
from tests.service.evaluation.test_box import GOOD, head_of

AUDITOR = caller("auditor", jurisdiction=CITY)
STRANGER = caller("auditor", jurisdiction="/fenghe")


@pytest.fixture
def proof(city: City) -> Any:
    """The auditor's door."""
    return city.door.stub(proof_pb2_grpc.ProofServiceStub)


def heads_of(city: City, proof: Any, campaign_id: str) -> list[Any]:
    """Every head, asked for two at a time."""
    heads, token = [], ""
    while True:
        request = proof_pb2.ListTreeHeadsRequest(campaign_id=campaign_id, page_size=2, page_token=token)
        answer = city.door.call(proof.ListTreeHeads, request)
        heads += answer.heads
        token = answer.next_page_token
        if not token:
            return heads


def files_of(city: City, proof: Any, campaign_id: str, as_: Any = None) -> dict[str, bytes]:
    """The files of the published box."""
    stream = list(city.door.call(proof.PublishBox, proof_pb2.PublishBoxRequest(campaign_id=campaign_id), as_))
    files = {file.name: b"" for file in stream[0].contents.files}
    for part in stream[1:]:
        files[part.piece.file] += part.piece.content
    assert [len(content) for content in files.values()] == [file.size for file in stream[0].contents.files]
    return files


def box_refused(city: City, proof: Any, campaign: Any, as_: Any = None) -> str:
    """Why the box is not given to somebody; a stream refuses when it is read."""
    with pytest.raises(grpc.RpcError) as refused:
        files_of(city, proof, campaign.campaign_id, as_)
    return refusal(refused.value).reason


def check(city: City, proof: Any, campaign: Any, position: int, leaf_hash: bytes) -> Any:
    """What the box says to a receipt."""
    request = proof_pb2.CheckReceiptRequest(campaign_id=campaign.campaign_id, position=position, leaf_hash=leaf_hash)
    return city.door.call(proof.CheckReceipt, request).found


def test_every_head_is_listed_and_each_is_consistent_with_the_next(city: City, proof: Any) -> None:
    campaign, delegates, firms = city.opened()
    for code in (*delegates, *firms):
        city.cast(code, campaign, GOOD)
        city.head_signed()
    heads = heads_of(city, proof, campaign.campaign_id)
    assert [head.tree_size for head in heads] == list(range(13))
    assert all(head_of(head).genuine() for head in heads)
    for earlier in heads:
        for later in heads[earlier.tree_size :]:
            sizes = {"from_size": earlier.tree_size, "to_size": later.tree_size}
            request = proof_pb2.GetConsistencyProofRequest(campaign_id=campaign.campaign_id, **sizes)
            shown = city.door.call(proof.GetConsistencyProof, request).proof
            first, second = (shown.from_size, shown.from_root), (shown.to_size, shown.to_root)
            assert (first, second) == ((earlier.tree_size, earlier.root_hash), (later.tree_size, later.root_hash))
            assert consistent(first, second, list(shown.path))


def test_consistency_is_shown_between_signed_sizes_in_order_only(city: City, proof: Any) -> None:
    campaign, _, _ = city.opened()
    request = proof_pb2.GetConsistencyProofRequest(campaign_id=campaign.campaign_id, from_size=1, to_size=0)
    assert city.door.refused(proof.GetConsistencyProof, request).reason == "TREE_SIZES_UNORDERED"
    request = proof_pb2.GetConsistencyProofRequest(campaign_id=campaign.campaign_id, from_size=0, to_size=1)
    assert city.door.refused(proof.GetConsistencyProof, request).reason == "TREE_SIZE_UNSIGNED"


def test_a_receipt_is_held_against_the_box_without_its_code(city: City, proof: Any) -> None:
    campaign, codes, _ = city.opened()
    receipts = [city.cast(code, campaign, GOOD) for code in codes]
    beyond = check(city, proof, campaign, 0, receipts[0].leaf_hash)
    assert beyond.standing == proof_pb2.RECEIPT_STANDING_BEYOND
    city.head_signed()
    for receipt in receipts:
        found = check(city, proof, campaign, receipt.position, receipt.leaf_hash)
        assert found.standing == proof_pb2.RECEIPT_STANDING_IN_THE_BOX
        size = found.head.tree_size
        assert leads_to(found.head.root_hash, found.leaf_hash, receipt.position, size, list(found.path))
    another = check(city, proof, campaign, 1, receipts[0].leaf_hash)
    assert another.standing == proof_pb2.RECEIPT_STANDING_ANOTHER_LEAF
    assert another.leaf_hash == receipts[1].leaf_hash


def test_the_published_box_is_the_tree_of_its_last_head(city: City, proof: Any) -> None:
    campaign, delegates, firms = city.opened()
    for code in (*delegates, *firms):
        city.cast(code, campaign, GOOD)
    city.released(campaign)
    files = files_of(city, proof, campaign.campaign_id)
    assert list(files) == [
        "box.json", "rules.json", "amendments.json", "heads.json", "seal.json",
        "ballots.bin", "result.json", "adjustments.json",
    ]  # fmt: skip
    box, heads = json.loads(files["box.json"]), json.loads(files["heads.json"])
    length = box["record_length"]
    ballots = [files["ballots.bin"][at : at + length] for at in range(0, len(files["ballots.bin"]), length)]
    root = Frontier().grown(map(SHA256_ED25519.leaf, ballots)).root()
    assert (len(ballots), root.hex()) == (12, heads[-1]["root_hash"])
    assert SHA256_ED25519.hash(files["rules.json"]).hex() == heads[-1]["rules_hash"]
    assert files == files_of(city, proof, campaign.campaign_id), "the same box gives the same bytes"


def test_the_box_is_for_everybody_once_released_and_for_auditors_once_closed(city: City, proof: Any) -> None:
    campaign, delegates, firms = city.opened()
    for code in (*delegates, *firms):
        city.cast(code, campaign, GOOD)
    assert box_refused(city, proof, campaign, AUDITOR) == "BOX_NOT_CLOSED"
    closed = city.move(city.campaigns.CloseCampaign, campaigns_pb2.CloseCampaignRequest, campaign)
    for nobody in (None, ORGANISER, STRANGER):
        assert box_refused(city, proof, campaign, nobody) == "BOX_NOT_PUBLIC"
    for auditor in (AUDITOR, CHECKER):
        assert list(files_of(city, proof, closed.campaign_id, auditor))[-1] == "ballots.bin", "nothing is counted yet"


def test_a_box_that_would_give_single_people_away_is_for_auditors_only(city: City, proof: Any) -> None:
    campaign, delegates, firms = city.opened()
    for code in (*delegates, *firms[:2]):
        city.cast(code, campaign, GOOD)
    city.released(campaign)
    assert box_refused(city, proof, campaign) == "BOX_TOO_FEW"
    assert files_of(city, proof, campaign.campaign_id, AUDITOR)["ballots.bin"]


def test_ballots_cast_again_do_not_make_a_small_group_look_large(city: City, proof: Any) -> None:
    campaign, delegates, firms = city.opened(revote=formula_pb2.REVOTE_LAST_COUNTS)
    for code in (*delegates, *firms[:2], *firms[:2], *firms[:2]):
        city.cast(code, campaign, GOOD)
    city.released(campaign)
    assert box_refused(city, proof, campaign) == "BOX_TOO_FEW"
    assert files_of(city, proof, campaign.campaign_id, CHECKER)["ballots.bin"]


def test_a_box_that_shows_what_the_result_hides_of_one_object_is_for_auditors_only(city: City, proof: Any) -> None:
    campaign, delegates, firms = city.opened()
    for number, code in enumerate((*delegates, *firms)):
        city.cast(code, campaign, GOOD if number < len(delegates) + 2 else (0, *GOOD[1:]))
    city.released(campaign)
    assert box_refused(city, proof, campaign) == "BOX_TOO_FEW"
    assert files_of(city, proof, campaign.campaign_id, AUDITOR)["ballots.bin"]


def test_there_is_no_box_before_the_campaign_opens(city: City, proof: Any) -> None:
    campaign = city.create()
    assert box_refused(city, proof, campaign, AUDITOR) == "NO_TREE_HEAD"
    request = proof_pb2.CheckReceiptRequest(campaign_id=campaign.campaign_id, leaf_hash=bytes(32))
    assert city.door.refused(proof.CheckReceipt, request).reason == "NO_TREE_HEAD"
    assert not heads_of(city, proof, campaign.campaign_id)


def test_a_box_kept_with_sm3_and_sm2_proves_itself_like_any_other(city: City, proof: Any) -> None:
    campaign, delegates, firms = city.opened(suite="SM3/SM2")
    receipts = [city.cast(code, campaign, GOOD) for code in (*delegates, *firms)]
    city.released(campaign)
    head = heads_of(city, proof, campaign.campaign_id)[-1]
    assert head.suite == "SM3/SM2"
    assert head_of(head).genuine()
    for code, receipt in zip((*delegates, *firms), receipts, strict=True):
        assert city.prove(code).leaf_hash == receipt.leaf_hash
        found = check(city, proof, campaign, receipt.position, receipt.leaf_hash)
        assert found.standing == proof_pb2.RECEIPT_STANDING_IN_THE_BOX


def test_a_receipt_is_signed_by_the_box_whoever_asks_for_it(city: City, proof: Any) -> None:
    campaign, [code, other, *_], _ = city.opened()
    receipt, another = city.cast(code, campaign, GOOD), city.cast(other, campaign, GOOD)
    city.head_signed()
    assert city.prove(code).signature == receipt.signature
    place = {"campaign_id": campaign.campaign_id, "position": receipt.position, "leaf_hash": receipt.leaf_hash}
    for signature, signed in ((receipt.signature, True), (another.signature, False), (b"", False)):
        request = proof_pb2.CheckReceiptRequest(signature=signature, **place)
        found = city.door.call(proof.CheckReceipt, request).found
        assert (found.standing, found.signed) == (proof_pb2.RECEIPT_STANDING_IN_THE_BOX, signed)
