"""What limits do by themselves: turn, be counted anew when a calendar comes, and cry when one is missing."""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa

from chassis.auth import Caller
from chassis.copying import copy_of
from chassis.db import database_away
from chassis.errors import Stale
from chassis.facts import Heard
from chassis.logs import log
from chassis.store import Store, Tx
from services.supervision.domain.limits import Timing
from services.supervision.storage.keeping import CALENDAR_YEAR, Shelf, keep
from services.supervision.storage.reading import turning
from services.supervision.storage.tables import FINDINGS

BATCH = 200


class Limits:
    """Use cases no person asks for."""

    def __init__(self, store: Store, shelf: Shelf) -> None:
        self.store = store
        self._shelf = shelf

    def turn_lights(self) -> int:
        """Carries out every turn that is due: yellow, red, reminder, escalation, referral; says how many.

        Reads by the index on the next turn, so its cost is what is due, not what is open. Each finding is a transaction of
        its own: one that cannot be turned is logged and keeps nobody else waiting.
        """
        turned, last = 0, None
        while due := self._due(last):
            turned += sum(self._turn(finding_id) for _, finding_id in due)
            last = due[-1]
        return turned

    def _due(self, after: tuple[datetime, str] | None) -> list[tuple[datetime, str]]:
        with self.store.read(Caller.service("supervision")) as tx:
            return [(row.next_turn_at, str(row.id)) for row in tx.rows(turning(tx.now, BATCH, after))]

    def _turn(self, finding_id: str) -> int:
        try:
            return self._turn_one(finding_id)
        except Stale:
            return 0  # somebody acted on it meanwhile; what is still due is due at the next run
        except Exception as fault:
            if database_away(fault):
                raise
            log().error("finding.not_turned", exc_info=fault)
            return 0

    def _turn_one(self, finding_id: str) -> int:
        """Turns one finding as often as is due, each turn a version of its own."""
        with self.store.begin(Caller.service("supervision", act="TurnLights")) as tx:
            found, turns = tx.get(FINDINGS, finding_id), 0
            timing = self._shelf.timing(tx, found.jurisdiction_path)
            while found.next_turn_at is not None and found.next_turn_at <= tx.now:
                found = keep(tx, found.turn(tx.now, timing))
                turns += 1
            return turns

    def load_calendar(self, tx: Tx, fact: object, heard: Heard) -> None:
        """A year was loaded or corrected: every limit that runs is counted anew."""
        if not tx.keep_copy(copy_of(CALENDAR_YEAR, fact, heard)):  # type: ignore[arg-type]
            return
        c = FINDINGS.table.c
        running = sa.or_(c.pending_year.is_not(None), c.next_turn_at.is_not(None))
        timings: dict[str, Timing] = {}
        for row in tx.rows(FINDINGS.table.select().where(running)):
            found = FINDINGS.value(row)
            place = found.jurisdiction_path
            timings[place] = timings.get(place) or self._shelf.timing(tx, place)
            again = found.retime(tx.now, timings[place])
            stands = (found.due_at, found.pending_year, found.light, found.next_turn_at)
            now = again.finding
            if stands != (now.due_at, now.pending_year, now.light, now.next_turn_at):
                keep(tx, again)

    def watch_calendar(self) -> int:
        """Cries for every year whose calendar limits wait for; says how many limits wait."""
        c = FINDINGS.table.c
        with self.store.read(Caller.service("supervision")) as tx:
            query = sa.select(c.pending_year, sa.func.count().label("waiting")).where(c.pending_year.is_not(None))
            rows = tx.rows(query.group_by(c.pending_year).order_by(c.pending_year))
        for row in rows:
            log().error("calendar.missing", key=f"calendar {row.pending_year} not loaded", waiting=row.waiting)
        return sum(row.waiting for row in rows)
