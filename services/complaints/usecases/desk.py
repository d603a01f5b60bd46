"""The desk every act passes over: taking a complaint in hand, and keeping what an act did to it."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import date
from typing import cast

import sqlalchemy as sa

from chassis.auth import Caller
from chassis.errors import Conflict, NotAllowed, NotFound
from chassis.keys import Keyring, clean_code
from chassis.store import Store, Tx
from services.complaints.domain.complaint import Change, Complaint
from services.complaints.domain.escalation import is_overdue
from services.complaints.domain.recusal import PostHeld, check_receiver, leads_office, related
from services.complaints.domain.regimes import Regime
from services.complaints.storage import ACTS, COMPLAINTS, escalations, parts, recusals
from services.complaints.storage.contents import Contents
from services.complaints.storage.neighbours import Neighbours
from workdays import Calendar

Act = Callable[[Tx, Complaint], Change]
COMPLAINANT = "complainant"
SYSTEM = "system"
RECEIPT = "complaints.receipt"
OTHER = "other"


class Desk:
    """What the use cases share: the store, the keys, the sealed contents and what is known of the directory."""

    def __init__(self, store: Store, keys: Keyring, contents: Contents, neighbours: Neighbours) -> None:
        self.store = store
        self.keys = keys
        self.contents = contents
        self.neighbours = neighbours

    def act(self, caller: Caller, complaint_id: str, version: int, does: Act) -> Complaint:
        """One act on one complaint in one transaction; a request repeated is answered as the first time."""
        with self.store.begin(caller) as tx:
            if tx.answered:
                return cast(Complaint, tx.answered)
            return self.keep(tx, does(tx, self.take(tx, complaint_id, version)))

    def take(self, tx: Tx, complaint_id: str, expected_version: int) -> Complaint:
        """The complaint an act is about.

        Refused with COMPLAINT_NOT_FOUND, STALE_VERSION, with RECUSED for the accused, with IMPORTED_COMPLAINT for history,
        from which nothing may arise.
        """
        found = tx.get(COMPLAINTS, complaint_id, expected_version)
        self.recuse(tx, found)
        if found.runs_history:
            raise Conflict("IMPORTED_COMPLAINT", number=found.number)
        return found

    def recuse(self, tx: Tx, complaint: Complaint) -> None:
        """Refuses whoever must stay out of a complaint: NotAllowed with RECUSED."""
        if self.recused(tx, complaint):
            raise NotAllowed("RECUSED")

    def recused(self, tx: Tx, complaint: Complaint) -> bool:
        """Whether the caller is the accused, their head or subordinate, or was taken off this complaint."""
        own, accused = tx.caller.official_id, complaint.accused_official_id
        known = bool(own and accused)
        if known and (own == accused or related(self.posts(tx, complaint), self.neighbours.posts(tx, own))):
            return True
        return recusals.stays_out(tx, complaint.id, tx.caller.subject)

    def by_code(self, tx: Tx, code: str) -> Complaint:
        """The complaint a receipt code stands for. Refused with RECEIPT_UNKNOWN, whatever is wrong with the code."""
        mac = self.keys.mac(RECEIPT, clean_code(code))
        found = tx.find(COMPLAINTS, COMPLAINTS.table.c.receipt_mac == mac)
        if found is None:
            raise NotFound("RECEIPT_UNKNOWN", "receipt_code")
        return found

    def keep(self, tx: Tx, change: Change, by: str = "") -> Complaint:
        """Writes what an act did: the complaint, its line in the timeline, its facts, and the answer to the request."""
        tx.save(COMPLAINTS, change.complaint)
        self.enter(tx, change, by)
        if is_overdue(change.complaint, tx.now):  # perhaps by another limit than before: the one that governs now
            escalations.stand(tx, change.complaint)
        return tx.answer(change.complaint)

    def enter(self, tx: Tx, change: Change, by: str = "") -> None:
        """Writes the timeline's line and announces the facts."""
        done = change.complaint
        row = {
            "complaint_id": done.id,
            "version": done.version,
            "at": tx.now,
            "recorded_at": tx.now,
            "act": change.act,
            "actor": by or tx.caller.subject,
            "stage": done.stage,
            "text": self.contents.text(tx, done.id, change.text),
            "reason": change.reason,
        }
        tx.insert(ACTS, row)
        for fact in change.facts:
            tx.emit(fact)

    def regime(self, tx: Tx, name: str, jurisdiction_path: str, on: date | None = None) -> Regime:
        """The regime's row that holds in this jurisdiction on a day, today unless named. Refused with REGIME_UNKNOWN."""
        try:
            row = tx.setting(f"regime.{name}", jurisdiction_path, on)
        except KeyError as wrong:
            raise Conflict("REGIME_UNKNOWN", "regime", regime=name) from wrong
        return Regime.of(name, row)

    def calendar(self, tx: Tx) -> Calendar:
        """The working calendar."""
        return self.neighbours.calendar(tx)

    def place_for(self, tx: Tx, jurisdiction_path: str, posts: Iterable[PostHeld]) -> str:
        """The place whose office may handle a complaint about whoever holds these posts: the nearest one they do not lead.

        Where the topmost office known here is led by them too, it is that one: what goes beyond is transferred.
        """
        held, path = tuple(posts), jurisdiction_path
        while leads_office(held, self.neighbours.offices(tx, path), path):
            above = path.rpartition("/")[0]
            if not above or not self.neighbours.takes_complaints(tx, above):
                break
            path = above
        return path

    def placed(self, tx: Tx, change: Change) -> Change:
        """The same act, with the complaint in the place whose office may handle it now that the accused is known."""
        done = change.complaint
        posts = self.posts(tx, done)
        path = self.place_for(tx, done.jurisdiction_path, posts) if posts else done.jurisdiction_path
        return replace(change, complaint=replace(done, jurisdiction_path=path))

    def check_office(self, tx: Tx, complaint: Complaint, posts: tuple[PostHeld, ...]) -> None:
        """Refuses to go on here with a complaint about who leads this office: Conflict with GOES_ABOVE."""
        path = complaint.jurisdiction_path
        if posts and leads_office(posts, self.neighbours.offices(tx, path), path):
            raise Conflict("GOES_ABOVE", number=complaint.number)

    def posts(self, tx: Tx, complaint: Complaint) -> tuple[PostHeld, ...]:
        """Where the accused works and leads today."""
        return self.neighbours.posts(tx, complaint.accused_official_id)

    def all_posts(self, tx: Tx, complaint: Complaint) -> tuple[PostHeld, ...]:
        """Where its accused work and lead today: its own, and those of every complaint merged into it."""
        return tuple(post for one in self._accused(tx, complaint) for post in self.neighbours.posts(tx, one))

    def check_joining(self, tx: Tx, complaint: Complaint, into: Complaint) -> None:
        """Refuses to make it part of a matter that its own accused handle.

        Conflict with GOES_ABOVE for those who lead the office, DISPATCH_TO_ACCUSED for those of a unit that works on it.
        """
        posts = self.all_posts(tx, complaint)
        self.check_office(tx, into, posts)
        for path in filter(None, (into.unit_path, *parts.units_of(tx, into.id)) if posts else ()):
            check_receiver(path, into.jurisdiction_path, posts)

    def _accused(self, tx: Tx, complaint: Complaint) -> list[str]:
        column, leads, accused = COMPLAINTS.table.c, [complaint.id], {complaint.accused_official_id}
        while leads:
            rows = tx.rows(sa.select(column.id, column.accused_official_id).where(column.matter_id.in_(leads)))
            leads = [row.id for row in rows]
            accused |= {row.accused_official_id for row in rows}
        return sorted(accused - {""})

    def reason(self, tx: Tx, act: str, code: str, jurisdiction_path: str) -> str:
        """Why, as a key of the list `reasons.<act>`; none given means other. Refused with REASON_UNKNOWN."""
        if code:
            self.check_word(tx, f"reasons.{act}", code, "REASON_UNKNOWN", "reason_code", jurisdiction_path)
        return code or OTHER

    def check_word(self, tx: Tx, setting: str, word: str, reason: str, field: str, jurisdiction_path: str = "") -> None:
        """Refuses a word that is not on the list a setting holds."""
        if word not in {entry["id"] for entry in tx.setting(setting, jurisdiction_path)}:
            raise Conflict(reason, field, word=word)
