"""Those who were joined to one matter: told when it is answered, each where they came from, and none of another's traces.

The words of the office and of units were written about the leading complaint. Whoever else reads them, one joined to it or
a reviewer from outside, is given the copy in which every trace of everybody who raised the matter is masked.
"""

from __future__ import annotations

from functools import cache

from chassis.store import Tx
from services.complaints.domain import closing
from services.complaints.domain.complaint import Complaint
from services.complaints.domain.redaction import redacted
from services.complaints.storage import COMPLAINTS, matters
from services.complaints.usecases.desk import Desk
from services.complaints.usecases.feedback import FeedbackCases


class JoinedCases:
    """Closing with the matter, and the copy for others."""

    def __init__(self, desk: Desk, feedback: FeedbackCases) -> None:
        self._desk = desk
        self._feedback = feedback

    def close(self, tx: Tx, lead: Complaint, answer: str) -> None:
        """Closes what was merged into a matter just answered; each owes a feedback of its own from now on."""
        others = matters.joined(tx, lead.id)
        if not others:
            return
        said, calendar = for_others(self._desk, tx, [lead, *others], answer), self._desk.calendar(tx)
        for one in others:
            change = closing.close_with(one, lead, said, calendar, tx.now)
            if change is not None:
                self._feedback.supersede(tx, one)
                tx.save(COMPLAINTS, change.complaint)
                self._desk.enter(tx, change)
                self._feedback.open(tx, change.complaint)


def for_others(desk: Desk, tx: Tx, matter: list[Complaint], text: str) -> str:
    """A text without a trace of anybody who raised one of these complaints."""
    if not text:
        return text
    contents = desk.contents.open(tx, [one.id for one in matter])
    known = dict.fromkeys(trace for content in contents.values() for trace in content.traces)
    longest = sorted(known, key=lambda trace: (-trace.length, trace.mac))
    return redacted(text, longest, cache(desk.contents.trace_mac))
