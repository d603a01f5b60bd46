"""The documents of the published box, as docs/published-box.md specifies them; whoever changes one changes the other.

JSON has sorted keys and no spaces; exact numbers are text ("100", "86251/1000"), hashes and signatures hexadecimal, times
whole microseconds since 1970. The same box gives the same bytes.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict
from datetime import UTC, datetime, timedelta
from enum import Enum
from fractions import Fraction
from typing import Any

from services.evaluation.domain.adjustment import Adjustment, Charge, rule_of
from services.evaluation.domain.campaign import Campaign
from services.evaluation.domain.formula import PointsOff
from services.evaluation.domain.plan import Plan
from services.evaluation.domain.result import GroupTurnout, ObjectResult
from services.evaluation.log import NONE_EARLIER, SALT_BYTES, Signer, TreeHead, leaf_entry, suite_of

FORMAT = "zhengfeng-box/2"
BALLOTS = "ballots.bin"
SEALED = "zhengfeng-seal/1"
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
Document = tuple[str, bytes]


def record_length(plan: Plan) -> int:
    """The bytes of one ballot."""
    return len(leaf_entry(bytes(SALT_BYTES), 0, 0, 0, 0, 0, NONE_EARLIER, b"")) + plan.cells


def rules(campaign: Campaign, last: TreeHead, heads: Iterable[TreeHead]) -> list[Document]:
    """What the box is, the rules as they were hashed, every amendment, every head."""
    box = {
        "format": FORMAT,
        "campaign_id": campaign.id,
        "number": campaign.number,
        "suite": last.suite,
        "tree_size": last.tree_size,
        "record_length": record_length(campaign.plan),
        "opened_at": campaign.opened_at,
        "closed_at": campaign.closed_at,
        "counted_at": campaign.counted_at,
        "released_at": campaign.released_at,
    }
    amendments = [
        {
            "at": one.at,
            "reason": one.reason,
            "rules_hash_before": one.rules_hash_before,
            "rules_hash_after": one.rules_hash_after,
            "changes": [asdict(change) for change in one.changes],
        }
        for one in campaign.amendments
    ]
    return [
        ("box.json", _text(box)),
        ("rules.json", campaign.plan.canonical()),
        ("amendments.json", _text(amendments)),
        ("heads.json", _text([asdict(head) for head in heads])),
    ]


def seal(documents: Iterable[Document], last: TreeHead, signer: Signer) -> Document:
    """The box's signature over every document beside the ballots, which lie under the heads."""
    suite = suite_of(last.suite)
    hashes = {name: suite.hash(text).hex() for name, text in documents}
    lines = [SEALED, last.suite, last.campaign_id, *(f"{name} {hashes[name]}" for name in sorted(hashes))]
    signature, key = signer.text(suite, "\n".join(lines))
    known = {"suite": last.suite, "campaign_id": last.campaign_id, "files": hashes}
    return "seal.json", _text(known | {"signature": signature, "public_key": key})


def result(
    turnout: Sequence[GroupTurnout],
    results: Sequence[ObjectResult],
    tariff: PointsOff,
    entries: Mapping[str, Adjustment],
    whole: bool,
) -> list[Document]:
    """The result as it was counted, line by line, and the ledger's entries (by id) behind what came off and was added.

    What everybody gets tells of an entry its cause, its row of the tariff and its points; with `whole`, for auditors, also
    its measure, day and unit: together those would name a person.
    """
    groups = [asdict(one) | {"classes": {each.name: number for each, number in one.classes.items()}} for one in turnout]
    lines = {
        "turnout": groups,
        "rows": [_row(one) for one in results],
    }
    charged = {
        one.object_id: [_charge(charge, tariff, entries[charge.adjustment_id], whole) for charge in one.charges]
        for one in results
    }
    return [("result.json", _text(lines)), ("adjustments.json", _text(charged))]


def _charge(charge: Charge, tariff: PointsOff, entry: Adjustment, whole: bool) -> dict[str, Any]:
    """One entry under the tariff. Where it came from is for those who may see it: its id leads them there."""
    rule = rule_of(tariff, entry)
    assert rule is not None, "an entry is charged by a row of the tariff"
    about = {"cause": entry.cause, "row": tariff.rules.index(rule)}
    if not whole:
        return asdict(charge) | about
    return (
        asdict(charge) | about | {"unit_path": entry.unit_path, "measure": entry.measure, "happened_at": entry.happened_at}
    )


def _row(one: ObjectResult) -> dict[str, Any]:
    """A line as everybody may see it: of an object too few answered about, not even how many they were."""
    row = asdict(one.row) | {"groups": [asdict(share) for share in one.groups]}
    return row | {"raters": 0} if one.row.suppressed else row


def _text(value: object) -> bytes:
    return json.dumps(value, default=_plain, sort_keys=True, ensure_ascii=False, separators=(",", ":")).encode()


def _plain(value: object) -> str | int:
    if isinstance(value, bytes):
        return value.hex()
    if isinstance(value, datetime):
        return (value - _EPOCH) // timedelta(microseconds=1)
    if isinstance(value, Enum):
        return str(value.value)
    assert isinstance(value, Fraction)
    return str(value)
