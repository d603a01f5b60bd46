"""Signing keys: made, rotated, retired; and signing itself. Only the directory signs."""

from __future__ import annotations

import threading
from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta

import sqlalchemy as sa
from nacl.signing import SigningKey

from chassis.auth import LIFETIME, Caller, sign_token
from chassis.clock import monotonic
from chassis.store import Store, Tx
from services.directory.domain.facts import KeyRotated
from services.directory.domain.tokens import TokenKey, signing
from services.directory.storage import TOKEN_KEYS
from services.directory.vault import Vault

REREAD_SECONDS = 1.0


class PublicKeys(Mapping[str, bytes]):
    """The public keys in the directory's own database, read again when an unknown one is asked for."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._keys: dict[str, bytes] = {}
        self._read_at = -30 * REREAD_SECONDS
        self._lock = threading.Lock()

    def __getitem__(self, key_id: str) -> bytes:
        with self._lock:
            age = monotonic() - self._read_at
            if age > 30 * REREAD_SECONDS or (key_id not in self._keys and age > REREAD_SECONDS):
                self._read()
            return self._keys[key_id]

    def __iter__(self) -> Iterator[str]:
        with self._lock:
            self._read()
            return iter(dict(self._keys))

    def __len__(self) -> int:
        return len(self._keys)

    def __bool__(self) -> bool:
        return True  # keys may come later; an empty ring is still the one to ask

    def _read(self) -> None:
        table = TOKEN_KEYS.table
        with self._store.engine.connect() as connection:
            rows = connection.execute(sa.select(table.c.id, table.c.public_key).where(table.c.retired.is_(False)))
            self._keys = {row.id: row.public_key for row in rows}
        self._read_at = monotonic()


class Keys:
    """What one can do with signing keys."""

    def __init__(self, store: Store, vault: Vault) -> None:
        self.store = store
        self.vault = vault
        self.public = PublicKeys(store)
        self._opened: dict[str, SigningKey] = {}

    def found(self) -> TokenKey:
        """The first signing key, made if there is none yet."""
        with self.store.begin(Caller.service("directory", "FoundKeys")) as tx:
            return self._signing(tx)

    def rotate(self, caller: Caller) -> TokenKey:
        """Makes a key that signs once every service has had time to hear of it."""
        with self.store.begin(caller) as tx:
            if tx.answered:
                return tx.answered  # type: ignore[no-any-return]
            settle = timedelta(minutes=tx.setting("keys.settle_minutes"))
            key = self._made(tx, tx.now + settle if self._all(tx) else tx.now)
            for older in self._all(tx):
                if older.id != key.id and (succeeded := older.succeeded(key.valid_from, LIFETIME)) is not older:
                    tx.save(TOKEN_KEYS, succeeded)
            return tx.answer(key)

    def retire(self) -> int:
        """Announces the end of keys whose last token has expired; how many there were."""
        with self.store.begin(Caller.service("directory", "RetireKeys")) as tx:
            over = [key for key in self._all(tx) if not key.retired and key.valid_to is not None and key.valid_to <= tx.now]
            for key in over:
                tx.save(TOKEN_KEYS, key.gone())
                tx.emit(KeyRotated(key.gone(), retired=True))
            return len(over)

    def believed(self, caller: Caller) -> list[TokenKey]:
        """The keys a token may be signed with now, youngest last."""
        with self.store.read(caller) as tx:
            return sorted((key for key in self._all(tx) if not key.retired), key=lambda key: key.valid_from)

    def sign(self, tx: Tx, caller: Caller) -> tuple[str, datetime]:
        """A token that names the caller, and when it expires."""
        key = self._signing(tx)
        if key.id not in self._opened:
            self._opened[key.id] = self.vault.open_seed(key.sealed_seed, key.wrapped_key)
        return sign_token(self._opened[key.id], key.id, caller, tx.now), tx.now + LIFETIME

    def _signing(self, tx: Tx) -> TokenKey:
        return signing(self._all(tx), tx.now) or self._made(tx, tx.now)

    def _made(self, tx: Tx, valid_from: datetime) -> TokenKey:
        key_id = tx.new_id()
        seed = self.vault.new_seed(key_id)
        public_key = bytes(SigningKey(seed).verify_key)
        key = TokenKey(key_id, 1, "", "", public_key, *self.vault.seal_seed(seed), valid_from, None, retired=False)
        tx.add(TOKEN_KEYS, key)
        tx.emit(KeyRotated(key, retired=False))
        return key

    def _all(self, tx: Tx) -> list[TokenKey]:
        return [TOKEN_KEYS.value(row) for row in tx.rows(sa.select(TOKEN_KEYS.table))]
