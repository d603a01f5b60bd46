"""The tree over the leaves of a box, by RFC 9162, section 2.1, with the hash of the box's suite."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from services.evaluation.log.suite import HASH_BYTES, SHA256_ED25519, Suite


@dataclass(frozen=True, slots=True)
class Frontier:
    """A tree as far as it must be known to grow: its size, and the roots of its full subtrees, largest first."""

    size: int = 0
    roots: tuple[bytes, ...] = ()
    suite: Suite = SHA256_ED25519

    def grown(self, leaves: Iterable[bytes]) -> Frontier:
        """The frontier after these leaf hashes. A leaf costs one node hash on average."""
        row, waiting, roots = list(leaves), list(self.roots), list[bytes]()
        height, size = self.size, self.size + len(row)
        while row or height:  # one level of the tree after another, from the leaves up
            if height & 1:
                row.insert(0, waiting.pop())
            if len(row) & 1:
                roots.append(row.pop())
            row, height = self.suite.nodes(row), height >> 1
        return Frontier(size, tuple(reversed(roots)), self.suite)

    def by(self, suite: Suite) -> Frontier:
        """The same frontier, to be grown with the hash of a suite."""
        return replace(self, suite=suite)

    def root(self) -> bytes:
        """The root of the whole tree; that of an empty one is the hash of nothing."""
        if not self.roots:
            return self.suite.hash(b"")
        root = self.roots[-1]
        for left in reversed(self.roots[:-1]):
            root = self.suite.node(left, root)
        return root

    def to_bytes(self) -> bytes:
        """The roots, to be stored beside the size."""
        return b"".join(self.roots)

    @staticmethod
    def from_bytes(size: int, stored: bytes) -> Frontier:
        """A stored frontier."""
        return Frontier(size, tuple(stored[at : at + HASH_BYTES] for at in range(0, len(stored), HASH_BYTES)))


class Tree:
    """A whole tree in memory, 64 bytes a leaf, that proves inclusion and consistency in a few hashes."""

    def __init__(self, suite: Suite = SHA256_ED25519, leaves: Iterable[bytes] = ()) -> None:
        self._suite = suite
        self._levels: list[bytearray] = [bytearray()]  # the roots of all full subtrees of 1, 2, 4 ... leaves
        self.grow(leaves)

    @property
    def size(self) -> int:
        """How many leaves it has."""
        return len(self._levels[0]) // HASH_BYTES

    def grow(self, leaves: Iterable[bytes]) -> None:
        """Adds leaf hashes at the end."""
        for leaf in leaves:
            carried, row, level = leaf, self.size, 0
            while row & 1:
                left = self._levels[level][-HASH_BYTES:]
                self._levels[level] += carried
                carried, row, level = self._suite.node(bytes(left), carried), row >> 1, level + 1
                if level == len(self._levels):
                    self._levels.append(bytearray())
            self._levels[level] += carried

    def leaf(self, index: int) -> bytes:
        """The leaf hash at a place."""
        return self._full(0, index)

    def root(self, size: int) -> bytes:
        """The root over the first `size` leaves."""
        return self._root(0, size) if size else self._suite.hash(b"")

    def inclusion(self, index: int, size: int) -> tuple[bytes, ...]:
        """2.1.3.1: the hashes that lead from leaf `index` to the root over the first `size` leaves, lowest first."""
        return tuple(self._inclusion(index, 0, size))

    def consistency(self, first: int, second: int) -> tuple[bytes, ...]:
        """2.1.4.1: the hashes that show that the tree of `second` leaves begins with that of `first`."""
        return tuple(self._consistency(first, 0, second, whole=True)) if 0 < first < second else ()

    def _full(self, level: int, index: int) -> bytes:
        return bytes(self._levels[level][index * HASH_BYTES : (index + 1) * HASH_BYTES])

    def _root(self, start: int, size: int) -> bytes:
        """The root over `size` leaves from `start`, which is a multiple of the greatest power of two in `size`."""
        level = (size - 1).bit_length()
        if size == 1 << level:
            return self._full(level, start >> level)
        left = 1 << (level - 1)
        return self._suite.node(self._root(start, left), self._root(start + left, size - left))

    def _inclusion(self, index: int, start: int, size: int) -> list[bytes]:
        if size == 1:
            return []
        left = _left(size)
        if index < left:
            return [*self._inclusion(index, start, left), self._root(start + left, size - left)]
        return [*self._inclusion(index - left, start + left, size - left), self._root(start, left)]

    def _consistency(self, first: int, start: int, size: int, whole: bool) -> list[bytes]:
        if first == size:
            return [] if whole else [self._root(start, size)]
        left = _left(size)
        if first <= left:
            return [*self._consistency(first, start, left, whole), self._root(start + left, size - left)]
        return [*self._consistency(first - left, start + left, size - left, False), self._root(start, left)]


def _left(size: int) -> int:
    """The greatest power of two below a size."""
    return 1 << ((size - 1).bit_length() - 1)


def leads_to(root: bytes, leaf: bytes, index: int, size: int, path: Sequence[bytes], suite: Suite = SHA256_ED25519) -> bool:
    """2.1.3.2: whether the path leads from leaf `index` of `size` leaves to this root."""
    if not 0 <= index < size:
        return False
    at, last, carried = index, size - 1, leaf
    for step in path:
        if last == 0:
            return False
        if at & 1 or at == last:
            carried = suite.node(step, carried)
            while not at & 1 and at:
                at, last = at >> 1, last >> 1
        else:
            carried = suite.node(carried, step)
        at, last = at >> 1, last >> 1
    return last == 0 and carried == root


def consistent(
    first: tuple[int, bytes], second: tuple[int, bytes], path: Sequence[bytes], suite: Suite = SHA256_ED25519
) -> bool:
    """2.1.4.2: whether the path shows that the tree of the second size and root begins with that of the first."""
    (size, root), (later_size, later_root) = first, second
    if size > later_size:
        return False
    if size in (0, later_size):
        return not path and (root == later_root if size else root == suite.hash(b""))
    steps = list(path) if size & (size - 1) else [root, *path]  # a full first tree is not repeated in the path
    if not steps:
        return False
    at, last = size - 1, later_size - 1
    while at & 1:
        at, last = at >> 1, last >> 1
    old = new = steps[0]
    for step in steps[1:]:
        if last == 0:
            return False
        if at & 1 or at == last:
            old, new = suite.node(step, old), suite.node(step, new)
            while not at & 1 and at:
                at, last = at >> 1, last >> 1
        else:
            new = suite.node(new, step)
        at, last = at >> 1, last >> 1
    return last == 0 and old == root and new == later_root
