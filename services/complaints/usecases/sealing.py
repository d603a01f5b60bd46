"""Rotation of keys: everything sealed is brought under the newest wrapping key and to the present keepers, batch by batch.

Each batch is a transaction of its own and each row tells by itself whether it is done, so the work may be stopped at any
moment and begun again. Texts and files are not touched: the key of a record stays, only what it is wrapped in changes.
"""

from __future__ import annotations

from collections.abc import Iterator

import sqlalchemy as sa

from chassis.auth import Caller
from services.complaints.storage import CONTENTS, resealing
from services.complaints.storage.resealing import Resealed
from services.complaints.usecases.desk import Desk

BATCH = 500
SERVICE = Caller.service("complaints", "reseal")


class SealingCases:
    """Re-sealing."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    def count(self) -> int:
        """How many complaints there are to look at."""
        with self._desk.store.read(SERVICE) as tx:
            return int(tx.rows(sa.select(sa.func.count()).select_from(CONTENTS))[0][0])

    def reseal(self, after: str = "", batch: int = BATCH) -> Iterator[Resealed]:
        """Every batch as it is done. Raises Unavailable with KEY_MISSING where an identity's private key is not here."""
        done = Resealed(0, after, 0)
        while True:
            with self._desk.store.begin(SERVICE) as tx:
                done = resealing.reseal(tx, self._desk.keys, self._desk.contents.keepers, done.after, batch)
                if done.changed:
                    tx.note("contents", done.after or "end", f"resealed_{done.changed}")
            yield done
            if not done.after:
                return

    @property
    def keepers(self) -> tuple[str, ...]:
        """The key ids of those identities are sealed to."""
        return self._desk.contents.keepers.ids()

    @property
    def number(self) -> int:
        """The number of the newest wrapping key."""
        return self._desk.keys.number()
