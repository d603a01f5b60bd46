"""Monitoring points: appointed, asked in rounds, reporting, and told what became of each report."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from chassis.auth import Caller
from chassis.errors import Conflict, NotFound
from chassis.store import Store, Tx
from services.supervision.domain.notice import Evidence
from services.supervision.domain.point import Point, PointReport, Round, report
from services.supervision.domain.words import PointKind, ReportOutcome
from services.supervision.storage import reading, sight
from services.supervision.storage.keeping import own_jurisdiction, record_number, unit_at
from services.supervision.storage.reading import Listed
from services.supervision.storage.tables import POINT_REPORTS, POINTS, ROUNDS
from workdays import local_day


class Points:
    """Use cases around monitoring points."""

    def __init__(self, store: Store) -> None:
        self.store = store

    def create(
        self, caller: Caller, jurisdiction_path: str, name: str, kind: PointKind, phone: str, account_id: str
    ) -> Point:
        """Appoints a monitoring point from today."""
        with self.store.begin(caller) as tx:
            if tx.answered:
                return tx.answered  # type: ignore[no-any-return]
            own_jurisdiction(tx, jurisdiction_path)
            if point_of(tx, account_id) is not None:
                raise Conflict("ACCOUNT_TAKEN", "account_id")
            number = f"监测点{tx.number('监测点')}号"
            today = local_day(tx.now)
            place: dict[str, Any] = {"unit_path": "", "jurisdiction_path": jurisdiction_path}
            point = Point(
                tx.new_id(),
                1,
                **place,
                number=number,
                name=name,
                kind=kind,
                phone=phone,
                account_id=account_id,
                appointed_on=today,
            )
            return tx.answer(tx.add(POINTS, point))

    def end(self, caller: Caller, point_id: str, expected_version: int) -> Point:
        """Ends an appointment."""
        with self.store.begin(caller) as tx:
            if tx.answered:
                return tx.answered  # type: ignore[no-any-return]
            ended = tx.get(POINTS, point_id, expected_version).end(local_day(tx.now))
            return tx.answer(tx.save(POINTS, ended))

    def get(self, caller: Caller, point_id: str) -> Point:
        """One point; a point sees itself only."""
        with self.store.read(caller) as tx:
            point = tx.get(POINTS, point_id)
            if not caller.has(*sight.WATCHERS) and point.account_id != caller.subject:
                raise NotFound("POINT_NOT_FOUND", "point_id")
            return point

    def list(self, caller: Caller, kind: PointKind | None, active: bool, size: int, token: str) -> Listed[Point]:
        """Points by name."""
        with self.store.read(caller) as tx:
            return reading.values(POINTS, reading.list_points(tx, kind, active, size, token))

    def open_round(
        self, caller: Caller, jurisdiction_path: str, title: str, text: str, opens_on: date, closes_on: date
    ) -> Round:
        """Asks the points of a jurisdiction to look at something."""
        with self.store.begin(caller) as tx:
            if tx.answered:
                return tx.answered  # type: ignore[no-any-return]
            own_jurisdiction(tx, jurisdiction_path)
            number = record_number(tx, "监测轮次", tx.now)
            opened = Round(tx.new_id(), 1, "", jurisdiction_path, number, title, text, opens_on, closes_on, tx.now)
            return tx.answer(tx.add(ROUNDS, opened))

    def list_rounds(self, caller: Caller, open_on: date | None, size: int, token: str) -> Listed[tuple[Round, int]]:
        """Rounds, newest first, each with how many reports came in."""
        with self.store.read(caller) as tx:
            page = reading.list_rounds(tx, open_on, size, token)
            return [(ROUNDS.value(row), int(row.reports)) for row in page.rows], page.next_token

    def report(
        self,
        caller: Caller,
        round_id: str,
        about_unit_path: str,
        title: str,
        text: str,
        evidence: tuple[Evidence, ...],
        occurred_at: datetime,
    ) -> PointReport:
        """A point reports what it saw."""
        with self.store.begin(caller) as tx:
            if tx.answered:
                return tx.answered  # type: ignore[no-any-return]
            point = point_of(tx, caller.subject)
            if point is None:
                raise NotFound("POINT_NOT_FOUND")
            unit_at(tx, about_unit_path, "about_unit_path")
            asked = round_of(tx, round_id) if round_id else None
            said: dict[str, Any] = {"about_unit_path": about_unit_path, "title": title, "text": text, "evidence": evidence}
            moments = {"occurred_at": occurred_at, "reported_at": tx.now}
            number = record_number(tx, "监测", tx.now)
            reported = report(point, asked, local_day(tx.now), id=tx.new_id(), number=number, **said, **moments)
            return tx.answer(tx.add(POINT_REPORTS, reported))

    def get_report(self, caller: Caller, point_report_id: str) -> PointReport:
        """One report, as its reader may see it."""
        with self.store.read(caller) as tx:
            found = tx.get(POINT_REPORTS, point_report_id)
            if caller.has(*sight.WATCHERS):
                return found
            if found.account_id != caller.subject:
                raise NotFound("POINT_REPORT_NOT_FOUND", "point_report_id")
            return found.for_its_point()

    def list_reports(self, caller: Caller, narrowed: reading.ReportFilter, size: int, token: str) -> Listed[PointReport]:
        """Reports, newest first."""
        with self.store.read(caller) as tx:
            found, further = reading.values(POINT_REPORTS, reading.list_reports(tx, narrowed, size, token))
            if not caller.has(*sight.WATCHERS):
                found = [value.for_its_point() for value in found]
            return found, further

    def set_aside(self, caller: Caller, point_report_id: str, expected_version: int, reason: str) -> PointReport:
        """Sets a report aside with a reason the point can read."""
        with self.store.begin(caller) as tx:
            if tx.answered:
                return tx.answered  # type: ignore[no-any-return]
            found = tx.get(POINT_REPORTS, point_report_id, expected_version)
            return tx.answer(tx.save(POINT_REPORTS, found.settle(ReportOutcome.SET_ASIDE, reason=reason)))


def point_of(tx: Tx, account_id: str) -> Point | None:
    """The point an account reports for now, wherever it lies."""
    c = POINTS.table.c
    row = next(iter(tx.rows(POINTS.table.select().where(c.account_id == account_id, c.ended_on.is_(None)))), None)
    return None if row is None else POINTS.value(row)


def round_of(tx: Tx, round_id: str) -> Round:
    """A round the caller is asked in. Refused with ROUND_NOT_FOUND."""
    wanted = sight.with_id(ROUNDS.table.c.id, round_id)
    row = next(iter(tx.rows(ROUNDS.table.select().where(wanted, sight.readable_rounds(tx.caller)))), None)
    if row is None:
        raise NotFound("ROUND_NOT_FOUND", "round_id")
    return ROUNDS.value(row)
