"""Whom an identity is sealed to: a set of keepers' keys, each known by its id.

A key of its own encrypts the identity; one libsodium sealed box for each keeper holds that key. So every keeper can open it
alone, nobody who only seals can, and a keeper who comes or goes changes the boxes, never the record's own key.

In the folder of keys: `identity.public` and `identity.<id>.public` are the set, `identity*.private` open. Private keys may
lie in its subfolder `private`, mounted only where identities are opened: a server without them takes complaints in and
opens nobody's name. A file ending in `.left` is a keeper who left; their private key still opens what is older.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterable, Mapping
from contextlib import suppress
from pathlib import Path

from nacl.bindings import crypto_aead_xchacha20poly1305_ietf_decrypt as _decrypt
from nacl.bindings import crypto_aead_xchacha20poly1305_ietf_encrypt as _encrypt
from nacl.exceptions import CryptoError
from nacl.public import PrivateKey, PublicKey, SealedBox

from chassis.clock import monotonic
from chassis.errors import Unavailable
from chassis.keys import KEY_BYTES, NONCE_BYTES, REREAD_SECONDS, Keyring

HOLDER = "identity"
_SET = b"zs1\0"
"""Begins what is sealed to a set; a bare sealed box, as before there were sets, begins at random."""
_ID_BYTES = 8
_SEAL_BYTES = _ID_BYTES + KEY_BYTES + 48


class Recipients:
    """The keepers. The folder is read again every few seconds: another process may add one."""

    def __init__(self, keys: Keyring) -> None:
        self._keys = keys
        self._boxes: Mapping[bytes, SealedBox[PublicKey]] = {}
        self._read_at = -REREAD_SECONDS

    def seal(self, plaintext: bytes) -> bytes:
        """The text, for any of the keepers and nobody else."""
        own_key, boxes, nonce = os.urandom(KEY_BYTES), self._all(), os.urandom(NONCE_BYTES)
        seals = b"".join(id + bytes(box.encrypt(own_key)) for id, box in boxes.items())
        return _SET + bytes([len(boxes)]) + seals + nonce + bytes(_encrypt(plaintext, None, nonce, own_key))

    def open(self, sealed: bytes) -> bytes:
        """The text again, by any private key kept here.

        Raises Unavailable with KEY_MISSING where none of them is a keeper's it was sealed to.
        """
        private = self._private()
        if not sealed.startswith(_SET):
            return _opened(private.values(), sealed)
        seals, boxed = _parts(sealed)
        mine = next((id for id in seals if id in private), None)
        if mine is None:
            raise Unavailable("KEY_MISSING", key=f"{HOLDER}.private")
        own_key = _opened([private[mine]], seals[mine])
        return bytes(_decrypt(boxed[NONCE_BYTES:], None, boxed[:NONCE_BYTES], own_key))

    def are_all(self, sealed: bytes) -> bool:
        """Whether exactly the present keepers can open it."""
        return sealed.startswith(_SET) and _parts(sealed)[0].keys() == self._all().keys()

    def ids(self) -> tuple[str, ...]:
        """The present keepers' key ids."""
        return tuple(id.hex() for id in self._all())

    def _all(self) -> Mapping[bytes, SealedBox[PublicKey]]:
        if monotonic() - self._read_at >= REREAD_SECONDS:
            found = sorted(self._keys.folder.glob(f"{HOLDER}*.public"))
            known = [path.read_bytes() for path in found] or [self._keys.pair(HOLDER)[0]]
            self._boxes = {key_id(public): SealedBox(PublicKey(public)) for public in known}
            self._read_at = monotonic()
        return self._boxes

    def _private(self) -> dict[bytes, SealedBox[PrivateKey]]:
        folder = self._keys.folder
        found = [PrivateKey(path.read_bytes()) for path in _private_files(folder)]
        if not found:
            raise Unavailable("KEY_MISSING", key=f"{HOLDER}.private")
        return {key_id(bytes(private.public_key)): SealedBox(private) for private in found}


def key_id(public: bytes) -> bytes:
    """What a keeper's key is known by: the beginning of its hash."""
    return hashlib.sha256(public).digest()[:_ID_BYTES]


def _private_files(folder: Path) -> list[Path]:
    return [path for where in (folder, folder / "private") for path in sorted(where.glob(f"{HOLDER}*.private"))]


def _parts(sealed: bytes) -> tuple[dict[bytes, bytes], bytes]:
    """The boxes by their keepers' ids, and what the key in them opens."""
    begin = len(_SET) + 1
    end = begin + sealed[len(_SET)] * _SEAL_BYTES
    boxes = [sealed[at : at + _SEAL_BYTES] for at in range(begin, end, _SEAL_BYTES)]
    return {box[:_ID_BYTES]: box[_ID_BYTES:] for box in boxes}, sealed[end:]


def _opened(boxes: Iterable[SealedBox[PrivateKey]], sealed: bytes) -> bytes:
    """What a sealed box holds; one of before there were sets does not say whose it is."""
    for box in boxes:
        with suppress(CryptoError):
            return bytes(box.decrypt(sealed))
    raise Unavailable("RECORD_UNREADABLE")
