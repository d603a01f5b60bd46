"""Ballots by code, streams of ballots from devices and desks, proofs and heads."""

from __future__ import annotations

import secrets
from collections.abc import Iterable, Sequence
from contextlib import closing
from dataclasses import dataclass, replace
from datetime import datetime
from functools import reduce
from typing import Any

import numpy as np

from chassis.auth import Caller
from chassis.errors import Conflict, Invalid, NotFound, Refusal
from chassis.store import Tx
from services.evaluation.domain.ballot import Batch, Channel, Paper, PaperShown, Receipt, RefusedBallot, Taken
from services.evaluation.domain.campaign import Campaign, State
from services.evaluation.domain.formula import Revote
from services.evaluation.domain.judging import Judge
from services.evaluation.log import SALT_BYTES, TreeHead, suite_of
from services.evaluation.storage import box as boxes
from services.evaluation.storage import pages
from services.evaluation.storage.pages import Kept
from services.evaluation.storage.schema import CAMPAIGNS
from services.evaluation.usecases.ahead import ahead
from services.evaluation.usecases.desk import SERVICE, Desk
from services.evaluation.usecases.intake import Intake, Slips, batch_length, own_path, receipt_of, rounded_down

Presented = tuple[Batch, list[tuple[bytes, bytes]]]
MOST_REFUSALS = 1_000
MOST_TOGETHER = 8  # batches of a stream in one transaction: other raters wait for the box no longer than these take
BY_RATERS = ""  # the source of ballots that raters cast themselves


@dataclass(frozen=True, slots=True)
class InclusionProof:
    """A receipt, and the path from its leaf to the root of the latest signed head. Where that head does not cover it yet,
    there is no path, and `due` is when the next one is signed."""

    receipt: Receipt
    path: tuple[bytes, ...]
    head: TreeHead
    due: datetime | None = None


class BallotCases:
    """What raters, devices and desks do with ballots."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._store = desk.box
        self._judges: dict[str, Judge] = {}

    def paper(self, caller: Caller, code: str) -> PaperShown:
        """The paper a code opens. Raises NotFound CODE_NOT_KNOWN."""
        with self._store.read(caller) as tx:
            code_hash, mask = self._desk.codes.presented(code)
            row, campaign = self._opened(tx, code_hash, State.OPEN)
            own_unit = own_path(tx, self._desk.codes.open_unit(mask, row.own_unit))
            last = next(pages.under(tx, code_hash, campaign.plan.cells), None)
        cast = last.ordinal + 1 if last else 0
        paper = Paper(campaign.plan)
        objects = paper.objects_of(row.rater_group, row.only_object or "")
        again = campaign.plan.revote is not Revote.REFUSED
        own = paper.own_objects(own_unit)
        return PaperShown(campaign.id, campaign.number, campaign.plan, objects, own, cast, again)

    def cast(
        self,
        caller: Caller,
        code: str,
        ratings: Iterable[tuple[str, Sequence[int]]],
        nonce: str = "",
        after: int | None = None,
    ) -> Receipt:
        """Casts one ballot; it is in the box when this returns. Without a nonce it is never known as a repetition."""
        salt = self._desk.codes.salt(code, nonce) if nonce else secrets.token_bytes(SALT_BYTES)
        code_hash, mask = self._desk.codes.presented(code)
        with self._store.begin(caller) as tx:
            _, campaign = self._opened(tx, code_hash, State.OPEN)
            intake = self.intake(tx, campaign.id, BY_RATERS)
            ballot = np.frombuffer(Paper(campaign.plan).fill(ratings), dtype=np.uint8)
            quarter = rounded_down(tx.now, batch_length(tx, campaign))
            batch = intake.batch(int(quarter.timestamp()) // 60)
            [claim] = intake.claims([Slips([code_hash], [mask], ballot[None], salt, after)])
            intake.take(batch, Channel.ONLINE, claim)
            if intake.refused:
                raise _refusal(campaign, *intake.refused[0])
            receipt = intake.receipt(0)
        return self._desk.signed(campaign, receipt)

    def stream(self, caller: Caller, batches: Iterable[Batch]) -> Taken:
        """Takes a stream of batches, those that wait together in one transaction; says how far it came.

        The codes of the next batches are hashed while the database writes the ones before them.
        """
        taken, first = Taken(), None
        with closing(ahead(map(self._presented, batches), MOST_TOGETHER)) as coming:
            for waiting in coming:
                first = first or self._first(caller, waiting[0][0])
                taken = taken.and_then(self._take(caller, first, waiting), MOST_REFUSALS)
        return taken

    def prove(self, caller: Caller, code: str, leaf_hash: bytes, signature: bytes) -> InclusionProof:
        """Proves that the ballot of a receipt was cast with a code and is in the box, as far as a head covers it: one signed
        for who asks would tell everybody when that ballot came.

        Raises Conflict NO_BALLOT_CAST unless the leaf lies under this code and the box signed the receipt.
        """
        with self._store.read(caller) as tx:
            code_hash = self._desk.codes.box_hash(code)
            _, campaign = self._opened(tx, code_hash, *(state for state in State if state is not State.DRAFT))
            ballots = list(pages.under(tx, code_hash, campaign.plan.cells))
            asked = next((one for one in ballots if one.leaf_hash == leaf_hash), None)
            if asked is None or not self._vouched(campaign, asked, signature):
                raise Conflict("NO_BALLOT_CAST")
            receipt = replace(receipt_of(campaign, asked, ballots[0]), signature=signature)
            head = boxes.latest_head(tx, campaign.id)
            due = rounded_down(tx.now, batch_length(tx, campaign)) + batch_length(tx, campaign)
        assert head is not None, "an opened box has a head"
        if head.tree_size <= asked.position:
            return InclusionProof(receipt, (), head, due)
        tree = self._desk.grown(caller, head)
        return InclusionProof(receipt, tree.inclusion(asked.position, head.tree_size), head)

    def head(self, caller: Caller, campaign_id: str) -> TreeHead:
        """The latest signed head of a box."""
        with self._store.read(caller) as tx:
            campaign = tx.get(CAMPAIGNS, campaign_id)
            head = boxes.latest_head(tx, campaign.id)
        if head is None:
            raise NotFound("NO_TREE_HEAD", "campaign_id")
        return head

    def sign_heads(self) -> None:
        """Signs a head for every box that has grown since its last one, once the time of a batch has ended."""
        with self._store.read(SERVICE) as tx:
            grown = boxes.boxes_to_sign(tx)
        for campaign_id in grown:
            with self._store.begin(SERVICE) as tx:
                boxes.box(tx, campaign_id, lock=True)
                self._sign_ended(tx, tx.get(CAMPAIGNS, campaign_id))

    def _sign_ended(self, tx: Tx, campaign: Campaign) -> None:
        self._desk.sign_ended(tx, campaign, rounded_down(tx.now, batch_length(tx, campaign)))

    def _vouched(self, campaign: Campaign, kept: Kept, signature: bytes) -> bool:
        """Whether the box signed a receipt for this ballot."""
        suite = suite_of(campaign.plan.suite)
        return self._desk.signer.signed(suite, campaign.id, kept.position, kept.leaf_hash, signature)

    def _presented(self, batch: Batch) -> Presented:
        """A batch and what is made of its codes with keys, before the box is locked for it."""
        codes = self._desk.codes
        known = [codes.presented(code) for code in batch.codes]
        return replace(batch, content=codes.content((one for one, _ in known), batch.ratings)), known

    def _first(self, caller: Caller, batch: Batch) -> Batch:
        """The first message of a stream, which must say where the stream belongs."""
        if not batch.source:
            raise Invalid("SOURCE_MISSING", "source")
        self._desk.campaign(caller, batch.campaign_id)
        return batch

    def _take(self, caller: Caller, first: Batch, waiting: Sequence[Presented]) -> Taken:
        """Takes batches in one transaction; where one is refused, each in its own, so that those before it stay."""
        if first.channel is None:
            raise Invalid("CHANNEL_MISSING", "channel")
        try:
            with self._store.begin(caller) as tx:
                intake = self.intake(tx, first.campaign_id, first.source)
                taken = Taken(intake.standing.sequence)
                fresh = _fresh(tx, intake, first, waiting)
                for (batch, _), claim in zip(fresh, intake.claims(cast for _, cast in fresh), strict=True):
                    intake.take(intake.batch(batch.sequence, batch.content), first.channel, claim)
                    taken = taken.and_then(_taken(batch.sequence, intake), MOST_REFUSALS)
            return taken
        except Refusal:
            if len(waiting) == 1:
                raise
        each = (self._take(caller, first, [one]) for one in waiting)
        return reduce(lambda before, one: before.and_then(one, MOST_REFUSALS), each, Taken())

    def intake(self, tx: Tx, campaign_id: str, source: str) -> Intake:
        """The open box of a campaign, locked before the campaign is read. Raises Conflict CAMPAIGN_NOT_OPEN."""
        box, standing = boxes.locked(tx, campaign_id, source)
        campaign = self._desk.in_force(tx, campaign_id, standing.version)
        campaign.must_be_open()
        self._sign_ended(tx, campaign)
        assert box is not None, "an open campaign has a box"
        judge = self._judges.get(campaign_id)
        if judge is None or judge.paper.plan is not campaign.plan:
            self._judges = {campaign_id: (judge := Judge(Paper(campaign.plan)))}
        return Intake(tx, self._desk.codes, campaign, judge, box, source, standing)

    def _opened(self, tx: Tx, code_hash: bytes, *states: State) -> tuple[Any, Campaign]:
        """The code and its campaign, if it stands as asked. Raises NotFound CODE_NOT_KNOWN, whatever is wrong."""
        row = boxes.code(tx, code_hash, states)
        if row is None:
            raise NotFound("CODE_NOT_KNOWN", "code")
        return row, self._desk.in_force(tx, row.campaign_id, row.version)


def _fresh(tx: Tx, intake: Intake, first: Batch, waiting: Sequence[Presented]) -> list[tuple[Batch, Slips]]:
    """The next batches of a stream. Those that are in the box already change nothing."""
    fresh: list[tuple[Batch, Slips]] = []
    for batch, codes in waiting:
        last = intake.standing.sequence + len(fresh)
        if 0 < batch.sequence <= intake.standing.sequence:
            _must_be_the_same(tx, first, batch, intake.standing.sequence)
            continue
        if not codes:
            continue
        if batch.sequence != last + 1:
            raise Conflict("SEQUENCE_GAP", "sequence", expected=last + 1)
        ratings = np.frombuffer(batch.ratings, dtype=np.uint8)
        if len(ratings) != intake.cells * len(codes):
            raise Invalid("RATINGS_LENGTH", "ratings", cells=intake.cells)
        hashes, masks = zip(*codes, strict=True)
        fresh.append((batch, Slips(hashes, masks, ratings.reshape(len(codes), intake.cells))))
    return fresh


def _must_be_the_same(tx: Tx, first: Batch, batch: Batch, last: int) -> None:
    """Raises Conflict SEQUENCE_REUSED if the box holds other ballots as this batch: two devices bear one name."""
    known = boxes.content(tx, first.campaign_id, first.source, batch.sequence)
    if known is not None and known != batch.content:
        raise Conflict("SEQUENCE_REUSED", "sequence", source=first.source, last=last)


def _taken(sequence: int, intake: Intake) -> Taken:
    refusals = [RefusedBallot(sequence, row, *why) for row, why in sorted(intake.refused.items())]
    return Taken(sequence, intake.accepted, len(intake.repeated), len(refusals), tuple(refusals[:MOST_REFUSALS]))


def _refusal(campaign: Campaign, reason: str, object_id: str) -> Refusal:
    """The refusal of a ballot that a rater cast: an unknown code looks like every other wrong one."""
    if reason == "OBJECT_NOT_YOURS":
        name = next(one.name for one in campaign.plan.objects if one.object_id == object_id)
        return Invalid(reason, "ratings", object=name)
    return NotFound(reason, "code") if reason == "CODE_NOT_KNOWN" else Conflict(reason)
