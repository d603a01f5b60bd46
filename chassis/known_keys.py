"""The public keys a service verifies tokens with: those it is configured with, and those it has heard of since."""

from __future__ import annotations

import threading
from collections.abc import Iterator, Mapping

from chassis import copies
from chassis.clock import monotonic
from chassis.store import Store

KIND = "key"
REREAD_SECONDS = 1.0


class KnownKeys(Mapping[str, bytes]):
    """Key id to Ed25519 public key. An id that is not known makes it look again, at most once a second."""

    def __init__(self, store: Store, configured: Mapping[str, bytes]) -> None:
        self._store = store
        self._configured = dict(configured)
        self._heard: dict[str, bytes] = {}
        self._retired: set[str] = set()
        self._read_at = -REREAD_SECONDS
        self._lock = threading.Lock()

    def __getitem__(self, key_id: str) -> bytes:
        self._reread_if(key_id not in self._all() or monotonic() - self._read_at > 30 * REREAD_SECONDS)
        return self._all()[key_id]

    def __iter__(self) -> Iterator[str]:
        return iter(self._all())

    def __len__(self) -> int:
        return len(self._all())

    def _all(self) -> dict[str, bytes]:
        every = {**self._configured, **self._heard}
        return {key_id: key for key_id, key in every.items() if key_id not in self._retired}

    def _reread_if(self, wanted: bool) -> None:
        with self._lock:
            if not wanted or monotonic() - self._read_at < REREAD_SECONDS:
                return
            self._read_at = monotonic()
            with self._store.engine.connect() as connection:
                known = copies.find(connection, self._store.schema["copies"], KIND)
            self._heard = {copy.id: bytes.fromhex(copy.body["public_key"]) for copy in known if not copy.body["retired"]}
            self._retired = {copy.id for copy in known if copy.body["retired"]}
