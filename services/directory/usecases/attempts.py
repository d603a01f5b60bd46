"""Counting failures under a typed name, whether an account has it or not: the same rows are written either way."""

from __future__ import annotations

from datetime import timedelta

import sqlalchemy as sa

from chassis.store import Tx
from services.directory.domain.factors import Attempts
from services.directory.storage import ATTEMPTS


def locked_attempts(tx: Tx, name_hash: bytes) -> Attempts:
    """What has been tried under the typed name; the row is made and locked, so that guesses count one after another."""
    row = {"name_hash": name_hash, "failures": 0, "locked_until": None, "last_at": tx.now}
    tx.execute(tx.upsert(ATTEMPTS).values(row).on_conflict_do_nothing())
    found = tx.execute(sa.select(ATTEMPTS).where(ATTEMPTS.c.name_hash == name_hash).with_for_update()).one()
    return Attempts(found.name_hash, found.failures, found.locked_until, found.last_at)


def count(tx: Tx, attempts: Attempts, passed: bool) -> None:
    """Writes the attempt down, a passed one as well as a failed one."""
    if passed:
        counted = Attempts(attempts.name_hash, 0, None, tx.now)
    else:
        most, lock = int(tx.setting("sign_in.failures_before_lock")), int(tx.setting("sign_in.lock_minutes"))
        counted = attempts.failed(tx.now, most, timedelta(minutes=lock))
    row = {"failures": counted.failures, "locked_until": counted.locked_until, "last_at": counted.last_at}
    tx.execute(sa.update(ATTEMPTS).where(ATTEMPTS.c.name_hash == attempts.name_hash).values(row))
