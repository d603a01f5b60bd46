"""The watchers' part: own handlings filed late and objected to, a flag raised by hand; one confirmed, one dismissed."""

from __future__ import annotations

from typing import Any

from tests.contract.world import District, World


def tell(world: World, district: District) -> None:
    """What units file and what the office and its leader say of it."""
    head, office, leader = (district.somebody(role, subject=f"watching-{role}@{district.slug}") for role in _ROLES)
    for number in ("9", "10"):
        told = {
            "measures": ["circulated_criticism"],
            "decided_on": "2026-10-09",
            "document_number": f"{number}-{district.slug}",
        }
        about = {"unit_path": district.unit, "official_id": district.officials["handler"], "statement": district.mark}
        filed = world.do("accountability.FileOwnHandling", district, head, **told, **about).own_handling
        accepted = number == "9"
        ruled = {"own_handling_id": filed.id, "expected_version": filed.version, "accepted": accepted}
        world.do("accountability.RuleOnOwnHandling", district, office, **ruled)
        world.do("accountability.GetOwnHandling", district, office, own_handling_id=filed.id)
    world.do("accountability.ListOwnHandlings", district, head)
    seen = {"unit_path": district.unit, "on_day": "2026-10-20", "case_id": ""}
    world.do("accountability.RaiseFlag", district, office, **seen)
    flags = world.do("accountability.ListFlags", district, leader).flags
    late = next(one for one in flags if one.reason.word == "FLAG_OBJECTED_TO")
    other = next(one for one in flags if one.case_id == one.own_handling_id == "")
    world.do("accountability.GetFlag", district, leader, flag_id=late.id)
    world.do("accountability.ConfirmFlag", district, leader, **_on(late))
    world.do("accountability.DismissFlag", district, leader, **_on(other))


_ROLES = ("unit_head", "office", "leader")


def _on(flag: Any) -> dict[str, Any]:
    return {"flag_id": flag.id, "expected_version": flag.version}
