"""Sending facts again: for a listener whose copies were lost or that was added later."""

from __future__ import annotations

from chassis import outbox
from chassis.clock import new_id
from chassis.inbox import Arrival
from suite.members import Opened

BATCH = 500
# Facts of these services only make copies, which keep the newest version: applying one again changes nothing, so they are
# sent under new ids. Facts of the others may have started something, so only those never applied are sent.
ONLY_COPIED = ("directory",)


def replay(source: Opened, listener: Opened) -> int:
    """Sends every fact of `source` that `listener` hears to it again, oldest first; says how many were sent."""
    inbox = listener.inbox()
    rows = outbox.replay_rows(source.store, tuple(inbox.types))
    renamed = source.name in ONLY_COPIED
    for start in range(0, len(rows), BATCH):
        inbox.deliver(
            [
                Arrival(new_id(source.store.clock) if renamed else row.event_id, row.type, row.subject_id, row.payload)
                for row in rows[start : start + BATCH]
            ]
        )
    return len(rows)
