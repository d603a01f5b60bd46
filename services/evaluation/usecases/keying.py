"""Rows keyed by people: two apart, a third where they differ; and whole cards keyed from the paper.

Nobody is shown what a machine made of a row, nor what another keyed; who decides a dispute sees both answers and not whose
they are. What is decided last counts the card.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import cast

from chassis.auth import Caller
from chassis.errors import Conflict, Invalid, NotAllowed, NotFound
from chassis.store import Tx
from services.evaluation.cards import geometry as geometries
from services.evaluation.domain.ballot import Paper
from services.evaluation.domain.campaign import Campaign
from services.evaluation.domain.card import Card, CardState, Doubt, DoubtState, Keyed, Origin, must_be_answer
from services.evaluation.storage import cards, scans
from services.evaluation.storage.box import box
from services.evaluation.storage.cards import CARD_DESIGNS, CARDS, DOUBTS
from services.evaluation.usecases.card_counting import CardCounting
from services.evaluation.usecases.card_sides import doubt, open_marks
from services.evaluation.usecases.desk import Desk


@dataclass(frozen=True, slots=True)
class DoubtShown:
    """A row as it is put before people: its question, the pictures of it, where its paper lies."""

    doubt: Doubt
    object_id: str
    object: str
    dimension: str
    strips: tuple[str, ...]
    sides: tuple[str, ...]
    paper_place: str


@dataclass(frozen=True, slots=True)
class CardKeyed:
    """That a whole card was keyed, by which of the two, and how many rows wait for a third."""

    card_id: str
    keyed_by: int
    disputed: int


class KeyingCases:
    """What checkers do."""

    def __init__(self, desk: Desk, counting: CardCounting) -> None:
        self._desk, self._counting = desk, counting

    def asked(self, caller: Caller, campaign_id: str, size: int, token: str) -> tuple[list[DoubtShown], str]:
        """Rows that wait for this checker."""
        campaign = self._desk.campaign(caller, campaign_id)
        with self._desk.box.read(caller) as tx:
            query = cards.asked_of(campaign.id, caller.subject)
            page = tx.page(query, [DOUBTS.table.c.id], size, token, descending=False)
            return _shown(tx, campaign, [DOUBTS.value(row) for row in page.rows]), page.next_token

    def disputed(self, caller: Caller, campaign_id: str, size: int, token: str) -> tuple[list[DoubtShown], str]:
        """Rows that two others keyed differently."""
        campaign = self._desk.campaign(caller, campaign_id)
        with self._desk.box.read(caller) as tx:
            query = cards.disputed(campaign.id, caller.subject)
            page = tx.page(query, [DOUBTS.table.c.id], size, token, descending=False)
            return _shown(tx, campaign, [DOUBTS.value(row) for row in page.rows]), page.next_token

    def key(self, caller: Caller, doubt_id: str, mark: int) -> Doubt:
        """One row, by the first or the second of two."""
        with self._desk.box.begin(caller) as tx:
            if tx.answered:
                return cast(Doubt, tx.answered)
            asked, card = _locked(tx, doubt_id)
            if tx.answered_meanwhile:
                return cast(Doubt, tx.answered)
            must_be_answer(mark, _answers(tx, card))
            if asked.origin is Origin.SAMPLE:
                _must_not_have_keyed(tx, asked, caller.subject)
            complete = self._decided(tx, card, [asked.key(Keyed(caller.subject, mark, tx.now))])
            keyed = tx.answer(tx.get(DOUBTS, doubt_id))
        if complete:
            self._counting.count(keyed.campaign_id)
        return keyed

    def decide(self, caller: Caller, doubt_id: str, mark: int, again: int) -> Doubt:
        """One row, by a third person, who says it twice."""
        with self._desk.box.begin(caller) as tx:
            if tx.answered:
                return cast(Doubt, tx.answered)
            asked, card = _locked(tx, doubt_id)
            if tx.answered_meanwhile:
                return cast(Doubt, tx.answered)
            must_be_answer(mark, _answers(tx, card))
            complete = self._decided(tx, card, [asked.decide(Keyed(caller.subject, mark, tx.now), again)])
            decided = tx.answer(tx.get(DOUBTS, doubt_id))
        if complete:
            self._counting.count(decided.campaign_id)
        return decided

    def key_card(
        self,
        caller: Caller,
        campaign_id: str,
        serial: str,
        ratings: Iterable[tuple[str, Sequence[int]]],
        paper_place: str,
    ) -> CardKeyed:
        """A whole card from the paper, by the first or the second of two."""
        serials = self._desk.serials
        serial_hash = serials.box_hash(serials.said(serial))
        with self._desk.box.begin(caller) as tx:
            if tx.answered:
                return _keyed(tx, cast(Card, tx.answered), caller.subject)
            campaign = self._desk.in_force(tx, campaign_id)
            campaign.must_be_open()
            box(tx, campaign_id, lock=True)
            if tx.answered_meanwhile:
                return _keyed(tx, cast(Card, tx.answered), caller.subject)
            geometry, design_id = _design_of(tx, campaign, serial_hash)
            ballot = Paper(campaign.plan).fill(ratings)
            if any(mark and row not in geometry.rows for row, mark in enumerate(ballot)):
                raise Invalid("OBJECT_NOT_ON_CARD", "ratings")
            card = cards.card_of(tx, serial_hash)
            if card is None:
                card = tx.add(CARDS, _by_hand(tx, campaign, serial_hash, design_id, geometry, paper_place))
                asked = [tx.add(DOUBTS, doubt(tx, card, row, Origin.DESK)) for row in geometry.rows]
            else:
                asked = _second(tx, card, caller.subject)
            keyed = [one.key(Keyed(caller.subject, ballot[one.row], tx.now)) for one in asked]
            complete = self._decided(tx, card, keyed)
            said = _keyed(tx, card, caller.subject)
            tx.answer(tx.get(CARDS, card.id))
        if complete:
            self._counting.count(campaign.id)
        return said

    def _decided(self, tx: Tx, card: Card, keyed: Sequence[Doubt]) -> bool:
        """Keeps what was keyed, and marks the card where that decided something; whether the card is complete by it.

        A sample is keyed after the count and changes nothing of it.
        """
        for one in keyed:
            tx.save(DOUBTS, one)
        marks = [(one.row, one.mark) for one in keyed if one.state is DoubtState.DECIDED and one.origin is not Origin.SAMPLE]
        if not marks or card.ended:
            return False
        after = card.marked(marks)
        tx.save(CARDS, after)
        return after.state is CardState.COMPLETE


def _locked(tx: Tx, doubt_id: str) -> tuple[Doubt, Card]:
    """A row and its card, as they are once nobody else changes them."""
    cards.lock(tx, tx.get(DOUBTS, doubt_id).card_id)
    asked = tx.get(DOUBTS, doubt_id)
    return asked, tx.get(CARDS, asked.card_id)


def _answers(tx: Tx, card: Card) -> tuple[int, ...]:
    return geometries.from_json(tx.get(CARD_DESIGNS, card.design_id).geometry).answers


def _must_not_have_keyed(tx: Tx, asked: Doubt, by: str) -> None:
    """A sample is keyed by people who never keyed the same row: else it would be their own work again."""
    before = [one for one in cards.doubts_of(tx, asked.card_id) if one.row == asked.row]
    if any(keyed.by == by for one in before for keyed in one.keyings):
        raise NotAllowed("ROW_KEYED_BY_YOU")


def _design_of(tx: Tx, campaign: Campaign, serial_hash: bytes) -> tuple[geometries.Geometry, str]:
    """The geometry of the card with a serial. Raises NotFound CARD_NOT_KNOWN, Conflict CARD_VOID."""
    known = cards.serial(tx, serial_hash)
    if known is None or known.campaign_id != campaign.id:
        raise NotFound("CARD_NOT_KNOWN", "serial")
    if known.void:
        raise Conflict("CARD_VOID", "serial")
    design = next(one for one in cards.designs(tx, campaign.id) if one.id == known.design_id)
    return geometries.from_json(design.geometry), design.id


def _by_hand(
    tx: Tx, campaign: Campaign, serial_hash: bytes, design_id: str, geometry: geometries.Geometry, paper_place: str
) -> Card:
    return Card(
        id=tx.new_id(),
        version=1,
        unit_path=campaign.unit_path,
        jurisdiction_path=campaign.jurisdiction_path,
        campaign_id=campaign.id,
        serial_hash=serial_hash,
        design_id=design_id,
        state=CardState.OPEN,
        reason="",
        received_at=tx.now,
        by_hand=True,
        paper_place=paper_place,
        marks=open_marks(campaign, geometry),
    )


def _second(tx: Tx, card: Card, by: str) -> list[Doubt]:
    """The rows of a card that was keyed once. Raises Conflict CARD_SCANNED, CARD_ALREADY_KEYED, NotAllowed
    ROW_KEYED_BY_YOU."""
    if not card.by_hand:
        raise Conflict("CARD_SCANNED", "serial")
    asked = [one for one in cards.doubts_of(tx, card.id) if one.origin is Origin.DESK]
    if any(one.first_by == by for one in asked):
        raise NotAllowed("ROW_KEYED_BY_YOU")
    if card.ended or any(one.second_by for one in asked):
        raise Conflict("CARD_ALREADY_KEYED", "serial")
    return asked


def _keyed(tx: Tx, card: Card, by: str) -> CardKeyed:
    asked = [one for one in cards.doubts_of(tx, card.id) if one.origin is Origin.DESK]
    disputed = sum(one.state is DoubtState.DISPUTED for one in asked)
    return CardKeyed(card.id, 1 if any(one.first_by == by for one in asked) else 2, disputed)


def _shown(tx: Tx, campaign: Campaign, asked: Sequence[Doubt]) -> list[DoubtShown]:
    """Rows with their questions and the ids of their pictures."""
    plan, width = campaign.plan, len(campaign.plan.dimensions)
    ids = sorted({one.card_id for one in asked})
    strips: dict[tuple[str, int], list[str]] = {}
    for row in scans.strips_of(tx, ids):
        strips.setdefault((row.card_id, row.row), []).append(row.id)
    sides = {card_id: scans.sides_of(tx, card_id) for card_id in ids}
    places = cards.paper_places(tx, ids)

    def shown(one: Doubt) -> DoubtShown:
        rated, dimension = plan.objects[one.row // width], plan.dimensions[one.row % width]
        with_it = [side.id for side in sides[one.card_id] if side.picture and any(row.row == one.row for row in side.rows)]
        about = (rated.object_id, rated.name, dimension.name, tuple(strips.get((one.card_id, one.row), ())))
        return DoubtShown(one, *about, tuple(with_it), places[one.card_id])

    return [shown(one) for one in asked]
