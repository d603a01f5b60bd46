"""Putting ballots into a box: code check, at most one standing ballot per code, judgement, leaf, all in one transaction.

The box is locked first, so that no code is used twice at once, over whatever channels, and places are given without gaps.
Inside a batch the leaves are ordered by their hash: the order in which ballots came is not kept.
"""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from operator import itemgetter

from chassis.store import Tx
from services.evaluation.codes import Codes
from services.evaluation.domain.ballot import Channel, Paper, Receipt
from services.evaluation.domain.campaign import Campaign
from services.evaluation.domain.formula import Revote
from services.evaluation.log import NONE_EARLIER, SALT_BYTES, leaf_entry, suite_of
from services.evaluation.storage import box as boxes
from services.evaluation.storage import slips
from services.evaluation.storage.box import Box, Kept
from services.evaluation.storage.slips import Batch, Fresh

MOST_UNDER_ONE_CODE = 255  # an ordinal is one byte on its way into the database


class Intake:
    """Takes one batch into an open campaign's box within one transaction, which holds the box's lock."""

    def __init__(self, tx: Tx, codes: Codes, campaign: Campaign, box: Box) -> None:
        self._tx, self._codes, self._campaign = tx, codes, campaign
        self._suite = suite_of(campaign.plan.suite)
        self._box = replace(box, frontier=box.frontier.by(self._suite))
        self._paper = Paper(campaign.plan)
        self._refuses_again = campaign.plan.revote is Revote.REFUSED
        self._paths: dict[str, str] = {}
        self._last: dict[bytes, Kept | Fresh] = {}
        self._fresh: list[Fresh] = []
        self._places: dict[bytes, int] = {}

    @property
    def cells(self) -> int:
        """How many bytes a ballot has."""
        return self._paper.cells

    def take(
        self, source: str, sequence: int, channel: Channel, cast: Sequence[tuple[str, bytes]]
    ) -> list[Kept | Fresh | str]:
        """Takes one batch: a code and its ratings each. Answers for each with the ballot as it lies in the box, fresh or
        from before, or with the reason why it was refused: CODE_NOT_KNOWN, RATING_OUTSIDE_SCALE, BALLOT_ALREADY_CAST."""
        presented = [self._codes.presented(code) for code, _ in cast]
        known, self._last = slips.opened(self._tx, self._campaign.id, [code_hash for code_hash, _ in presented])
        self._channel, self._batch = channel, self._known(source, sequence)
        salts = secrets.token_bytes(SALT_BYTES * len(cast))
        outcomes: list[Kept | Fresh | str] = []
        for place, ((_, ratings), (code_hash, mask)) in enumerate(zip(cast, presented, strict=True)):
            entry = known.get(code_hash)
            if entry is None:
                outcomes.append("CODE_NOT_KNOWN")
                continue
            path = self._own_path(self._codes.open_unit(mask, entry.own_unit))
            salt = salts[place * SALT_BYTES : (place + 1) * SALT_BYTES]
            outcomes.append(self._one(code_hash, entry.rater_group, path, ratings, salt))
        self._put()
        return outcomes

    def receipt(self, ballot: Kept | Fresh) -> Receipt:
        """What the rater keeps of a ballot."""
        position = self._position(ballot)
        first_counts = self._campaign.plan.revote is Revote.FIRST_COUNTS
        counts = self._paper.counts(ballot.ballot_class) and not (first_counts and ballot.ordinal)
        return Receipt(self._campaign.id, self._campaign.number, position, ballot.leaf, ballot.ballot_class, counts)

    def _one(self, code_hash: bytes, group: int, path: str, ratings: bytes, salt: bytes) -> Kept | Fresh | str:
        """One ballot under a good code."""
        fault = self._paper.fault(ratings)
        if fault:
            return fault
        ballot = self._paper.close_own(ratings, path) if path else ratings
        last = self._last.get(code_hash)
        if last is not None and last.ratings == ballot:
            return last
        if last is not None and (self._refuses_again or last.ordinal == MOST_UNDER_ONE_CODE):
            return "BALLOT_ALREADY_CAST"
        channel, batch = self._channel.value, self._batch.number
        if isinstance(last, Fresh) and last.leaf not in self._places:
            self._put()  # a later ballot's leaf names the place of the one before it, so that one goes in first
        ordinal, earlier = (0, NONE_EARLIER) if last is None else (last.ordinal + 1, self._position(last))
        ballot_class = self._paper.judge(ballot, path, self._tx.now)
        leaf = self._suite.leaf(leaf_entry(salt, group, channel, batch, ballot_class.value, ordinal, earlier, ballot))
        fresh = Fresh(leaf, code_hash, ordinal, group, ballot_class, salt, ballot)
        self._last[code_hash] = fresh
        self._fresh.append(fresh)
        return fresh

    def _position(self, ballot: Kept | Fresh) -> int:
        """Where in the box a ballot lies."""
        return self._places[ballot.leaf] if isinstance(ballot, Fresh) else ballot.position

    def _own_path(self, unit_id: str) -> str:
        if unit_id not in self._paths:
            self._paths[unit_id] = own_path(self._tx, unit_id)
        return self._paths[unit_id]

    def _known(self, source: str, sequence: int) -> Batch:
        """The batch ballots come in: known if it is one that raters fill by themselves, else a fresh one."""
        around = rounded_down(self._tx.now, batch_length(self._tx, self._campaign))
        known = None if source else boxes.batch(self._tx, self._campaign.id, source, sequence)
        return Batch(known or self._box.batches + 1, source, sequence, around, fresh=known is None)

    def _put(self) -> None:
        """Writes the fresh ballots at the end of the box, in the order of their leaves."""
        fresh = sorted(self._fresh, key=itemgetter(0))
        first, leaves = self._box.frontier.size, [one.leaf for one in fresh]
        batches = max(self._box.batches, self._batch.number)
        self._box = replace(self._box, frontier=self._box.frontier.grown(leaves), batches=batches)
        slips.put(self._tx, self._box, self._batch, self._channel.value, fresh)
        self._places |= zip(leaves, range(first, first + len(leaves)), strict=True)
        self._fresh, self._batch = [], self._batch._replace(fresh=False)


def own_path(tx: Tx, unit_id: str) -> str:
    """The path of a rater's own unit; empty if there is none."""
    return tx.copy("unit", unit_id).unit_path if unit_id else ""


def batch_length(tx: Tx, campaign: Campaign) -> timedelta:
    """How coarse the only time known of a ballot is."""
    return timedelta(minutes=tx.setting("ballots.batch_minutes", campaign.jurisdiction_path))


def rounded_down(at: datetime, step: timedelta) -> datetime:
    """The instant rounded down to a multiple of `step` since 1970."""
    since = at - datetime.fromtimestamp(0, tz=at.tzinfo)
    return at - since % step
