"""Campaigns: planned, amended, opened, closed. Counting and release are in `counting`."""

from __future__ import annotations

import sqlalchemy as sa

from chassis.auth import Caller
from chassis.clock import local_day
from chassis.store import Tx
from services.evaluation.domain.campaign import Campaign, State
from services.evaluation.domain.draft import Draft
from services.evaluation.storage import box as boxes
from services.evaluation.storage import card_ends, cards, statements
from services.evaluation.storage.campaigns import held
from services.evaluation.storage.schema import CAMPAIGNS
from services.evaluation.usecases.card_counting import CardCounting
from services.evaluation.usecases.desk import Desk
from services.evaluation.usecases.planning import complete
from services.evaluation.usecases.statements import follow


class CampaignCases:
    """What an organiser does with a campaign until its box is closed."""

    def __init__(self, desk: Desk, counting: CardCounting) -> None:
        self._desk, self._counting = desk, counting
        self._store = desk.box

    def create(self, caller: Caller, draft: Draft) -> Campaign:
        """Writes down a plan and gives it its number."""
        with self._store.begin(caller) as tx:
            if tx.answered:
                return tx.answered  # type: ignore[no-any-return]
            plan = complete(tx, draft)
            year = local_day(tx.now).year
            number = f"评议〔{year}〕{tx.number(f'campaign/{year}')}号"
            return tx.answer(tx.add(CAMPAIGNS, Campaign.planned(tx.new_id(), number, plan, tx.now)))

    def get(self, caller: Caller, campaign_id: str) -> Campaign:
        """One campaign."""
        return self._desk.campaign(caller, campaign_id)

    def page(self, caller: Caller, state: State | None, year: int, size: int, token: str) -> tuple[list[Campaign], str]:
        """A page of campaigns, latest first, and the token of the next."""
        table = CAMPAIGNS.table
        with self._store.read(caller) as tx:
            query = sa.select(table).where(tx.visible(table))
            if state is not None:
                query = query.where(table.c.state == state)
            if year:
                query = query.where(table.c.year == year)
            page = tx.page(query, by=[table.c.id], size=size, token=token)
            return [CAMPAIGNS.value(row) for row in page.rows], page.next_token

    def amend(self, caller: Caller, campaign_id: str, expected_version: int, draft: Draft, reason: str) -> Campaign:
        """Changes the plan, on record. An open box is signed at once under the new rules, and under the old ones first: what
        came in before says so."""
        with self._store.begin(caller) as tx:
            if tx.answered:
                return tx.answered  # type: ignore[no-any-return]
            tx.get(CAMPAIGNS, campaign_id)  # whoever may not see it holds nobody up
            box = boxes.box(tx, campaign_id, lock=True)
            campaign = held(tx, campaign_id, expected_version)
            plan = complete(tx, draft, campaign.plan)
            codes = sum(boxes.issued(tx, campaign_id).values())
            amended = campaign.amend(plan, caller.subject, reason, tx.now, codes, cards.any_printed(tx, campaign_id))
            tx.save(CAMPAIGNS, amended)
            follow(tx, amended)
            if box is not None:
                self._desk.sign(tx, campaign)
                self._desk.sign(tx, amended)
            return tx.answer(amended)

    def open(self, caller: Caller, campaign_id: str, expected_version: int) -> Campaign:
        """Opens the box."""
        with self._store.begin(caller) as tx:
            if tx.answered:
                return tx.answered  # type: ignore[no-any-return]
            campaign = tx.get(CAMPAIGNS, campaign_id, expected_version)
            opened, fact = campaign.open(sum(boxes.issued(tx, campaign_id).values()), tx.now)
            tx.save(CAMPAIGNS, opened)
            boxes.open_box(tx, campaign_id)
            statements.publish(tx, campaign_id)
            self._desk.sign(tx, opened)
            tx.emit(fact)
            return tx.answer(opened)

    def close(self, caller: Caller, campaign_id: str, expected_version: int, leave_cards: bool = False) -> Campaign:
        """Closes the box for good and signs what it holds. Cards that are complete by then are counted first."""
        tried: frozenset[str] = frozenset()
        while True:
            try:
                return self._close(caller, campaign_id, expected_version, leave_cards, tried)
            except _CardsReady as cards_ready:
                self._counting.count_now(campaign_id)
                tried |= cards_ready.ids

    def _close(
        self, caller: Caller, campaign_id: str, expected_version: int, leave_cards: bool, tried: frozenset[str]
    ) -> Campaign:
        """Closes it, unless cards are complete that nobody has tried to count."""
        with self._store.begin(caller) as tx:
            if tx.answered:
                return tx.answered  # type: ignore[no-any-return]
            tx.get(CAMPAIGNS, campaign_id)  # whoever may not see it holds nobody up
            box = boxes.box(tx, campaign_id, lock=True)
            if tx.answered_meanwhile:
                return tx.answered  # type: ignore[no-any-return]
            campaign = held(tx, campaign_id, expected_version)
            closed, fact = campaign.close(box.frontier.size if box else 0, tx.now)
            self._end_cards(tx, campaign_id, leave_cards, tried)
            tx.save(CAMPAIGNS, closed)
            self._desk.sign(tx, closed, closing=True)
            tx.emit(fact)
            return tx.answer(closed)

    def _end_cards(self, tx: Tx, campaign_id: str, leave_cards: bool, tried: frozenset[str]) -> None:
        """Leaves no card that could still be counted. Raises Conflict CARDS_NOT_DONE where unfinished ones are
        not to be left."""
        left = card_ends.left(tx, campaign_id)
        if leave_cards:
            card_ends.stop_pages(tx, campaign_id)
        elif left.pages:
            left.must_be_none()
        ready = card_ends.complete(tx, campaign_id) - tried
        if ready:
            raise _CardsReady(ready)
        if leave_cards:
            card_ends.end_cards(tx, campaign_id)
        else:
            left.must_be_none()


class _CardsReady(Exception):
    """Cards are complete and not counted: the transaction comes to nothing, and they are counted before the close."""

    def __init__(self, ids: frozenset[str]) -> None:
        super().__init__(len(ids))
        self.ids = ids
