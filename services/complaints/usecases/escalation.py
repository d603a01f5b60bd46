"""The ladder: climbed as time passes, or a step of it taken by the office."""

from __future__ import annotations

from chassis.auth import Caller
from chassis.db import database_away
from chassis.errors import Conflict, Stale
from chassis.logs import log
from chassis.store import Tx
from services.complaints.domain import escalation
from services.complaints.domain.complaint import Change, Complaint
from services.complaints.domain.escalation import OVERDUE, Ladder, Step
from services.complaints.domain.stages import ACTS
from services.complaints.domain.views import TakenStep
from services.complaints.storage import COMPLAINTS, escalations, parts
from services.complaints.usecases.desk import SYSTEM, Desk

BATCH = 500
SERVICE = Caller.service("complaints", "climb")


class EscalationCases:
    """Steps taken by the office and by time."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    def escalate(self, caller: Caller, complaint_id: str, version: int, step: str, reason: str, text: str) -> Complaint:
        """The office takes a step before time does."""

        def does(tx: Tx, found: Complaint) -> Change:
            why = self._desk.reason(tx, "escalate", reason, found.jurisdiction_path)
            chosen = next((one for one in self._steps(tx, found) if one.id == step), None)
            if chosen is None:
                raise Conflict("STEP_UNKNOWN", "step", step=step)
            change = self._change(tx, found, chosen, why, text)
            escalation.check_not_taken(step, escalations.taken(tx, found.id, found.due_at))
            escalations.enter(tx, change.complaint, step, why, caller.subject, found.due_at)
            return change

        return self._desk.act(caller, complaint_id, version, does)

    def page(
        self, caller: Caller, complaint_id: str, unit_path: str, step: str, size: int, token: str
    ) -> tuple[list[TakenStep], str]:
        """One page of the steps taken."""
        with self._desk.store.read(caller) as tx:
            return escalations.page(tx, complaint_id, unit_path, step, size, token)

    def climb(self) -> int:
        """Takes every step whose time has come, each complaint in a transaction of its own; says how many were taken."""
        with self._desk.store.read(SERVICE) as tx:
            due = escalations.due(tx, tx.now, BATCH)
        return sum(self._climb_alone(ladder) for ladder in due)

    def _climb_alone(self, ladder: Ladder) -> int:
        try:
            return self._climb(ladder)
        except Stale:
            return 0  # somebody acted on it meanwhile; what is still due is due at the next run
        except Exception as fault:
            if database_away(fault):
                raise
            log().error("complaint.not_escalated", exc_info=fault)
            return 0

    def _climb(self, ladder: Ladder) -> int:
        with self._desk.store.begin(SERVICE) as tx:
            found = parts.of(tx, ladder.complaint_id)
            if found is None or not escalation.still_stands(ladder, found):
                escalations.leave(tx, ladder.complaint_id)
                if found is not None and escalation.is_overdue(found, tx.now):  # by another limit, which governs now
                    escalations.stand(tx, found)
                return 0
            if found.stage not in ACTS["Escalate"]:  # no unit has it yet, or it is merged and stands still
                escalations.move(tx, found.id, ladder.taken, tx.now + escalation.LOOK_AGAIN)
                return 0
            return self._climbed(tx, ladder, found)

    def _climbed(self, tx: Tx, ladder: Ladder, found: Complaint) -> int:
        """Every step whose time has come, in their order; one the office took before is passed over."""
        steps, calendar = self._steps(tx, found), self._desk.calendar(tx)
        done, before, taken = escalations.taken(tx, found.id, found.due_at), found.version, ladder.taken
        at = escalation.next_look(ladder, steps, calendar, tx.now)
        while at is not None and at <= tx.now:
            if steps[taken].id not in done:
                found = self._take(tx, found, steps[taken])
            taken += 1
            at = escalation.next_look(Ladder(found.id, ladder.due_at, taken, tx.now), steps, calendar, tx.now)
        if at is None:
            escalations.leave(tx, found.id)
        else:
            escalations.move(tx, found.id, taken, at)
        return found.version - before

    def _take(self, tx: Tx, found: Complaint, step: Step) -> Complaint:
        change = self._change(tx, found, step, OVERDUE)
        tx.save(COMPLAINTS, change.complaint)
        self._desk.enter(tx, change, SYSTEM)
        escalations.enter(tx, change.complaint, step.id, OVERDUE, SYSTEM, found.due_at)
        return change.complaint

    def _change(self, tx: Tx, found: Complaint, step: Step, reason: str, text: str = "") -> Change:
        referred = step.refers and step.id in escalations.taken(tx, found.id, None)
        return escalation.escalate(found, step, reason, text, referred, tx.now)

    def _steps(self, tx: Tx, found: Complaint) -> tuple[Step, ...]:
        return escalation.steps_of(tx.setting("escalation.ladder", found.jurisdiction_path))
