"""Media exposures: verified, followed, interviewed, promised in public, and the promise tracked to its day."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from zhengfeng.complaints.v1 import events_pb2, exposure_pb2

from tests.service.complaints.city import CLERK, DONGHE, OFFICE, City

WHAT = {
    "unit_path": "/qinghe/housing",
    "jurisdiction_path": "/qinghe",
    "medium": "清河电视台《问政》",
    "headline": "办证大厅中午没有人",
    "exposed_on": "2026-11-13",
}
ESTABLISHED, NOT = events_pb2.CONCLUSION_ESTABLISHED, events_pb2.CONCLUSION_NOT_ESTABLISHED


def recorded(city: City, **changed: Any) -> exposure_pb2.Exposure:
    return city.do("RecordExposure", CLERK, **{**WHAT, **changed}).exposure


def on(one: exposure_pb2.Exposure) -> dict[str, Any]:
    return {"exposure_id": one.exposure_id, "expected_version": one.version}


def committed(city: City) -> exposure_pb2.Exposure:
    checked = city.do("VerifyExposure", OFFICE, **on(recorded(city)), conclusion=ESTABLISHED, text="属实").exposure
    talked = city.do("RecordInterview", OFFICE, **on(checked), day="2026-11-16", leader="局长", text="向市民道歉").exposure
    return city.do("RecordCommitment", OFFICE, **on(talked), commitment="中午不断岗", due_on="2026-11-20").exposure


def test_an_exposure_is_verified_before_anything_is_promised(city: City) -> None:
    one = recorded(city)

    early = city.refused("RecordCommitment", OFFICE, **on(one), commitment="中午不断岗", due_on="2026-11-20")

    assert early.reason == "EXPOSURE_STATE"
    assert one.number == "曝光〔2026〕1号"
    assert city.do("GetExposure", CLERK, exposure_id=one.exposure_id).exposure.next == ["FollowExposure"]


def test_what_was_verified_is_announced_about_the_unit(city: City) -> None:
    city.do("VerifyExposure", OFFICE, **on(recorded(city)), conclusion=NOT, text="当日停电")

    [fact] = city.facts(events_pb2.ExposureVerified)
    assert (fact.unit_path, fact.exposure_verified.conclusion) == ("/qinghe/housing", NOT)
    [closed] = city.do("ListExposures", OFFICE, state=exposure_pb2.EXPOSURE_STATE_CLOSED).exposures
    assert city.refused("FollowExposure", CLERK, **on(closed), day="2026-11-16", text="后续").reason == "EXPOSURE_STATE"


def test_a_commitment_is_kept_only_with_proof(city: City) -> None:
    one = committed(city)

    assert city.refused("SettleCommitment", OFFICE, **on(one), kept=True).reason == "PROOF_MISSING"
    kept = city.do("SettleCommitment", OFFICE, **on(one), kept=True, proof="值班表及现场照片").exposure
    city.do("CloseExposure", OFFICE, **on(kept))

    [fact] = city.facts(events_pb2.CommitmentSettled)
    assert (fact.commitment_settled.kept, fact.commitment_settled.late) == (True, False)
    steps = [step.act for step in city.do("GetExposure", OFFICE, exposure_id=one.exposure_id).exposure.steps]
    assert steps == ["record", "verify", "interview", "commit", "settle", "close"]


def test_the_day_of_a_commitment_passes_and_it_is_broken_until_proof_comes(city: City) -> None:
    one = committed(city)
    city.go_to("2026-11-20T23:00")
    city.door.run_timer("commitments")
    assert not city.facts(events_pb2.CommitmentSettled)

    city.go_to("2026-11-21T01:00")
    city.door.run_timer("commitments")
    city.door.run_timer("commitments")

    broken = city.do("GetExposure", OFFICE, exposure_id=one.exposure_id).exposure
    assert broken.state == exposure_pb2.EXPOSURE_STATE_BROKEN
    [fact] = city.facts(events_pb2.CommitmentSettled)
    assert (fact.commitment_settled.kept, fact.commitment_settled.late) == (False, True)
    late = city.do("SettleCommitment", OFFICE, **on(broken), kept=True, proof="复查记录").exposure
    assert late.state == exposure_pb2.EXPOSURE_STATE_KEPT


def test_days_are_days_that_can_be(city: City) -> None:
    assert city.refused("RecordExposure", CLERK, **{**WHAT, "exposed_on": "2026-11-17"}).reason == "DAY_AHEAD"
    assert city.refused("RecordExposure", DONGHE, **WHAT).reason == "JURISDICTION_NOT_YOURS"
    checked = city.do("VerifyExposure", OFFICE, **on(recorded(city)), conclusion=ESTABLISHED, text="属实").exposure
    past = city.refused("RecordCommitment", OFFICE, **on(checked), commitment="明天改", due_on="2026-11-15")
    assert past.reason == "DAY_PAST"


def test_one_commitment_that_cannot_be_settled_keeps_no_other_waiting(city: City) -> None:
    spoilt, other = committed(city), committed(city)
    with city.door.store.engine.begin() as connection:
        query = sa.text("UPDATE exposures SET conclusion = 'nonsense' WHERE number = :number")
        connection.execute(query, {"number": spoilt.number})
    city.go_to("2026-11-21T01:00")

    city.door.run_timer("commitments")

    broken = city.do("GetExposure", OFFICE, exposure_id=other.exposure_id).exposure
    assert broken.state == exposure_pb2.EXPOSURE_STATE_BROKEN
