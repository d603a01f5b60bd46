"""Appeals: lodged, extended, decided here or recorded from other organs, and what is open."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date

import sqlalchemy as sa

from chassis.auth import Caller, covers
from chassis.clock import day_start, local_day
from chassis.store import Tx, under
from services.accountability.domain import appeals
from services.accountability.domain.appeals import FIRST, SECOND, Appeal, Challenged, Obstacle, Outcome
from services.accountability.domain.case import Case
from services.accountability.domain.decision import period_end
from services.accountability.domain.effects import effect
from services.accountability.domain.facts import Appealed, DecisionChanged
from services.accountability.domain.routes import Route
from services.accountability.domain.states import AppealState
from services.accountability.domain.views import AppealFile, OpenAppeal
from services.accountability.rules.measures import OFFICE
from services.accountability.storage import cases
from services.accountability.storage.calendar import calendar_of
from services.accountability.storage.tables import APPEALS, CASES, EFFECTS, PROPOSALS
from services.accountability.usecases.challenged import challenged_by, is_of, route_against, route_named
from services.accountability.usecases.desk import Desk
from services.accountability.usecases.following import follow
from services.accountability.usecases.watchers import Watchers


class Appeals:
    """Carries appeals."""

    def __init__(self, desk: Desk) -> None:
        self.desk = desk
        self.watchers = Watchers(desk)

    def lodge(
        self,
        caller: Caller,
        case_id: str,
        expected_version: int,
        party_id: str,
        grounds: str,
        against_id: str = "",
        received_on: date | None = None,
        obstacle: Obstacle | None = None,
    ) -> AppealFile:
        """Records a party's appeal; nothing is stayed by it."""
        with self.desk.store.begin(caller) as tx:
            if tx.answered:
                return self._file(tx, tx.answered)
            case = tx.get(CASES, case_id, expected_version)
            party = case.party(party_id)
            challenged = challenged_by(tx, case, party, against_id, received_on)
            appeals.once(challenged, cases.appeals_of(tx, case.id))
            route = route_against(tx, case, party, challenged.organ, challenged.measures)
            filed = self._lodged(tx, case, challenged, route, FIRST, obstacle or Obstacle())
            return self._enter(tx, case, filed, grounds, obstacle)

    def lodge_second(
        self,
        caller: Caller,
        appeal_id: str,
        expected_version: int,
        grounds: str,
        received_on: date,
        obstacle: Obstacle,
    ) -> AppealFile:
        """Records that a party turned to the level above after the first decision."""
        with self.desk.store.begin(caller) as tx:
            if tx.answered:
                return self._file(tx, tx.answered)
            first = tx.get(APPEALS, appeal_id, expected_version)
            case = tx.get(CASES, first.case_id)
            route = route_named(tx, case, first)
            appeals.second(first, route, cases.appeals_of(tx, case.id))
            decided = local_day(first.decided_at or tx.now)
            place = (first.party_id, first.against_id, first.organ, first.measures)
            challenged = Challenged(*place, decided, received_on)
            filed = replace(self._lodged(tx, case, challenged, route, SECOND, obstacle), first_id=first.id)
            return self._enter(tx, case, filed, grounds, obstacle)

    def extend(self, caller: Caller, appeal_id: str, expected_version: int, reason: str) -> AppealFile:
        """Extends the limit for deciding."""
        with self.desk.store.begin(caller) as tx:
            if tx.answered:
                return self._file(tx, tx.answered)
            found = tx.get(APPEALS, appeal_id, expected_version)
            case = tx.get(CASES, found.case_id)
            route = route_named(tx, case, found)
            extended = appeals.extend(found, route, local_day(found.filed_at), calendar_of(tx))
            tx.save(APPEALS, extended)
            self.desk.keep(tx, case.next(), "appeal_extended", reason)
            return self._file(tx, tx.answer(extended))

    def decide(
        self,
        caller: Caller,
        appeal_id: str,
        expected_version: int,
        outcome: AppealState,
        measures: Sequence[str],
        reason: str,
    ) -> AppealFile:
        """Decides an appeal against the office; what it takes away never had effect."""
        with self.desk.store.begin(caller) as tx:
            if tx.answered:
                return self._file(tx, tx.answered)
            filed = tx.get(APPEALS, appeal_id, expected_version)
            case, first = tx.get(CASES, filed.case_id), _first(tx, filed)
            above = any(own != case.jurisdiction_path and covers(own, case.jurisdiction_path) for own in _reach(caller))
            appeals.may_decide_here(filed, first, case, caller.subject, caller.official_id, above)
            told = Outcome(outcome, tuple(measures), caller.subject, tx.now)
            return self._end(tx, filed, case, told, reason)

    def record(
        self,
        caller: Caller,
        appeal_id: str,
        expected_version: int,
        outcome: AppealState,
        measures: Sequence[str],
        organ: str,
        on: date,
        number: str,
        reason: str,
    ) -> AppealFile:
        """Records what another organ decided on an appeal."""
        with self.desk.store.begin(caller) as tx:
            if tx.answered:
                return self._file(tx, tx.answered)
            filed = tx.get(APPEALS, appeal_id, expected_version)
            case = tx.get(CASES, filed.case_id)
            case.recuse_party(caller.official_id)
            appeals.may_record(filed, _first(tx, filed), organ, on, self.desk.clock.today())
            told = Outcome(outcome, tuple(measures), organ, day_start(on), number)
            return self._end(tx, filed, case, told, reason)

    def of_case(self, caller: Caller, case_id: str, size: int, token: str) -> tuple[tuple[AppealFile, ...], str]:
        """The appeals of a case."""
        with self.desk.store.read(caller) as tx:
            table, case = APPEALS.table, tx.get(CASES, case_id)
            query = sa.select(table).where(table.c.case_id == case.id)
            page = tx.page(query, (table.c.filed_at, table.c.id), size, token, descending=False)
            return _files(tx, [APPEALS.value(row) for row in page.rows], {case.id: case}), page.next_token

    def open(self, caller: Caller, unit_path: str, size: int, token: str) -> tuple[tuple[OpenAppeal, ...], str]:
        """The undecided appeals the caller may see, the first to be decided on top, the pending ones at the end."""
        with self.desk.store.read(caller) as tx:
            table = APPEALS.table
            query = sa.select(table).where(tx.visible(table), table.c.state == AppealState.FILED)
            if unit_path:
                query = query.where(under(table.c.unit_path, unit_path))
            page = tx.page(query, (table.c.decide_by, table.c.id), size, token, descending=False)
            found = [APPEALS.value(row) for row in page.rows]
            of = cases.by_ids(tx, {one.case_id for one in found})
            return tuple(self._open(file, of[file.appeal.case_id]) for file in _files(tx, found, of)), page.next_token

    def hear_calendar(self, tx: Tx) -> None:
        """A calendar year was loaded: appeals whose end was pending for it get one, and their limit runs."""
        calendar = calendar_of(tx)
        for filed in cases.pending_appeals(tx):
            case = tx.get(CASES, filed.case_id)
            by = appeals.decide_by(filed, route_named(tx, case, filed), local_day(filed.filed_at), calendar)
            if by is not None:
                tx.save(APPEALS, replace(filed, version=filed.version + 1, decide_by=by))
                follow(tx, case)

    # -- steps the operations share -------------------------------------------------------------------------------

    def _lodged(self, tx: Tx, case: Case, challenged: Challenged, route: Route, instance: int, obstacle: Obstacle) -> Appeal:
        step = route.second if instance == SECOND and route.second else route.first
        today = self.desk.clock.today()
        lodged = appeals.lodge(challenged, step, route.late, obstacle, today, calendar_of(tx))
        return Appeal(
            tx.new_id(),
            1,
            case.unit_path,
            case.jurisdiction_path,
            case.id,
            challenged.party_id,
            AppealState.FILED,
            tx.now,
            lodged.decide_by,
            challenged.measures,
            instance=instance,
            organ=challenged.organ,
            route=route.key,
            against_id=challenged.against_id,
            received_on=challenged.received_on,
            late=lodged.late,
        )

    def _enter(self, tx: Tx, case: Case, filed: Appeal, grounds: str, obstacle: Obstacle | None) -> AppealFile:
        tx.add(APPEALS, filed)
        appealed = self.desk.keep(tx, case.next(), "appealed" if filed.instance == FIRST else "appealed_again", grounds)
        if filed.late and obstacle is not None:
            self.desk.line(tx, appealed, "appeal_late", obstacle.reason)
        tx.emit(Appealed(appealed.subject, case.party(filed.party_id).official_id))
        return self._file(tx, tx.answer(filed))

    def _end(self, tx: Tx, filed: Appeal, case: Case, told: Outcome, reason: str) -> AppealFile:
        catalogue = self.desk.catalogue(tx, case.jurisdiction_path)
        decided, changed = appeals.decide(filed, case, told, catalogue)
        tx.save(APPEALS, decided)
        self.desk.keep(tx, changed, f"appeal_{told.state.value}", reason)
        if told.state is not AppealState.UPHELD:
            self._change_effects(tx, changed, filed, decided)
            if filed.organ == OFFICE:
                self.watchers.changed(tx, changed, filed.party_id, catalogue, by_office=filed.instance == FIRST)
            tx.emit(DecisionChanged(changed.subject, changed.decided_parties(), changed.origins, told.state.value))
        return self._file(tx, tx.answer(decided))

    def _change_effects(self, tx: Tx, case: Case, filed: Appeal, decided: Appeal) -> None:
        """Revokes the effects that no longer hold and enters those put in their place, never for longer than they had.

        A new measure lasts as long as the row that governed gives it, else as long as the catalogue says.
        """
        catalogue, party = self.desk.catalogue(tx, case.jurisdiction_path), case.party(decided.party_id)
        own = [one for one in cases.effects_of_case(tx, case.id) if is_of(one, party, filed)]
        gone = [one for one in own if one.measure not in decided.measures]
        for one in gone:
            tx.save(EFFECTS, one.revoke())
        held = {one.measure for one in own}
        on, latest = appeals.in_place_of(gone, local_day(decided.decided_at or tx.now))
        said = tx.get(PROPOSALS, case.proposal_id).said_of(party.id) if case.proposal_id else None
        for key in decided.measures:
            if key not in held:
                until = period_end(said, key, {}, on, catalogue)
                until = min(until, latest) if until and latest else until
                tx.add(EFFECTS, effect(tx.new_id(), case, party, key, decided.organ, until, on, catalogue))

    def _file(self, tx: Tx, found: Appeal) -> AppealFile:
        (file,) = _files(tx, [found], {found.case_id: tx.get(CASES, found.case_id)})
        return file

    def _open(self, file: AppealFile, case: Case) -> OpenAppeal:
        found = file.appeal
        official = next((one.official_id for one in case.parties if one.id == found.party_id), "")
        overdue = found.decide_by is not None and found.decide_by < self.desk.clock.today()
        return OpenAppeal(file, case.number, case.unit_path, official, overdue)


def _files(tx: Tx, found: Sequence[Appeal], of: Mapping[str, Case]) -> tuple[AppealFile, ...]:
    """Appeals as people read them, `of` being their cases: however many there are, it is asked once which went on."""
    went_on = cases.went_on(tx, found)
    routes = {path: tx.setting("appeal_routes", path) for path in {case.jurisdiction_path for case in of.values()}}
    return tuple(
        AppealFile(one, route_named(tx, case, one, routes[case.jurisdiction_path]), one.id in went_on)
        for one, case in ((one, of[one.case_id]) for one in found)
    )


def _reach(caller: Caller) -> Sequence[str]:
    return tuple(caller.rows.jurisdictions)


def _first(tx: Tx, one: Appeal) -> Appeal | None:
    return tx.get(APPEALS, one.first_id) if one.first_id else None
