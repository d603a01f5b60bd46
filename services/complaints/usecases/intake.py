"""How complaints come in."""

from __future__ import annotations

from dataclasses import replace

import sqlalchemy as sa

from chassis.auth import Caller
from chassis.clock import local_day
from chassis.keys import Keyring
from chassis.requests import RequestUnderWay
from chassis.store import Tx
from services.complaints.domain import facts, intake
from services.complaints.domain.complaint import Change, Complaint
from services.complaints.domain.facts import about
from services.complaints.domain.flood import Visitor
from services.complaints.domain.intake import Draft, Entry
from services.complaints.domain.regimes import ACCEPT
from services.complaints.domain.stages import OPEN, Channel, Manner
from services.complaints.domain.views import Filter, Receipt, Similar
from services.complaints.domain.words import index_words
from services.complaints.storage import COMPLAINTS, CONTENTS, ledger, recusals
from services.complaints.usecases.desk import COMPLAINANT, RECEIPT, Desk
from services.complaints.usecases.flood import FloodCases
from services.complaints.usecases.ledger import LedgerCases
from services.complaints.usecases.roads import RoadCases

FLOOD = "flood.filing"
NOWHERE = Visitor()
SIMILAR_LOOKED_AT = 200
SIMILAR_SHOWN = 10


class IntakeCases:
    """Filing and entering, and what looks like the same happening."""

    def __init__(self, desk: Desk, ledger: LedgerCases, roads: RoadCases, flood: FloodCases) -> None:
        self._desk = desk
        self._ledger = ledger
        self._roads = roads
        self._flood = flood

    def file(self, caller: Caller, draft: Draft, visitor: Visitor = NOWHERE) -> Receipt:
        """Files one's own complaint: numbered at once, its receipt code shown only here. Refused with FILED_TOO_OFTEN.

        Somebody who works here may have signed in before: who they are must stand neither in the audit trail nor beside
        their request.
        """
        store = self._desk.store
        limits = store.settings.value(FLOOD, draft.jurisdiction_path, store.clock.today())
        self._flood.enter(visitor, limits)
        nobody = replace(caller, subject=Caller.anonymous().subject, official_id="")
        return self._enter(nobody, draft, Channel.WEB, COMPLAINANT)

    def register_for_caller(self, caller: Caller, draft: Draft, channel: Channel) -> Receipt:
        """Enters a complaint for somebody who called, wrote or came."""
        return self._enter(caller, draft, channel, caller.subject)

    def _enter(self, caller: Caller, draft: Draft, channel: Channel, filed_by: str) -> Receipt:
        """Enters it. A repeated request is rare, so it is not looked for: it meets the first one at its key."""
        intake.check(draft)
        try:
            with self._desk.store.begin(caller) as tx:
                entered = self.enter_in(tx, draft, channel, filed_by)
                tx.answer(entered.complaint)
                return entered
        except RequestUnderWay:
            return self.entered_before(caller, draft)

    def enter_in(self, tx: Tx, draft: Draft, channel: Channel, filed_by: str) -> Receipt:
        """Enters a complaint that has been checked, in somebody's transaction."""
        hinted = self._roads.of_draft(tx, draft)
        received, code = self._received(tx, draft, channel, filed_by, draft.danger is not None or bool(hinted.dangers))
        self._write(tx, received, draft, filed_by)
        self._roads.notice(tx, received, draft, hinted, filed_by)
        return Receipt(received, code, hinted.ids(draft.danger is not None))

    def _received(self, tx: Tx, draft: Draft, channel: Channel, by: str, danger: bool) -> tuple[Complaint, str]:
        """The complaint as it begins, with its running clock, an urgent one in danger, and its secret code."""
        self._check(tx, draft)
        draft = self._placed(tx, draft)
        complaint_id = tx.new_id()
        code = receipt_code(self._desk.keys, tx.caller, complaint_id)
        regime = self._desk.regime(tx, self._regime_of(tx, channel, draft.jurisdiction_path), draft.jurisdiction_path)
        mac = self._desk.keys.mac(RECEIPT, code)
        received = intake.received(draft, Entry(complaint_id, next_number(tx), channel, regime.name, by, mac, tx.now))
        calendar = self._desk.calendar(tx)
        limits = self._roads.urgent(tx, draft.jurisdiction_path) if danger else regime
        return received.timed(limits.clock(ACCEPT, tx.now, calendar)), code

    def _placed(self, tx: Tx, draft: Draft) -> Draft:
        """The draft in the place whose office may handle it: about who leads an office, that of the level above."""
        posts = self._desk.neighbours.posts(tx, draft.accused_official_id)
        path = self._desk.place_for(tx, draft.jurisdiction_path, posts) if posts else draft.jurisdiction_path
        return draft if path == draft.jurisdiction_path else replace(draft, jurisdiction_path=path)

    def _write(self, tx: Tx, received: Complaint, draft: Draft, filed_by: str) -> None:
        filed = facts.Filed(**about(received), channel=received.channel.value, category=received.category)
        content = intake.content(draft, self._desk.contents.trace_mac)
        tx.add(COMPLAINTS, received)
        self._desk.contents.seal(tx, received.id, received.received_at, content, draft.identity)
        self._desk.enter(tx, Change(received, "file_complaint", filed), filed_by)

    def entered_before(self, caller: Caller, draft: Draft) -> Receipt:
        """The receipt the same request was given, its code derived again. Raises Conflict for another body."""
        with self._desk.store.read(caller) as tx:
            received: Complaint = tx.answered
            hinted = self.hinted(tx, draft)
        return Receipt(received, receipt_code(self._desk.keys, caller, received.id), hinted)

    def hinted(self, tx: Tx, draft: Draft) -> tuple[str, ...]:
        """The other roads the draft seems to belong to; danger to life also where its filer said so."""
        return self._roads.of_draft(tx, draft).ids(draft.danger is not None)

    def similar(self, caller: Caller, complaint_id: str, limit: int) -> tuple[Similar, ...]:
        """Open complaints by the same person or with words in common, most alike first; only the newest are looked at."""
        with self._desk.store.read(caller) as tx:
            asked = tx.get(COMPLAINTS, complaint_id)
            self._desk.recuse(tx, asked)
            by_person = self._same_person(tx, asked)
            newest = Filter(jurisdiction_path=asked.jurisdiction_path, open_only=True)
            looked_at, _ = ledger.page(tx, self._desk.contents, newest, "received_desc", SIMILAR_LOOKED_AT, "")
            others = {found.id: found for found in (*looked_at, *ledger.by_ids(tx, sorted(by_person)))}
            others.pop(asked.id, None)
            contents = self._desk.contents.open(tx, [asked.id, *others])
            seen = {seen.complaint.id: seen for seen in self._ledger.rows(tx, others.values(), contents)}
        words = {id: index_words(content.title, content.text) for id, content in contents.items()}
        own = words.get(asked.id, frozenset())
        alike = [
            Similar(seen[id], len(own & words.get(id, frozenset())), id in by_person)
            for id, found in others.items()
            if found.stage in OPEN
        ]
        alike.sort(key=lambda each: (not each.same_person, -each.common_words))
        return tuple(each for each in alike[: limit or SIMILAR_SHOWN] if each.same_person or each.common_words)

    def _check(self, tx: Tx, draft: Draft) -> None:
        desk = self._desk
        desk.neighbours.check_jurisdiction(tx, draft.jurisdiction_path, "draft.jurisdiction_path")
        if draft.accused_unit_path:
            desk.neighbours.check_unit(tx, draft.accused_unit_path, "draft.accused_unit_path")
        if draft.category:
            desk.check_word(tx, "categories", draft.category, "CATEGORY_UNKNOWN", "draft.category")

    def _regime_of(self, tx: Tx, channel: Channel, jurisdiction_path: str) -> str:
        by_channel = tx.setting("regime.of_channel", jurisdiction_path)
        return str(by_channel.get(channel.value, by_channel["other"]))

    def _same_person(self, tx: Tx, asked: Complaint) -> set[str]:
        """Other complaints by the same person, where both were raised under a name: to say so of one whose identity is kept
        secret would give it away, and no reading of it would be on record."""
        if asked.manner is not Manner.NAMED:
            return set()
        own = next(iter(tx.rows(sa.select(CONTENTS).where(CONTENTS.c.complaint_id == asked.id))), None)
        if own is None:
            return set()
        macs = {CONTENTS.c.phone_mac: own.phone_mac, CONTENTS.c.id_number_mac: own.id_number_mac}
        same = [column == mac for column, mac in macs.items() if mac is not None]
        if not same:
            return set()
        named = sa.select(COMPLAINTS.table.c.id).where(COMPLAINTS.table.c.manner == Manner.NAMED, *recusals.not_theirs(tx))
        others = (CONTENTS.c.complaint_id != asked.id, CONTENTS.c.complaint_id.in_(named))
        query = sa.select(CONTENTS.c.complaint_id).where(sa.or_(*same), *others)
        return {row.complaint_id for row in tx.rows(query.limit(SIMILAR_LOOKED_AT))}


def receipt_code(keys: Keyring, caller: Caller, complaint_id: str) -> str:
    """The secret code of a complaint: derived, so that a repeated request is answered with the same one and none is stored.

    Both the complaint and the request that filed it go into it: once the request is forgotten, nobody can derive it again.
    """
    request = caller.request.request_id if caller.request else ""
    return keys.code(RECEIPT, complaint_id, request)


def next_number(tx: Tx) -> str:
    """The next number of the year, for example 投诉〔2026〕12号."""
    year = local_day(tx.now).year
    return f"投诉〔{year}〕{tx.number(f'complaints.{year}')}号"
