"""Special roads: what a text hints at, and alerts where life is in danger."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any, cast

import sqlalchemy as sa

from chassis.auth import Caller
from chassis.errors import Conflict
from chassis.store import Tx
from chassis.tx import is_id
from services.complaints.domain.complaint import Change, Complaint
from services.complaints.domain.handovers import Handover, HandoverKind, HandoverState, budget
from services.complaints.domain.intake import Draft
from services.complaints.domain.regimes import Regime
from services.complaints.domain.roads import (
    DISCIPLINE,
    DangerAlert,
    DangerKind,
    DangerSource,
    Duty,
    Hints,
    Road,
    hints,
    mark_danger,
    raised,
)
from services.complaints.storage.roads import DANGER_ALERTS, HANDOVERS, waiting_kinds
from services.complaints.usecases.desk import Desk
from services.complaints.usecases.feedback import complaint_of, not_about

LIMIT = "handover.discipline"
REGIME, ROSTER = "danger.regime", "duty.leader"


@dataclass
class _Read:
    """The roads of a place as they were read, and from which rows."""

    rows: list[Any]
    roads: tuple[Road, ...]


class RoadCases:
    """The roads of a place, what hints at them, and alerts."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._read: dict[str, _Read] = {}

    def show(self, caller: Caller, jurisdiction_path: str) -> tuple[Road, ...]:
        """Every road there is in a place."""
        with self._desk.store.read(caller) as tx:
            self._check(tx, jurisdiction_path)
            return self.roads(tx, jurisdiction_path)

    def hint(self, caller: Caller, jurisdiction_path: str, text: str) -> tuple[Road, ...]:
        """The roads a text hints at; nothing of it is kept."""
        with self._desk.store.read(caller) as tx:
            self._check(tx, jurisdiction_path)
            return hints(self.roads(tx, jurisdiction_path), text).roads

    def of_draft(self, tx: Tx, draft: Draft) -> Hints:
        """What a draft sounds like."""
        roads = self.roads(tx, draft.jurisdiction_path)
        return hints(roads, draft.title, draft.text, draft.confidential_text)

    def notice(self, tx: Tx, complaint: Complaint, draft: Draft, found: Hints, by: str) -> None:
        """Does what a new complaint hints at: whoever is on duty is alerted, the discipline organ's clock runs."""
        if draft.danger is not None:
            self._alert(tx, complaint, draft.danger, DangerSource.FILER, by)
        elif found.dangers:
            self._alert(tx, complaint, found.dangers[0], DangerSource.WORDS, by)
        if found.hold(DISCIPLINE):
            tx.add(HANDOVERS, self.opened(tx, complaint, HandoverKind.DISCIPLINE, by))

    def urgent(self, tx: Tx, jurisdiction_path: str) -> Regime:
        """The regime acceptance runs under where life is in danger."""
        return self._desk.regime(tx, str(tx.setting(REGIME, jurisdiction_path)), jurisdiction_path)

    def duty(self, caller: Caller, jurisdiction_path: str, day: date | None) -> Duty:
        """Who has the duty in a place on a day, today unless named."""
        with self._desk.store.read(caller) as tx:
            self._check(tx, jurisdiction_path)
            return on_duty(tx, jurisdiction_path, day or self._desk.store.clock.today())

    def mark(self, caller: Caller, complaint_id: str, version: int, kind: DangerKind, note: str) -> Complaint:
        """Somebody who works on it sees that life is in danger."""

        def does(tx: Tx, found: Complaint) -> Change:
            waiting = waiting_kinds(tx, found.id)
            if kind in waiting:
                raise Conflict("DANGER_ALREADY_RAISED", number=found.number)
            alert = self._new(tx, found, kind, DangerSource.STAFF, caller.subject)
            tx.add(DANGER_ALERTS, alert)
            urgent, calendar = self.urgent(tx, found.jurisdiction_path), self._desk.calendar(tx)
            return mark_danger(found, alert, note, urgent, calendar, tx.now, told=bool(waiting))

        return self._desk.act(caller, complaint_id, version, does)

    def take(self, caller: Caller, danger_alert_id: str, version: int) -> DangerAlert:
        """Somebody answers for an alert from now on."""
        with self._desk.store.begin(caller) as tx:
            if tx.answered:
                return cast(DangerAlert, tx.answered)
            found = tx.get(DANGER_ALERTS, danger_alert_id, version)
            self._desk.recuse(tx, complaint_of(tx, found.complaint_id))
            taken = found.take(caller.subject, tx.now)
            tx.save(DANGER_ALERTS, taken)
            return tx.answer(taken)

    def alerts(
        self, caller: Caller, complaint_id: str, waiting_only: bool, size: int, token: str
    ) -> tuple[tuple[DangerAlert, ...], str]:
        """Alerts, newest first."""
        table = DANGER_ALERTS.table
        if complaint_id and not is_id(complaint_id):
            return (), ""
        with self._desk.store.read(caller) as tx:
            query = sa.select(table).where(tx.visible(table), not_about(tx, table.c.complaint_id))
            if complaint_id:
                query = query.where(table.c.complaint_id == complaint_id)
            if waiting_only:
                query = query.where(table.c.taken_at.is_(None))
            page = tx.page(query, (table.c.raised_at, table.c.id), size, token)
        return tuple(DANGER_ALERTS.value(row) for row in page.rows), page.next_token

    def opened(self, tx: Tx, complaint: Complaint, kind: HandoverKind, by: str) -> Handover:
        """A handover as it begins; the limit of the discipline organ counts from when the complaint came in."""
        counted = kind is HandoverKind.DISCIPLINE
        return Handover(
            id=tx.new_id(),
            version=1,
            unit_path="",
            jurisdiction_path=complaint.jurisdiction_path,
            complaint_id=complaint.id,
            number=complaint.number,
            kind=kind,
            state=HandoverState.SUSPECTED,
            opened_by=by,
            opened_at=tx.now,
            since=complaint.received_at,
            budget=budget(tx.setting(LIMIT, complaint.jurisdiction_path)) if counted else None,
        )

    def roads(self, tx: Tx, jurisdiction_path: str) -> tuple[Road, ...]:
        """The roads of a place; rows that are the same as before are not read anew."""
        ids = tx.setting("roads", jurisdiction_path)
        rows = [tx.setting(f"road.{id}", jurisdiction_path) for id in ids]
        known = self._read.get(jurisdiction_path)
        if known is None or len(known.rows) != len(rows) or any(a is not b for a, b in zip(known.rows, rows, strict=True)):
            read = tuple(Road.of(id, row) for id, row in zip(ids, rows, strict=True))
            known = self._read[jurisdiction_path] = _Read(rows, read)
        return known.roads

    def _alert(self, tx: Tx, complaint: Complaint, kind: DangerKind, source: DangerSource, by: str) -> None:
        alert = self._new(tx, complaint, kind, source, by)
        tx.add(DANGER_ALERTS, alert)
        tx.emit(raised(complaint, alert))

    def _new(self, tx: Tx, complaint: Complaint, kind: DangerKind, source: DangerSource, by: str) -> DangerAlert:
        return DangerAlert(
            id=tx.new_id(),
            version=1,
            unit_path=complaint.unit_path,
            jurisdiction_path=complaint.jurisdiction_path,
            complaint_id=complaint.id,
            number=complaint.number,
            kind=kind,
            source=source,
            raised_by=by,
            raised_at=tx.now,
        )

    def _check(self, tx: Tx, jurisdiction_path: str) -> None:
        if jurisdiction_path:
            self._desk.neighbours.check_jurisdiction(tx, jurisdiction_path, "jurisdiction_path")


def on_duty(tx: Tx, jurisdiction_path: str, day: date) -> Duty:
    """The roster's row for a place and a day."""
    return Duty.of(day, tx.setting(ROSTER, jurisdiction_path, day))
