"""Hashes of leaves and nodes, and the root of the tree (RFC 9162, section 2.1)."""

from __future__ import annotations

import hashlib
from collections.abc import Callable

from suite.recount.opening import Unreadable

SUITES = {"SHA-256/Ed25519": "sha256", "SM3/SM2": "sm3"}


def hash_of(suite: str) -> Callable[[bytes], bytes]:
    """The hash of a suite of that name."""
    name = SUITES.get(suite)
    if name is None or name not in hashlib.algorithms_available:
        raise Unreadable("suite_missing", suite=suite[:40])
    return lambda text: hashlib.new(name, text).digest()


class GrowingTree:
    """The tree over the leaves given so far: the roots of its full subtrees, largest first."""

    def __init__(self, digest: Callable[[bytes], bytes]) -> None:
        self._digest = digest
        self._roots: list[bytes] = []
        self.size = 0

    def leaf(self, entry: bytes) -> bytes:
        """The hash of a leaf."""
        return self._digest(b"\x00" + entry)

    def add(self, leaf: bytes) -> None:
        """One more leaf. Two subtrees of one size become one of the next."""
        carried, row = leaf, self.size
        while row & 1:
            carried, row = self._digest(b"\x01" + self._roots.pop() + carried), row >> 1
        self._roots.append(carried)
        self.size += 1

    def root(self) -> bytes:
        """The root over all leaves so far; that of none is the hash of nothing."""
        if not self._roots:
            return self._digest(b"")
        root = self._roots[-1]
        for left in reversed(self._roots[:-1]):
            root = self._digest(b"\x01" + left + root)
        return root
