"""Putting ballots into a box: code check, at most one standing ballot per code, judgement, leaf, all in one transaction.

The box is locked first, so that no code is used twice at once, over whatever channels, and places are given without gaps.
Inside a batch the leaves are ordered by their hash: the order in which ballots came is not kept.
"""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from chassis.store import Tx
from services.evaluation.codes import Codes
from services.evaluation.domain.ballot import Channel, Paper, Receipt
from services.evaluation.domain.campaign import Campaign
from services.evaluation.domain.plan import Revote
from services.evaluation.log import SALT_BYTES, leaf_entry, leaf_hash
from services.evaluation.storage import box as boxes
from services.evaluation.storage.box import Box, Kept
from services.evaluation.storage.schema import BALLOTS


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one ballot: taken, in the box already, or refused for a reason."""

    reason: str = ""
    kept: Kept | None = None
    fresh: bool = False


class Intake:
    """Takes ballots into one open campaign's box within one transaction, which holds the box's lock."""

    def __init__(self, tx: Tx, codes: Codes, campaign: Campaign, paper: Paper, box: Box) -> None:
        self._tx, self._codes, self._campaign, self._paper = tx, codes, campaign, paper
        self._box = box

    @property
    def cells(self) -> int:
        """How many bytes a ballot has."""
        return self._paper.cells

    def take(self, source: str, sequence: int, channel: Channel, slips: Sequence[tuple[str, bytes]]) -> list[Outcome]:
        """Takes one batch: a code and its ratings each. A ballot is refused by itself: CODE_NOT_KNOWN,
        RATING_OUTSIDE_SCALE, BALLOT_ALREADY_CAST."""
        hashes = [self._codes.box_hash(code) for code, _ in slips]
        known = boxes.codes(self._tx, hashes)
        before = boxes.ballots_under(self._tx, hashes)
        batch = self._batch(source, sequence)
        salts = secrets.token_bytes(SALT_BYTES * len(slips))
        outcomes: list[Outcome] = []
        rows: list[dict[str, Any]] = []
        for place, ((code, ratings), code_hash) in enumerate(zip(slips, hashes, strict=True)):
            row = known.get(code_hash)
            if row is None or row.campaign_id != self._campaign.id:
                outcomes.append(Outcome("CODE_NOT_KNOWN"))
                continue
            own_unit = self._codes.open_own_unit(code, row.own_unit)
            ballot = self._paper.close_own(ratings, own_unit)
            outcome = self._outcome(ballot, before.get(code_hash, []))
            if outcome is None:
                salt = salts[place * SALT_BYTES : (place + 1) * SALT_BYTES]
                leaf = leaf_hash(leaf_entry(salt, row.rater_group, channel.value, batch, ballot))
                ordinal = len(before.get(code_hash, ()))
                kept = Kept(0, ordinal, leaf, self._paper.judge(ballot, own_unit, self._tx.now), ballot)
                before.setdefault(code_hash, []).append(kept)
                rows.append(self._row(code_hash, row.rater_group, channel, batch, salt, kept))
                outcome = Outcome(kept=kept, fresh=True)
            outcomes.append(outcome)
        places = self._put(rows)
        return [_placed(outcome, places) for outcome in outcomes]

    def receipt(self, kept: Kept) -> Receipt:
        """What the rater keeps of a ballot."""
        first_counts = self._campaign.plan.revote is Revote.FIRST_COUNTS
        counts = self._paper.counts(kept.ballot_class) and not (first_counts and kept.ordinal)
        return Receipt(self._campaign.id, self._campaign.number, kept.position, kept.leaf, kept.ballot_class, counts)

    def _outcome(self, ballot: bytes, before: Sequence[Kept]) -> Outcome | None:
        """What becomes of a ballot that will not be added; None for one that will."""
        if self._paper.fault(ballot):
            return Outcome(self._paper.fault(ballot))
        if before and before[-1].ratings == ballot:
            return Outcome(kept=before[-1])
        if before and self._campaign.plan.revote is Revote.REFUSED:
            return Outcome("BALLOT_ALREADY_CAST")
        return None

    def _row(self, code_hash: bytes, group: int, channel: Channel, batch: int, salt: bytes, kept: Kept) -> dict[str, Any]:
        return {
            "campaign_id": self._campaign.id,
            "position": 0,
            "code_hash": code_hash,
            "ordinal": kept.ordinal,
            "rater_group": group,
            "channel": channel.value,
            "batch": batch,
            "class": kept.ballot_class.value,
            "salt": salt,
            "leaf": kept.leaf,
            "ratings": kept.ratings,
        }

    def _batch(self, source: str, sequence: int) -> int:
        """The number of the batch, which is made if it is new."""
        number = boxes.batch(self._tx, self._campaign.id, source, sequence)
        if number is not None:
            return number
        number = self._box.batches + 1
        around = rounded_down(self._tx.now, batch_length(self._tx, self._campaign))
        boxes.add_batch(self._tx, self._campaign.id, number, source, sequence, around)
        self._box = replace(self._box, batches=number)
        return number

    def _put(self, rows: list[dict[str, Any]]) -> dict[bytes, int]:
        """Writes the rows at the end of the box in the order of their leaves; returns each leaf's place."""
        rows.sort(key=lambda row: bytes(row["leaf"]))
        first = self._box.frontier.size
        for place, row in enumerate(rows, start=first):
            row["position"] = place
        self._box = replace(self._box, frontier=self._box.frontier.grown(row["leaf"] for row in rows))
        if rows:
            self._tx.bulk(BALLOTS, rows)
        boxes.save_box(self._tx, self._box)
        return {row["leaf"]: row["position"] for row in rows}


def batch_length(tx: Tx, campaign: Campaign) -> timedelta:
    """How coarse the only time known of a ballot is."""
    return timedelta(minutes=tx.setting("ballots.batch_minutes", campaign.jurisdiction_path))


def rounded_down(at: datetime, step: timedelta) -> datetime:
    """The instant rounded down to a multiple of `step` since 1970."""
    since = at - datetime.fromtimestamp(0, tz=at.tzinfo)
    return at - since % step


def _placed(outcome: Outcome, places: dict[bytes, int]) -> Outcome:
    kept = outcome.kept
    if kept is None or kept.leaf not in places:
        return outcome
    return replace(outcome, kept=replace(kept, position=places[kept.leaf]))
