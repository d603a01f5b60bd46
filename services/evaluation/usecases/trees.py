"""Trees of boxes kept in memory, so that a proof reads only the leaves that came since the last one.

A public proof that read a million leaves each time could be asked for until nothing else runs.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import NamedTuple

from services.evaluation.log import Tree, TreeHead, suite_of

REMEMBERED = 4  # a box of a million ballots takes 64 MB


class Growing(NamedTuple):
    """A tree, and the lock of whoever lets it grow. What it holds already can be read meanwhile: it is only added to."""

    tree: Tree
    lock: threading.Lock


class Trees:
    """The trees of the boxes asked for last."""

    def __init__(self) -> None:
        self._known: dict[str, Growing] = {}
        self._looking = threading.Lock()

    def grown(self, head: TreeHead, leaves: Callable[[int], list[bytes]]) -> Tree:
        """The tree of a box, at least as large as a signed head says; `leaves` reads its leaf hashes from a place on. Who
        asks about one box does not wait for the tree of another."""
        with self._looking:
            known = self._known.pop(head.campaign_id, None) or Growing(Tree(suite_of(head.suite)), threading.Lock())
            self._known[head.campaign_id] = known
            while len(self._known) > REMEMBERED:
                del self._known[next(iter(self._known))]
        with known.lock:
            if known.tree.size < head.tree_size:
                known.tree.grow(leaves(known.tree.size))
        return known.tree
