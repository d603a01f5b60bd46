"""Opening cases: by hand, and by the facts of other services. A clue about what is known already joins its case."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date

from chassis.auth import Caller
from chassis.clock import local_day
from chassis.errors import Conflict, Invalid
from chassis.store import Tx
from services.accountability.domain.case import Case, Party
from services.accountability.domain.facts import CaseOpened
from services.accountability.domain.intake import Clue, brings_something, open_case, suspected
from services.accountability.rules.words import Post, Role
from services.accountability.storage import cases, directory, watch
from services.accountability.storage.tables import CASES
from services.accountability.usecases.desk import Desk
from services.accountability.usecases.following import follow


class Intake:
    """Takes in clues."""

    def __init__(self, desk: Desk) -> None:
        self.desk = desk

    def open_by_hand(self, caller: Caller, clue: Clue, conduct: str, note: str) -> Case:
        """The office opens a case itself: a superior's transfer, a unit's own report, media."""
        with self.desk.store.begin(caller) as tx:
            if tx.answered:
                return tx.answered  # type: ignore[no-any-return]
            placed = replace(clue, jurisdiction_path=self._jurisdiction(tx, clue.unit_path))
            known = self.desk.versions(tx, placed.jurisdiction_path)
            if not any(conduct in version.table.pack.conduct_words for version in known):
                raise Invalid("UNKNOWN_CONDUCT", "suspected_conduct", word=conduct)
            for official in clue.official_ids:
                if not tx.copy("official", official).known:
                    raise Conflict("OFFICIAL_NOT_KNOWN", "official_ids", official=official)
            case = self._take_in(tx, placed, conduct)
            self.desk.line(tx, case, "note", note)
            return tx.answer(case)

    def take_in(self, tx: Tx, clue: Clue | None) -> None:
        """A fact of another service brings a clue, or says that there is none; told twice it changes nothing."""
        if clue is None:
            return
        told = (tx.setting(key, clue.jurisdiction_path) for key in ("conduct_of", "conduct_of_event"))
        self._take_in(tx, clue, suspected(clue, *told))

    def open_on_watcher(self, tx: Tx, clue: Clue, conduct: str) -> Case:
        """A confirmed flag brings a clue about those who led the unit that should have acted."""
        return self._take_in(tx, clue, conduct)

    def _take_in(self, tx: Tx, clue: Clue, conduct: str) -> Case:
        found = cases.case_at_work_of(tx, clue.origin.subject_id)
        if found is None:
            for before in cases.cases_of(tx, clue.origin.subject_id):
                if not brings_something(before, clue):
                    return before
            found = cases.joinable_case_of(tx, clue.unit_path, conduct, clue.official_ids)
        if found is None:
            return self._open(tx, clue, conduct)
        if not brings_something(found, clue):
            return found
        fresh = tuple(word for word in clue.triggers if word not in found.triggers)
        watch.prove(tx, found, clue.ground, clue.origin.subject_id)
        joined = found.join(clue.origin, clue.triggers, self._people(tx, clue))
        return self.desk.keep(tx, self._with_leaders(tx, joined, fresh, clue.on), "joined")

    def _open(self, tx: Tx, clue: Clue, conduct: str) -> Case:
        year = local_day(tx.now).year
        number = f"问责〔{year}〕{tx.number(f'cases.{year}')}号"
        opened = open_case(tx.new_id(), number, clue, conduct, self._parties(tx, clue), tx.now)
        case = self._with_leaders(tx, opened, clue.triggers, clue.on)
        tx.add(CASES, case)
        cases.link(tx, case)
        watch.prove(tx, case, clue.ground, clue.origin.subject_id)
        follow(tx, case)
        self.desk.line(tx, case, "opened")
        tx.emit(CaseOpened(case.subject, clue.origin))
        return case

    def _parties(self, tx: Tx, clue: Clue) -> tuple[Party, ...]:
        """The people named; without any the unit's head or the unit itself."""
        people = self._people(tx, clue) or self._leaders(tx, clue.led_path or clue.unit_path, clue.posts, clue.on)
        if not people and clue.head_answers:
            head = directory.head(tx, clue.unit_path, clue.on)
            person = directory.person(tx, head, Role.MAIN_LEADER, clue.on, clue.unit_path) if head else None
            people = (person,) if person else ()
        return people or (directory.unit(tx, clue.unit_path),)

    def _people(self, tx: Tx, clue: Clue) -> tuple[Party, ...]:
        """Those the directory knows; the others are added by hand once their fact has come."""
        known = (directory.person(tx, one, Role.DIRECT, clue.on, clue.unit_path) for one in clue.official_ids)
        return tuple(party for party in known if party is not None)

    def _with_leaders(self, tx: Tx, case: Case, triggers: tuple[str, ...], on: date) -> Case:
        """一案双查: these triggers bring in the unit head and the deputy in charge, and ask why if nobody answers."""
        rule = tx.setting("one_case_two_investigations", case.jurisdiction_path)
        asking = tuple(word for word in triggers if word in rule["triggers"])
        if not asking:
            return case
        leaders = self._leaders(tx, case.unit_path, rule["posts"], on)
        return case.ask_for_leaders(asking, tuple(replace(one, brought_in_by_question=True) for one in leaders))

    def _leaders(self, tx: Tx, unit_path: str, posts: Mapping[str, str], on: date) -> tuple[Party, ...]:
        """Who held these posts over a unit on a day, each with the responsibility to start from."""
        leaders = []
        for post, role in posts.items():
            official = directory.leader(tx, unit_path, Post(post), on)
            party = directory.person(tx, official, Role(role), on, unit_path) if official else None
            if party is not None:
                leaders.append(replace(party, post=Post(post)))
        return tuple(leaders)

    def _jurisdiction(self, tx: Tx, unit_path: str) -> str:
        """The jurisdiction of a unit: the one the directory says, if the caller may touch it."""
        return directory.unit_within(tx, unit_path).jurisdiction_path
