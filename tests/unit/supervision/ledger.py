"""A finding, a calendar and the shipped limits, ready to be acted on."""

from __future__ import annotations

import tomllib
from datetime import datetime
from pathlib import Path
from typing import Any

from chassis.clock import SHANGHAI
from services.supervision.domain.facts import Origin
from services.supervision.domain.finding import Finding
from services.supervision.domain.limits import Timing, read_timing
from services.supervision.domain.notice import Evidence, NoticeKind, Rectification
from services.supervision.domain.recording import record
from services.supervision.domain.words import FoundBy
from tests.unit.workdays.real import real_years
from workdays import Calendar

PACK = Path(__file__).resolve().parents[3] / "services" / "supervision" / "packs" / "findings.toml"
SHIPPED = {row["key"]: row["value"] for row in tomllib.loads(PACK.read_text(encoding="utf-8"))["setting"]}
CALENDAR = Calendar(real_years())
TIMING: Timing = read_timing(CALENDAR, SHIPPED["finding.warn_before"], SHIPPED["finding.after_end"])
KIND = NoticeKind.of("rectification", SHIPPED["notice.kinds"])
KNOWN = frozenset(SHIPPED["finding.misconduct"])
PROOF = Evidence("ab" * 32, "photo", "", None)


def at(text: str) -> datetime:
    """A moment in China."""
    return datetime.fromisoformat(text).replace(tzinfo=SHANGHAI)


MONDAY = at("2026-11-16 09:00")


def recorded(**changes: Any) -> Finding:
    """A finding a monitoring point led to."""
    fields: dict[str, Any] = {
        "id": "00000000-0000-7000-8000-000000000001",
        "unit_path": "/qinghe/housing",
        "jurisdiction_path": "/qinghe",
        "number": "问题〔2026〕1号",
        "found_by": FoundBy.POINT,
        "undercover": False,
        "misconduct": ("slow",),
        "known_misconduct": KNOWN,
        "title": "t",
        "text": "t",
        "occurred_at": MONDAY,
        "recorded_at": MONDAY,
        "recorded_by": "inspector-1",
        "evidence": (PROOF,),
        "origin": Origin("supervision", "r", "监测〔2026〕1号"),
    }
    return record(**{**fields, **changes})


def noticed(finding: Finding | None = None, when: datetime = MONDAY) -> Finding:
    """The finding with its notice out."""
    start = finding or recorded()
    return start.issue_notice("整改通知书〔2026〕1号", KIND, "限期整改", "office", when, TIMING).finding


def rectified(when: datetime = MONDAY) -> Rectification:
    """What a unit says it did."""
    return Rectification("done", when.date(), (PROOF,), "housing", when)
