"""Whether the logs that are only added to still say what was written.

Each line is a resource of its own, so its digest was written into the audit trail with it, and the trail is chained. A
line that was changed no longer has that digest; one taken out has left it behind; one put in has none. (Lines of version 0
are older than these digests; none of them may be younger than the first line that has one.)
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from chassis.db import Resource
from chassis.store import Tx
from chassis.tx import digest
from services.complaints.domain.identity import LogFault
from services.complaints.storage.keeping import RETENTION_LOG
from services.complaints.storage.tables import IDENTITY_LOG

LOGS: tuple[Resource[Any], ...] = (IDENTITY_LOG, RETENTION_LOG)
MOST = 100


@dataclass(frozen=True, slots=True)
class Finding:
    """How many lines were looked at, and the first hundred that are not as they were written."""

    lines: int
    faults: tuple[LogFault, ...]


def look(tx: Tx) -> Finding:
    """Looks at every line of every such log, whoever may read it: what is said of it tells nobody's name."""
    lines = 0
    faults: list[LogFault] = []
    for log in LOGS:
        counted, found = _of(tx, log)
        lines += counted
        faults += found
    return Finding(lines, tuple(faults[:MOST]))


def _of(tx: Tx, log: Resource[Any]) -> tuple[int, list[LogFault]]:
    audit = tx.store.schema["audit"]
    query = sa.select(audit.c.subject_id, audit.c.after, audit.c.at).where(audit.c.resource == log.name)
    written = {row.subject_id: row for row in tx.rows(query)}
    first = min((row.at for row in written.values()), default=None)
    faults, lines = [], 0
    for row in tx.rows(sa.select(log.table)):
        lines += 1
        line = log.value(row)
        known = written.pop(line.id, None)
        kind = _fault(line, digest(log.row(line)), known, first)
        if kind:
            faults.append(LogFault(log.name, line.id, kind, known.at if known else None))
    faults += [LogFault(log.name, row.subject_id, "missing", row.at) for row in written.values()]
    return lines, faults


def _fault(line: Any, now: bytes, written: sa.Row[Any] | None, first: datetime | None) -> str:
    if written is None:
        older = line.version == 0 and (first is None or line.at <= first)
        return "" if older else "added"
    return "" if now == written.after else "changed"
