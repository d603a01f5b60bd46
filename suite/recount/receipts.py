"""What raters kept, held against the published box: receipts and heads.

A receipt is the box's signed word that a leaf lies at a place. Where the published box holds another leaf there, or none,
the two signed statements contradict each other: that proves that a ballot was dropped, moved or exchanged. A head that a
rater kept does the same for everything that was in the box when it was signed.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from suite.recount.opening import Unreadable

RECEIPT = re.compile(r"zhengfeng-receipt/1:([0-9a-f-]{1,64}):([0-9]{1,18}):([0-9a-f]{64}):((?:[0-9a-f]{128})?)")
HEAD = re.compile(
    r"zhengfeng-head/1:([A-Za-z0-9/-]{1,40}):([0-9a-f-]{1,64}):([0-9]{1,18}):([0-9a-f]{64}):([0-9a-f]{64}):([0-9]{1,20})"
    r":([0-9a-f]{128}):([0-9a-f]{64,128})((?::closed)?)"
)
LONGEST_FILE = 16 << 20


@dataclass(frozen=True)
class Receipt:
    """One receipt. `source` says where it was read."""

    source: str
    campaign_id: str
    position: int
    leaf: bytes
    signature: bytes

    def statement(self, suite: str) -> bytes:
        """What the box signed."""
        return "\n".join(("receipt", suite, self.campaign_id, str(self.position), self.leaf.hex())).encode()


@dataclass(frozen=True)
class Head:
    """One signed head, from the published box or kept by a rater."""

    source: str
    suite: str
    campaign_id: str
    size: int
    root: bytes
    rules: bytes
    micros: int
    signature: bytes
    public_key: bytes
    closing: bool = False

    def statement(self) -> bytes:
        """What the box signed; with one line more where it was closed."""
        known = (self.suite, self.campaign_id, self.size, self.root.hex(), self.rules.hex(), self.micros)
        lines = (*known, "closed") if self.closing else known
        return "\n".join(str(line) for line in lines).encode()


@dataclass(frozen=True)
class Kept:
    """Everything raters kept that is to be checked."""

    receipts: tuple[Receipt, ...] = ()
    heads: tuple[Head, ...] = ()


def kept(given: Iterable[str]) -> Kept:
    """What is written in these texts, files and folders. Raises Unreadable where one of them holds nothing."""
    receipts: list[Receipt] = []
    heads: list[Head] = []
    for one in given:
        before = len(receipts) + len(heads)
        for source, text in _texts(one):
            receipts += [_receipt(source, found) for found in RECEIPT.finditer(text)]
            heads += [_head(source, found) for found in HEAD.finditer(text)]
        if len(receipts) + len(heads) == before:
            raise Unreadable("no_receipt", text=one[:80])
    return Kept(tuple(receipts), tuple(heads))


def _texts(given: str) -> list[tuple[str, str]]:
    """The text itself, the text of a file, or the texts of the files of a folder."""
    if RECEIPT.search(given) or HEAD.search(given):
        return [("", given)]
    path = Path(given)
    try:
        files = sorted(path.iterdir()) if path.is_dir() else [path]
        fit = [file for file in files if file.is_file() and file.stat().st_size <= LONGEST_FILE]
        return [(file.name, file.read_text("utf-8", errors="replace")) for file in fit]
    except (OSError, ValueError) as wrong:
        raise Unreadable("no_receipt", text=given[:80]) from wrong


def _receipt(source: str, found: re.Match[str]) -> Receipt:
    campaign, position, leaf, signature = found.groups()
    return Receipt(source, campaign, int(position), bytes.fromhex(leaf), bytes.fromhex(signature))


def _head(source: str, found: re.Match[str]) -> Head:
    suite, campaign, size, root, rules, micros, signature, key, closed = found.groups()
    hashes = (bytes.fromhex(root), bytes.fromhex(rules))
    return Head(
        source,
        suite,
        campaign,
        int(size),
        *hashes,
        int(micros),
        bytes.fromhex(signature),
        bytes.fromhex(key[: len(key) & ~1]),
        bool(closed),
    )
