"""What cases say in words: statements, opinions, minutes, grounds; sealed under one key per case."""

from __future__ import annotations

from collections.abc import Iterable

import sqlalchemy as sa

from chassis.keys import Keyring
from chassis.store import Tx
from services.accountability.storage.tables import CASE_KEYS, TEXTS


class Texts:
    """The sealed side of cases under one keyring."""

    def __init__(self, keys: Keyring) -> None:
        self._keys = keys

    def seal(self, tx: Tx, case_id: str, text_id: str, text: str) -> None:
        """Keeps a text of a case under the id of what it belongs to; an empty text is not kept."""
        if not text:
            return
        key = self._wrapped_key(tx, case_id)
        if key is None:
            ciphertext, key = self._keys.seal_record(text.encode())
            tx.insert(CASE_KEYS, {"case_id": case_id, "wrapped_key": key})
        else:
            ciphertext = self._keys.add_to_record(text.encode(), key)
        tx.insert(TEXTS, {"id": text_id, "case_id": case_id, "ciphertext": ciphertext})

    def open(self, tx: Tx, case_id: str, text_ids: Iterable[str]) -> dict[str, str]:
        """The texts of a case by id; those that were never written are left out."""
        wanted = list(text_ids)
        key = self._wrapped_key(tx, case_id) if wanted else None
        if key is None:
            return {}
        rows = tx.rows(sa.select(TEXTS).where(TEXTS.c.case_id == case_id, TEXTS.c.id.in_(wanted)))
        return {row.id: self._keys.open_record(row.ciphertext, key).decode() for row in rows}

    def _wrapped_key(self, tx: Tx, case_id: str) -> bytes | None:
        rows = tx.rows(sa.select(CASE_KEYS.c.wrapped_key).where(CASE_KEYS.c.case_id == case_id))
        return rows[0].wrapped_key if rows else None
