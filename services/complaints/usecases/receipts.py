"""What the holder of a receipt code does."""

from __future__ import annotations

from collections.abc import Callable

import sqlalchemy as sa

from chassis.auth import Caller
from chassis.store import Tx
from services.complaints.domain import limits, receipts
from services.complaints.domain.complaint import Change, Complaint
from services.complaints.domain.stages import Stage
from services.complaints.domain.views import BY_COMPLAINANT, COMPLAINANT_READS, Followed, TimelineEntry
from services.complaints.storage import ACTS, COMPLAINTS, matters
from services.complaints.storage.roads import declined_for, handover_of
from services.complaints.usecases.desk import COMPLAINANT, Desk
from services.complaints.usecases.feedback import FeedbackCases
from services.complaints.usecases.joined import for_others
from services.complaints.usecases.second import SecondCases

QUESTION = "question"
After = Callable[[Tx, Complaint], None]


class ReceiptCases:
    """Following one's complaint and acting on it, by code."""

    def __init__(self, desk: Desk, feedback: FeedbackCases, second: SecondCases) -> None:
        self._desk = desk
        self._feedback = feedback
        self._second = second

    def follow(self, caller: Caller, code: str) -> Followed:
        """Where it stands."""
        with self._desk.store.read(caller) as tx:
            return self._followed(tx, self._desk.by_code(tx, code))

    def add_evidence(self, caller: Caller, code: str, text: str) -> Followed:
        """Something more is said."""
        return self._act(caller, code, lambda tx, own: receipts.add_evidence(own, text))

    def answer(self, caller: Caller, code: str, text: str) -> Followed:
        """What was asked is answered; a clock that was paused for the question runs on."""

        def answered(tx: Tx, own: Complaint) -> Change:
            change = receipts.answer(own, text)
            waiting = any(clock.paused and clock.pauses[-1].reason == QUESTION for clock in own.clocks)
            return limits.resumed_with(change, self._desk.calendar(tx), tx.now) if waiting else change

        return self._act(caller, code, answered)

    def rate(self, caller: Caller, code: str, grade: int, remark: str) -> Followed:
        """The handling is graded, which proves that the outcome was read; poor handling and a poor grade begin it anew."""

        def graded(tx: Tx, own: Complaint) -> Change:
            return self._feedback.rated(tx, receipts.rate(own, grade, remark))

        return self._act(caller, code, graded, self._second.rated)

    def ask_second(self, caller: Caller, code: str, reason: str) -> Followed:
        """The holder asks for it to be handled again."""
        return self._act(caller, code, lambda tx, own: self._second.ask(tx, own, reason))

    def withdraw(self, caller: Caller, code: str, reason: str) -> Followed:
        """It is withdrawn."""
        return self._act(caller, code, lambda tx, own: receipts.withdraw(own, reason, tx.now))

    def _act(
        self, caller: Caller, code: str, act: Callable[[Tx, Complaint], Change], after: After | None = None
    ) -> Followed:
        with self._desk.store.begin(caller) as tx:
            answered = tx.answered  # asked first: another body under the same request id is refused whatever it names
            own = self._desk.by_code(tx, code)
            if not answered:
                own = self._desk.keep(tx, act(tx, own), COMPLAINANT)
                if after is not None:
                    after(tx, own)
                    own = self._desk.by_code(tx, code)
            return self._followed(tx, own)

    def _followed(self, tx: Tx, own: Complaint) -> Followed:
        handled = own
        while handled.stage is Stage.MERGED and (into := tx.find(COMPLAINTS, COMPLAINTS.table.c.id == handled.matter_id)):
            handled = into
        matter = matters.whole(tx, own)
        steps = self._steps(tx, own, matter)
        told = steps if handled is own else self._steps(tx, handled, matter)
        last = {entry.act: entry.text for entry in told}
        asked = self._second.last(tx, own)
        return Followed(
            complaint=own,
            title=self._desk.contents.open_one(tx, own.id).title,
            handled_as=handled,
            steps=tuple(steps),
            open_question={entry.act: entry.text for entry in steps}.get("ask_complainant", "") if own.question_open else "",
            answer=last.get("close", ""),
            next=receipts.possible(own, self._second.asked(tx, own) is not None),
            second_request=asked.state.value if asked else "",
            handover=handover_of(tx, own.id),
            road=self._road(tx, own),
        )

    def _road(self, tx: Tx, own: Complaint) -> str:
        """The road it belongs to, where it was not accepted for that reason."""
        if own.stage is not Stage.NOT_ACCEPTED:
            return ""
        reason = declined_for(tx, own.id)
        return reason if reason in tx.setting("roads", own.jurisdiction_path) else ""

    def _steps(self, tx: Tx, complaint: Complaint, matter: list[Complaint]) -> list[TimelineEntry]:
        """One entry for every stage reached and every text meant for the complainant; who acted is not told.

        Where others raised the same matter, what was written to it gives none of them away.
        """
        query = sa.select(ACTS).where(ACTS.c.complaint_id == complaint.id).order_by(ACTS.c.version)
        rows = tx.rows(query)
        readable = [row.text if row.act in COMPLAINANT_READS else None for row in rows]
        texts = self._desk.contents.texts(tx, complaint.id, readable)
        steps: list[TimelineEntry] = []
        for row, text in zip(rows, texts, strict=True):
            if len(matter) > 1 and row.act not in BY_COMPLAINANT:
                text = for_others(self._desk, tx, matter, text)
            if text or not steps or steps[-1].stage is not row.stage:
                steps.append(TimelineEntry(row.at, row.recorded_at, row.act, "", row.stage, text))
        return steps
