"""Rows keyed by people: two apart, a third where they differ.

Nobody is shown what a machine made of a row, nor what another keyed; who decides a dispute sees both answers and not whose
they are. What is decided last counts the card.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import cast

from chassis.auth import Caller
from chassis.errors import NotAllowed
from chassis.store import Tx
from services.evaluation.cards import geometry as geometries
from services.evaluation.domain.campaign import Campaign
from services.evaluation.domain.card import Card, CardState, Doubt, DoubtState, Keyed, Origin, must_be_answer
from services.evaluation.storage import cards, scans
from services.evaluation.storage.cards import CARD_DESIGNS, CARDS, DOUBTS
from services.evaluation.usecases.card_counting import CardCounting
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
            _must_be_new_to(tx, asked, caller.subject)
            complete = keep(tx, card, [asked.key(Keyed(caller.subject, mark, tx.now))])
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
            _must_be_new_to(tx, asked, caller.subject)
            complete = keep(tx, card, [asked.decide(Keyed(caller.subject, mark, tx.now), again)])
            decided = tx.answer(tx.get(DOUBTS, doubt_id))
        if complete:
            self._counting.count(decided.campaign_id)
        return decided


def keep(tx: Tx, card: Card, keyed: Sequence[Doubt]) -> bool:
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


def _must_be_new_to(tx: Tx, asked: Doubt, by: str) -> None:
    """A sample is keyed by people who never keyed the same row: else it would be their own work again."""
    if asked.origin is not Origin.SAMPLE:
        return
    before = [one for one in cards.doubts_of(tx, asked.card_id) if one.row == asked.row]
    if any(keyed.by == by for one in before for keyed in one.keyings):
        raise NotAllowed("ROW_KEYED_BY_YOU")


def _shown(tx: Tx, campaign: Campaign, asked: Sequence[Doubt]) -> list[DoubtShown]:
    """Rows with their questions and the ids of their pictures."""
    plan, width = campaign.plan, len(campaign.plan.dimensions)
    ids = sorted({one.card_id for one in asked})
    strips: dict[tuple[str, int], list[str]] = {}
    for row in scans.strips_of(tx, ids):
        strips.setdefault((row.card_id, row.row), []).append(row.id)
    sides: dict[tuple[str, tuple[int, int]], list[str]] = {}
    for row in scans.pictures_of(tx, ids):
        sides.setdefault((row.card_id, (row.sheet, row.side)), []).append(row.id)
    papers = cards.papers(tx, ids)
    places = _places(tx, campaign, {row.design_id for row in papers.values()})

    def shown(one: Doubt) -> DoubtShown:
        rated, dimension, paper = plan.objects[one.row // width], plan.dimensions[one.row % width], papers[one.card_id]
        with_it = sides.get((one.card_id, places[paper.design_id][one.row]), ())
        about = (rated.object_id, rated.name, dimension.name, tuple(strips.get((one.card_id, one.row), ())))
        return DoubtShown(one, *about, tuple(with_it), paper.paper_place)

    return [shown(one) for one in asked]


def _places(tx: Tx, campaign: Campaign, design_ids: Collection[str]) -> dict[str, dict[int, tuple[int, int]]]:
    """On which sheet and side each row of these designs is."""
    known = [one for one in cards.designs(tx, campaign.id) if one.id in design_ids] if design_ids else []
    return {
        one.id: {
            place.row: (sheet, side.side) for sheet, side in geometries.from_json(one.geometry).sides for place in side.rows
        }
        for one in known
    }
