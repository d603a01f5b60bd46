"""What several use cases of evaluation need: the two stores, the codes, the signer of heads."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

import sqlalchemy as sa

from chassis.auth import Caller
from chassis.clock import Clock
from chassis.errors import NotFound
from chassis.keys import Keyring
from chassis.store import Store, Tx
from services.evaluation.codes import Codes
from services.evaluation.domain.ballot import Receipt
from services.evaluation.domain.campaign import Campaign
from services.evaluation.log import Signer, Tree, TreeHead, suite_of
from services.evaluation.serials import Serials
from services.evaluation.storage import box as boxes
from services.evaluation.storage.pages import Box
from services.evaluation.storage.schema import CAMPAIGNS
from services.evaluation.usecases.trees import Trees

SERVICE = Caller.service("evaluation")

REMEMBERED = 32
NEXT = timedelta(microseconds=1)  # the finest step of time that a head is signed with


@dataclass(frozen=True, slots=True)
class Desk:
    """The tools of the use cases. `box` holds campaigns and ballots, `register` the raters."""

    box: Store
    register: Store
    clock: Clock
    keys: Keyring
    codes: Codes
    signer: Signer
    serials: Serials
    trees: Trees = field(default_factory=Trees)
    _seen: dict[str, Campaign] = field(default_factory=dict)
    _ended: dict[str, datetime] = field(default_factory=dict)

    def campaign(self, caller: Caller, campaign_id: str) -> Campaign:
        """A campaign the caller may see. Raises NotFound CAMPAIGN_NOT_FOUND."""
        with self.box.read(caller) as tx:
            return tx.get(CAMPAIGNS, campaign_id)

    def in_force(self, tx: Tx, campaign_id: str, version: int | None = None) -> Campaign:
        """A campaign as it stands in this transaction; its plan is read again only when it has changed.

        Whoever may see it and has asked for its version already says so.

        A plan of a hundred objects takes longer to read than a ballot to take in.
        """
        seen = self._seen.get(campaign_id)
        table = CAMPAIGNS.table
        if seen is not None and seen.version == version:
            return seen
        if seen is not None and version is None:
            query = sa.select(table.c.version).where(table.c.id == campaign_id, tx.visible(table))
            if any(row.version == seen.version for row in tx.rows(query)):
                return seen
        campaign = tx.get(CAMPAIGNS, campaign_id)
        if len(self._seen) >= REMEMBERED:
            self._seen.clear()
        self._seen[campaign_id] = campaign
        return campaign

    def signed(self, campaign: Campaign, receipt: Receipt) -> Receipt:
        """A receipt with the box's word for it. Only who casts alone is given one: a stream pays nothing for it."""
        suite = suite_of(campaign.plan.suite)
        signature = self.signer.receipt(suite, campaign.id, receipt.position, receipt.leaf_hash)
        return replace(receipt, signature=signature)

    def sign(self, tx: Tx, campaign: Campaign, closing: bool = False) -> TreeHead:
        """Signs what the box holds now, unless that has been done; `closing` says with it that nothing more comes.

        Only one signs at a time, and each head is later than the one before it, whatever the clocks say: the last one in
        the order of time is the last one signed. The campaign must have been read under the box's lock.
        Raises NotFound NO_TREE_HEAD before it opens.
        """
        box = boxes.box(tx, campaign.id, lock=True)
        if box is None:
            raise NotFound("NO_TREE_HEAD", "campaign_id")
        last = boxes.latest_head(tx, campaign.id)
        if last is not None and (last.closing or (not closing and _covers(last, box, campaign))):
            return last
        frontier = box.frontier.by(suite_of(campaign.plan.suite))
        at = tx.now if last is None else max(tx.now, last.signed_at + NEXT)
        head = self.signer.head(campaign.id, frontier, campaign.rules_hash, at, closing)
        boxes.keep_head(tx, head)
        boxes.save_box(tx, replace(box, signed_size=box.frontier.size))
        return head

    def sign_ended(self, tx: Tx, campaign: Campaign, window: datetime) -> None:
        """Signs what was cast before this window of time, if anything was and nobody has yet. Whoever adds the first ballot
        of a window does it first, under the box's lock: so a head covers whole windows, and tells no time finer than one."""
        if self._ended.get(campaign.id) == window:
            return
        last = boxes.latest_head(tx, campaign.id)
        if last is None or last.signed_at < window:
            self.sign(tx, campaign)
        else:
            if len(self._ended) >= REMEMBERED:
                self._ended.clear()
            self._ended[campaign.id] = window  # not once signed: the transaction may yet come to nothing

    def grown(self, caller: Caller, head: TreeHead) -> Tree:
        """The tree of a box, at least as large as a signed head says. No transaction is open while it is hashed."""

        def leaves(first: int) -> list[bytes]:
            with self.box.read(caller) as tx:
                return boxes.leaves(tx, head.campaign_id, head.tree_size, first)

        return self.trees.grown(head, leaves)


def _covers(head: TreeHead, box: Box, campaign: Campaign) -> bool:
    return (head.tree_size, head.rules_hash) == (box.frontier.size, campaign.rules_hash)
