"""The minutes of a campaign: what happened and what was counted, as text that can be hashed and a statement that is signed.

The minutes are signed, not kept: everything in them is kept where it belongs, and the same facts give the same text and the
same statement.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Self

from chassis.errors import Invalid
from services.evaluation.domain.campaign import Campaign
from services.evaluation.domain.hall import HallAct
from services.evaluation.domain.result import GroupTurnout, ResultRow
from services.evaluation.log import TreeHead, available, suite_of

FORM = "zhengfeng minutes 1"
LINES = 5


@dataclass(frozen=True, slots=True)
class Statement:
    """What is signed under minutes: one line each for form, suite, campaign, number and the hash of the facts."""

    suite: str
    campaign_id: str
    number: str
    facts_hash: bytes

    def text(self) -> str:
        """The lines as they are signed and printed."""
        return "\n".join((FORM, self.suite, self.campaign_id, self.number, self.facts_hash.hex()))

    @classmethod
    def read(cls, text: str) -> Self:
        """The statement a text says, its hash in one line or broken into several. Raises Invalid STATEMENT_UNREADABLE."""
        lines = [line.strip() for line in text.strip().splitlines() if line.strip()]
        if len(lines) < LINES or lines[0] != FORM or not available(lines[1]):
            raise Invalid("STATEMENT_UNREADABLE", "statement")
        try:
            facts_hash = bytes.fromhex("".join(lines[4:]))
        except ValueError:
            raise Invalid("STATEMENT_UNREADABLE", "statement") from None
        return cls(lines[1], lines[2], lines[3], facts_hash)


@dataclass(frozen=True, slots=True)
class Minutes:
    """What stands in the minutes. `place` is what the writer says; everything else is on record."""

    campaign: Campaign
    place: str
    turnout: tuple[GroupTurnout, ...]
    rows: tuple[ResultRow, ...]
    acts: tuple[HallAct, ...]
    head: TreeHead

    def facts(self) -> str:
        """Everything in its canonical form: JSON, keys sorted, no spaces; moments in UTC, exact numbers as text."""
        return json.dumps(self._facts(), ensure_ascii=False, sort_keys=True, separators=(",", ":"), default=_plain)

    def statement(self) -> Statement:
        """What is to be signed."""
        facts_hash = suite_of(self.head.suite).hash(self.facts().encode())
        return Statement(self.head.suite, self.campaign.id, self.campaign.number, facts_hash)

    def _facts(self) -> dict[str, Any]:
        one = self.campaign
        moments = ("opened_at", "closed_at", "counted_at", "released_at")
        return {
            **{name: getattr(one, name) for name in ("id", "number", "title", "year", "rules_hash", "approvals", *moments)},
            "jurisdiction_path": one.jurisdiction_path,
            "place": self.place,
            "turnout": _turnout(one, self.turnout),
            "rows": [_row(row) for row in self.rows],
            "amendments": [[each.at, each.by, each.reason, each.rules_hash_after] for each in one.amendments],
            "hall": [[act.kind.value, act.by, act.at, act.reason] for act in self.acts],
            "head": [
                self.head.tree_size,
                self.head.root_hash,
                self.head.rules_hash,
                self.head.signed_at,
                self.head.signature,
            ],
        }


@dataclass(frozen=True, slots=True)
class SignedMinutes:
    """Minutes with their facts as text, the statement, and the signature of the box's key over it."""

    minutes: Minutes
    facts: str
    statement: str
    signature: bytes
    public_key: bytes


@dataclass(frozen=True, slots=True)
class Checked:
    """What became of a printed statement: whether this box's key signed exactly that."""

    statement: Statement
    genuine: bool


def _turnout(campaign: Campaign, turnout: Sequence[GroupTurnout]) -> list[dict[str, Any]]:
    groups = zip(campaign.plan.rater_groups, turnout, strict=True)
    return [
        {
            "group": group.key,
            **{name: getattr(one, name) for name in ("issued", "received", "counted", "superseded")},
            "classes": {each.name.lower(): number for each, number in one.classes.items()},
        }
        for group, one in groups
    ]


def _row(row: ResultRow) -> dict[str, Any]:
    names = ("object_id", "name", "object_group", "rank", "rank_from", "rank_to", "points_off", "grade", "suppressed")
    return {**{name: getattr(row, name) for name in names}, "total": None if row.suppressed else row.total}


def _plain(value: Any) -> str:
    if isinstance(value, bytes):
        return value.hex()
    return value.astimezone(UTC).isoformat() if isinstance(value, datetime) else str(value)
