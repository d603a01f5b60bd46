"""Whole cards keyed from the paper: where nothing is scanned, and where a scan did not show every side.

What a scan showed stands, or is with the checkers who look at its pictures; from the paper come only the rows that neither
has. They are keyed by two people apart like any other, and by a third where they differ.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any, cast

from chassis.auth import Caller
from chassis.errors import Conflict, Invalid, NotAllowed, NotFound
from chassis.store import Tx
from services.evaluation.cards import geometry as geometries
from services.evaluation.domain.ballot import Paper
from services.evaluation.domain.campaign import Campaign
from services.evaluation.domain.card import OPEN_ROW, Card, Doubt, DoubtState, Keyed, Origin
from services.evaluation.storage import card_waits, cards
from services.evaluation.storage.box import box
from services.evaluation.storage.cards import CARDS, DOUBTS
from services.evaluation.usecases.card_counting import CardCounting
from services.evaluation.usecases.card_sides import begun, doubt
from services.evaluation.usecases.desk import Desk
from services.evaluation.usecases.keying import keep


@dataclass(frozen=True, slots=True)
class CardKeyed:
    """That a card was keyed, by which of the two, how many rows wait for a third, and how many were taken at all."""

    card_id: str
    keyed_by: int
    disputed: int
    rows: int


@dataclass(frozen=True, slots=True)
class CardToKey:
    """A card that waits for somebody with its paper: the sides no scan showed, where the others were seen (rows of the
    query `card_waits.seen`), and whether one person has keyed it."""

    card: Card
    missing: Sequence[tuple[int, int]]
    seen: Sequence[Any]
    keyed_once: bool


class CardKeyingCases:
    """What is done with the paper in hand."""

    def __init__(self, desk: Desk, counting: CardCounting) -> None:
        self._desk, self._counting = desk, counting

    def waiting(self, caller: Caller, campaign_id: str, size: int, token: str) -> tuple[list[CardToKey], str]:
        """Cards that wait for somebody with their paper."""
        campaign = self._desk.campaign(caller, campaign_id)
        with self._desk.box.read(caller) as tx:
            sides = {
                one.id: [(sheet, side.side) for sheet, side in geometries.from_json(one.geometry).sides]
                for one in cards.designs(tx, campaign.id)
            }
            query = card_waits.for_paper(campaign.id, {design_id: len(known) for design_id, known in sides.items()})
            page = tx.page(query, [CARDS.table.c.id], size, token, descending=False)
            found = [CARDS.value(row) for row in page.rows]
            seen = card_waits.seen(tx, [card.id for card in found])
            once = card_waits.keyed_once(tx, [card.id for card in found])

        def told(card: Card) -> CardToKey:
            mine = [row for row in seen if row.card_id == card.id]
            there = {(row.sheet, row.side) for row in mine}
            missing = () if card.by_hand else [one for one in sides[card.design_id] if one not in there]
            return CardToKey(card, missing, mine, card.id in once)

        return [told(card) for card in found], page.next_token

    def key_card(
        self,
        caller: Caller,
        campaign_id: str,
        serial: str,
        ratings: Iterable[tuple[str, Sequence[int]]],
        paper_place: str,
    ) -> CardKeyed:
        """A card from the paper, by the first or the second of two."""
        serials = self._desk.serials
        serial_hash = serials.box_hash(serials.said(serial))
        with self._desk.box.begin(caller) as tx:
            if tx.answered:
                return _said(tx, cast(Card, tx.answered), caller.subject)
            self._desk.in_force(tx, campaign_id).must_be_open()  # whoever may not see it holds nobody up
            box(tx, campaign_id, lock=True)
            if tx.answered_meanwhile:
                return _said(tx, cast(Card, tx.answered), caller.subject)
            campaign = self._desk.in_force(tx, campaign_id)  # it may have been closed meanwhile
            campaign.must_be_open()
            geometry, design_id = _design_of(tx, campaign, serial_hash)
            ballot = Paper(campaign.plan).fill(ratings)
            if any(mark and row not in geometry.rows for row, mark in enumerate(ballot)):
                raise Invalid("OBJECT_NOT_ON_CARD", "ratings")
            card = cards.card_of(tx, serial_hash)
            if card is None:
                card = begun(tx, campaign, serial_hash, design_id, geometry, tx.now, by_hand=True)
            asked = _asked(tx, card, caller.subject)
            keyed = [one.key(Keyed(caller.subject, ballot[one.row], tx.now)) for one in asked]
            complete = keep(tx, _placed(tx, card, paper_place), keyed)
            said = _said(tx, card, caller.subject)
            tx.answer(tx.get(CARDS, card.id))
        if complete:
            self._counting.count(campaign.id)
        return said


def _design_of(tx: Tx, campaign: Campaign, serial_hash: bytes) -> tuple[geometries.Geometry, str]:
    """The geometry of the card with a serial. Raises NotFound CARD_NOT_KNOWN, Conflict CARD_VOID, CARD_DESIGN_DOES_NOT_FIT
    for one that was printed of another questionnaire."""
    known = cards.serial(tx, serial_hash)
    if known is None or known.campaign_id != campaign.id:
        raise NotFound("CARD_NOT_KNOWN", "serial")
    if known.void:
        raise Conflict("CARD_VOID", "serial")
    design = next(one for one in cards.designs(tx, campaign.id) if one.id == known.design_id)
    design.must_fit(campaign.plan)
    return geometries.from_json(design.geometry), design.id


def _asked(tx: Tx, card: Card, by: str) -> list[Doubt]:
    """The rows of a card for which its paper is wanted: those keyed once, else those that nothing shows and nobody is asked
    for. Raises Conflict CARD_SCANNED, CARD_ALREADY_KEYED, NotAllowed ROW_KEYED_BY_YOU."""
    known = cards.doubts_of(tx, card.id)
    from_paper = [one for one in known if one.origin is Origin.DESK]
    if not card.ended:
        once = [one for one in from_paper if one.state is DoubtState.ASKED]
        if any(one.first_by == by for one in once):
            raise NotAllowed("ROW_KEYED_BY_YOU")
        if once:
            return once
        waiting = {one.row for one in known if one.state is not DoubtState.DECIDED}
        lacking = [row for row, mark in enumerate(card.marks) if mark == OPEN_ROW and row not in waiting]
        if lacking:
            return [tx.add(DOUBTS, doubt(tx, card, row, Origin.DESK)) for row in lacking]
    if any(one.first_by == by for one in from_paper):
        raise NotAllowed("ROW_KEYED_BY_YOU")
    raise Conflict("CARD_ALREADY_KEYED" if from_paper and card.by_hand else "CARD_SCANNED", "serial")


def _placed(tx: Tx, card: Card, paper_place: str) -> Card:
    """The card with the place where its paper lies, if nobody said it before."""
    if card.paper_place:
        return card
    placed = replace(card, version=card.version + 1, paper_place=paper_place)
    tx.save(CARDS, placed)
    return placed


def _said(tx: Tx, card: Card, by: str) -> CardKeyed:
    from_paper = [one for one in cards.doubts_of(tx, card.id) if one.origin is Origin.DESK]
    disputed = sum(one.state is DoubtState.DISPUTED for one in from_paper)
    keyed_by = 1 if any(one.first_by == by for one in from_paper) else 2
    return CardKeyed(card.id, keyed_by, disputed, len(from_paper))
