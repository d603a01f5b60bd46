"""Everything that is checked of a published box, and what was found. Each finding is one sentence of words.toml."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from fractions import Fraction
from itertools import pairwise
from pathlib import Path
from typing import Any

from suite.recount import ballots, points, rules
from suite.recount.ballots import Box, Progress
from suite.recount.formula import Formula
from suite.recount.hashing import hash_of
from suite.recount.opening import PublishedBox, Unreadable, exact, in_hex, member, whole
from suite.recount.ranking import Ranking
from suite.recount.receipts import Head, Kept, Receipt
from suite.recount.rules import Rules
from suite.recount.signatures import verified

MOST = 20  # of one kind are named, the rest are counted


@dataclass(frozen=True)
class Finding:
    """One sentence: good news or a fault, and what stands in it."""

    good: bool
    word: str
    details: dict[str, object]


def good(word: str, **details: object) -> Finding:
    """Something that is as it should be."""
    return Finding(True, word, details)


def fault(word: str, **details: object) -> Finding:
    """Something that is not."""
    return Finding(False, word, details)


def check(path: Path, kept: Kept, pinned: bytes, progress: Progress) -> Iterator[Finding]:
    """Checks a file from the first leaf to the last line. Raises Unreadable where it is no published box."""
    box = PublishedBox(path)
    number, suite = member(box.box, "number", str, "box.json"), member(box.box, "suite", str, "box.json")
    campaign = member(box.box, "campaign_id", str, "box.json")
    plan = rules.read(box.document("rules.json"))
    if box.record_length != ballots.SEAL.size + plan.cells:
        raise Unreadable("wrong_length", file="ballots.bin")
    heads = _heads(box.document("heads.json"))
    yield good("box", number=number, ballots=box.size, suite=suite, heads=len(heads))
    sizes = {head.size for head in (*heads, *kept.heads)}
    positions = {receipt.position for receipt in kept.receipts}
    found = ballots.read(box, plan, suite, sizes, positions, progress)
    yield from _signed(heads, campaign, suite, pinned)
    yield from _rooted(heads, found, box.size)
    yield from _ruled(heads, hash_of(suite)(box.bytes_of("rules.json")), box.document("amendments.json"))
    yield from _fitting(found)
    yield from _counted(box, plan, found)
    key = pinned or heads[-1].public_key
    for receipt in kept.receipts:
        yield _receipt(receipt, campaign, suite, key, found, box.size)
    for head in kept.heads:
        yield _kept_head(head, campaign, key, found)


def _heads(document: Any) -> list[Head]:
    if not isinstance(document, list) or not document:
        raise Unreadable("no_json", file="heads.json")
    return [_head(one) for one in document]


def _head(one: Any) -> Head:
    where = "heads.json"
    known = member(one, "suite", str, where), member(one, "campaign_id", str, where), whole(one, "tree_size", where)
    hashes = in_hex(one, "root_hash", where), in_hex(one, "rules_hash", where)
    return Head(
        "",
        *known,
        *hashes,
        whole(one, "signed_at", where),
        in_hex(one, "signature", where),
        in_hex(one, "public_key", where),
    )


def _signed(heads: list[Head], campaign: str, suite: str, pinned: bytes) -> Iterator[Finding]:
    """Every head is signed, by one key, for this campaign and suite, and the boxes never shrank."""
    keys = {head.public_key for head in heads}
    bad = [head for head in heads if not verified(head.suite, head.public_key, head.statement(), head.signature)]
    foreign = [head for head in heads if (head.campaign_id, head.suite) != (campaign, suite)]
    falling = any(before.size > after.size or before.micros > after.micros for before, after in pairwise(heads))
    yield from (fault("head_not_signed", size=head.size) for head in bad[:MOST])
    yield from (fault("head_foreign", size=head.size) for head in foreign[:MOST])
    if falling:
        yield fault("heads_falling")
    if len(keys) > 1:
        yield fault("keys_differ", number=len(keys))
    if not bad and not foreign and not falling and len(keys) == 1:
        yield good("heads_signed", number=len(heads))
    key = heads[-1].public_key
    if not pinned:
        yield good("key_not_pinned", key=key.hex())
    else:
        yield good("key_pinned") if keys == {pinned} else fault("key_other", key=key.hex())


def _rooted(heads: list[Head], found: Box, size: int) -> Iterator[Finding]:
    """The ballots give the root of every head: each head is then consistent with the next, and the last is the whole box."""
    wrong = [head for head in heads if found.roots.get(head.size) != head.root]
    yield from (fault("root_differs", size=head.size) for head in wrong[:MOST])
    if heads[-1].size != size:
        yield fault("last_head_short", size=heads[-1].size, ballots=size)
    if not wrong:
        yield good("roots_agree", number=len(heads), root=heads[-1].root.hex())


def _ruled(heads: list[Head], rules_hash: bytes, amendments: Any) -> Iterator[Finding]:
    """The last head names these rules, and every earlier one those that amendments on record led from."""
    if heads[-1].rules != rules_hash:
        yield fault("rules_differ")
    if not isinstance(amendments, list):
        raise Unreadable("no_json", file="amendments.json")
    where = "amendments.json"
    steps = [(in_hex(one, "rules_hash_before", where), in_hex(one, "rules_hash_after", where)) for one in amendments]
    at = heads[0].rules
    for before, after in steps:
        at = after if before == at else at
    known = {heads[0].rules} | {after for _, after in steps}
    if at != heads[-1].rules or any(head.rules not in known for head in heads):
        yield fault("amendment_missing")
    elif heads[-1].rules == rules_hash:
        yield good("rules_agree", number=len(amendments), hash=rules_hash.hex())


def _fitting(found: Box) -> Iterator[Finding]:
    """Every ballot can be one of this campaign."""
    yield from (fault(word, position=position) for position, word in found.faults[:MOST])
    if not found.faults:
        yield good("ballots_fit")
    elif len(found.faults) > MOST:
        yield fault("more_faults", number=len(found.faults) - MOST)


def _counted(box: PublishedBox, plan: Rules, found: Box) -> Iterator[Finding]:
    """The recount, line by line."""
    if not box.counted:
        yield good("no_result")
        return
    result = box.document("result.json")
    entries = points.read(plan, box.document("adjustments.json"))
    lines = Ranking(Formula(plan, found), entries).lines()
    wrong = [*_turnout(member(result, "turnout", list, "result.json"), found)]
    wrong += _lines(member(result, "rows", list, "result.json"), lines)
    wrong += [
        fault("not_the_tariff", object=object_id)
        for (object_id, _), one in zip(plan.objects, entries, strict=True)
        if not one.as_the_tariff_says
    ]
    yield from wrong[:MOST]
    if not wrong:
        yield good("result_agrees", lines=len(lines), ballots=sum(one.counted for one in found.turnout))
    elif len(wrong) > MOST:
        yield fault("more_faults", number=len(wrong) - MOST)


def _turnout(published: list[Any], found: Box) -> Iterator[Finding]:
    """What was received, counted and superseded of each group. How many codes were issued no box can say."""
    if len(published) != len(found.turnout):
        yield fault(
            "turnout_differs",
            group=len(found.turnout),
            what="groups",
            published=len(published),
            recounted=len(found.turnout),
        )
        return
    for group, (said, ours) in enumerate(zip(published, found.turnout, strict=True)):
        classes = {name: ours.classes[name] for name in ballots.CLASSES.values()}
        recounted = {
            "received": sum(classes.values()),
            "counted": ours.counted,
            "superseded": ours.superseded,
            "classes": classes,
        }
        for what, number in recounted.items():
            if not isinstance(said, dict) or said.get(what) != number:
                shown = said.get(what) if isinstance(said, dict) else said
                yield fault("turnout_differs", group=group + 1, what=what, published=shown, recounted=number)


def _lines(published: list[Any], lines: list[dict[str, Any]]) -> list[Finding]:
    if [row.get("object_id") if isinstance(row, dict) else None for row in published] != [
        line["object_id"] for line in lines
    ]:
        return [fault("order_differs")]
    return [
        fault(
            "line_differs",
            object=row.get("name", line["object_id"]),
            what=what,
            published=_shown(row.get(what)),
            recounted=_shown(ours),
        )
        for row, line in zip(published, lines, strict=True)
        for what, ours in line.items()
        if not _same(row.get(what), ours)
    ]


def _same(said: Any, ours: Any) -> bool:
    """Whether a published value says exactly what the recount gave."""
    if isinstance(ours, Fraction):
        return said is not None and exact(said, "result.json") == ours
    if isinstance(ours, dict):
        return isinstance(said, dict) and all(_same(said.get(key), value) for key, value in ours.items())
    if isinstance(ours, list):
        return isinstance(said, list) and len(said) == len(ours) and all(map(_same, said, ours))
    return type(said) is type(ours) and bool(said == ours)


def _shown(value: Any) -> str:
    return str(value)[:200]


def _receipt(receipt: Receipt, campaign: str, suite: str, key: bytes, found: Box, size: int) -> Finding:
    """One receipt against the box: there, or provably gone."""
    details = {"source": receipt.source or "-", "position": receipt.position + 1, "leaf": receipt.leaf.hex()}
    if receipt.campaign_id != campaign:
        return fault("receipt_foreign", **details)
    there = found.leaves.get(receipt.position)
    if there == receipt.leaf:
        return good("receipt_in_the_box", **details)
    if not verified(suite, key, receipt.statement(suite), receipt.signature):
        return fault("receipt_not_signed", **details)
    if there is None:
        return fault("receipt_proves_drop", size=size, **details)
    return fault("receipt_proves_exchange", there=there.hex(), **details)


def _kept_head(head: Head, campaign: str, key: bytes, found: Box) -> Finding:
    """One head a rater kept: the published box must begin with everything it covered."""
    details = {"source": head.source or "-", "size": head.size, "root": head.root.hex()}
    if head.campaign_id != campaign:
        return fault("receipt_foreign", position=head.size, leaf=head.root.hex(), source=head.source or "-")
    if head.public_key != key or not verified(head.suite, key, head.statement(), head.signature):
        return fault("kept_head_not_signed", **details)
    return (
        good("kept_head_agrees", **details)
        if found.roots.get(head.size) == head.root
        else fault("kept_head_proves", **details)
    )


def faults(findings: Iterable[Finding]) -> int:
    """How many faults there are."""
    return sum(not finding.good for finding in findings)
