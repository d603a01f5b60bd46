"""Sorting: which of the facts announced are told outside, and to whom.

Each becomes a delivery. The courier does it afterwards, so that filing pays nothing for it.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa

from chassis.auth import covers
from chassis.clock import local_day
from chassis.facts import whole_event
from chassis.store import Tx
from services.complaints.domain.deliveries import COMPLAINANT, OUTCOME, Delivery, Means
from services.complaints.domain.notices import Contact, ContactKind, Rule
from services.complaints.domain.transfers import TransferDirection, TransferState
from services.complaints.domain.webhooks import Webhook
from services.complaints.storage.outside import CONTACTS, NOTICE_ADDRESSES, SORTED, TRANSFERS, WEBHOOKS
from services.complaints.usecases.deliveries import COURIER, order
from services.complaints.usecases.desk import Desk
from services.complaints.usecases.notices import BY_CODE
from services.complaints.usecases.roads import on_duty

SETTLED = timedelta(minutes=1)
"""A row's number is drawn before its transaction ends; none runs for as long as this (see chassis.db)."""
PAGE = 500
PACKAGE = "zhengfeng.complaints.v1."
OUTCOMES = ("ComplaintClosed", "ComplaintClosedWithMatter", "ComplaintNotAccepted")
"""Facts by which a complaint that was taken from a peer has its outcome."""
_NAME = "outside"


@dataclass(frozen=True, slots=True)
class _Known:
    """What decides who is told of a fact."""

    webhooks: tuple[Webhook, ...]
    rules: tuple[Rule, ...]
    contacts: tuple[Contact, ...]
    oldest: datetime

    @property
    def types(self) -> list[str]:
        """The facts anybody may be told of."""
        asked = {fact for webhook in self.webhooks for fact in webhook.facts}
        return sorted(PACKAGE + name for name in {*asked, *(rule.fact for rule in self.rules), *OUTCOMES})


class SortingCases:
    """Looks through the outbox for what is to be told outside. One courier at a time does it."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._marks: list[tuple[datetime, int]] = []
        self._done: set[int] = set()

    def sort(self) -> int:
        """Orders a delivery for everybody who is to be told of what was announced since; says how many facts were new.

        A row may become visible after one that has a higher number. So the place kept moves on only to where the outbox
        ended a while ago, and what lies beyond is looked at again; `order` knows what it has ordered.
        """
        with self._desk.store.read(COURIER) as tx:
            known, place = _known(tx), self._place(tx)
            newest = _newest(tx)
            fresh = [row for row in _rows(tx, place, known) if row.id not in self._done]
        for start in range(0, len(fresh), PAGE):
            with self._desk.store.begin(COURIER) as tx:
                for row in fresh[start : start + PAGE]:
                    for delivery in _deliveries(tx, row, known):
                        order(tx, delivery)
        self._done |= {row.id for row in fresh}
        self._move_on(newest)
        return len(fresh)

    def _place(self, tx: Tx) -> int:
        row = next(iter(tx.rows(sa.select(SORTED).where(SORTED.c.name == _NAME))), None)
        return -1 if row is None else int(row.outbox_id)

    def _move_on(self, newest: int) -> None:
        now = self._desk.store.clock.now()
        settled = max((number for at, number in self._marks if now - at >= SETTLED), default=None)
        self._marks = [mark for mark in self._marks if now - mark[0] < SETTLED]
        if not self._marks or self._marks[-1][1] != newest:
            self._marks.append((now, newest))
        if settled is None:
            return
        self._done = {number for number in self._done if number > settled}
        with self._desk.store.begin(COURIER) as tx:
            insert = tx.upsert(SORTED).values(name=_NAME, outbox_id=settled)
            tx.execute(insert.on_conflict_do_update(index_elements=[SORTED.c.name], set_={"outbox_id": settled}))


def _known(tx: Tx) -> _Known:
    webhooks, contacts = WEBHOOKS.table, CONTACTS.table
    hours = int(tx.setting("notices.latest_hours"))
    return _Known(
        tuple(WEBHOOKS.value(row) for row in tx.rows(sa.select(webhooks).where(webhooks.c.running))),
        Rule.rows(tx.setting("notices.on_fact")),
        tuple(CONTACTS.value(row) for row in tx.rows(sa.select(contacts).where(contacts.c.sealed.is_not(None)))),
        tx.now - timedelta(hours=hours),
    )


def _newest(tx: Tx) -> int:
    [row] = tx.rows(sa.select(sa.func.max(tx.store.schema["outbox"].c.id)))
    return int(row[0] or 0)


def _rows(tx: Tx, place: int, known: _Known) -> list[sa.Row[Any]]:
    """Facts beyond the place kept. At the very first look only those since which anybody could ask for them."""
    outbox = tx.store.schema["outbox"]
    query = sa.select(outbox.c.id, outbox.c.event_id, outbox.c.type, outbox.c.payload, outbox.c.occurred_at)
    query = query.where(outbox.c.id > place, outbox.c.type.in_(known.types))
    if place < 0:
        [taken] = tx.rows(sa.select(sa.func.min(TRANSFERS.table.c.taken_at)))
        asked = [known.oldest, *(webhook.since for webhook in known.webhooks), *filter(None, taken)]
        query = query.where(outbox.c.occurred_at >= min(asked))
    return list(tx.rows(query.order_by(outbox.c.id)))


def _deliveries(tx: Tx, row: sa.Row[Any], known: _Known) -> Iterator[Delivery]:
    """Who is told of one fact."""
    event: Any = whole_event(row.type, row.payload)
    name = str(row.type).removeprefix(PACKAGE)
    for webhook in known.webhooks:
        if webhook.wants(name, event.jurisdiction_path, row.occurred_at):
            yield _of(tx, event, row, means=Means.WEBHOOK, addressee=webhook.name, receiver=webhook.id, kind=name)
    if name in OUTCOMES:
        yield from _outcomes(tx, event, row)
    if row.occurred_at < known.oldest:
        return
    for rule in known.rules:
        if rule.fact == name:
            yield from _notices(tx, event, row, rule, known.contacts)


def _notices(tx: Tx, event: Any, row: sa.Row[Any], rule: Rule, contacts: tuple[Contact, ...]) -> Iterator[Delivery]:
    if rule.to == COMPLAINANT:
        mine = NOTICE_ADDRESSES.c.complaint_id == event.subject_id
        asked = NOTICE_ADDRESSES.c.consent == BY_CODE  # who wrote by mail has asked for the number, not for news
        for address in tx.rows(sa.select(NOTICE_ADDRESSES.c.means).where(mine, asked)):
            yield _of(tx, event, row, means=address.means, addressee=COMPLAINANT, receiver="", kind=rule.notice)
        return
    meant = [contact for contact in contacts if contact.kind.value == rule.to and _meant(contact, event)]
    if rule.to == ContactKind.DUTY.value:
        duty = on_duty(tx, event.jurisdiction_path, local_day(row.occurred_at))
        meant = [contact for contact in meant if contact.id in duty.contacts] or meant
    for contact in meant:
        whom = contact.unit_path or contact.jurisdiction_path
        yield _of(tx, event, row, means=contact.means, addressee=whom, receiver=contact.id, kind=rule.notice)


def _meant(contact: Contact, event: Any) -> bool:
    """Whether a fact concerns whose address it is: a unit its own, an office its place, a duty leader all below too."""
    if contact.kind is ContactKind.UNIT:
        return contact.unit_path == str(event.unit_path)
    if contact.kind is ContactKind.OFFICE:
        return contact.jurisdiction_path == str(event.jurisdiction_path)
    return covers(contact.jurisdiction_path, str(event.jurisdiction_path))


def _outcomes(tx: Tx, event: Any, row: sa.Row[Any]) -> Iterator[Delivery]:
    """The outcome of a complaint taken from a peer goes back to it."""
    table = TRANSFERS.table
    query = sa.select(table).where(
        table.c.complaint_id == event.subject_id,
        table.c.direction == TransferDirection.IN,
        table.c.state.in_((TransferState.TAKEN, TransferState.ANSWERED)),
    )
    for found in map(TRANSFERS.value, tx.rows(query)):
        back = _of(tx, event, row, Means.PEER, found.peer_name, found.peer_id, OUTCOME, transfer_id=found.id)
        yield back


def _of(
    tx: Tx, event: Any, row: sa.Row[Any], means: Means, addressee: str, receiver: str, kind: str, transfer_id: str = ""
) -> Delivery:
    return Delivery(
        id=tx.new_id(),
        version=1,
        unit_path=event.unit_path,
        jurisdiction_path=event.jurisdiction_path,
        means=means,
        addressee=addressee,
        receiver=receiver,
        kind=kind,
        message_id=str(row.event_id),
        complaint_id=event.subject_id,
        number=event.number,
        ordered_at=tx.now,
        fact_row=row.id,
        transfer_id=transfer_id,
    )
