"""Accountability's part: rules in force, a case decided and appealed, another one transferred, both with their effects."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from zhengfeng.accountability.v1 import case_pb2, documents_pb2

from tests.contract.stories import accountability_public, accountability_watch
from tests.contract.world import CITY, District, World

PACK = Path(__file__).parents[3] / "services/accountability/packs/rules/qinghe-conduct.toml"
FACT = {
    "conduct": "slow_handling",
    "conduct_day": "2026-10-09",
    "severity": case_pb2.SEVERITY_ORDINARY,
    "consequence": case_pb2.CONSEQUENCE_BAD_EFFECT,
    "evidence_sha256": ["a" * 64],
}


def pack(district: District, label: str = "2024") -> str:
    """A rule pack of the district's own, in another version for another label."""
    text = PACK.read_text(encoding="utf-8").replace(f'jurisdiction = "{CITY}"', f'jurisdiction = "{district.path}"')
    return text.replace('label = "2024"', f'label = "{label}"').replace("qinghe-conduct", f"{district.slug}-conduct")


def tell(world: World, district: District) -> None:
    """Everything accountability does in one district."""
    for role in ("investigator", "reviewer", "decider", "personnel"):
        district.somebody(role)
    _rules(world, district)
    office = district.people[f"office@{district.slug}"]
    [clue, *_] = world.do("accountability.ListCases", district, office).cases
    case = _proposed(world, district, clue)
    party = {"party_id": case.parties[0].id, "measures": ["efficiency_caution"]}
    decider = district.people[f"decider@{district.slug}"]
    chosen = {"proposal_id": case.proposal_id, "choices": [{**party, "reason": district.mark}]}
    case = world.do("accountability.Decide", district, decider, **_on(case), **chosen).case
    served = {"party_id": case.parties[0].id, "proof_sha256": "b" * 64}
    case = world.do("accountability.Serve", district, office, **_on(case), **served).case
    _on_paper(world, district, case)
    accountability_public.circulated(world, district, case)
    accountability_public.cleared(world, district)
    case = world.do("accountability.GetCase", district, office, case_id=case.id).case
    world.do("accountability.FileAppeal", district, office, **_on(case), party_id=case.parties[0].id)
    _transferred(world, district)
    accountability_watch.tell(world, district)


def _on_paper(world: World, district: District, case: Any) -> None:
    """The decision as a draft, then numbered, listed and read."""
    decider = district.people[f"decider@{district.slug}"]
    party = case.parties[0].id
    named = {"party_id": party, "names": [{"party_id": party, "name": district.mark, "post": ""}]}
    decision = {"kind": documents_pb2.DOCUMENT_KIND_DECISION, **named}
    world.do("accountability.BuildDocument", district, decider, case_id=case.id, **decision)
    issued = world.do("accountability.IssueDocument", district, decider, **_on(case), **decision).document
    world.do("accountability.ListDocuments", district, decider, case_id=case.id)
    world.do("accountability.ReadDocument", district, decider, document_id=issued.id)


def _rules(world: World, district: District) -> None:
    author, approver = district.somebody("rule_author"), district.somebody("approver")
    drafted = world.do("accountability.ImportRules", district, author, pack_text=pack(district, "drafted")).rule_version
    world.do("accountability.LayOutRules", district, author, rule_version_id=drafted.id)
    anew = {"expected_version": 1, "pack_text": pack(district, "drafted anew")}
    world.do("accountability.ReviseRules", district, author, rule_version_id=drafted.id, **anew)
    made = world.do("accountability.ImportRules", district, author, pack_text=pack(district)).rule_version
    which = {"rule_version_id": made.id, "sha256": made.sha256}
    world.do("accountability.SubmitRules", district, author, **which, expected_version=1)
    reviewer = district.people[f"reviewer@{district.slug}"]
    world.do("accountability.ReviewRules", district, reviewer, **which, expected_version=2, passed=True)
    world.do("accountability.ApproveRules", district, approver, **which, expected_version=3)


def _proposed(world: World, district: District, case: Any) -> Any:
    """A clue on its way to the rules' proposal."""
    office, reviewer = district.people[f"office@{district.slug}"], district.people[f"reviewer@{district.slug}"]
    first = district.people[f"investigator@{district.slug}"]
    second = district.somebody("investigator", subject=f"investigator-2@{district.slug}")
    two = zip((first, second), ("left", "right"), strict=True)
    people = [{"account": one.subject, "official_id": district.officials[name]} for one, name in two]
    steps: tuple[tuple[str, Any, dict[str, Any]], ...] = (
        ("VerifyClue", office, {}),
        ("FileCase", office, {}),
        ("AssignInvestigators", office, {"investigators": people}),
        ("RecordFact", first, FACT),
        ("ReviewCase", reviewer, {"passed": True}),
        ("RecordHearing", second, {}),
        ("Propose", office, {}),
    )
    for rpc, who, fields in steps:
        party = {"party_id": case.parties[0].id} if case.parties else {}
        world.do(f"accountability.{rpc}", district, who, **_on(case), **party, **fields)
        case = world.do("accountability.GetCase", district, office, case_id=case.id).case
    return case


def _transferred(world: World, district: District) -> None:
    """A case of the unit's own report, whose heavier measure is another organ's to decide."""
    origin = {"origin": {"service": "unit", "subject_id": "", "number": f"自报-{district.slug}"}}
    about = {
        "unit_path": district.unit,
        "suspected_conduct": "slow_handling",
        "official_ids": [district.officials["deputy"]],
    }
    office, decider = district.people[f"office@{district.slug}"], district.people[f"decider@{district.slug}"]
    clue = world.do("accountability.OpenCase", district, office, **origin, **about).case
    case = _proposed(world, district, clue)
    meeting = {"held_on": "2026-11-16", "present": [decider.subject, office.subject, "leader"]}
    case = world.do("accountability.RecordDiscussion", district, office, **_on(case), **meeting).case
    choice = {"party_id": case.parties[0].id, "measures": ["warning"], "reason": district.mark}
    given = {"proposal_id": case.proposal_id, "choice": choice}
    world.do("accountability.Transfer", district, decider, **_on(case), **given)
    _beside(world, district, case)


def _beside(world: World, district: District, case: Any) -> None:
    """What other organs do beside a case: the duties are suspended, the party and the appointing organ decide."""
    office = district.people[f"office@{district.slug}"]
    party = {"party_id": case.parties[0].id, "decided_on": "2026-11-16"}
    case = world.do("accountability.GetCase", district, office, case_id=case.id).case
    suspended = {"party_id": case.parties[0].id, "organ": "cadre_management", "starts_on": "2026-11-16"}
    world.do("accountability.Suspend", district, office, **_on(case), **suspended)
    case = world.do("accountability.GetCase", district, office, case_id=case.id).case
    discipline = {"track": "party", "organ": "discipline_inspection", "measures": ["party_warning"]}
    world.do("accountability.RecordTrackDecision", district, office, **_on(case), **party, **discipline)
    case = world.do("accountability.GetCase", district, office, case_id=case.id).case
    sanction = {"track": "sanction", "organ": "appointing_organ", "measures": ["warning"]}
    long_ago = {**party, "decided_on": "2026-05-01"}
    told = world.do("accountability.RecordTrackDecision", district, office, **_on(case), **long_ago, **sanction)
    case = world.do("accountability.GetCase", district, office, case_id=case.id).case
    challenged = {"party_id": case.parties[0].id, "against_id": told.decision.id, "received_on": "2026-11-10"}
    world.do("accountability.FileAppeal", district, office, **_on(case), **challenged)
    asked = {"official_id": case.parties[0].official_id}
    held = world.do("accountability.EffectsOf", district, office, **asked).effects
    [warned] = [one for one in held if one.measure == "warning"]
    said = {"effect_id": warned.id, "expected_version": warned.version}
    world.do("accountability.RecordNoRepentance", district, office, **said)
    world.doors["accountability"].run_timer("effects")
    world.do("accountability.GetToleranceChecks", district, office, case_id=case.id)


def _on(case: Any) -> dict[str, Any]:
    return {"case_id": case.id, "expected_version": case.version}
