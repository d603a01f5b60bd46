"""Feedback owed and given, and what the passing of time does to it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime

import sqlalchemy as sa

from chassis.auth import Caller
from chassis.clock import day_start
from chassis.errors import Conflict, NotFound
from chassis.store import Tx, under
from chassis.tx import is_id
from services.complaints.domain import feedback
from services.complaints.domain.complaint import Change, Complaint
from services.complaints.domain.feedback import Contact, Feedback, FeedbackState, Route, Routing, WantedFeedback
from services.complaints.domain.publishing import PublicationState
from services.complaints.domain.stages import Stage
from services.complaints.storage import COMPLAINTS, matters, recusals
from services.complaints.storage.aftermath import FEEDBACKS, PUBLICATIONS
from services.complaints.usecases.desk import SYSTEM, Desk
from services.complaints.usecases.turning import in_chunks

SERVICE = Caller.service("complaints", "turn_feedback")
_F, _P = FEEDBACKS.table, PUBLICATIONS.table


class FeedbackCases:
    """The clock of feedback: begun by a closing, stopped by proof, superseded by second handling."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    def routing(self, tx: Tx, jurisdiction_path: str) -> Routing:
        """The routes that hold in a jurisdiction today."""
        return Routing.of(tx.setting("feedback", jurisdiction_path))

    def open(self, tx: Tx, complaint: Complaint) -> Feedback:
        """What a closing owes from now on."""
        routing = self.routing(tx, complaint.jurisdiction_path)
        return tx.add(FEEDBACKS, feedback.opened(tx.new_id(), complaint, routing, self._desk.calendar(tx), tx.now))

    def owed(self, tx: Tx, complaint: Complaint) -> Feedback | None:
        """The feedback of the latest closing; None for a complaint closed before there was any."""
        query = sa.select(_F).where(_F.c.complaint_id == complaint.id).order_by(_F.c.opened_at.desc(), _F.c.id.desc())
        return next((FEEDBACKS.value(row) for row in tx.rows(query.limit(1))), None)

    def record(self, tx: Tx, complaint: Complaint, contact: Contact) -> Change:
        """One contact. Refused with FEEDBACK_GIVEN_BEFORE, MEANS_FORBIDDEN, NOT_PUBLISHED."""
        owed = self.owed(tx, complaint) or self.open(tx, complaint)
        routing = self.routing(tx, complaint.jurisdiction_path)
        feedback.check(owed, contact, routing, self._published(tx, complaint))
        change = feedback.recorded(complaint, owed.route, contact)
        tx.save(FEEDBACKS, owed.given(contact.means, tx.caller.subject, tx.now) if contact.proven else owed.tried())
        return change

    def rated(self, tx: Tx, change: Change) -> Change:
        """A grade given by receipt code proves that its holder read the outcome, where the complainant is to be told."""
        owed = self.owed(tx, change.complaint)
        if owed is None or owed.state is not FeedbackState.OPEN or owed.route is not Route.COMPLAINANT:
            return change
        tx.save(FEEDBACKS, owed.given(feedback.RECEIPT, tx.caller.subject, tx.now))
        return feedback.given_with(change, owed)

    def published(self, tx: Tx, complaint: Complaint, number: str) -> None:
        """An answer released proves that it was told on the web, where that is the route: to all joined to it too."""
        for one in (complaint, *matters.joined(tx, complaint.id)):
            if one.stage is Stage.CLOSED and one.closed_at == complaint.closed_at:
                self._published_for(tx, one, number)

    def _published_for(self, tx: Tx, complaint: Complaint, number: str) -> None:
        owed = self.owed(tx, complaint)
        if owed is None or owed.state is not FeedbackState.OPEN or owed.route is not Route.WEB:
            return
        change = feedback.recorded(complaint, owed.route, Contact(feedback.WEB, True, number))
        tx.save(COMPLAINTS, change.complaint)
        self._desk.enter(tx, change)
        tx.save(FEEDBACKS, owed.given(feedback.WEB, tx.caller.subject, tx.now))

    def supersede(self, tx: Tx, complaint: Complaint) -> None:
        """The complaint is handled again: what the first closing owed is owed no more."""
        owed = self.owed(tx, complaint)
        if owed is not None and owed.state is FeedbackState.OPEN:
            tx.save(FEEDBACKS, owed.superseded(tx.now))

    def check_given(self, tx: Tx, complaint: Complaint) -> None:
        """Refuses with FEEDBACK_OPEN while the outcome is still to be told."""
        owed = self.owed(tx, complaint)
        if owed is not None and owed.state is FeedbackState.OPEN:
            raise Conflict("FEEDBACK_OPEN", number=complaint.number)

    def told_at(self, tx: Tx, complaint: Complaint) -> datetime | None:
        """When the outcome of the latest closing was told; None while it is owed.

        For a complaint closed before there was any feedback it is the closing.
        """
        owed = self.owed(tx, complaint)
        return complaint.closed_at if owed is None else owed.given_at

    def hear_calendar(self, tx: Tx, year: int) -> None:
        """A year was loaded or corrected: ends that run through it are reckoned again at the next turn."""
        since, before = day_start(date(year, 1, 1)), day_start(date(year + 1, 1, 1))
        through = (_F.c.state == FeedbackState.OPEN, _F.c.due_at >= since, _F.c.opened_at < before)
        tx.execute(sa.update(_F).where(*through, _F.c.next_light_at.is_not(None)).values(next_light_at=tx.now))

    def page(
        self, caller: Caller, wanted: WantedFeedback, size: int, token: str
    ) -> tuple[list[tuple[Feedback, tuple[str, ...]]], str]:
        """A page, what was closed first at the top, each with the means its route has. Nobody is shown their own."""
        if wanted.complaint_id and not is_id(wanted.complaint_id):
            return [], ""
        with self._desk.store.read(caller) as tx:
            query = sa.select(_F).where(tx.visible(_F), not_about(tx, _F.c.complaint_id))
            plain = {
                "complaint_id": wanted.complaint_id,
                "route": wanted.route,
                "state": wanted.state,
                "light": wanted.light,
            }
            query = query.where(*(_F.c[name] == value for name, value in plain.items() if value))
            if wanted.unit_path:
                query = query.where(under(_F.c.unit_path, wanted.unit_path))
            page = tx.page(query, (_F.c.opened_at, _F.c.id), size, token, descending=False)
            found = [FEEDBACKS.value(row) for row in page.rows]
            means = {one.jurisdiction_path: self.routing(tx, one.jurisdiction_path).means for one in found}
        return [(one, means[one.jurisdiction_path].get(one.route.value, ())) for one in found], page.next_token

    def turn(self) -> int:
        """Turns every light that is due and reckons ends whose calendar has come; what has turned red is announced."""
        return in_chunks(self._due, self._turn, "feedback.not_turned")

    def _due(self, most: int) -> list[str]:
        with self._desk.store.read(SERVICE) as tx:
            query = sa.select(_F.c.id).where(self._is_due(tx)).order_by(_F.c.opened_at).limit(most)
            return [row.id for row in tx.rows(query)]

    def _is_due(self, tx: Tx) -> sa.ColumnElement[bool]:
        return sa.or_(_F.c.next_light_at <= tx.now, _F.c.pending_year.in_(self._desk.calendar(tx).years))

    def _turn(self, due: Sequence[str]) -> int:
        with self._desk.store.begin(SERVICE) as tx:
            rows = tx.rows(sa.select(_F).where(_F.c.id.in_(due), self._is_due(tx)))
            for owed in [FEEDBACKS.value(row) for row in rows]:
                self._turn_one(tx, owed)
            return len(rows)

    def _turn_one(self, tx: Tx, owed: Feedback) -> None:
        turned = owed.turned(self._desk.calendar(tx), tx.now)
        tx.save(FEEDBACKS, turned)
        complaint = tx.find(COMPLAINTS, COMPLAINTS.table.c.id == owed.complaint_id)
        change = feedback.late(complaint, turned) if complaint is not None else None
        if change is not None:
            tx.save(COMPLAINTS, change.complaint)
            self._desk.enter(tx, change, SYSTEM)

    def _published(self, tx: Tx, complaint: Complaint) -> bool:
        query = sa.select(_P.c.id).where(
            _P.c.complaint_id.in_([one.id for one in matters.whole(tx, complaint)]),
            _P.c.closed_at == complaint.closed_at,
            _P.c.state == PublicationState.RELEASED,
        )
        return bool(tx.rows(query))


def not_about(tx: Tx, complaint_id: sa.ColumnElement[str]) -> sa.ColumnElement[bool]:
    """The condition that shows nobody what belongs to a complaint they must stay out of."""
    return complaint_id.not_in(recusals.theirs(tx))


def complaint_of(tx: Tx, complaint_id: str) -> Complaint:
    """The complaint by its id, whoever asks: what hangs on it has been checked. Raises NotFound with COMPLAINT_NOT_FOUND."""
    rows = tx.rows(sa.select(COMPLAINTS.table).where(COMPLAINTS.table.c.id == complaint_id))
    if not rows:
        raise NotFound("COMPLAINT_NOT_FOUND", "complaint_id")
    return COMPLAINTS.value(rows[0])
