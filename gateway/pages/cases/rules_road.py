"""How a version of the rules comes into force: who has done what, what the visitor can do now, and why not the rest."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from gateway.pages.cases.grid_write import may_revise
from gateway.pages.frame.life import Step
from gateway.pages.frame.visit import Visit

Record = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Turn:
    """One thing to be done with a version: its word, where it is done, or why the visitor cannot do it."""

    word: str
    address: str
    why: str


def turns(visit: Visit, rules: Record, ref: str) -> list[Turn]:
    """Everything that can be done with a version by anybody, those the visitor can do first."""
    found = [
        _turn(visit, rules, "ReviseRules", f"/rules/{ref}/write", _revising),
        _turn(visit, rules, "SubmitRules", f"/rules/{ref}/acts/SubmitRules", _submitting),
        _turn(visit, rules, "ReviewRules", f"/rules/{ref}/acts/ReviewRules", _reviewing),
        _turn(visit, rules, "ApproveRules", f"/rules/{ref}/acts/ApproveRules", _approving),
        _turn(visit, rules, "FreezeRow", f"/rules/{ref}/freeze", _freezing),
        _turn(visit, rules, "ImportRules", f"/rules/write?from={ref}", lambda visit, rules: ""),
    ]
    return sorted(found, key=lambda one: bool(one.why))


def road(visit: Visit, rules: Record) -> list[Step]:
    """Written, reviewed, approved, in force: by whom and when, as far as it has come."""
    state = str(rules["state"]).removeprefix("RULE_VERSION_STATE_")
    reached = {"DRAFT": 0, "IN_REVIEW": 2 if rules["reviewer"] else 1, "APPROVED": 3}.get(state, 4)
    steps = [
        ("written", rules["imported_at"], rules["author"]),
        ("reviewed", "", rules["reviewer"]),
        ("approved", rules["approved_at"], rules["approver"]),
        ("in_force", rules["valid_from"], ""),
    ]
    now = min(reached, 3)
    found = []
    for place, (word, at, by) in enumerate(steps):
        where = "past" if place < now else "now" if place == now else "ahead"
        found.append((visit.t(f"road.{word}"), where, at or "", visit.person(by) if by else ""))
    return found


def _turn(visit: Visit, rules: Record, act: str, address: str, why: Callable[[Visit, Record], str]) -> Turn:
    word = visit.t(f"turn.{act}")
    if not visit.may(f"accountability.{act}"):
        return Turn(word, "", visit.t(f"turn_role.{act}"))
    reason = why(visit, rules)
    return Turn(word, "" if reason else address, visit.t(f"turn_why.{reason}") if reason else "")


def _in(rules: Record, state: str) -> bool:
    return bool(rules["state"] == f"RULE_VERSION_STATE_{state}")


def _revising(visit: Visit, rules: Record) -> str:
    return "" if may_revise(visit, rules) else "not_author" if _in(rules, "DRAFT") else "no_draft"


def _submitting(visit: Visit, rules: Record) -> str:
    if not _in(rules, "DRAFT"):
        return "no_draft"
    return "" if rules["author"] == visit.account_id else "not_author"


def _reviewing(visit: Visit, rules: Record) -> str:
    if _in(rules, "DRAFT"):
        return "not_submitted"
    if not _in(rules, "IN_REVIEW"):
        return "passed_by"
    if rules["reviewer"]:
        return "reviewed"
    return "own_text" if rules["author"] == visit.account_id else ""


def _approving(visit: Visit, rules: Record) -> str:
    if _in(rules, "DRAFT"):
        return "not_submitted"
    if not _in(rules, "IN_REVIEW"):
        return "passed_by"
    if rules["author"] == visit.account_id:
        return "own_text"
    if not rules["reviewer"]:
        return "not_reviewed"
    return "own_review" if rules["reviewer"] == visit.account_id else ""


def _freezing(visit: Visit, rules: Record) -> str:
    if not _in(rules, "IN_FORCE"):
        return "not_in_force"
    return "since_today" if rules["valid_from"] >= visit.today.isoformat() else ""
