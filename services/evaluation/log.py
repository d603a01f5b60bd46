"""The Merkle log of a box: every accepted ballot is a leaf, and a signed head says what the whole box holds.

Hashing is RFC 9162, section 2.1: a leaf is SHA-256 of 0x00 and its bytes, a node SHA-256 of 0x01 and its two children. The
leaf of a ballot begins with 16 random bytes, so that its hash says nothing about what was rated until the box is published.
A head is signed with Ed25519 (RFC 8032); it names its suite of algorithms and the hash of the rules, so that neither can be
exchanged behind a head's back.

What this proves: a ballot once in a signed head cannot be changed, taken out or moved without every keeper of that head or
of a receipt being able to show it. What it does not: that a ballot was cast freely, or that the software that took it in
was honest about the code.
"""

from __future__ import annotations

import hashlib
import struct
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from nacl.exceptions import BadSignatureError
from nacl.signing import SigningKey, VerifyKey

SUITE = "SHA-256/Ed25519"
SALT_BYTES = 16
HASH_BYTES = 32
NONE_EARLIER = 2**64 - 1
_SEAL = struct.Struct(">HHQBBQ")
EMPTY_ROOT = hashlib.sha256(b"").digest()


def leaf_entry(
    salt: bytes, group: int, channel: int, batch: int, ballot_class: int, ordinal: int, earlier: int, ratings: bytes
) -> bytes:
    """The bytes of a ballot's leaf, format 2, big endian: salt (16), rater group (2), channel (2), batch (8), class (1),
    ordinal (1), earlier (8), ratings.

    `ordinal` is 0 for the first ballot under a code; `earlier` is the position of the one before it under its code,
    NONE_EARLIER for the first. So what a ballot is worth, and which one stands in place of which, is under the signed root:
    a recount needs nothing but the leaves, the rules and the heads.
    """
    return salt + _SEAL.pack(group, channel, batch, ballot_class, ordinal, earlier) + ratings


def leaf_hash(entry: bytes) -> bytes:
    """RFC 9162: the hash of a leaf."""
    return hashlib.sha256(b"\x00" + entry).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    """RFC 9162: the hash of a node over its two children."""
    return hashlib.sha256(b"\x01" + left + right).digest()


@dataclass(frozen=True, slots=True)
class Frontier:
    """A tree as far as it must be known to grow: its size, and the roots of its full subtrees, largest first."""

    size: int = 0
    roots: tuple[bytes, ...] = ()

    def grown(self, leaves: Iterable[bytes]) -> Frontier:
        """The frontier after these leaf hashes. A leaf costs one node hash on average."""
        size, roots = self.size, list(self.roots)
        for leaf in leaves:
            carried, row = leaf, size
            while row & 1:
                carried = node_hash(roots.pop(), carried)
                row >>= 1
            roots.append(carried)
            size += 1
        return Frontier(size, tuple(roots))

    def root(self) -> bytes:
        """The root of the whole tree."""
        if not self.roots:
            return EMPTY_ROOT
        root = self.roots[-1]
        for left in reversed(self.roots[:-1]):
            root = node_hash(left, root)
        return root

    def to_bytes(self) -> bytes:
        """The roots, to be stored beside the size."""
        return b"".join(self.roots)

    @staticmethod
    def from_bytes(size: int, stored: bytes) -> Frontier:
        """A stored frontier."""
        return Frontier(size, tuple(stored[at : at + HASH_BYTES] for at in range(0, len(stored), HASH_BYTES)))


def inclusion_path(leaves: Sequence[bytes], index: int) -> tuple[bytes, ...]:
    """RFC 9162, 2.1.3.1: the hashes that lead from leaf `index` to the root of the tree over `leaves`, lowest first."""
    path: list[bytes] = []
    row, at = list(leaves), index
    while len(row) > 1:
        if at ^ 1 < len(row):
            path.append(row[at ^ 1])
        pairs = [node_hash(row[left], row[left + 1]) for left in range(0, len(row) - 1, 2)]
        row = pairs + row[len(pairs) * 2 :]
        at //= 2
    return tuple(path)


def leads_to(root: bytes, leaf: bytes, index: int, size: int, path: Sequence[bytes]) -> bool:
    """RFC 9162, 2.1.3.2: whether the path leads from leaf `index` of `size` leaves to this root."""
    if not 0 <= index < size:
        return False
    at, last, carried = index, size - 1, leaf
    for step in path:
        if last == 0:
            return False
        if at & 1 or at == last:
            carried = node_hash(step, carried)
            while not at & 1 and at:
                at, last = at >> 1, last >> 1
        else:
            carried = node_hash(carried, step)
        at, last = at >> 1, last >> 1
    return last == 0 and carried == root


@dataclass(frozen=True, slots=True)
class TreeHead:
    """A signed statement of what a box holds."""

    campaign_id: str
    tree_size: int
    root_hash: bytes
    rules_hash: bytes
    signed_at: datetime
    signature: bytes = b""
    public_key: bytes = b""
    suite: str = SUITE

    def statement(self) -> bytes:
        """The bytes that are signed: one line each for suite, campaign, size, root, rules and time in microseconds."""
        micros = round(self.signed_at.timestamp() * 1_000_000)
        lines = (self.suite, self.campaign_id, self.tree_size, self.root_hash.hex(), self.rules_hash.hex(), micros)
        return "\n".join(str(line) for line in lines).encode()

    def genuine(self) -> bool:
        """Whether the signature is that of the head's public key."""
        try:
            VerifyKey(self.public_key).verify(self.statement(), self.signature)
        except (BadSignatureError, ValueError):
            return False
        return True


class Signer:
    """Signs heads with the box's Ed25519 key."""

    def __init__(self, seed: bytes) -> None:
        self._key = SigningKey(seed)
        self._public = bytes(self._key.verify_key)

    def vouches(self, head: TreeHead) -> bool:
        """Whether this very key signed the head: a genuine head of another key proves nothing to us."""
        return head.public_key == self._public and head.genuine()

    def head(self, campaign_id: str, frontier: Frontier, rules_hash: bytes, at: datetime) -> TreeHead:
        """The signed head of a tree."""
        plain = TreeHead(campaign_id, frontier.size, frontier.root(), rules_hash, at)
        signature = self._key.sign(plain.statement()).signature
        return TreeHead(campaign_id, frontier.size, frontier.root(), rules_hash, at, signature, self._public)
