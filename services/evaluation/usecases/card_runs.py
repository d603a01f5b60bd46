"""Cards made out: designs laid out from a plan, runs, and what is shown for printing. Serials are derived, never stored."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from typing import Any, cast

import sqlalchemy as sa

from chassis.auth import Caller
from chassis.errors import Conflict, Invalid, NotFound
from chassis.store import Tx
from services.evaluation.cards import geometry as geometries
from services.evaluation.cards.design import Wish
from services.evaluation.cards.serial import mark
from services.evaluation.domain.campaign import Campaign
from services.evaluation.domain.card import CardState
from services.evaluation.domain.card_run import CardDesign, CardRun, CardToPrint, Mail, RaterCard, questions_of
from services.evaluation.storage import box as boxes
from services.evaluation.storage import card_runs, card_templates, cards, register
from services.evaluation.storage.campaigns import held
from services.evaluation.storage.card_runs import CARD_RUNS, RATER_CARDS
from services.evaluation.storage.cards import CARD_DESIGNS
from services.evaluation.usecases import entering
from services.evaluation.usecases.card_forms import laid_out, template_of
from services.evaluation.usecases.desk import Desk
from services.evaluation.usecases.entering import BATCH


class CardRunCases:
    """What the organiser and the registrar do with cards before they are posted."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    def design(self, caller: Caller, campaign_id: str, wish: Wish) -> CardDesign:
        """Lays out a card for one rater group."""
        with self._desk.box.begin(caller) as tx:
            if tx.answered:
                return cast(CardDesign, tx.answered)
            campaign = held(tx, campaign_id)
            campaign.must_take_raters()
            if campaign.plan.rater_group(wish.rater_group) is None:
                raise Invalid("RATER_GROUP_UNKNOWN", "rater_group", group=wish.rater_group)
            laid, said = laid_out(tx, campaign, wish)
            geometry = laid.geometry()
            made = CardDesign(
                id=tx.new_id(),
                version=1,
                unit_path=campaign.unit_path,
                jurisdiction_path=campaign.jurisdiction_path,
                campaign_id=campaign.id,
                edition=cards.next_edition(tx, campaign.id),
                rater_group=wish.rater_group,
                digest=geometry.digest(),
                mark=mark(geometry.digest()),
                geometry=geometries.to_json(geometry),
                questions=questions_of(campaign.plan),
                form=wish.form,
                sides=wish.sides,
                return_to=wish.return_to,
                return_by=wish.return_by,
                made_at=tx.now,
            )
            card_templates.keep(tx, made.id, template_of(tx, campaign, laid, said, letter=True))
            return tx.answer(tx.add(CARD_DESIGNS, made))

    def designs(self, caller: Caller, campaign_id: str, size: int, token: str) -> tuple[list[CardDesign], str]:
        """The designs of a campaign, latest first."""
        self._desk.campaign(caller, campaign_id)
        table = CARD_DESIGNS.table
        with self._desk.box.read(caller) as tx:
            query = sa.select(table).where(table.c.campaign_id == campaign_id)
            page = tx.page(query, [table.c.edition], size, token)
        return [CARD_DESIGNS.value(row) for row in page.rows], page.next_token

    def start(self, caller: Caller, campaign_id: str, design_id: str) -> CardRun:
        """Makes out a card for every rater of the design's group who has none."""
        with self._desk.register.begin(caller) as tx:
            if tx.answered:
                return cast(CardRun, tx.answered)
            campaign = self._taking(caller, campaign_id)
            design = self._design(caller, campaign, design_id)
            run_id = tx.new_id()
            raters = card_runs.claim(tx, campaign.id, design.rater_group, run_id)
            if tx.answered_meanwhile:
                return cast(CardRun, tx.answered)
            if not raters:
                raise Conflict("NO_RATERS_WITHOUT_CARD", "design_id", group=design.rater_group)
            made = [self._made(tx, campaign, run_id, rater, 1) for rater in raters]
            tx.bulk(RATER_CARDS.table, [RATER_CARDS.row(one) for one in made])
            return tx.answer(tx.add(CARD_RUNS, _run(tx, campaign, design, run_id, made)))

    def runs(self, caller: Caller, campaign_id: str, size: int, token: str) -> tuple[list[CardRun], str]:
        """The runs of a campaign, latest first."""
        self._desk.campaign(caller, campaign_id)
        table = CARD_RUNS.table
        with self._desk.register.read(caller) as tx:
            page = tx.page(sa.select(table).where(table.c.campaign_id == campaign_id), [table.c.id], size, token)
        return [CARD_RUNS.value(row) for row in page.rows], page.next_token

    def print(
        self, caller: Caller, run_id: str, purpose: str, after: int, until: int, at_most: int
    ) -> Iterator[tuple[CardRun, list[CardToPrint]]]:
        """Cards of a run in batches. Each is written down before it is shown, and its codes and serials are in the box."""
        with self._desk.register.read(caller) as tx:
            run = tx.get(CARD_RUNS, run_id)
        campaign = self._taking(caller, run.campaign_id)
        self._design(caller, campaign, run.design_id)  # nothing is written down for cards that are not shown
        printed, last = 0, min(until or run.last_number, run.last_number)
        while not at_most or printed < at_most:
            size = min(BATCH, at_most - printed) if at_most else BATCH
            with self._desk.register.begin(caller) as tx:
                rows = card_runs.to_print(tx, run_id, after, last, size)
                if rows:  # those behind the last one, if there are fewer than asked for, were issued again in other runs
                    run = tx.get(CARD_RUNS, run_id).printed(rows[-1].number if len(rows) == size else last)
                    tx.save(CARD_RUNS, run)
                    register.note_opening(tx, campaign.id, run.rater_group, purpose, len(rows))
            if not rows:
                break
            self._enter(caller, run, rows)
            yield run, [self._to_print(row) for row in rows]
            printed += len(rows)
            after = rows[-1].number
        if not printed:
            raise NotFound("NO_CARDS", "after")

    def reissue(self, caller: Caller, campaign_id: str, rater_id: str) -> CardRun:
        """Another card for a rater; the last one is void. The box is changed first: repeated after a crash, both end
        alike."""
        with self._desk.register.begin(caller) as tx:
            if tx.answered:
                return cast(CardRun, tx.answered)
            campaign = self._taking(caller, campaign_id)
            rater = register.one(tx, campaign.id, rater_id)
            if tx.answered_meanwhile:
                return cast(CardRun, tx.answered)
            if rater is None:
                raise NotFound("RATER_NOT_FOUND", "rater_id")
            last = card_runs.last_of(tx, rater_id)
            if last is None:
                raise Conflict("CARD_NOT_ISSUED", "rater_id", reference=rater.reference)
            run = tx.get(CARD_RUNS, last.run_id)
            design = self._design(caller, campaign, run.design_id)
            self._void(caller, campaign, rater, last, design)
            tx.save(RATER_CARDS, last.void(tx.now))
            made = self._made(tx, campaign, tx.new_id(), rater, last.issue + 1)
            tx.add(RATER_CARDS, made)
            return tx.answer(tx.add(CARD_RUNS, _run(tx, campaign, design, made.run_id, [made])))

    def _void(self, caller: Caller, campaign: Campaign, rater: Any, last: RaterCard, design: CardDesign) -> None:
        """Voids a serial in the box, unless its card was counted. One that never came there is void there too."""
        old = self._desk.serials.box_hash(self._serial(campaign.id, rater.id, last.issue))
        with self._desk.box.begin(caller) as tx:
            boxes.box(tx, campaign.id, lock=True)
            card = cards.card_of(tx, old)
            if card is not None and card.state is CardState.COUNTED:
                raise Conflict("CARD_ALREADY_COUNTED", "rater_id")
            cards.add_serials(tx, [self._serial_row(campaign, design.id, rater, rater.id, last.issue, void=True)])
            cards.void_serial(tx, old)
            if card is not None and not card.ended:
                cards.refuse(tx, card, "CARD_VOID")

    def _design(self, caller: Caller, campaign: Campaign, design_id: str) -> CardDesign:
        with self._desk.box.read(caller) as tx:
            design = tx.get(CARD_DESIGNS, design_id)
        if design.campaign_id != campaign.id:
            raise NotFound("CARD_DESIGN_NOT_FOUND", "design_id")
        design.must_fit(campaign.plan)
        return design

    def _taking(self, caller: Caller, campaign_id: str) -> Campaign:
        campaign = self._desk.campaign(caller, campaign_id)
        campaign.must_take_raters()
        return campaign

    def _serial(self, campaign_id: str, rater_id: str, issue: int) -> str:
        return self._desk.serials.derive(campaign_id, rater_id, issue)

    def _made(self, tx: Tx, campaign: Campaign, run_id: str, rater: Any, issue: int) -> RaterCard:
        serial = self._serial(campaign.id, rater.id, issue)
        return RaterCard(
            id=tx.new_id(),
            version=1,
            unit_path=campaign.unit_path,
            jurisdiction_path=campaign.jurisdiction_path,
            campaign_id=campaign.id,
            run_id=run_id,
            number=tx.number(f"cards/{campaign.id}"),
            rater_id=rater.id,
            reference=rater.reference,
            rater_group=rater.rater_group,
            issue=issue,
            serial_hash=self._desk.serials.register_hash(serial),
            mail=Mail.PRINTED,
            since=tx.now,
        )

    def _enter(self, caller: Caller, run: CardRun, rows: Sequence[Any]) -> None:
        """Enters codes and serials of these cards into the box, before anybody is shown one."""
        with self._desk.box.begin(caller) as tx:
            campaign = held(tx, run.campaign_id)
            campaign.must_take_raters()
            tx.get(CARD_DESIGNS, run.design_id).must_fit(campaign.plan)
            codes = [entering.issued(self._desk, _rater(row), row.codes_issued) for row in rows]
            entered = zip(rows, codes, strict=True)
            boxes.add_codes(tx, [entering.code_row(self._desk, campaign, _rater(row), one) for row, one in entered])
            serials = [self._serial_row(campaign, run.design_id, row, row.rater_id, row.issue) for row in rows]
            cards.add_serials(tx, serials)

    def _serial_row(
        self, campaign: Campaign, design_id: str, row: Any, rater_id: str, issue: int, void: bool = False
    ) -> dict[str, Any]:
        code = self._desk.codes.derive(campaign.id, rater_id, row.codes_issued)
        return entering.serial_row(self._desk, campaign, design_id, rater_id, issue, code, void)

    def _to_print(self, row: Any) -> CardToPrint:
        personal = json.loads(self._desk.keys.open_record(row.sealed, row.sealed_key))
        serial = self._serial(row.campaign_id, row.rater_id, row.issue)
        whom = (row.number, row.reference, row.rater_group)
        return CardToPrint(*whom, serial, personal["name"], personal["contact"])


class _Rater:
    """A rater as codes are issued by, out of a row that is a card's."""

    def __init__(self, row: Any) -> None:
        self.id, self.campaign_id = row.rater_id, row.campaign_id
        self.reference, self.rater_group = row.reference, row.rater_group
        self.unit_id, self.object_id = row.unit_id, row.object_id


def _rater(row: Any) -> _Rater:
    return _Rater(row)


def _run(tx: Tx, campaign: Campaign, design: CardDesign, run_id: str, made: Sequence[RaterCard]) -> CardRun:
    return CardRun(
        id=run_id,
        version=1,
        unit_path=campaign.unit_path,
        jurisdiction_path=campaign.jurisdiction_path,
        campaign_id=campaign.id,
        design_id=design.id,
        rater_group=design.rater_group,
        cards=len(made),
        first_number=made[0].number,
        last_number=made[-1].number,
        printed_to=0,
        started_at=tx.now,
    )
