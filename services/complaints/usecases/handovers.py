"""Handing over to organs outside: the parcel, the ruling on a secret, the organ's receipt."""

from __future__ import annotations

from datetime import date

import sqlalchemy as sa

from chassis.auth import Caller
from chassis.errors import Conflict, NotAllowed
from chassis.store import Tx
from chassis.tx import is_id
from services.complaints.domain import handovers
from services.complaints.domain.complaint import Change, Complaint
from services.complaints.domain.handovers import Found, Handover, HandoverKind, HandoverState, Parcel
from services.complaints.domain.intake import Content
from services.complaints.domain.stages import BEFORE_DISPATCH, Stage
from services.complaints.storage import COMPLAINTS, parcels, recusals
from services.complaints.storage.keeping import joined
from services.complaints.storage.roads import HANDOVERS, handover_of, return_key, withdraw_key
from services.complaints.usecases.desk import Desk
from services.complaints.usecases.feedback import complaint_of
from services.complaints.usecases.roads import RoadCases


class HandoverCases:
    """What leaves for an organ outside."""

    def __init__(self, desk: Desk, roads: RoadCases) -> None:
        self._desk = desk
        self._roads = roads

    def isolate(self, caller: Caller, complaint_id: str, version: int) -> Complaint:
        """Stops what may be a secret: the key that opens it is taken away and waits for the ruling."""

        def does(tx: Tx, found: Complaint) -> Change:
            change = handovers.isolate(found, self._desk.calendar(tx), tx.now)
            _check_alone(tx, found)
            held = withdraw_key(tx, self._desk.contents, found.id)
            self._secret(tx, found, caller.subject, held)
            return change

        return self._desk.act(caller, complaint_id, version, does)

    def rule(self, caller: Caller, complaint_id: str, version: int, secret: bool, organ: str) -> Complaint:
        """Rules on an isolated one: it stands again where it stood, or it has gone to the secrecy organ and is erased."""

        def does(tx: Tx, found: Complaint) -> Change:
            if found.stage is not Stage.ISOLATED:
                raise Conflict("STAGE_FORBIDS", "stage", act="RuleOnSecret", stage=found.stage.value)
            self._desk.contents.lock(tx, found.id)
            handover = _of(tx, found)
            if secret:
                _check_alone(tx, found)
                change = handovers.leave(found, organ, tx.now)
                handovers.not_by_opener(handover, caller.subject)
                handover.check_whole(parcels.last_given(tx, found.id))
                tx.save(HANDOVERS, handover.hand_over(organ, caller.subject, tx.now))
                self._desk.contents.erase(tx, found.id)
                return change
            change = handovers.release(found, self._desk.calendar(tx), tx.now)
            tx.save(HANDOVERS, handover.released(caller.subject))
            return_key(tx, self._desk.contents, found, handover.held_key)
            return change

        return self._desk.act(caller, complaint_id, version, does)

    def take_parcel(self, caller: Caller, complaint_id: str) -> Parcel:
        """Gives what is printed for the organ; each reading is a line of the audit trail."""
        with self._desk.store.begin(caller) as tx:
            found = tx.get(COMPLAINTS, complaint_id)
            self._desk.recuse(tx, found)
            self._desk.contents.lock(tx, found.id)
            handover = self._taken(tx, found)
            content = self._read(tx, found, handover)
            held = handover.held_key if found.stage is Stage.ISOLATED else None
            said = parcels.additions(tx, self._desk.contents, found.id, held)
            files = parcels.files(tx, self._desk.contents, found.id, held)
            tx.note("handovers", handover.id, "take_parcel", "", found.jurisdiction_path)
            return Parcel(handover, handover.hand_over_by(self._desk.calendar(tx)), found, content, said, files)

    def receipt(self, caller: Caller, handover_id: str, version: int, number: str, on: date | None) -> Found:
        """The organ's receipt is kept."""
        with self._desk.store.begin(caller) as tx:
            handover: Handover = tx.answered or self._open(tx, handover_id, version).receipt(number, on)
            return self._kept(tx, handover)

    def dismiss(self, caller: Caller, handover_id: str, version: int) -> Found:
        """It only sounded like a report for the discipline organ."""
        with self._desk.store.begin(caller) as tx:
            handover: Handover = tx.answered or self._open(tx, handover_id, version).dismiss()
            return self._kept(tx, handover)

    def page(
        self, caller: Caller, complaint_id: str, state: HandoverState | None, size: int, token: str
    ) -> tuple[tuple[Found, ...], str]:
        """Handovers, newest first, each with its last day."""
        table = HANDOVERS.table
        if complaint_id and not is_id(complaint_id):
            return (), ""
        with self._desk.store.read(caller) as tx:
            query = recusals.without(tx, sa.select(table).where(tx.visible(table)), table.c.complaint_id)
            if complaint_id:
                query = query.where(table.c.complaint_id == complaint_id)
            if state is not None:
                query = query.where(table.c.state == state)
            page = tx.page(query, (table.c.opened_at, table.c.id), size, token)
            calendar = self._desk.calendar(tx)
        found = [HANDOVERS.value(row) for row in page.rows]
        return tuple((one, one.hand_over_by(calendar)) for one in found), page.next_token

    def _open(self, tx: Tx, handover_id: str, version: int) -> Handover:
        """The handover an act is about. Refused with RECUSED for whoever must stay out of its complaint."""
        found = tx.get(HANDOVERS, handover_id, version)
        self._desk.recuse(tx, complaint_of(tx, found.complaint_id))
        return found

    def _kept(self, tx: Tx, handover: Handover) -> Found:
        if not tx.answered:
            tx.save(HANDOVERS, handover)
            tx.answer(handover)
        return handover, handover.hand_over_by(self._desk.calendar(tx))

    def _secret(self, tx: Tx, found: Complaint, by: str, held: bytes | None) -> None:
        """The handover of a secret; where a suspicion for the discipline organ stood, this takes its place."""
        known = handover_of(tx, found.id)
        if known is None:
            opened = self._roads.opened(tx, found, HandoverKind.SECRET, by)
            tx.add(HANDOVERS, handovers.holding(opened, held))
        else:
            tx.save(HANDOVERS, handovers.secret_instead(known, by, tx.now, held))

    def _taken(self, tx: Tx, found: Complaint) -> Handover:
        handover = handover_of(tx, found.id)
        if found.stage is Stage.ISOLATED:
            if not tx.caller.has("office"):
                raise NotAllowed("ISOLATED")
        elif found.stage is Stage.MOVED:
            raise Conflict("PARCEL_GONE", number=found.number)
        elif found.runs_history:
            raise Conflict("IMPORTED_COMPLAINT", number=found.number)
        elif found.dispatched_at is not None or found.stage not in BEFORE_DISPATCH:
            raise Conflict("ALREADY_WITH_UNIT")
        if handover is None:
            opened = self._roads.opened(tx, found, HandoverKind.DISCIPLINE, tx.caller.subject)
            taken = handovers.at_once(opened, tx.now)
            return tx.add(HANDOVERS, taken)
        if handover.kind is HandoverKind.SECRET and found.stage is not Stage.ISOLATED:
            fresh = self._roads.opened(tx, found, HandoverKind.DISCIPLINE, tx.caller.subject)
            handover = handovers.after_all(handover, fresh)
        taken = handover.take(tx.caller.subject, tx.now)
        tx.save(HANDOVERS, taken)
        return taken

    def _read(self, tx: Tx, found: Complaint, handover: Handover) -> Content:
        if found.stage is Stage.ISOLATED:
            return self._desk.contents.open_held(tx, found.id, handover.held_key)
        return self._desk.contents.open_one(tx, found.id)


def hand_over(tx: Tx, complaint: Complaint, organ: str) -> None:
    """The discipline organ has the parcel. Refused with MERGED_UNDER_IT, and with PARCEL_NOT_TAKEN, PARCEL_OUTDATED: else
    erasing would leave it nothing, or not all."""
    _check_alone(tx, complaint)
    handover = _of(tx, complaint)
    over = handover.hand_over(organ, tx.caller.subject, tx.now)
    handover.check_whole(parcels.last_given(tx, complaint.id))
    tx.save(HANDOVERS, over)


def _check_alone(tx: Tx, complaint: Complaint) -> None:
    """Refuses with MERGED_UNDER_IT: what others said of the same happening would stay readable here. Taken out, each of them
    goes its own way to the organ."""
    if others := joined(tx, complaint.id):
        raise Conflict("MERGED_UNDER_IT", number=complaint.number, merged=others[0].number)


def _of(tx: Tx, complaint: Complaint) -> Handover:
    handover = handover_of(tx, complaint.id)
    if handover is None:
        raise Conflict("PARCEL_NOT_TAKEN", number=complaint.number)
    return handover
