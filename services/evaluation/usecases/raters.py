"""The register's work: raters entered, codes issued and issued again, turnout by group."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Any

import sqlalchemy as sa

from chassis.auth import Caller
from chassis.errors import Conflict, NotFound
from chassis.store import Tx
from services.evaluation.domain.campaign import Campaign
from services.evaluation.domain.rater import Admission, Entered, Issued, NewRater, Rater, Units
from services.evaluation.domain.result import GroupTurnout
from services.evaluation.storage import box as boxes
from services.evaluation.storage import card_runs, cards, register
from services.evaluation.storage.card_runs import CARD_RUNS
from services.evaluation.storage.register import RATERS
from services.evaluation.storage.schema import SCHEMA
from services.evaluation.usecases import entering
from services.evaluation.usecases.desk import Desk
from services.evaluation.usecases.entering import BATCH
from services.evaluation.usecases.reading import Reader


class RaterCases:
    """What a registrar does. A campaign of another jurisdiction is not found, and so are its raters."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    def enter(self, caller: Caller, campaign_id: str, raters: Sequence[NewRater]) -> list[Entered]:
        """Enters raters, answering for each row; names and contacts are sealed one by one."""
        campaign = self._taking(caller, campaign_id)
        admission = self._admission(caller, campaign, raters)
        with self._desk.register.begin(caller) as tx:
            answers, fresh = _judged(tx, campaign_id, raters, admission)
            entered = {one.reference: self._row(tx.new_id(), campaign_id, one, admission) for one in fresh}
            tx.bulk(RATERS, list(entered.values()))
            _note(tx, campaign)
        return [one if one.refused_reason else replace(one, rater_id=entered[one.reference]["id"]) for one in answers]

    def preview(self, caller: Caller, campaign_id: str, raters: Sequence[NewRater]) -> list[Entered]:
        """What would become of each row; nothing is entered."""
        campaign = self._taking(caller, campaign_id)
        admission = self._admission(caller, campaign, raters)
        with self._desk.register.read(caller) as tx:
            return _judged(tx, campaign_id, raters, admission)[0]

    def page(self, caller: Caller, campaign_id: str, reference: str, size: int, token: str) -> tuple[list[Rater], str]:
        """A page of raters by reference, and the token of the next."""
        self._desk.campaign(caller, campaign_id)
        with self._desk.register.read(caller) as tx:
            query = register.listing(campaign_id, reference)
            page = tx.page(query, by=[RATERS.c.reference], size=size, token=token, descending=False)
        return [
            Rater(row.id, row.reference, row.rater_group, row.unit_id, row.codes_issued, row.last_issued_at, row.object_id)
            for row in page.rows
        ], page.next_token

    def issue(self, caller: Caller, campaign_id: str, rater_group: str, request_id: str) -> Iterator[list[Issued]]:
        """Issues a code to every rater who has none and yields the codes in batches; each batch is good when it is seen."""
        campaign = self._taking(caller, campaign_id)
        issued_to = f"{caller.subject}/{request_id}"
        with self._desk.register.begin(caller) as tx:
            if not tx.answered:
                register.claim(tx, campaign_id, rater_group, issued_to)
                _note(tx, campaign)
                tx.answer(True)
        after = ""
        while True:
            with self._desk.register.read(caller) as tx:
                rows = register.claimed(tx, campaign_id, issued_to, after, BATCH)
            if not rows:
                break
            yield entering.enter(self._desk, caller, campaign_id, rows)
            after = rows[-1].id
        entering.enter_forgotten(self._desk, caller, campaign_id)

    def reissue(self, caller: Caller, campaign_id: str, rater_id: str, request_id: str) -> Issued:
        """Gives a rater a new code and voids the old; a card that is out stands for the new one. The box is changed first:
        repeated after a crash, both end alike."""
        campaign = self._taking(caller, campaign_id)
        issued_to = f"{caller.subject}/{request_id}"
        with self._desk.register.begin(caller) as tx:
            again = tx.answered  # another body is refused whatever it names
            row = register.one(tx, campaign_id, rater_id)
            again = again or tx.answered_meanwhile
            if row is None:
                raise NotFound("RATER_NOT_FOUND", "rater_id")
            if not row.codes_issued:
                raise Conflict("CODE_NOT_ISSUED", reference=row.reference)
            if again and row.issued_to != issued_to:
                raise Conflict("CODE_REISSUED_SINCE", reference=row.reference)
            if again:
                return entering.issued(self._desk, row, row.codes_issued)
            issued = entering.issued(self._desk, row, row.codes_issued + 1)
            self._exchange(caller, campaign, row, issued, self._card(tx, campaign, row, issued))
            register.reissue(tx, rater_id, self._desk.codes.register_hash(issued.code), issued_to)
            _note(tx, campaign)
            tx.answer(True)
        return issued

    def turnout(self, caller: Caller, campaign_id: str) -> tuple[Campaign, Sequence[GroupTurnout]]:
        """Who took part so far, by group."""
        campaign = self._desk.campaign(caller, campaign_id)
        with self._desk.box.read(caller) as tx:
            box = boxes.box(tx, campaign_id)
            return campaign, Reader(tx, campaign, box.frontier.size if box else 0).read().turnout

    def _card(self, tx: Tx, campaign: Campaign, row: Any, issued: Issued) -> dict[str, Any] | None:
        """What the box keeps of the rater's last card from now on: it stands for the new code. None where there is none."""
        last = card_runs.last_of(tx, row.id)
        if last is None:
            return None
        run = tx.get(CARD_RUNS, last.run_id)
        return entering.serial_row(self._desk, campaign, run.design_id, row.id, last.issue, issued.code)

    def _exchange(self, caller: Caller, campaign: Campaign, row: Any, issued: Issued, card: dict[str, Any] | None) -> None:
        """Voids the old code and enters the new one, unless a ballot was cast with the old; the card in the post is led to
        the new one at once, or it would be refused for a void code when it comes back.

        An old code that never came into the box is void there too: nobody who shows it at the same time enters it as good.
        The same is so of a card: nobody who prints it at the same time leads it to the old code.
        """
        last = entering.issued(self._desk, row, row.codes_issued)
        old = self._desk.codes.box_hash(last.code)
        with self._desk.box.begin(caller) as tx:
            boxes.box(tx, campaign.id, lock=True)
            if boxes.code_used(tx, old):
                raise Conflict("CODE_ALREADY_USED", reference=row.reference)
            boxes.add_codes(tx, [entering.code_row(self._desk, campaign, row, one) for one in (last, issued)])
            boxes.void_code(tx, old)
            if card is not None:
                cards.point_serial(tx, card)

    def _taking(self, caller: Caller, campaign_id: str) -> Campaign:
        campaign = self._desk.campaign(caller, campaign_id)
        campaign.must_take_raters()
        return campaign

    def _admission(self, caller: Caller, campaign: Campaign, raters: Sequence[NewRater]) -> Admission:
        """Who may be entered: the plan's groups and objects, and those of the raters' units that are known here."""
        with self._desk.box.read(caller) as tx:
            units = _units(tx, raters)
        groups = frozenset(group.key for group in campaign.plan.rater_groups)
        return Admission(groups, frozenset(one.object_id for one in campaign.plan.objects), units)

    def _row(self, id: str, campaign_id: str, one: NewRater, admission: Admission) -> dict[str, Any]:
        personal = json.dumps({"name": one.name, "contact": one.contact}, ensure_ascii=False)
        sealed, key = self._desk.keys.seal_record(personal.encode())
        code = self._desk.codes.derive(campaign_id, id, 1)
        return {
            "id": id,
            "campaign_id": campaign_id,
            "reference": one.reference,
            "rater_group": one.rater_group,
            "unit_id": next(iter(admission.units.of(one)), ""),
            "object_id": one.object_id,
            "sealed": sealed,
            "sealed_key": key,
            "codes_issued": 0,
            "issued_to": "",
            "code_hash": self._desk.codes.register_hash(code),
            "last_issued_at": None,
            "card_run": "",
        }


def _judged(
    tx: Tx, campaign_id: str, raters: Sequence[NewRater], admission: Admission
) -> tuple[list[Entered], list[NewRater]]:
    """What becomes of each row, and the rows that can be entered; a reference that comes twice is known the second time."""
    known = register.known_references(tx, campaign_id, [one.reference for one in raters])
    answers: list[Entered] = []
    fresh: list[NewRater] = []
    for one in raters:
        reason, at = admission.fault(one, known)
        answers.append(Entered(one.reference, refused_reason=reason, refused_field=at))
        if not reason:
            known.add(one.reference)
            fresh.append(one)
    return answers, fresh


def _units(tx: Tx, raters: Sequence[NewRater]) -> Units:
    """The units the rows name, as far as this service has heard of them."""
    table = SCHEMA["copies"]
    ids = {one.unit_id for one in raters if one.unit_id}
    words = {one.unit for one in raters if one.unit}
    named = sa.or_(table.c.id.in_(ids), table.c.unit_path.in_(words), table.c.name.in_(words))
    found = tx.copies("unit", table.c.known, named) if ids or words else []
    by_word: dict[str, set[str]] = {}
    for copy in found:
        for word in {copy.unit_path, copy.name} & words:
            by_word.setdefault(word, set()).add(copy.id)
    return Units(frozenset(copy.id for copy in found), {word: frozenset(some) for word, some in by_word.items()})


def _note(tx: Tx, campaign: Campaign) -> None:
    """One line in the register's audit trail for the whole call."""
    tx.note("raters", campaign.id, unit_path=campaign.unit_path, jurisdiction_path=campaign.jurisdiction_path)
