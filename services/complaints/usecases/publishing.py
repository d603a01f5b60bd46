"""Publishing answers: checked for whoever could be given away when drafted, when reviewed and when released."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import cast

import sqlalchemy as sa

from chassis.auth import Caller
from chassis.clock import local_day
from chassis.errors import Conflict, NotFound
from chassis.store import Tx, under
from chassis.tx import is_id
from services.complaints.domain import publishing
from services.complaints.domain.complaint import Complaint
from services.complaints.domain.publishing import Publication, PublicationState, SeenPublication, Wording
from services.complaints.domain.redaction import redacted
from services.complaints.domain.stages import Stage
from services.complaints.storage import COMPLAINTS, matters
from services.complaints.storage.aftermath import PUBLICATIONS
from services.complaints.usecases.desk import Desk
from services.complaints.usecases.feedback import FeedbackCases, complaint_of, not_about

_T = PUBLICATIONS.table
PUBLIC = Caller.service("complaints", "read_answers")


class PublishingCases:
    """Draft, review, release, withdrawal; and what everybody reads."""

    def __init__(self, desk: Desk, feedback: FeedbackCases) -> None:
        self._desk = desk
        self._feedback = feedback

    def draft(
        self, caller: Caller, complaint_id: str, wording: Wording, category: str, names: Sequence[str]
    ) -> SeenPublication:
        """Drafts it."""
        with self._desk.store.begin(caller) as tx:
            if tx.answered:
                return self._seen(tx, cast(Publication, tx.answered))
            found = tx.get(COMPLAINTS, complaint_id)
            found = self._desk.take(tx, complaint_id, found.version)
            self._check_closed(tx, found)
            self._check_category(tx, found, category)
            if self._drafted(tx, found):
                raise Conflict("ALREADY_DRAFTED", number=found.number)
            wording = self._check_redacted(tx, found, wording.knowing(names), names)
            assert found.closing is not None and found.closed_at is not None
            draft = Publication(
                id=tx.new_id(),
                version=1,
                unit_path=found.responsible_unit_path,
                jurisdiction_path=found.jurisdiction_path,
                number=number_of(tx, "公开", "publications"),
                complaint_id=found.id,
                complaint_number=found.number,
                closed_at=found.closed_at,
                state=PublicationState.DRAFTED,
                category=category or found.category,
                conclusion=found.closing.conclusion,
                sealed=self._desk.contents.text(tx, found.id, wording.joined()),
                drafted_by=caller.subject,
                drafted_at=tx.now,
                writers=(caller.subject,),
            )
            return self._seen(tx, tx.answer(tx.add(PUBLICATIONS, draft)))

    def revise(
        self, caller: Caller, publication_id: str, version: int, wording: Wording, category: str, names: Sequence[str]
    ) -> SeenPublication:
        """Another wording."""

        def does(tx: Tx, one: Publication, found: Complaint) -> Publication:
            self._check_category(tx, found, category)
            known = self._check_redacted(tx, found, wording.knowing((*self._wording(tx, one).names, *names)), names)
            return one.revised(caller.subject, category, self._seal(tx, found, known))

        return self._act(caller, publication_id, version, does)

    def review(self, caller: Caller, publication_id: str, version: int, passed: bool, opinion: str) -> SeenPublication:
        """Passed or returned, by another."""

        def does(tx: Tx, one: Publication, found: Complaint) -> Publication:
            wording = replace(self._wording(tx, one), opinion=opinion)
            reviewed = one.reviewed(passed, caller.subject, self._seal(tx, found, wording), tx.now)
            if passed:
                self._check_redacted(tx, found, wording)
            return reviewed

        return self._act(caller, publication_id, version, does)

    def release(self, caller: Caller, publication_id: str, version: int) -> SeenPublication:
        """Everybody may read it; an earlier answer about the same complaint leaves the page."""

        def does(tx: Tx, one: Publication, found: Complaint) -> Publication:
            wording = self._wording(tx, one)
            released, fact = one.released(wording, caller.subject, tx.now)
            if found.closed_at != one.closed_at:
                raise Conflict("NOT_CLOSED_YET")
            self._check_closed(tx, found)
            self._check_redacted(tx, found, wording)
            self._replace(tx, released)
            self._feedback.published(tx, found, one.number)
            tx.emit(fact)
            return released

        return self._act(caller, publication_id, version, does)

    def withdraw(self, caller: Caller, publication_id: str, version: int, reason: str) -> SeenPublication:
        """Taken back, with a reason."""

        def does(tx: Tx, one: Publication, found: Complaint) -> Publication:
            wording = replace(self._wording(tx, one), withdrawn_because=reason)
            withdrawn, fact = one.withdrawn(caller.subject, self._seal(tx, found, wording), tx.now)
            if fact is not None:
                tx.emit(fact)
            return withdrawn

        return self._act(caller, publication_id, version, does)

    def get(self, caller: Caller, publication_id: str) -> SeenPublication:
        """One, as its makers see it."""
        with self._desk.store.read(caller) as tx:
            one = tx.get(PUBLICATIONS, publication_id)
            self._desk.recuse(tx, complaint_of(tx, one.complaint_id))
            return self._seen(tx, one)

    def page(
        self, caller: Caller, state: PublicationState | None, complaint_id: str, size: int, token: str
    ) -> tuple[list[SeenPublication], str]:
        """A page, the newest first."""
        if complaint_id and not is_id(complaint_id):
            return [], ""
        with self._desk.store.read(caller) as tx:
            query = sa.select(_T).where(tx.visible(_T), not_about(tx, _T.c.complaint_id))
            if state is not None:
                query = query.where(_T.c.state == state)
            if complaint_id:
                query = query.where(_T.c.complaint_id == complaint_id)
            page = tx.page(query, (_T.c.drafted_at, _T.c.id), size, token)
            return [self._seen(tx, PUBLICATIONS.value(row)) for row in page.rows], page.next_token

    def answers(
        self, jurisdiction_path: str, unit_path: str, category: str, size: int, token: str
    ) -> tuple[list[SeenPublication], str]:
        """A page of what everybody reads, the latest first."""
        with self._desk.store.read(PUBLIC) as tx:
            query = sa.select(_T).where(_T.c.state == PublicationState.RELEASED)
            paths = ((_T.c.jurisdiction_path, jurisdiction_path), (_T.c.unit_path, unit_path))
            query = query.where(*(under(column, path) for column, path in paths if path))
            if category:
                query = query.where(_T.c.category == category)
            page = tx.page(query, (_T.c.released_at, _T.c.id), size, token)
            return [self._public(tx, PUBLICATIONS.value(row)) for row in page.rows], page.next_token

    def answer(self, publication_id: str) -> SeenPublication:
        """One of them. Raises NotFound with PUBLICATION_NOT_FOUND for whatever is not released."""
        with self._desk.store.read(PUBLIC) as tx:
            one = tx.get(PUBLICATIONS, publication_id)
            if one.state is not PublicationState.RELEASED:
                raise NotFound("PUBLICATION_NOT_FOUND", "publication_id")
            return self._public(tx, one)

    def _act(
        self,
        caller: Caller,
        publication_id: str,
        version: int,
        does: Callable[[Tx, Publication, Complaint], Publication],
    ) -> SeenPublication:
        with self._desk.store.begin(caller) as tx:
            if tx.answered:
                return self._seen(tx, cast(Publication, tx.answered))
            one = tx.get(PUBLICATIONS, publication_id, version)
            found = complaint_of(tx, one.complaint_id)
            self._desk.recuse(tx, found)
            done = does(tx, one, found)
            return self._seen(tx, tx.answer(tx.save(PUBLICATIONS, done)))

    def _check_closed(self, tx: Tx, found: Complaint) -> None:
        """Refuses with NOT_CLOSED_YET, SEALED_NEVER, ROUTE_FORBIDS."""
        if found.stage not in (Stage.CLOSED, Stage.ARCHIVED) or found.closing is None:
            raise Conflict("NOT_CLOSED_YET")
        routing = self._feedback.routing(tx, found.jurisdiction_path)
        if routing.is_sealed(found.manner):
            raise Conflict("SEALED_NEVER", "complaint_id", number=found.number)
        if routing.route(found.channel, found.manner).value not in routing.publishes:
            raise Conflict("ROUTE_FORBIDS", "complaint_id", number=found.number)

    def _check_category(self, tx: Tx, found: Complaint, category: str) -> None:
        if category:
            self._desk.check_word(tx, "categories", category, "CATEGORY_UNKNOWN", "category", found.jurisdiction_path)

    def _check_redacted(self, tx: Tx, found: Complaint, wording: Wording, names: Sequence[str] = ()) -> Wording:
        """The same wording, checked; `names` are those just told, the wording holds those told before as well.

        Refuses with OFFICIALS_UNNAMED where names of officials concerned are missing, and with NOT_REDACTED what gives away
        who raised it, or anything else of its matter, or whom it is about.
        """
        closed = found.closing
        publishing.check_named(wording, names, (found.accused_official_id, *(closed.official_ids if closed else ())))
        contents = self._desk.contents.open(tx, [one.id for one in matters.whole(tx, found)])
        quote = int(tx.setting("publishing.quote", found.jurisdiction_path))
        for content in contents.values():
            mac = self._desk.contents.trace_mac
            masked = {name: redacted(text, content.traces, mac) for name, text in wording.published.items()}
            publishing.check_redacted(wording, masked, content.confidential_text, quote)
        return wording

    def _drafted(self, tx: Tx, found: Complaint) -> bool:
        query = sa.select(_T.c.id).where(_T.c.complaint_id == found.id, _T.c.closed_at == found.closed_at)
        return bool(tx.rows(query.where(_T.c.state != PublicationState.WITHDRAWN)))

    def _replace(self, tx: Tx, released: Publication) -> None:
        query = sa.select(_T).where(
            _T.c.complaint_id == released.complaint_id,
            _T.c.id != released.id,
            _T.c.state == PublicationState.RELEASED,
        )
        for earlier in [PUBLICATIONS.value(row) for row in tx.rows(query)]:
            withdrawn, fact = earlier.withdrawn(released.released_by, earlier.sealed, tx.now)
            tx.save(PUBLICATIONS, withdrawn)
            if fact is not None:
                tx.emit(fact)

    def _seal(self, tx: Tx, found: Complaint, wording: Wording) -> bytes | None:
        return self._desk.contents.text(tx, found.id, wording.joined())

    def _wording(self, tx: Tx, one: Publication) -> Wording:
        [joined] = self._desk.contents.texts(tx, one.complaint_id, [one.sealed])
        return Wording.split(joined)

    def _seen(self, tx: Tx, one: Publication) -> SeenPublication:
        return SeenPublication(one, self._wording(tx, one))

    def _public(self, tx: Tx, one: Publication) -> SeenPublication:
        words = {entry["id"]: (entry["zh"], entry["en"]) for entry in tx.setting("categories", one.jurisdiction_path)}
        units = tx.copies("unit", tx.store.schema["copies"].c.unit_path == one.unit_path)
        name = next((unit.name for unit in units), "")
        wording = Wording(one.title, one.question, one.answer)
        return SeenPublication(one, wording, name, words.get(one.category, ("", "")))


def number_of(tx: Tx, word: str, series: str) -> str:
    """The next number of the year, for example 公开〔2026〕3号."""
    year = local_day(tx.now).year
    return f"{word}〔{year}〕{tx.number(f'{series}.{year}')}号"
