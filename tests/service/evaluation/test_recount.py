"""Anybody can count again: an independent recount of the published files gives the published result, to the last bit."""

from __future__ import annotations

import json
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from zhengfeng.evaluation.v1 import campaigns_pb2, formula_pb2, plan_pb2, proof_pb2_grpc

from chassis.clock import SettableClock
from tests.service.evaluation.campaigns import CLOSES_AT, ORGANISER, City
from tests.service.evaluation.published import recounted, resealed, zfbox
from tests.service.evaluation.test_proof import AUDITOR, files_of

GOOD, FAIR, POOR = (1, 2, 3, 1), (2, 2, 1, 3), (4, 4, 4, 4)


@pytest.fixture
def proof(city: City) -> Any:
    """The auditor's door."""
    return city.door.stub(proof_pb2_grpc.ProofServiceStub)


def box_of(city: City, proof: Any, campaign: Any) -> bytes:
    """The published box of a released campaign."""
    return zfbox(files_of(city, proof, campaign.campaign_id, AUDITOR))


def cast_all(city: City, campaign: Any, clock: SettableClock, codes: list[str]) -> None:
    """Ballots of every kind: good, poor, blank, too few, cast again, and one after the period."""
    grades = (GOOD, FAIR, POOR, (0, 0, 0, 0), (1, 0, 0, 0), (3, 3, 2, 1), (2, 1, 4, 4))
    for number, code in enumerate(codes[:-1]):
        city.cast(code, campaign, grades[number % len(grades)])
        if number % 5 == 0:
            city.head_signed()
    for number, code in enumerate(codes[:4]):
        city.cast(code, campaign, grades[(number + 3) % len(grades)])
    clock.set(CLOSES_AT + timedelta(hours=1))
    city.cast(codes[-1], campaign, GOOD)


@pytest.mark.parametrize("revote", [formula_pb2.REVOTE_LAST_COUNTS, formula_pb2.REVOTE_FIRST_COUNTS])
@pytest.mark.parametrize("suite", ["SHA-256/Ed25519", "SM3/SM2"])
def test_an_independent_recount_equals_the_published_result(
    city: City, proof: Any, clock: SettableClock, tmp_path: Path, revote: int, suite: str
) -> None:
    campaign, delegates, firms = city.opened(8, 8, revote=revote, suite=suite, trim="0.2")
    cast_all(city, campaign, clock, [*delegates, *firms])
    code, said = recounted(tmp_path, box_of(city, proof, city.released(campaign)))
    assert code == 0, said
    assert "agree exactly" in said
    assert said.endswith("everything agrees.")


def test_a_campaign_amended_while_open_is_recounted_by_its_last_rules(
    city: City, proof: Any, clock: SettableClock, tmp_path: Path
) -> None:
    campaign, delegates, firms = city.opened()
    for code in delegates:
        city.cast(code, campaign, GOOD)
    city.head_signed()
    plan = campaign.plan
    plan.dimensions[0].weight = 10
    plan.suppress_below = 6
    request = campaigns_pb2.AmendCampaignRequest(
        campaign_id=campaign.campaign_id, expected_version=campaign.version, plan=plan, reason="权重改正"
    )
    amended = city.door.call(city.campaigns.AmendCampaign, request, ORGANISER).campaign
    for code in firms:
        city.cast(code, amended, FAIR)
    files = files_of(city, proof, city.released(amended).campaign_id, AUDITOR)
    assert len({head["rules_hash"] for head in json.loads(files["heads.json"])}) == 2
    code, said = recounted(tmp_path, zfbox(files))
    assert code == 0, said
    assert "1 amendments on record" in said
    assert "权重改正" in said
    assert "dimensions[duty].weight" in said
    assert files["heads.json"] == files_of(city, proof, amended.campaign_id, AUDITOR)["heads.json"]
    lie = resealed(files | {"amendments.json": b"[]"}, city.door.usecases.proof._desk.signer)
    code, said = recounted(tmp_path, zfbox(lie))
    assert (code, "no amendment on record" in said) == (1, True)
    code, said = recounted(tmp_path, zfbox(files | {"amendments.json": b"[]"}))
    assert (code, "amendments.json is not what was sealed" in said) == (1, True)


def test_groups_that_rate_only_some_objects_are_recounted_as_they_were_counted(
    city: City, proof: Any, tmp_path: Path
) -> None:
    groups = [
        plan_pb2.RaterGroup(key="delegates", name="评议代表", weight=70),
        plan_pb2.RaterGroup(key="enterprises", name="企业", weight=30, rates=["trades"]),
    ]
    campaign, delegates, firms = city.opened(rater_groups=groups)
    for code in delegates:
        city.cast(code, campaign, GOOD)
    for code in firms:
        city.cast(code, campaign, (0, 0, 0, 2))
    code, said = recounted(tmp_path, box_of(city, proof, city.released(campaign)))
    assert code == 0, said


def test_a_closed_box_is_checked_before_anything_is_counted(city: City, proof: Any, tmp_path: Path) -> None:
    campaign, delegates, _ = city.opened()
    for code in delegates:
        city.cast(code, campaign, GOOD)
    closed = city.move(city.campaigns.CloseCampaign, campaigns_pb2.CloseCampaignRequest, campaign)
    code, said = recounted(tmp_path, box_of(city, proof, closed))
    assert (code, "holds no result" in said) == (0, True)


def test_the_receipts_raters_were_given_are_in_the_published_box(city: City, proof: Any, tmp_path: Path) -> None:
    campaign, delegates, firms = city.opened()
    receipts = [city.cast(code, campaign, GOOD) for code in (*delegates, *firms)]
    kept = [
        f"zhengfeng-receipt/1:{one.campaign_id}:{one.position}:{one.leaf_hash.hex()}:{one.signature.hex()}"
        for one in receipts
    ]
    files = files_of(city, proof, city.released(campaign).campaign_id, AUDITOR)
    key = json.loads(files["heads.json"])[-1]["public_key"]
    code, said = recounted(tmp_path, zfbox(files), *kept, key=key)
    assert (code, said.count("The receipt is in the box")) == (0, len(kept)), said
    length = json.loads(files["box.json"])["record_length"]
    exchanged = files | {"ballots.bin": files["ballots.bin"][length:] + files["ballots.bin"][:length]}
    code, said = recounted(tmp_path, zfbox(exchanged), *kept, key=key)
    assert (code, said.count("this ballot was dropped, moved or exchanged")) == (1, len(kept))
