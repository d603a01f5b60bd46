"""What accountability tells everybody: a circular of a decided case, somebody cleared. Neither holds a mark."""

from __future__ import annotations

from typing import Any

from zhengfeng.accountability.v1 import cases_pb2

from tests.contract.world import District, World


def circulated(world: World, district: District, case: Any) -> None:
    """A circular from draft to published, and another one withdrawn."""
    office, reviewer, decider = (district.people[f"{role}@{district.slug}"] for role in ("office", "reviewer", "decider"))
    names = {"names": [{"party_id": party.id, "name": district.mark} for party in case.parties]}
    text = {"title": "关于典型问题的通报", "entries": [{"case_id": case.id, "text": ""}], **names}
    for ending in ("WithdrawCircular", "PublishCircular"):
        made = world.do("accountability.DraftCircular", district, office, **text).circular
        made = world.do("accountability.ReviseCircular", district, office, **_on(made), **text).circular
        made = world.do("accountability.ReviewCircular", district, reviewer, **_on(made), passed=True).circular
        world.do("accountability.BuildCircular", district, office, circular_id=made.id)
        world.do(f"accountability.{ending}", district, decider, **_on(made), **names)


def cleared(world: World, district: District) -> None:
    """Somebody accused in a unit's own report, with nothing in it; said in public, taken back, said again."""
    origin = {"origin": {"service": "unit", "subject_id": "", "number": f"自查-{district.slug}"}}
    about = {"unit_path": district.unit, "suspected_conduct": "slow_handling", "official_ids": [district.officials["left"]]}
    office, decider = (district.people[f"{role}@{district.slug}"] for role in ("office", "decider"))
    clue = world.do("accountability.OpenCase", district, office, **origin, **about).case
    case = world.do("accountability.VerifyClue", district, office, **_about(clue)).case
    ended = {"ending": cases_pb2.ENDING_CLEARED}
    case = world.do("accountability.DropCase", district, office, **_about(case), **ended).case
    names = [{"party_id": party.id, "name": district.mark} for party in case.parties]
    said = {"statement": "经核查，反映的问题不属实。", "names": names}
    made = world.do("accountability.PublishClearing", district, decider, **_about(case), **said).clearing
    world.do("accountability.WithdrawClearing", district, decider, clearing_id=made.id, expected_version=made.version)
    case = world.do("accountability.GetCase", district, office, case_id=case.id).case
    world.do("accountability.PublishClearing", district, decider, **_about(case), **said)


def _on(circular: Any) -> dict[str, Any]:
    return {"circular_id": circular.id, "expected_version": circular.version}


def _about(case: Any) -> dict[str, Any]:
    return {"case_id": case.id, "expected_version": case.version}
