"""The signed heads of a box, and the rules they name."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from typing import Any

from suite.recount.ballots import Box
from suite.recount.finding import MOST, Finding, fault, good
from suite.recount.opening import Unreadable, in_hex, member, whole
from suite.recount.receipts import Head
from suite.recount.signatures import verified

HEADS, AMENDMENTS = "heads.json", "amendments.json"
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True)
class Amendment:
    """One recorded change of the rules; `fields` says where the values stand that it changed."""

    micros: int
    reason: str
    before: bytes
    after: bytes
    fields: tuple[str, ...]


def heads(document: Any) -> list[Head]:
    """The heads of heads.json, of which there must be one at least."""
    if not isinstance(document, list) or not document:
        raise Unreadable("no_json", file=HEADS)
    return [_head(one) for one in document]


def amendments(document: Any) -> list[Amendment]:
    """The amendments of amendments.json."""
    if not isinstance(document, list):
        raise Unreadable("no_json", file=AMENDMENTS)
    return [
        Amendment(
            _instant(one, "at", AMENDMENTS),
            member(one, "reason", str, AMENDMENTS),
            in_hex(one, "rules_hash_before", AMENDMENTS),
            in_hex(one, "rules_hash_after", AMENDMENTS),
            tuple(member(change, "field", str, AMENDMENTS) for change in member(one, "changes", list, AMENDMENTS)),
        )
        for one in document
    ]


def _head(one: Any) -> Head:
    known = member(one, "suite", str, HEADS), member(one, "campaign_id", str, HEADS), whole(one, "tree_size", HEADS)
    hashes = in_hex(one, "root_hash", HEADS), in_hex(one, "rules_hash", HEADS)
    signed = in_hex(one, "signature", HEADS), in_hex(one, "public_key", HEADS)
    return Head("", *known, *hashes, _instant(one, "signed_at", HEADS), *signed, member(one, "closing", bool, HEADS))


def _instant(one: Any, key: str, where: str) -> int:
    """Microseconds since 1970 that are a time of some calendar's year."""
    micros = whole(one, key, where)
    if micros >= 253_402_300_800_000_000:  # the year 10000
        raise Unreadable("member_missing", file=where, member=key)
    return micros


def signed(found: list[Head], campaign: str, suite: str, pinned: bytes) -> Iterator[Finding]:
    """Every head is signed, by one key, for this campaign and suite; each is later than the one before it and no smaller;
    the last one, and no other, says that the box is closed."""
    keys = {head.public_key for head in found}
    bad = [head for head in found if not verified(head.suite, head.public_key, head.statement(), head.signature)]
    foreign = [head for head in found if (head.campaign_id, head.suite) != (campaign, suite)]
    falling = any(before.size > after.size or before.micros >= after.micros for before, after in pairwise(found))
    yield from (fault("head_not_signed", size=head.size) for head in bad[:MOST])
    yield from (fault("head_foreign", size=head.size) for head in foreign[:MOST])
    if falling:
        yield fault("heads_falling")
    if len(keys) > 1:
        yield fault("keys_differ", number=len(keys))
    if not bad and not foreign and not falling and len(keys) == 1:
        yield good("heads_signed", number=len(found))
    if not found[-1].closing:
        yield fault("not_closed")
    elif any(head.closing for head in found[:-1]):
        yield fault("closed_too_early")
    key = found[-1].public_key
    if not pinned:
        yield good("key_not_pinned", key=key.hex())
    else:
        yield good("key_pinned") if keys == {pinned} else fault("key_other", key=key.hex())


def rooted(found: list[Head], box: Box, size: int) -> Iterator[Finding]:
    """The ballots give the root of every head: each head is then consistent with the next, and the last is the whole box."""
    wrong = [head for head in found if box.roots.get(head.size) != head.root]
    yield from (fault("root_differs", size=head.size) for head in wrong[:MOST])
    if found[-1].size != size:
        yield fault("last_head_short", size=found[-1].size, ballots=size)
    if not wrong:
        yield good("roots_agree", number=len(found), root=found[-1].root.hex())


def ruled(found: list[Head], rules_hash: bytes, changes: list[Amendment]) -> Iterator[Finding]:
    """The last head names these rules. The amendments lead from one set of rules to the next, and the heads go along them:
    to earlier rules only where an amendment went back to them."""
    if found[-1].rules != rules_hash:
        yield fault("rules_differ")
    for one in changes:
        at = (_EPOCH + timedelta(microseconds=one.micros)).isoformat(timespec="seconds")
        yield good("amended", at=at, reason=one.reason, fields=", ".join(one.fields) or "-")
    chain = [changes[0].before, *(one.after for one in changes)] if changes else [rules_hash]
    whole_chain = all(before.after == after.before for before, after in pairwise(changes))
    step = 0
    for head in found:
        while step < len(chain) and chain[step] != head.rules:
            step += 1
    if not whole_chain or step == len(chain) or chain[-1] != found[-1].rules:
        yield fault("amendment_missing")
    elif found[-1].rules == rules_hash:
        yield good("rules_agree", number=len(changes), hash=rules_hash.hex())
