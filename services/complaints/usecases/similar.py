"""What looks like the same happening while a complaint is being typed, and the fingerprints by which it is found."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from chassis.auth import Caller, covers
from chassis.requests import RequestUnderWay
from chassis.store import Tx
from services.complaints.domain import intake, triage
from services.complaints.domain.complaint import Complaint
from services.complaints.domain.intake import Draft
from services.complaints.domain.similar import Likeness, SimilarDraft, Told, Typed
from services.complaints.domain.stages import OPEN, Channel
from services.complaints.domain.views import Receipt
from services.complaints.storage import COMPLAINTS, fingerprints, ledger
from services.complaints.storage.fingerprints import Fingerprints
from services.complaints.usecases.desk import Desk
from services.complaints.usecases.intake import IntakeCases
from services.complaints.usecases.ledger import LedgerCases

SERVICE = Caller.service("complaints", "take_fingerprints")


class SimilarCases:
    """Near-duplicates: found, joined, and their fingerprints taken by a timer so that filing pays nothing for them."""

    def __init__(self, desk: Desk, intake: IntakeCases, ledger: LedgerCases, prints: Fingerprints) -> None:
        self._desk = desk
        self._intake = intake
        self._ledger = ledger
        self._fingerprints = prints

    def drafts(self, caller: Caller, typed: Typed, limit: int) -> tuple[SimilarDraft, ...]:
        """Open complaints that look like what has been typed, most alike first."""
        with self._desk.store.read(caller) as tx:
            self._desk.neighbours.check_jurisdiction(tx, typed.jurisdiction_path, "jurisdiction_path")
            likeness = self._likeness(tx, typed.jurisdiction_path)
            said = (typed.title, typed.text)
            told = Told(likeness.words_of(*said), likeness.places_of(*said, typed.place), typed.accused_unit_path)
            if len(told.words) < likeness.least_words:
                return ()
            found = self._candidates(tx, likeness, told, typed.jurisdiction_path)
            contents = self._desk.contents.open(tx, [complaint.id for complaint in found])
            rows = self._ledger.rows(tx, found, contents)
            texts = {id: (content.title, content.text) for id, content in contents.items()}
            compared = [told.compared(likeness, seen, texts[seen.complaint.id]) for seen in rows]
            alike = [one for one in compared if one.score >= likeness.least_score]
            alike.sort(key=lambda one: -one.score)
            return tuple(one for one in alike[: limit or likeness.shown] if not self._desk.recused(tx, one.seen.complaint))

    def join(self, caller: Caller, draft: Draft, channel: Channel, into_complaint_id: str) -> Receipt:
        """Enters a complaint for somebody as part of another one's matter, in one transaction."""
        intake.check(draft)
        try:
            with self._desk.store.begin(caller) as tx:
                into = tx.get(COMPLAINTS, into_complaint_id)
                self._desk.recuse(tx, into)
                entered = self._intake.enter_in(tx, draft, channel, caller.subject)
                change = triage.merge(entered.complaint, into, self._desk.calendar(tx), tx.now)
                self._desk.check_joining(tx, entered.complaint, into)
                return replace(entered, complaint=self._desk.keep(tx, change))
        except RequestUnderWay:
            return self._intake.entered_before(caller, draft)

    def take_fingerprints(self) -> int:
        """Takes the fingerprints of complaints that have none yet and erases the old ones; says how many were taken."""
        with self._desk.store.begin(SERVICE) as tx:
            likeness = self._likeness(tx, "")
            since = tx.now - timedelta(days=likeness.days)
            fingerprints.erase_older(tx, since)
            waiting = fingerprints.waiting(tx, since)
            contents = self._desk.contents.open(tx, waiting)
            for id, received_at in waiting.items():
                said = (contents[id].title, contents[id].text)
                words = self._fingerprints.hashes(likeness.words_of(*said), likeness.size)
                places = self._fingerprints.place_hashes(likeness.places_of(*said), likeness.size)
                self._fingerprints.write(tx, id, received_at, words, places)
            fingerprints.reached(tx, waiting)
        return len(waiting)

    def _candidates(self, tx: Tx, likeness: Likeness, told: Told, jurisdiction_path: str) -> list[Complaint]:
        """Open complaints that share most with it."""
        words = self._fingerprints.hashes(told.words, likeness.size)
        hashes = words + self._fingerprints.place_hashes(told.places, likeness.size)
        since = tx.now - timedelta(days=likeness.days)
        ids = fingerprints.alike(tx, hashes, since, likeness.place_worth, likeness.looked_at)
        open_ones = [found for found in ledger.by_ids(tx, ids) if found.stage in OPEN and not found.runs_history]
        return [found for found in open_ones if covers(jurisdiction_path, found.jurisdiction_path)]

    def _likeness(self, tx: Tx, jurisdiction_path: str) -> Likeness:
        return Likeness.of(tx.setting("similar", jurisdiction_path))
