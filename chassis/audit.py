"""The audit trail: lines are written with the change they describe, then linked into one chain that shows any tampering.

Linking inside each transaction would make all of them queue for the chain's end, so a timer links what was written since.
Each link is SHA-256 over the link before it and every column of the line.
"""

from __future__ import annotations

import hashlib
import json
from datetime import timedelta
from typing import Any

import sqlalchemy as sa

from chassis.settings import Settings
from chassis.store import Store

GENESIS = b"\0" * 32
BATCH = 5000
LOOK_BACK = 10_000  # lines whose numbers were drawn early and committed late are found within this distance
REQUESTS_DAYS = "requests.keep_days"


def seal(store: Store) -> int:
    """Links the lines that are not linked yet; says how many. Two processes at once collide on the links' key."""
    audit, seals = store.schema["audit"], store.schema["audit_seals"]
    with store.engine.connect().execution_options(writes=True) as connection, connection.begin():
        last = connection.execute(sa.select(seals).order_by(seals.c.seq.desc()).limit(1)).one_or_none()
        number, chain = (last.seq, last.hash) if last is not None else (0, GENESIS)
        floor = (last.audit_seq - LOOK_BACK) if last is not None else 0
        linked = sa.exists().where(seals.c.audit_seq == audit.c.seq)
        query = sa.select(audit).where(audit.c.seq > floor, ~linked).order_by(audit.c.seq).limit(BATCH)
        links = []
        for row in connection.execute(query):
            number += 1
            chain = _link(chain, row)
            links.append({"seq": number, "audit_seq": row.seq, "hash": chain})
        if links:
            connection.execute(sa.insert(seals), links)
    return len(links)


def first_broken(store: Store) -> int | None:
    """The number of the first audit line that was changed or removed after it was linked, or None if the chain holds."""
    audit, seals = store.schema["audit"], store.schema["audit_seals"]
    query = sa.select(seals.c.audit_seq, seals.c.hash, audit).outerjoin(audit, audit.c.seq == seals.c.audit_seq)
    chain = GENESIS
    with store.engine.connect() as connection:
        for row in connection.execute(query.order_by(seals.c.seq)).mappings():
            line = {column.name: row[column] for column in audit.c}
            chain = _link(chain, line)
            if chain != row[seals.c.hash]:
                return int(row[seals.c.audit_seq])
    return None


def forget_requests(store: Store, settings: Settings | None = None) -> int:
    """Deletes answers to requests older than the setting `requests.keep_days`; says how many.

    A second database of a service has no settings of its own and is given the first one's.
    """
    requests = store.schema["requests"]
    days = (settings or store.settings).value(REQUESTS_DAYS, "", store.clock.today())
    statement = sa.delete(requests).where(requests.c.at < store.clock.now() - timedelta(days=days))
    with store.engine.connect().execution_options(writes=True) as connection, connection.begin():
        return int(connection.execute(statement).rowcount)


def _link(chain: bytes, line: Any) -> bytes:
    mapping = line._mapping if hasattr(line, "_mapping") else line
    text = json.dumps(dict(mapping), default=_plain, sort_keys=True, ensure_ascii=False)
    return hashlib.sha256(chain + text.encode()).digest()


def _plain(value: Any) -> str:
    return value.hex() if isinstance(value, bytes) else str(value)
