"""Bringing what is sealed under the newest wrapping key and to the present keepers, a batch of complaints at a time.

The key of an isolated complaint lies in its handover (see `roads`): it moves along, and so does the identity under it. Whose
key is where changes under a lock of the complaint's row alone, so that none slips by while keys rotate.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from chassis.keys import Keyring
from chassis.store import Tx
from services.complaints.storage.recipients import Recipients
from services.complaints.storage.roads import HANDOVERS
from services.complaints.storage.tables import CONTENTS

_KEYS = (CONTENTS.c.complaint_id, CONTENTS.c.wrapped_key, CONTENTS.c.identity)


@dataclass(frozen=True, slots=True)
class Resealed:
    """How many of so many rows were changed, and after which complaint to go on; empty at the end."""

    changed: int
    after: str
    seen: int


def reseal(tx: Tx, keys: Keyring, keepers: Recipients, after: str, limit: int) -> Resealed:
    """Brings the next complaints, by id, under the newest wrapping key, and their identities to the present keepers.

    Only what was read is replaced: no identity that was erased meanwhile comes back.
    """
    query = sa.select(*_KEYS).order_by(CONTENTS.c.complaint_id).limit(limit).with_for_update()
    rows = tx.execute(query.where(CONTENTS.c.complaint_id > after) if after else query).all()
    held = _held(tx, [row.complaint_id for row in rows if row.wrapped_key is None])
    changed = 0
    for row in rows:
        key = row.wrapped_key if row.wrapped_key is not None else held.get(row.complaint_id)
        if key is not None:
            changed += _one(tx, keys, keepers, row, bytes(key))
    return Resealed(changed, rows[-1].complaint_id if len(rows) == limit else "", len(rows))


def _held(tx: Tx, complaint_ids: Sequence[str]) -> dict[str, bytes]:
    table = HANDOVERS.table
    if not complaint_ids:
        return {}
    query = sa.select(table.c.complaint_id, table.c.held_key)
    rows = tx.rows(query.where(table.c.complaint_id.in_(complaint_ids), table.c.held_key.is_not(None)))
    return {row.complaint_id: row.held_key for row in rows}


def _one(tx: Tx, keys: Keyring, keepers: Recipients, row: sa.Row[Any], key: bytes) -> int:
    rewrapped, identity = keys.rewrapped(key), row.identity
    if identity is not None:
        sealed = keys.open_record(identity, key)
        if not keepers.are_all(sealed):
            identity = keys.add_to_record(keepers.seal(keepers.open(sealed)), key)
    if rewrapped == key and identity == row.identity:
        return 0
    isolated = row.wrapped_key is None
    same = (
        CONTENTS.c.complaint_id == row.complaint_id,
        CONTENTS.c.wrapped_key.is_not_distinct_from(row.wrapped_key),
        CONTENTS.c.identity.is_not_distinct_from(row.identity),
    )
    now = {"wrapped_key": None if isolated else rewrapped, "identity": identity}
    changed: int = tx.execute(sa.update(CONTENTS).where(*same).values(now)).rowcount
    if isolated and changed:
        table = HANDOVERS.table
        own = (table.c.complaint_id == row.complaint_id) & (table.c.held_key == key)
        tx.execute(sa.update(table).where(own).values(held_key=rewrapped))
    return changed
