"""Signed heads, and the signature under a receipt. Both are texts of lines, so that anybody can write them down again."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime

from services.evaluation.log.suite import SHA256_ED25519, Suite, available, suite_of
from services.evaluation.log.tree import Frontier

CLOSED = "closed"


@dataclass(frozen=True, slots=True)
class TreeHead:
    """A signed statement of what a box holds; with `closing` it says that nothing comes after it."""

    campaign_id: str
    tree_size: int
    root_hash: bytes
    rules_hash: bytes
    signed_at: datetime
    signature: bytes = b""
    public_key: bytes = b""
    suite: str = SHA256_ED25519.name
    closing: bool = False

    def statement(self) -> bytes:
        """The bytes that are signed: one line each for suite, campaign, size, root, rules and time in microseconds; under a
        closing head a line `closed` more. A box cut back to an earlier head lacks that line, and nobody else can add it."""
        micros = round(self.signed_at.timestamp() * 1_000_000)
        known = (self.suite, self.campaign_id, self.tree_size, self.root_hash.hex(), self.rules_hash.hex(), micros)
        lines = (*known, CLOSED) if self.closing else known
        return "\n".join(str(line) for line in lines).encode()

    def genuine(self) -> bool:
        """Whether the signature is that of the head's public key, by a suite this machine has."""
        return available(self.suite) and suite_of(self.suite).verify(self.public_key, self.statement(), self.signature)


def receipt_statement(suite: str, campaign_id: str, position: int, leaf_hash: bytes) -> bytes:
    """The bytes that are signed under a receipt. They begin with a word no head begins with."""
    return "\n".join(("receipt", suite, campaign_id, str(position), leaf_hash.hex())).encode()


class Signer:
    """Signs heads and receipts with the keys of the box, one for each suite, made from one seed."""

    def __init__(self, seed: bytes) -> None:
        self._seed = seed

    def vouches(self, head: TreeHead) -> bool:
        """Whether this very key signed the head: a genuine head of another key proves nothing to us."""
        return head.genuine() and head.public_key == suite_of(head.suite).public_of(self._seed)

    def head(self, campaign_id: str, frontier: Frontier, rules_hash: bytes, at: datetime, closing: bool = False) -> TreeHead:
        """The signed head of a tree, by the suite the tree is hashed with."""
        suite = frontier.suite
        public = suite.public_of(self._seed)
        known = (campaign_id, frontier.size, frontier.root(), rules_hash, at)
        head = TreeHead(*known, public_key=public, suite=suite.name, closing=closing)
        return replace(head, signature=suite.sign(self._seed, head.statement()))

    def text(self, suite: Suite, text: str) -> tuple[bytes, bytes]:
        """Signature and public key for a text whose first line names its form, so that it is taken for nothing else."""
        return suite.sign(self._seed, text.encode()), suite.public_of(self._seed)

    def signed_text(self, suite: Suite, text: str, signature: bytes) -> bool:
        """Whether the box's own key signed this text."""
        return suite.verify(suite.public_of(self._seed), text.encode(), signature)

    def receipt(self, suite: Suite, campaign_id: str, position: int, leaf_hash: bytes) -> bytes:
        """The signature under a receipt: the box's word that this leaf lies at this place."""
        return suite.sign(self._seed, receipt_statement(suite.name, campaign_id, position, leaf_hash))

    def signed(self, suite: Suite, campaign_id: str, position: int, leaf_hash: bytes, signature: bytes) -> bool:
        """Whether the box's own key signed this receipt."""
        statement = receipt_statement(suite.name, campaign_id, position, leaf_hash)
        return suite.verify(suite.public_of(self._seed), statement, signature)
