"""Complete cards become ballots: through the same intake as every other, under their codes, each once.

No card is counted while a page of its campaign waits: it may show the same card with other marks, and which of the two was
read first must not decide. Whoever ends the last page counts what is complete; the sweep does what they left.

A card's mark and its ballot are written in one transaction, which holds the box: whoever is killed in it leaves neither.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from chassis.errors import Conflict, Refusal
from chassis.store import Tx
from services.evaluation.domain.ballot import Channel
from services.evaluation.domain.card import Card
from services.evaluation.storage import cards, scans
from services.evaluation.storage.cards import CARDS
from services.evaluation.usecases.ballots import BallotCases
from services.evaluation.usecases.desk import SERVICE, Desk
from services.evaluation.usecases.intake import Intake, Slips

TOGETHER = 50
SOURCE = "cards of paper: printed, mailed, read or keyed here, and counted by the service itself"
"""The source of their batches: longer than any that a device can name itself."""
WHY = {"CODE_NOT_KNOWN": "CARD_CODE_VOID"}


class CardCounting:
    """Counts what is complete."""

    def __init__(self, desk: Desk, ballots: BallotCases) -> None:
        self._desk, self._ballots = desk, ballots

    def sweep(self) -> int:
        """Counts whatever is complete, in every campaign; says how many cards ended."""
        with self._desk.box.read(SERVICE) as tx:
            campaigns = cards.campaigns_with_complete(tx)
        return sum(self.count(campaign_id) for campaign_id in campaigns)

    def count(self, campaign_id: str) -> int:
        """Counts the complete cards of a campaign; says how many ended. What cannot be counted now stays complete,
        as everything does while pages wait."""
        with self._desk.box.read(SERVICE) as tx:
            if scans.any_waiting(tx, campaign_id):
                return 0
        return self.count_now(campaign_id)

    def count_now(self, campaign_id: str) -> int:
        """The same although pages wait: before a close that leaves them."""
        ended, after, together = 0, "", TOGETHER
        while True:
            with self._desk.box.read(SERVICE) as tx:
                ready = cards.complete(tx, campaign_id, after, together)
            if not ready:
                return ended
            try:
                ended += self._some(campaign_id, after, ready[-1])
                after = ready[-1]
            except Refusal:  # a rater's own unit of which nothing was heard yet, for example: the others go on
                after = ready[0] if together == 1 else after
                together = 1

    def _some(self, campaign_id: str, after: str, until: str) -> int:
        with self._desk.box.begin(SERVICE) as tx:
            try:
                intake = self._ballots.intake(tx, campaign_id, SOURCE)
            except Conflict as closed:
                if closed.reason != "CAMPAIGN_NOT_OPEN":
                    raise
                ready = cards.complete_locked(tx, campaign_id, after, until)
                for card in ready:
                    cards.refuse(tx, card, "CARD_NOT_DONE")
                return len(ready)
            ready = cards.complete_locked(tx, campaign_id, after, until)
            known = cards.serials(tx, [card.serial_hash for card in ready])
            closes_at = self._desk.in_force(tx, campaign_id).plan.closes_at
            good: list[Card] = []
            for card in ready:
                why = "CARD_VOID" if known[card.serial_hash].void else ""
                why = why or ("CARD_LATE" if card.received_at > closes_at else "")
                if why:
                    cards.refuse(tx, card, why)
                else:
                    good.append(card)
            if good:
                self._put(tx, intake, good, known)
            return len(ready)

    def _put(self, tx: Tx, intake: Intake, good: Sequence[Card], known: dict[bytes, Any]) -> None:
        """Puts the ballots of these cards into the box, and into each card what became of it."""
        rows = [known[card.serial_hash] for card in good]
        masks = [self._desk.serials.masked(row.serial_hash, row.mask) for row in rows]
        ratings = np.frombuffer(b"".join(card.marks for card in good), dtype=np.uint8).reshape(len(good), intake.cells)
        received = max(card.received_at for card in good)
        slips = Slips([row.code_hash for row in rows], masks, ratings.copy(), received=received)
        batch = intake.batch(intake.standing.sequence + 1)
        [claim] = intake.claims([slips])
        intake.take(batch, Channel.CARD, claim)
        for at, card in enumerate(good):
            if at in intake.refused:
                reason = intake.refused[at].reason
                cards.refuse(tx, card, WHY.get(reason, reason))
            elif at in intake.repeated:
                cards.refuse(tx, card, "CARD_SAME_AS_BALLOT")
            else:
                receipt = intake.receipt(at)
                tx.save(CARDS, card.counted(receipt.ballot_class, receipt.position, receipt.leaf_hash))
