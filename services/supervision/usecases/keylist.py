"""The key supervision list: what neighbours announce puts units on it, the office takes them off."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import sqlalchemy as sa

from chassis.auth import Caller
from chassis.facts import Heard
from chassis.store import Store, Tx
from services.supervision.domain.facts import Origin
from services.supervision.domain.keylist import COMPLAINTS_OVERDUE, RATED_UNSATISFIED, KeyUnit
from services.supervision.storage import reading
from services.supervision.storage.keeping import UNIT
from services.supervision.storage.reading import Listed
from services.supervision.storage.tables import KEY_UNITS, OVERDUE_COMPLAINTS

LISTED_KINDS = ("", "unit", "leading_group")  # what stands for a unit; nothing is said by a fact told before kinds were


class KeyList:
    """Use cases around the key list."""

    def __init__(self, store: Store) -> None:
        self.store = store

    def list(self, caller: Caller, past: bool, unit_path: str, size: int, token: str) -> Listed[KeyUnit]:
        """Units on the list, latest first."""
        with self.store.read(caller) as tx:
            return reading.values(KEY_UNITS, reading.list_key_units(tx, past, unit_path, size, token))

    def take_off(self, caller: Caller, key_unit_id: str, expected_version: int, reason: str) -> KeyUnit:
        """Takes a unit off the list."""
        with self.store.begin(caller) as tx:
            if tx.answered:
                return tx.answered  # type: ignore[no-any-return]
            gone = tx.get(KEY_UNITS, key_unit_id, expected_version).take_off(reason, caller.subject, tx.now)
            tx.save(KEY_UNITS, gone)
            tx.emit(gone.announced())
            return tx.answer(gone)

    def rated_unsatisfied(self, tx: Tx, campaign_id: str, kind: str, heard: Heard) -> None:
        """A unit or its leading group was rated below the declared line; a person or a district lists no unit."""
        if kind in LISTED_KINDS:
            put_on(tx, heard, RATED_UNSATISFIED, (Origin("evaluation", campaign_id, heard.number),))

    def complaint_overdue(self, tx: Tx, heard: Heard) -> None:
        """A complaint ran over its limit; with as many within the window as the pack says its unit is listed."""
        if not heard.unit_path or not remember_overdue(tx, heard):
            return
        rule = tx.setting("key_list.complaints_overdue", heard.jurisdiction_path)
        c = OVERDUE_COMPLAINTS.c
        since = tx.now - timedelta(days=int(rule["window_days"]))
        recent = sa.select(OVERDUE_COMPLAINTS).where(c.unit_path == heard.unit_path, c.at >= since)
        rows = tx.rows(recent.order_by(c.at, c.complaint_id))
        if len(rows) >= int(rule["count"]):
            origins = tuple(Origin("complaints", row.complaint_id, row.number) for row in rows)
            put_on(tx, heard, COMPLAINTS_OVERDUE, origins)


def remember_overdue(tx: Tx, heard: Heard) -> bool:
    """Notes an overdue complaint; False if it was told before, by another of its clocks."""
    row = {
        "complaint_id": heard.subject_id,
        "number": heard.number,
        "unit_path": heard.unit_path,
        "jurisdiction_path": heard.jurisdiction_path,
        "at": heard.occurred_at,
    }
    fresh = tx.upsert(OVERDUE_COMPLAINTS).values(row).on_conflict_do_nothing()
    return tx.execute(fresh.returning(OVERDUE_COMPLAINTS.c.complaint_id)).first() is not None


def put_on(tx: Tx, heard: Heard, reason: str, origins: tuple[Origin, ...]) -> None:
    """Lists a unit, or adds to why it is listed; only a change of being listed is announced."""
    before = tx.find(KEY_UNITS, KEY_UNITS.table.c.unit_path == heard.unit_path)
    if before is not None:
        after = before.add(reason, origins, tx.now)
        tx.save(KEY_UNITS, after)
        if not before.listed:
            tx.emit(after.announced())
        return
    place: dict[str, Any] = {"unit_path": heard.unit_path, "jurisdiction_path": heard.jurisdiction_path}
    unit_id = id_of_unit(tx, heard.unit_path)
    listed = KeyUnit(tx.new_id(), 1, **place, unit_id=unit_id, reason=reason, listed_at=tx.now, origins=origins)
    tx.add(KEY_UNITS, listed)
    tx.emit(listed.announced())


def id_of_unit(tx: Tx, unit_path: str) -> str:
    """The directory's id of the unit at a path; the path itself while the directory has not told of it."""
    known = tx.copies(UNIT, tx.store.schema["copies"].c.unit_path == unit_path)
    return known[0].id if known else unit_path
