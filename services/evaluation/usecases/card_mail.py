"""The mail room: where each card is. It works on the register alone; no reading is seen from here."""

from __future__ import annotations

from collections.abc import Sequence
from typing import cast

from chassis.auth import Caller
from chassis.errors import NotFound, Refusal
from chassis.store import Tx
from services.evaluation.domain.campaign import Campaign
from services.evaluation.domain.card_run import CardTurnout, Mail, MailTold, RaterCard, Recorded
from services.evaluation.storage import card_runs
from services.evaluation.storage.card_runs import CARD_RUNS, MAIL_TOLD, RATER_CARDS
from services.evaluation.usecases.desk import Desk


class CardMailCases:
    """What the mail room writes down and asks."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    def record(self, caller: Caller, campaign_id: str, mail: Mail, serials: Sequence[str], run_id: str) -> MailTold:
        """Writes down what became of cards: those told, each by itself, or every one of a run, at once."""
        known = self._desk.serials
        hashes = [known.register_hash(known.said(one)) for one in serials]
        with self._desk.register.begin(caller) as tx:
            if tx.answered:
                return cast(MailTold, tx.answered)
            campaign = self._desk.campaign(caller, campaign_id)
            moved = self._moved_run(tx, campaign, mail, run_id) if run_id else 0
            cards = self._each(tx, campaign, mail, hashes)
            told = MailTold(
                id=tx.new_id(),
                version=1,
                unit_path=campaign.unit_path,
                jurisdiction_path=campaign.jurisdiction_path,
                campaign_id=campaign.id,
                run_id=run_id,
                mail=mail,
                cards=tuple(cards),
                recorded=moved + sum(not one.refused_reason for one in cards),
                told_at=tx.now,
                told_by=caller.subject,
            )
            return tx.answer(tx.add(MAIL_TOLD, told))

    def page(
        self, caller: Caller, campaign_id: str, mail: Mail | None, rater_group: str, size: int, token: str
    ) -> tuple[list[RaterCard], str]:
        """Cards by number, perhaps only those that are somewhere."""
        self._desk.campaign(caller, campaign_id)
        with self._desk.register.read(caller) as tx:
            query = card_runs.listing(campaign_id, mail, rater_group)
            page = tx.page(query, [RATER_CARDS.table.c.number], size, token, descending=False)
        return [RATER_CARDS.value(row) for row in page.rows], page.next_token

    def turnout(self, caller: Caller, campaign_id: str) -> list[CardTurnout]:
        """How many cards of each group are where."""
        self._desk.campaign(caller, campaign_id)
        with self._desk.register.read(caller) as tx:
            return card_runs.turnout(tx, campaign_id)

    def _moved_run(self, tx: Tx, campaign: Campaign, mail: Mail, run_id: str) -> int:
        run = tx.get(CARD_RUNS, run_id)
        if run.campaign_id != campaign.id:
            raise NotFound("CARD_RUN_NOT_FOUND", "run_id")
        return card_runs.move_run(tx, run, mail, mail is Mail.RETURNED and tx.now > campaign.plan.closes_at)

    def _each(self, tx: Tx, campaign: Campaign, mail: Mail, hashes: Sequence[bytes]) -> list[Recorded]:
        found = card_runs.by_hashes(tx, campaign.id, hashes)
        recorded: list[Recorded] = []
        for index, serial_hash in enumerate(hashes):  # one told twice came back twice
            moved, said = self._moved(tx, campaign, index, mail, found.get(serial_hash))
            recorded.append(said)
            if moved is not None:
                found[serial_hash] = moved
        return recorded

    def _moved(
        self, tx: Tx, campaign: Campaign, index: int, mail: Mail, card: RaterCard | None
    ) -> tuple[RaterCard | None, Recorded]:
        if card is None:
            return None, Recorded(index, refused_reason="CARD_NOT_KNOWN")
        try:
            moved = card.moved(mail, tx.now, campaign.plan.closes_at)
        except Refusal as why:
            return None, Recorded(index, card.number, refused_reason=why.reason)
        tx.save(RATER_CARDS, moved)
        duplicate = moved.duplicates > card.duplicates
        return moved, Recorded(index, moved.number, moved.late, duplicate)
