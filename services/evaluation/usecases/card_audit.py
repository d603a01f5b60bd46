"""What an auditor asks of cards: all a counted one rests on, samples keyed once more, how far keying is to be trusted."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, cast

import sqlalchemy as sa

from chassis.auth import Caller
from chassis.errors import Conflict, NotFound
from chassis.store import Tx
from services.evaluation.cards import geometry as geometries
from services.evaluation.domain.campaign import Campaign
from services.evaluation.domain.card import Card, CardState, Doubt, DoubtState, Origin
from services.evaluation.domain.card_sample import CardSample, RowsKeyed, drawn
from services.evaluation.storage import card_samples, cards, scans
from services.evaluation.storage.cards import CARDS, DOUBTS, SAMPLES
from services.evaluation.tally.entry import EntryError, entry_error
from services.evaluation.usecases.card_sides import doubt
from services.evaluation.usecases.desk import Desk


@dataclass(frozen=True, slots=True)
class CardRecord:
    """A card with every reading of it and all that was keyed; `withheld` while people who see it might still key it."""

    card: Card
    sides: Sequence[Any]
    doubts: Sequence[Doubt]
    withheld: bool


class CardAuditCases:
    """What the auditor does. The register is not asked."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    def page(
        self, caller: Caller, campaign_id: str, state: CardState | None, size: int, token: str
    ) -> tuple[list[Card], str]:
        """The cards of a campaign that came in, by id."""
        self._desk.campaign(caller, campaign_id)
        table = CARDS.table
        with self._desk.box.read(caller) as tx:
            query = sa.select(table).where(table.c.campaign_id == campaign_id)
            query = query.where(table.c.state == state) if state is not None else query
            page = tx.page(query, [table.c.id], size, token, descending=False)
        return [CARDS.value(row) for row in page.rows], page.next_token

    def get(self, caller: Caller, card_id: str) -> CardRecord:
        """Everything one card rests on."""
        with self._desk.box.read(caller) as tx:
            card = tx.get(CARDS, card_id)
            doubts = cards.doubts_of(tx, card.id)
            asked = any(one.state is not DoubtState.DECIDED for one in doubts)
            withheld = not card.ended or (asked and caller.has("checker"))
            return CardRecord(card, scans.sides_of(tx, card.id), doubts, withheld)

    def draw(self, caller: Caller, campaign_id: str, seed: str, size: int) -> tuple[CardSample, RowsKeyed]:
        """Draws counted cards from a published seed, and asks people to key their rows once more."""
        with self._desk.box.begin(caller) as tx:
            if tx.answered:
                return _with_outcome(tx, cast(CardSample, tx.answered))
            campaign = self._desk.in_force(tx, campaign_id)
            if tx.find(SAMPLES, SAMPLES.table.c.campaign_id == campaign.id, SAMPLES.table.c.seed == seed):
                raise Conflict("CARD_SAMPLE_DRAWN", "seed")
            counted = {row.id: row.leaf_hash for row in cards.counted(tx, campaign.id)}
            if not counted:
                raise NotFound("NO_CARDS", "campaign_id")
            sample = CardSample(
                id=tx.new_id(),
                version=1,
                unit_path=campaign.unit_path,
                jurisdiction_path=campaign.jurisdiction_path,
                campaign_id=campaign.id,
                seed=seed,
                card_ids=drawn(seed, counted.items(), size),
                drawn_at=tx.now,
                drawn_by=caller.subject,
            )
            card_samples.note(tx, sample.id, _asked(tx, campaign, sample))
            return _with_outcome(tx, tx.answer(tx.add(SAMPLES, sample)))

    def samples(
        self, caller: Caller, campaign_id: str, size: int, token: str
    ) -> tuple[list[tuple[CardSample, RowsKeyed]], str]:
        """The samples of a campaign, latest first, each with what came of it."""
        self._desk.campaign(caller, campaign_id)
        table = SAMPLES.table
        with self._desk.box.read(caller) as tx:
            page = tx.page(sa.select(table).where(table.c.campaign_id == campaign_id), [table.c.id], size, token)
            found = [SAMPLES.value(row) for row in page.rows]
            outcomes = card_samples.outcomes(tx, [one.id for one in found])
        return [(one, outcomes.get(one.id, RowsKeyed())) for one in found], page.next_token

    def error(self, caller: Caller, campaign_id: str) -> EntryError:
        """How far keying can be trusted."""
        campaign = self._desk.campaign(caller, campaign_id)
        with self._desk.box.read(caller) as tx:
            return entry_error(card_samples.keyed(tx, campaign_id), campaign.plan.lines.deviations)


def _asked(tx: Tx, campaign: Campaign, sample: CardSample) -> list[str]:
    """Asks people for every row of a sample's cards once more; the ids of these rows."""
    designs = {one.id: geometries.from_json(one.geometry) for one in cards.designs(tx, campaign.id)}
    asked = []
    for card_id in sample.card_ids:
        card = tx.get(CARDS, card_id)
        for row in designs[card.design_id].rows:
            asked.append(tx.add(DOUBTS, doubt(tx, card, row, Origin.SAMPLE, counted=card.marks[row])).id)
    return asked


def _with_outcome(tx: Tx, sample: CardSample) -> tuple[CardSample, RowsKeyed]:
    return sample, card_samples.outcomes(tx, [sample.id]).get(sample.id, RowsKeyed())
