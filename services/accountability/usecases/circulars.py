"""Circulars of typical cases: drafted and revised, reviewed by another, published with a number, withdrawn, read by all."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from posixpath import commonpath

from chassis.auth import Caller, covers
from chassis.clock import local_day
from chassis.errors import Conflict, Invalid, NotFound
from chassis.store import Tx
from papers.documents import Document, from_json, to_json
from services.accountability import documents as sentences
from services.accountability import documents_circular as words
from services.accountability.domain.case import Case
from services.accountability.domain.circular import Circular, CircularState, Entry, may_be_told
from services.accountability.domain.documents import DocumentFormat, DocumentKind, PartyName, Wanted
from services.accountability.domain.redaction import read_redaction
from services.accountability.storage import directory, public
from services.accountability.storage import documents as papers_kept
from services.accountability.storage.public import CIRCULARS
from services.accountability.storage.tables import CASES
from services.accountability.usecases.desk import Desk
from services.accountability.usecases.documents import Documents, File, faces_of, letterhead_of

Names = Mapping[str, PartyName]


class Circulars:
    """Makes circulars of decided cases."""

    def __init__(self, desk: Desk, documents: Documents) -> None:
        self.desk = desk
        self.documents = documents

    def draft(self, caller: Caller, title: str, entries: Sequence[Entry], names: Names) -> Circular:
        """A draft; a case without a text is told in words of the rules."""
        with self.desk.store.begin(caller) as tx:
            if tx.answered:
                return tx.answered  # type: ignore[no-any-return]
            cases = self._cases(tx, entries)
            place = _common(tx, list(cases.values()))
            told = self._told(tx, cases, title, entries, names, place)
            made = Circular(tx.new_id(), 1, place, place, CircularState.DRAFT, title, told, (caller.subject,), tx.now)
            tx.add(CIRCULARS, made)
            public.told_of(tx, made.id, made.case_ids)
            return tx.answer(made)

    def revise(
        self, caller: Caller, circular_id: str, expected_version: int, title: str, entries: Sequence[Entry], names: Names
    ) -> Circular:
        """Another text, other cases."""
        with self.desk.store.begin(caller) as tx:
            if tx.answered:
                return tx.answered  # type: ignore[no-any-return]
            before = tx.get(CIRCULARS, circular_id, expected_version)
            cases = self._cases(tx, entries)
            if any(not covers(before.jurisdiction_path, case.jurisdiction_path) for case in cases.values()):
                raise Conflict("DIFFERENT_JURISDICTIONS", "entries")
            told = self._told(tx, cases, title, entries, names, before.jurisdiction_path)
            revised = before.revise(caller.subject, title, told)
            tx.save(CIRCULARS, revised)
            public.told_of(tx, revised.id, revised.case_ids)
            return tx.answer(revised)

    def review(self, caller: Caller, circular_id: str, expected_version: int, passed: bool, opinion: str) -> Circular:
        """Passes it, or says what to change."""
        with self.desk.store.begin(caller) as tx:
            if tx.answered:
                return tx.answered  # type: ignore[no-any-return]
            reviewed = tx.get(CIRCULARS, circular_id, expected_version).review(caller.subject, passed, opinion)
            tx.save(CIRCULARS, reviewed)
            return tx.answer(reviewed)

    def publish(self, caller: Caller, circular_id: str, expected_version: int, names: Names) -> Circular:
        """Numbers it and opens it to everybody. The number is drawn last: what is refused takes none."""
        with self.desk.store.begin(caller) as tx:
            if tx.answered:
                return tx.answered  # type: ignore[no-any-return]
            reviewed = tx.get(CIRCULARS, circular_id, expected_version)
            reviewed.may_be_published()
            cases = self._cases(tx, reviewed.entries)
            all_named(cases.values(), names)
            self._unnamed(tx, cases, reviewed.title, reviewed.entries, names, reviewed.jurisdiction_path)
            head = letterhead_of(tx, reviewed.jurisdiction_path)
            draft = words.document(reviewed.title, [one.text for one in reviewed.entries], head)
            today = local_day(tx.now)
            place = papers_kept.next_place(tx, head.word(DocumentKind.CIRCULAR), today.year)
            number = head.number(DocumentKind.CIRCULAR, today.year, place)
            paper = to_json(sentences.issue(draft, number, today))
            published = reviewed.publish(caller.subject, tx.now, number, paper)
            tx.save(CIRCULARS, published)
            for case in cases.values():  # each one moves on, so that an appeal decided at the same moment finds it changed
                self.desk.keep(tx, case.next(), "circulated", number)
            return tx.answer(published)

    def withdraw(self, caller: Caller, circular_id: str, expected_version: int, reason: str) -> Circular:
        """Takes it from everybody, with the reason."""
        with self.desk.store.begin(caller) as tx:
            if tx.answered:
                return tx.answered  # type: ignore[no-any-return]
            withdrawn = tx.get(CIRCULARS, circular_id, expected_version).withdraw(reason)
            tx.save(CIRCULARS, withdrawn)
            return tx.answer(withdrawn)

    def list(self, caller: Caller, state: CircularState | None, size: int, token: str) -> tuple[tuple[Circular, ...], str]:
        """Circulars and drafts."""
        with self.desk.store.read(caller) as tx:
            page = public.list_circulars(tx, state, size, token)
            return tuple(CIRCULARS.value(row) for row in page.rows), page.next_token

    def get(self, caller: Caller, circular_id: str) -> tuple[Circular, tuple[Case, ...]]:
        """One of them in full, with its cases."""
        with self.desk.store.read(caller) as tx:
            found = tx.get(CIRCULARS, circular_id)
            return found, tuple(tx.get(CASES, case_id) for case_id in found.case_ids)

    def build(self, caller: Caller, circular_id: str, format: DocumentFormat) -> File:
        """It as a document."""
        with self.desk.store.read(caller) as tx:
            found = tx.get(CIRCULARS, circular_id)
            texts = [one.text for one in found.entries]
            kept = from_json(found.paper) if found.paper else None
            paper = kept or words.document(found.title, texts, letterhead_of(tx, found.jurisdiction_path))
            faces = faces_of(tx, found.jurisdiction_path, format)
        return self.documents.file(paper, format, faces)

    def published(self, caller: Caller, size: int, token: str) -> tuple[tuple[tuple[Circular, Document], ...], str]:
        """What everybody may read, each with its paper."""
        with self.desk.store.read(caller) as tx:
            page = public.published_circulars(tx, size, token)
            found = [CIRCULARS.value(row) for row in page.rows]
            return tuple((one, from_json(one.paper)) for one in found), page.next_token

    def read(self, caller: Caller, circular_id: str) -> tuple[Circular, Document]:
        """One of them."""
        with self.desk.store.read(caller) as tx:
            found = public.published_circular(tx, circular_id)
        if found is None:
            raise NotFound("CIRCULAR_NOT_FOUND", "circular_id")
        return found, from_json(found.paper)

    def _cases(self, tx: Tx, entries: Sequence[Entry]) -> dict[str, Case]:
        """The cases, each decided and with a measure that holds."""
        cases = {one.case_id: tx.get(CASES, one.case_id) for one in entries}
        if len(cases) < len(entries):
            raise Invalid("CASE_TWICE", "entries")
        for case in cases.values():
            may_be_told(case)
        return cases

    def _told(
        self, tx: Tx, cases: Mapping[str, Case], title: str, entries: Sequence[Entry], names: Names, place: str
    ) -> tuple[Entry, ...]:
        told = tuple(one if one.text.strip() else self._written(tx, cases[one.case_id]) for one in entries)
        self._unnamed(tx, cases, title, told, names, place)
        return told

    def _written(self, tx: Tx, case: Case) -> Entry:
        wanted = Wanted(DocumentKind.CIRCULAR, "", "", {}, "", "", ())
        return Entry(case.id, words.entry(self.documents.ground(tx, case, wanted)))

    def _unnamed(
        self, tx: Tx, cases: Mapping[str, Case], title: str, entries: Sequence[Entry], names: Names, place: str
    ) -> None:
        """Refuses title and texts that name anybody of any of the cases."""
        rule = read_redaction(tx.setting("circulars.redaction", place))
        persons = [one.name for one in names.values()]
        units = [name for case in cases.values() for name in directory.unit_names(tx, case)]
        for field, text in [("title", title), *((f"entries[{place}].text", one.text) for place, one in enumerate(entries))]:
            rule.check(field, text, persons, units)


def all_named(cases: Iterable[Case], names: Names) -> None:
    """Refuses to publish unless the name of every person of the cases is there to be looked for."""
    for case in cases:
        for party in case.parties:
            if party.official_id and party.id not in names:
                raise Invalid("PARTY_NAME_MISSING", "names", party=party.id)


def _common(tx: Tx, cases: Sequence[Case]) -> str:
    """The nearest jurisdiction over all the cases; the caller's, or it is refused."""
    path = commonpath([case.jurisdiction_path for case in cases])
    if not any(covers(own, path) for own in tx.caller.rows.jurisdictions):
        raise Conflict("DIFFERENT_JURISDICTIONS", "entries")
    return path
