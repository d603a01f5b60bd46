"""What an auditor asks for: heads, consistency, whether a receipt is in the box, the published box."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import Enum

import sqlalchemy as sa

from chassis.auth import Caller, covers
from chassis.errors import Conflict, Invalid, NotAllowed, NotFound
from chassis.store import Tx
from services.evaluation.domain.adjustment import Adjustment
from services.evaluation.domain.campaign import Campaign, State
from services.evaluation.domain.formula import Publish
from services.evaluation.domain.result import GroupTurnout, ObjectResult
from services.evaluation.log import TreeHead, suite_of
from services.evaluation.storage import box as boxes
from services.evaluation.storage import counts
from services.evaluation.storage.schema import ADJUSTMENTS, CAMPAIGNS
from services.evaluation.usecases.desk import Desk
from services.evaluation.usecases.reading import entries
from services.evaluation.wire import published

AUDITORS = ("checker", "auditor")
PIECE = 1 << 20  # a message may be four times as long
LONGEST_PORTION = 8 << 20  # bytes of ballots read at once


class Standing(Enum):
    """What lies where a receipt says."""

    IN_THE_BOX = 1
    BEYOND = 2
    ANOTHER_LEAF = 3


@dataclass(frozen=True, slots=True)
class Found:
    """A receipt held against the box: what lies at its place under the latest head, and the path there."""

    standing: Standing
    signed: bool
    leaf_hash: bytes
    path: tuple[bytes, ...]
    head: TreeHead


@dataclass(frozen=True, slots=True)
class Consistency:
    """Two heads, and the hashes that show that the later tree begins with the earlier one."""

    earlier: TreeHead
    later: TreeHead
    path: tuple[bytes, ...]


@dataclass(frozen=True, slots=True)
class Published:
    """The published box: its files with their sizes, and their bytes piece by piece."""

    campaign: Campaign
    files: tuple[tuple[str, int], ...]
    pieces: Iterator[tuple[str, bytes]]


class ProofCases:
    """What anybody can check of a box."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._store = desk.box

    def heads(self, caller: Caller, campaign_id: str, size: int, token: str) -> tuple[list[TreeHead], str]:
        """A page of signed heads, first one first, and the token of the next."""
        with self._store.read(caller) as tx:
            tx.get(CAMPAIGNS, campaign_id)
            query = boxes.heads_query(campaign_id)
            page = tx.page(query, by=boxes.HEAD_ORDER, size=size, token=token, descending=False)
            return [boxes.head_from(row) for row in page.rows], page.next_token

    def consistency(self, caller: Caller, campaign_id: str, first: int, second: int) -> Consistency:
        """The proof that the box grew from one signed size to another. Raises Invalid TREE_SIZES_UNORDERED, NotFound
        TREE_SIZE_UNSIGNED."""
        if first > second:
            raise Invalid("TREE_SIZES_UNORDERED", "from_size")
        with self._store.read(caller) as tx:
            tx.get(CAMPAIGNS, campaign_id)
            earlier = _signed(tx, campaign_id, first, "from_size")
            later = _signed(tx, campaign_id, second, "to_size")
        tree = self._desk.grown(caller, later)
        return Consistency(earlier, later, tree.consistency(first, second))

    def check(self, caller: Caller, campaign_id: str, position: int, leaf_hash: bytes, signature: bytes) -> Found:
        """Holds a receipt against the latest head."""
        with self._store.read(caller) as tx:
            tx.get(CAMPAIGNS, campaign_id)
            head = _latest(tx, campaign_id)
        tree = self._desk.grown(caller, head)
        receipt = (suite_of(head.suite), campaign_id, position, leaf_hash, signature)
        signed = bool(signature) and self._desk.signer.signed(*receipt)
        if position >= head.tree_size:
            return Found(Standing.BEYOND, signed, b"", (), head)
        leaf = tree.leaf(position)
        standing = Standing.IN_THE_BOX if leaf == leaf_hash else Standing.ANOTHER_LEAF
        return Found(standing, signed, leaf, tree.inclusion(position, head.tree_size), head)

    def publish(self, caller: Caller, campaign_id: str) -> Published:
        """The box with rules, heads and result, if it may be shown to the caller. Raises Conflict BOX_NOT_CLOSED,
        NotAllowed BOX_NOT_PUBLIC, BOX_TOO_FEW."""
        with self._store.read(caller) as tx:
            campaign = tx.get(CAMPAIGNS, campaign_id)
            head = _latest(tx, campaign_id)
            whole = _may_be_shown(tx, campaign, caller)
            before, after = self._documents(tx, campaign, head, whole)
        before.append(published.seal([*before, *after], head, self._desk.signer))
        length = published.record_length(campaign.plan)
        ballots = (published.BALLOTS, head.tree_size * length)
        files = (*((name, len(text)) for name, text in before), ballots, *((name, len(text)) for name, text in after))
        return Published(campaign, files, self._pieces(caller, campaign, head.tree_size, before, after))

    def _documents(
        self, tx: Tx, campaign: Campaign, head: TreeHead, whole: bool
    ) -> tuple[list[tuple[str, bytes]], list[tuple[str, bytes]]]:
        """The documents that come before the ballots, and those after: the result, once there is one."""
        before = published.rules(campaign, head, boxes.heads(tx, campaign.id))
        kept = counts.last(tx, campaign.id, released=campaign.public)
        if kept is None:
            return before, []
        results = counts.results(tx, campaign.id, kept.count)
        tariff = campaign.plan.points_off
        return before, published.result(kept.turnout, results, tariff, _charged(tx, results), whole)

    def _pieces(
        self,
        caller: Caller,
        campaign: Campaign,
        size: int,
        before: list[tuple[str, bytes]],
        after: list[tuple[str, bytes]],
    ) -> Iterator[tuple[str, bytes]]:
        """Every file in pieces. Ballots are read portion by portion, each for itself: whoever downloads slowly keeps no
        transaction open."""
        yield from _cut(before)
        step = max(1, LONGEST_PORTION // published.record_length(campaign.plan))
        for first in range(0, size, step):
            with self._store.read(caller) as tx:
                portion = entries(tx, campaign, first, min(first + step, size))
            yield from _cut([(published.BALLOTS, portion)])
        yield from _cut(after)


def _cut(files: list[tuple[str, bytes]]) -> Iterator[tuple[str, bytes]]:
    for name, text in files:
        for start in range(0, len(text), PIECE):
            yield name, text[start : start + PIECE]


def _charged(tx: Tx, results: Iterable[ObjectResult]) -> dict[str, Adjustment]:
    """The entries of the ledger behind the results, by id."""
    table = ADJUSTMENTS.table
    ids = {charge.adjustment_id for one in results for charge in one.charges}
    return {row.id: ADJUSTMENTS.value(row) for row in tx.rows(sa.select(table).where(table.c.id.in_(ids)))}


def _latest(tx: Tx, campaign_id: str) -> TreeHead:
    head = boxes.latest_head(tx, campaign_id)
    if head is None:
        raise NotFound("NO_TREE_HEAD", "campaign_id")
    return head


def _signed(tx: Tx, campaign_id: str, size: int, field: str) -> TreeHead:
    head = boxes.head_of_size(tx, campaign_id, size)
    if head is None:
        raise NotFound("TREE_SIZE_UNSIGNED", field, size=size)
    return head


def _may_be_shown(tx: Tx, campaign: Campaign, caller: Caller) -> bool:
    """Whether the caller may have the box with the measures in it. What everybody gets must not say more than the result
    says."""
    if campaign.state is State.OPEN:
        raise Conflict("BOX_NOT_CLOSED", number=campaign.number)
    if caller.has(*AUDITORS) and any(covers(path, campaign.jurisdiction_path) for path in caller.jurisdiction_paths):
        return True
    if not campaign.public or campaign.plan.publication.what is not Publish.FULL:
        raise NotAllowed("BOX_NOT_PUBLIC", number=campaign.number)
    kept = counts.last(tx, campaign.id, released=True)
    if kept is None or _too_few(campaign, kept.turnout, counts.results(tx, campaign.id, kept.count)):
        raise NotAllowed("BOX_TOO_FEW", number=campaign.number)
    return False


def _too_few(campaign: Campaign, turnout: Iterable[GroupTurnout], results: Iterable[ObjectResult]) -> bool:
    """Whether somebody stands almost alone in the box: few raters of a group, however often they cast (a ballot cast again
    supersedes one), or an object of which the result hides what a group answered."""
    few = campaign.plan.suppress_below
    raters = (group.received - group.superseded for group in turnout)
    hidden = any(share.hidden and share.share for one in results for share in one.groups)
    return hidden or any(0 < number < few for number in raters)
