"""Rotation of keys: everything sealed is brought under the newest wrapping key and to the present keepers, batch by batch.

Each batch is a transaction of its own and each row tells by itself whether it is done, so the work may be stopped at any
moment and begun again. Texts and files are not touched: the key of a record stays, only what it is wrapped in changes.
"""

from __future__ import annotations

from collections.abc import Iterator

import sqlalchemy as sa

from chassis.auth import Caller
from services.complaints.storage import CONTENTS
from services.complaints.storage.contents import Resealed
from services.complaints.storage.roads import HANDOVERS
from services.complaints.usecases.desk import Desk

BATCH = 500
SERVICE = Caller.service("complaints", "reseal")


class SealingCases:
    """Re-sealing."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    def count(self) -> int:
        """How many complaints have something sealed."""
        with self._desk.store.read(SERVICE) as tx:
            query = sa.select(sa.func.count()).select_from(CONTENTS).where(CONTENTS.c.wrapped_key.is_not(None))
            return int(tx.rows(query)[0][0])

    def reseal(self, after: str = "", batch: int = BATCH) -> Iterator[Resealed]:
        """Every batch as it is done. Raises Unavailable with KEY_MISSING where an identity's private key is not here."""
        done = Resealed(0, after, 0)
        while True:
            with self._desk.store.begin(SERVICE) as tx:
                done = self._desk.contents.reseal(tx, done.after, batch)
                if done.changed:
                    tx.note("contents", done.after or "end", f"resealed_{done.changed}")
            yield done
            if not done.after:
                self._reseal_held()
                return

    def _reseal_held(self) -> None:
        """The keys of isolated complaints lie apart from them (see storage/roads); there are few at any time."""
        table = HANDOVERS.table
        with self._desk.store.begin(SERVICE) as tx:
            for row in tx.rows(sa.select(table.c.id, table.c.held_key).where(table.c.held_key.is_not(None))):
                same = (table.c.id == row.id) & (table.c.held_key == row.held_key)
                tx.execute(sa.update(table).where(same).values(held_key=self._desk.keys.rewrapped(row.held_key)))

    @property
    def keepers(self) -> tuple[str, ...]:
        """The key ids of those identities are sealed to."""
        return self._desk.contents.keepers.ids()

    @property
    def number(self) -> int:
        """The number of the newest wrapping key."""
        return self._desk.keys.number()
