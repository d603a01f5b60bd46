"""Everything that is checked of a published box, and what was found."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from fractions import Fraction
from pathlib import Path
from typing import Any

from suite.recount import ballots, heads, points, rules
from suite.recount.ballots import Box, Progress
from suite.recount.finding import MOST, Finding, fault, good
from suite.recount.formula import Formula
from suite.recount.hashing import hash_of
from suite.recount.opening import PublishedBox, Unreadable, exact, member
from suite.recount.ranking import Ranking
from suite.recount.receipts import Head, Kept, Receipt
from suite.recount.rules import Rules
from suite.recount.seal import sealed
from suite.recount.signatures import verified


def check(path: Path, kept: Kept, pinned: bytes, progress: Progress) -> Iterator[Finding]:
    """Checks a file from the first leaf to the last line. Raises Unreadable where it is no published box."""
    box = PublishedBox(path)
    sealing = sealed(box)
    number, suite = member(box.box, "number", str, "box.json"), member(box.box, "suite", str, "box.json")
    campaign = member(box.box, "campaign_id", str, "box.json")
    plan = rules.read(box.document("rules.json"))
    if box.record_length != ballots.SEAL.size + plan.cells:
        raise Unreadable("wrong_length", file="ballots.bin")
    found_heads = heads.heads(box.document(heads.HEADS))
    amended = heads.amendments(box.document(heads.AMENDMENTS))
    yield good("box", number=number, title=plan.title, ballots=box.size, suite=suite, heads=len(found_heads))
    key = pinned or found_heads[-1].public_key
    yield good("sealed", files=len(box.documents)) if sealing == key else fault("seal_other")
    sizes = {head.size for head in (*found_heads, *kept.heads)}
    positions = {receipt.position for receipt in kept.receipts}
    found = ballots.read(box, plan, suite, sizes, positions, progress)
    yield from heads.signed(found_heads, campaign, suite, pinned)
    yield from heads.rooted(found_heads, found, box.size)
    yield from heads.ruled(found_heads, hash_of(suite)(box.bytes_of("rules.json")), amended)
    yield from _fitting(found)
    yield from _counted(box, plan, found)
    for receipt in kept.receipts:
        yield _receipt(receipt, campaign, suite, key, found, box.size)
    for head in kept.heads:
        yield _kept_head(head, campaign, key, found)


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
        fault("not_the_tariff", object=one.name)
        for one, entry in zip(plan.objects, entries, strict=True)
        if not entry.as_the_tariff_says
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
