"""Second handling: ordered by the office, asked for by receipt code, or opened by poor handling and a poor grade."""

from __future__ import annotations

from dataclasses import replace
from typing import cast

import sqlalchemy as sa

from chassis.auth import Caller
from chassis.errors import Conflict
from chassis.store import Tx
from chassis.tx import is_id
from services.complaints.domain import closing, second
from services.complaints.domain.complaint import Change, Complaint
from services.complaints.domain.second import (
    Rules,
    SecondRequest,
    SecondRequestSource,
    SecondRequestState,
    SeenRequest,
    WantedSecond,
)
from services.complaints.domain.stages import Stage
from services.complaints.storage import ACTS, COMPLAINTS, ledger, parts
from services.complaints.storage.aftermath import SECOND_REQUESTS
from services.complaints.usecases.desk import SYSTEM, Desk
from services.complaints.usecases.feedback import FeedbackCases, not_about

_T = SECOND_REQUESTS.table
AUTOMATIC = "automatic"
HANDLED = frozenset({"sign_for", "report", "sign_report", "sign_for_part", "report_part"})


class SecondCases:
    """Asking, deciding, ordering."""

    def __init__(self, desk: Desk, feedback: FeedbackCases) -> None:
        self._desk = desk
        self._feedback = feedback

    def order(self, caller: Caller, complaint_id: str, version: int, unit_path: str, reason: str, text: str) -> Complaint:
        """The office orders it of its own motion; a request that waits is granted by it."""

        def does(tx: Tx, found: Complaint) -> Change:
            why = self._desk.reason(tx, "second_handling", reason, found.jurisdiction_path)
            change = replace(self._ordered(tx, found, unit_path, text), reason=why)
            asked = self.asked(tx, found)
            if asked is not None and asked.state is SecondRequestState.ASKED:
                tx.save(SECOND_REQUESTS, asked.decide(True, unit_path, caller.subject, tx.now))
            return change

        return self._desk.act(caller, complaint_id, version, does)

    def ask(self, tx: Tx, own: Complaint, reason: str) -> Change:
        """The complainant asks, by receipt code."""
        told_at, asked = self._feedback.told_at(tx, own), self.asked(tx, own)
        second.check_asking(own, told_at, asked, self._rules(tx, own), self._desk.calendar(tx), tx.now)
        self._request(tx, own, SecondRequestSource.COMPLAINANT)
        return second.asked(own, reason)

    def decide(
        self, caller: Caller, second_request_id: str, version: int, granted: bool, unit_path: str, reason: str
    ) -> SecondRequest:
        """The office's word on a request, with its reason."""
        with self._desk.store.begin(caller) as tx:
            if tx.answered:
                return cast(SecondRequest, tx.answered)
            asked = tx.get(SECOND_REQUESTS, second_request_id, version)
            found = tx.get(COMPLAINTS, asked.complaint_id)
            self._desk.recuse(tx, found)
            decided = asked.decide(granted, unit_path, caller.subject, tx.now)
            if found.closed_at != asked.closed_at or found.stage is not Stage.CLOSED:
                raise Conflict("SECOND_REQUEST_DECIDED", number=asked.number)
            change = self._ordered(tx, found, unit_path, reason) if granted else second.refused(found, reason)
            tx.save(COMPLAINTS, change.complaint)
            self._desk.enter(tx, change)
            tx.save(SECOND_REQUESTS, decided)
            return tx.answer(decided)

    def rated(self, tx: Tx, rated: Complaint) -> None:
        """After a grade: poorly handled and unsatisfied opens it by itself; where no unit is left, the office is asked.

        Not once somebody has asked for this closing: then the office has the word.
        """
        rules, found = self._rules(tx, rated), self._signs(tx, rated)
        if rated.stage is not Stage.CLOSED or not rules.opens(rated.grade, found) or self.asked(tx, rated) is not None:
            return
        asked = self._request(tx, rated, SecondRequestSource.AUTOMATIC)
        unit_path = second.next_handler(rated, self._desk.all_posts(tx, rated), self._cooperated(tx, rated))
        if not unit_path:
            return
        change = self._ordered(tx, rated, unit_path, "", SYSTEM)
        tx.save(COMPLAINTS, change.complaint)
        self._desk.enter(tx, change, SYSTEM)
        state = SecondRequestState.GRANTED
        granted = replace(asked, version=2, state=state, decided_by=SYSTEM, decided_at=tx.now, to_unit_path=unit_path)
        tx.save(SECOND_REQUESTS, granted)

    def asked(self, tx: Tx, complaint: Complaint) -> SecondRequest | None:
        """The request about its latest closing."""
        query = sa.select(_T).where(_T.c.complaint_id == complaint.id, _T.c.closed_at == complaint.closed_at)
        return next((SECOND_REQUESTS.value(row) for row in tx.rows(query)), None) if complaint.closed_at else None

    def last(self, tx: Tx, complaint: Complaint) -> SecondRequest | None:
        """The latest request, also while it is handled again."""
        query = sa.select(_T).where(_T.c.complaint_id == complaint.id).order_by(_T.c.asked_at.desc()).limit(1)
        return next((SECOND_REQUESTS.value(row) for row in tx.rows(query)), None)

    def check_archiving(self, tx: Tx, complaint: Complaint) -> None:
        """Refuses with SECOND_REQUEST_OPEN while somebody waits for the office's word, ASKING_OPEN while one may ask."""
        told_at, asked = self._feedback.told_at(tx, complaint), self.asked(tx, complaint)
        second.check_archiving(complaint, told_at, asked, self._rules(tx, complaint), self._desk.calendar(tx), tx.now)

    def check_other_hands(self, tx: Tx, complaint: Complaint) -> None:
        """Refuses with SAME_HANDLER who had a hand in it the first time: it is handled by other hands."""
        if not complaint.second_handling:
            return
        rows = self._acts(tx, complaint.id)
        begun = max(at for at, (act, _) in enumerate(rows) if act == "order_second_handling")
        before = [*rows[:begun], *(self._acts(tx, complaint.matter_id) if complaint.matter_id else ())]
        if any(act in HANDLED and actor == tx.caller.subject for act, actor in before):
            raise Conflict("SAME_HANDLER", "complaint_id")

    def _acts(self, tx: Tx, complaint_id: str) -> list[tuple[str, str]]:
        query = sa.select(ACTS.c.act, ACTS.c.actor).where(ACTS.c.complaint_id == complaint_id).order_by(ACTS.c.version)
        return [(row.act, row.actor) for row in tx.rows(query)]

    def get(self, caller: Caller, second_request_id: str) -> SeenRequest:
        """One request with its words."""
        with self._desk.store.read(caller) as tx:
            found = tx.get(SECOND_REQUESTS, second_request_id)
            self._desk.recuse(tx, tx.get(COMPLAINTS, found.complaint_id))
            acts = ("ask_second_handling", "refuse_second_handling", "order_second_handling")
            said = ledger.last_texts(tx, self._desk.contents, found.complaint_id, acts)
            answered = {SecondRequestState.GRANTED: acts[2], SecondRequestState.REFUSED: acts[1]}.get(found.state, "")
            text = said.get(acts[0], "") if found.source is SecondRequestSource.COMPLAINANT else ""
            return SeenRequest(found, text, said.get(answered, ""))

    def page(self, caller: Caller, wanted: WantedSecond, size: int, token: str) -> tuple[list[SeenRequest], str]:
        """A page, the newest first, without words."""
        if wanted.complaint_id and not is_id(wanted.complaint_id):
            return [], ""
        with self._desk.store.read(caller) as tx:
            query = sa.select(_T).where(tx.visible(_T), not_about(tx, _T.c.complaint_id))
            plain = {"complaint_id": wanted.complaint_id, "state": wanted.state, "source": wanted.source}
            query = query.where(*(_T.c[name] == value for name, value in plain.items() if value))
            page = tx.page(query, (_T.c.asked_at, _T.c.id), size, token)
            return [SeenRequest(SECOND_REQUESTS.value(row)) for row in page.rows], page.next_token

    def _ordered(self, tx: Tx, found: Complaint, unit_path: str, reason: str, by: str = "") -> Change:
        self._desk.neighbours.check_unit(tx, unit_path, "unit_path")
        regime = self._desk.regime(tx, found.regime, found.jurisdiction_path)
        posts, calendar = self._desk.all_posts(tx, found), self._desk.calendar(tx)
        how, hand = (AUTOMATIC if by else "ordered"), by or tx.caller.subject
        helped = self._cooperated(tx, found)
        change = closing.order_second_handling(found, unit_path, posts, regime, hand, reason, calendar, tx.now, how, helped)
        self._feedback.supersede(tx, found)
        return change

    def _cooperated(self, tx: Tx, found: Complaint) -> frozenset[str]:
        """The units that had a part in it, or in the matter it was answered with."""
        return frozenset().union(*(parts.units_of(tx, one) for one in (found.id, found.matter_id) if one))

    def _request(self, tx: Tx, complaint: Complaint, source: SecondRequestSource) -> SecondRequest:
        signs = self._signs(tx, complaint)
        return tx.add(SECOND_REQUESTS, second.request(tx.new_id(), complaint, source, signs, tx.now))

    def _signs(self, tx: Tx, complaint: Complaint) -> tuple[str, ...]:
        query = sa.select(ACTS.c.act).where(ACTS.c.complaint_id == complaint.id).order_by(ACTS.c.version)
        acts = [row.act for row in tx.rows(query)]
        if "order_second_handling" in acts:  # only what happened since it was begun anew
            acts = acts[len(acts) - acts[::-1].index("order_second_handling") :]
        return second.signs(complaint, acts)

    def _rules(self, tx: Tx, complaint: Complaint) -> Rules:
        return Rules.of(tx.setting("second_handling", complaint.jurisdiction_path))
