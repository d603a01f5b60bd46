"""Undertakings and reports upwards: made, assessed, received, listed; and what time does to an undertaking."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import cast

import sqlalchemy as sa

from chassis.auth import Caller
from chassis.clock import local_day
from chassis.errors import Conflict
from chassis.store import Tx, under
from chassis.tx import is_id
from services.complaints.domain import tracks
from services.complaints.domain.complaint import Change, Complaint
from services.complaints.domain.tracks import (
    Rules,
    SeenReport,
    SeenUndertaking,
    Undertaking,
    UndertakingState,
    UpwardReport,
    UpwardReportState,
    WantedReports,
    WantedUndertakings,
)
from services.complaints.storage import COMPLAINTS
from services.complaints.storage.tracks import UNDERTAKINGS, UPWARD_REPORTS
from services.complaints.usecases.desk import SYSTEM, Desk
from services.complaints.usecases.feedback import complaint_of, not_about
from services.complaints.usecases.turning import in_chunks

SERVICE = Caller.service("complaints", "turn_undertakings")
_U, _R = UNDERTAKINGS.table, UPWARD_REPORTS.table


@dataclass(frozen=True, slots=True)
class Receipt:
    """What whom it was reported to gave back."""

    number: str
    day: date


class TrackCases:
    """What follows from a track."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    def undertake(self, caller: Caller, complaint_id: str, version: int, text: str, effect_by: date) -> SeenUndertaking:
        """The unit undertakes it."""
        with self._desk.store.begin(caller) as tx:
            if tx.answered:
                return self._undertaking(tx, cast(Undertaking, tx.answered))
            found = self._desk.take(tx, complaint_id, version)
            change = tracks.made(found, effect_by, text)
            if self._open(tx, found.id):
                raise Conflict("UNDERTAKING_OPEN", number=found.number)
            sealed = self._desk.contents.text(tx, found.id, text)
            how = (rules_of(tx, found), caller.subject, self._desk.calendar(tx), tx.now)
            made = tracks.undertake(tx.new_id(), change.complaint, effect_by, sealed, *how)
            self._write(tx, change)
            return self._undertaking(tx, tx.answer(tx.add(UNDERTAKINGS, made)))

    def settle(self, caller: Caller, undertaking_id: str, version: int, kept: bool, result: str) -> SeenUndertaking:
        """The office has assessed the effect."""
        with self._desk.store.begin(caller) as tx:
            if tx.answered:
                return self._undertaking(tx, cast(Undertaking, tx.answered))
            one = tx.get(UNDERTAKINGS, undertaking_id, version)
            found = self._whole(tx, one.complaint_id)
            sealed = self._desk.contents.text(tx, found.id, result)
            settled = one.settled(kept, sealed, caller.subject, tx.now)
            self._write(tx, tracks.assessed(found, one, kept, result, tx.now))
            return self._undertaking(tx, tx.answer(tx.save(UNDERTAKINGS, settled)))

    def undertaking(self, caller: Caller, undertaking_id: str) -> SeenUndertaking:
        """One."""
        with self._desk.store.read(caller) as tx:
            one = tx.get(UNDERTAKINGS, undertaking_id)
            self._whole(tx, one.complaint_id)
            return self._undertaking(tx, one)

    def undertakings(
        self, caller: Caller, wanted: WantedUndertakings, size: int, token: str
    ) -> tuple[list[SeenUndertaking], str]:
        """A page, what takes effect first at the top."""
        if wanted.complaint_id and not is_id(wanted.complaint_id):
            return [], ""
        with self._desk.store.read(caller) as tx:
            query = sa.select(_U).where(tx.visible(_U), not_about(tx, _U.c.complaint_id))
            plain = {"complaint_id": wanted.complaint_id, "state": wanted.state, "light": wanted.light}
            query = query.where(*(_U.c[name] == value for name, value in plain.items() if value))
            if wanted.unit_path:
                query = query.where(under(_U.c.unit_path, wanted.unit_path))
            page = tx.page(query, (_U.c.effect_by, _U.c.id), size, token, descending=False)
            return [self._undertaking(tx, UNDERTAKINGS.value(row)) for row in page.rows], page.next_token

    def report(self, caller: Caller, complaint_id: str, version: int, organ: str, text: str) -> SeenReport:
        """It is reported to who can solve it."""
        with self._desk.store.begin(caller) as tx:
            if tx.answered:
                return self._report(tx, cast(UpwardReport, tx.answered))
            found = self._desk.take(tx, complaint_id, version)
            change = tracks.report_upwards(found, organ, text)
            if self._reported(tx, found.id):
                raise Conflict("UPWARDS_BEFORE", number=found.number)
            report = UpwardReport(
                id=tx.new_id(),
                version=1,
                unit_path=found.unit_path,
                jurisdiction_path=found.jurisdiction_path,
                complaint_id=found.id,
                number=found.number,
                year=local_day(tx.now).year,
                state=UpwardReportState.SENT,
                organ=organ,
                text=self._desk.contents.text(tx, found.id, text),
                reported_by=caller.subject,
                reported_at=tx.now,
            )
            self._write(tx, change)
            return self._report(tx, tx.answer(tx.add(UPWARD_REPORTS, report)))

    def receive(self, caller: Caller, upward_report_id: str, version: int, receipt: Receipt) -> SeenReport:
        """Its receipt has come."""
        with self._desk.store.begin(caller) as tx:
            if tx.answered:
                return self._report(tx, cast(UpwardReport, tx.answered))
            one = tx.get(UPWARD_REPORTS, upward_report_id, version)
            found = self._whole(tx, one.complaint_id)
            received = one.received(receipt.number, receipt.day, caller.subject, tx.now)
            self._write(tx, tracks.received(found, received))
            return self._report(tx, tx.answer(tx.save(UPWARD_REPORTS, received)))

    def upward_report(self, caller: Caller, upward_report_id: str) -> SeenReport:
        """One."""
        with self._desk.store.read(caller) as tx:
            one = tx.get(UPWARD_REPORTS, upward_report_id)
            self._whole(tx, one.complaint_id)
            return self._report(tx, one)

    def reports(self, caller: Caller, wanted: WantedReports, size: int, token: str) -> tuple[list[SeenReport], str]:
        """A page of what could not be solved, in the order it was reported."""
        if wanted.complaint_id and not is_id(wanted.complaint_id):
            return [], ""
        with self._desk.store.read(caller) as tx:
            query = sa.select(_R).where(tx.visible(_R), not_about(tx, _R.c.complaint_id))
            plain = {"year": wanted.year, "state": wanted.state, "complaint_id": wanted.complaint_id}
            query = query.where(*(_R.c[name] == value for name, value in plain.items() if value))
            if wanted.unit_path:
                query = query.where(under(_R.c.unit_path, wanted.unit_path))
            page = tx.page(query, (_R.c.reported_at, _R.c.id), size, token, descending=False)
            return [self._report(tx, UPWARD_REPORTS.value(row)) for row in page.rows], page.next_token

    def turn(self) -> int:
        """Turns every light of an undertaking that is due; what has turned red is announced."""
        return in_chunks(self._due, self._turn, "undertaking.not_turned")

    def _due(self, most: int) -> list[str]:
        with self._desk.store.read(SERVICE) as tx:
            query = sa.select(_U.c.id).where(_U.c.next_light_at <= tx.now).order_by(_U.c.next_light_at).limit(most)
            return [row.id for row in tx.rows(query)]

    def _turn(self, due: Sequence[str]) -> int:
        with self._desk.store.begin(SERVICE) as tx:
            rows = tx.rows(sa.select(_U).where(_U.c.id.in_(due), _U.c.next_light_at <= tx.now))
            for one in [UNDERTAKINGS.value(row) for row in rows]:
                turned = one.timed(one.clock.reckoned(self._desk.calendar(tx), tx.now))
                tx.save(UNDERTAKINGS, turned)
                change = tracks.late(complaint_of(tx, one.complaint_id), turned)
                if change is not None:
                    self._write(tx, change, SYSTEM)
            return len(rows)

    def _whole(self, tx: Tx, complaint_id: str) -> Complaint:
        """The complaint it hangs on, unless the caller must stay out of it."""
        found = complaint_of(tx, complaint_id)
        self._desk.recuse(tx, found)
        return found

    def _write(self, tx: Tx, change: Change, by: str = "") -> None:
        tx.save(COMPLAINTS, change.complaint)
        self._desk.enter(tx, change, by)

    def _open(self, tx: Tx, complaint_id: str) -> bool:
        mine = sa.select(_U.c.id).where(_U.c.complaint_id == complaint_id, _U.c.state == UndertakingState.OPEN)
        return bool(tx.rows(mine))

    def _reported(self, tx: Tx, complaint_id: str) -> bool:
        return bool(tx.rows(sa.select(_R.c.id).where(_R.c.complaint_id == complaint_id)))

    def _undertaking(self, tx: Tx, one: Undertaking) -> SeenUndertaking:
        text, result = self._desk.contents.texts(tx, one.complaint_id, [one.text, one.result])
        return SeenUndertaking(one, text, result)

    def _report(self, tx: Tx, one: UpwardReport) -> SeenReport:
        [text] = self._desk.contents.texts(tx, one.complaint_id, [one.text])
        return SeenReport(one, self._desk.contents.open_one(tx, one.complaint_id).title, text)


def rules_of(tx: Tx, complaint: Complaint) -> Rules:
    """The rules that hold where it was raised."""
    return Rules.of(tx.setting("tracks", complaint.jurisdiction_path))


def check_closing(tx: Tx, complaint: Complaint) -> None:
    """Refuses with TRACK_UNANSWERED to close what its track asks a consequence for."""
    either = (sa.select(table.c.id).where(table.c.complaint_id == complaint.id).limit(1) for table in (_U, _R))
    tracks.check_closing(complaint, rules_of(tx, complaint), any(tx.rows(query) for query in either))


def check_archiving(tx: Tx, complaint: Complaint) -> None:
    """Refuses with UNDERTAKING_OPEN while an effect is still to be assessed."""
    waiting = sa.select(_U.c.id).where(_U.c.complaint_id == complaint.id, _U.c.state == UndertakingState.OPEN)
    if tx.rows(waiting):
        raise Conflict("UNDERTAKING_OPEN", number=complaint.number)
