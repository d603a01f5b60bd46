"""Trees of boxes kept in memory, so that a proof reads only the leaves that came since the last one.

A public proof that read a million leaves each time could be asked for until nothing else runs.
"""

from __future__ import annotations

import threading

from chassis.store import Tx
from services.evaluation.log import Tree, TreeHead, suite_of
from services.evaluation.storage import box as boxes

REMEMBERED = 4  # a box of a million ballots takes 64 MB


class Trees:
    """The trees of the boxes asked for last."""

    def __init__(self) -> None:
        self._known: dict[str, Tree] = {}
        self._growing = threading.Lock()

    def grown(self, tx: Tx, head: TreeHead) -> Tree:
        """The tree of a box, at least as large as a signed head says."""
        with self._growing:
            tree = self._known.pop(head.campaign_id, None) or Tree(suite_of(head.suite))
            tree.grow(boxes.leaves(tx, head.campaign_id, head.tree_size, tree.size))
            self._known[head.campaign_id] = tree
            while len(self._known) > REMEMBERED:
                del self._known[next(iter(self._known))]
            return tree
