"""Ballot codes: derived, never stored, known to the register and to the box by two different keyed hashes.

A code is a keyed function of campaign, rater and how often a code was issued, so that one that was lost on its way can be
shown again to the same request. With a code alone one can vote; with a hash alone one can do nothing.
"""

from __future__ import annotations

import hashlib

from nacl.exceptions import CryptoError
from nacl.secret import SecretBox

from chassis.errors import Unavailable
from chassis.keys import Keyring, clean_code

OWN_UNIT_BYTES = 320  # every sealed own unit has one length, so that the length names nobody


class Codes:
    """What can be done with a code and the keyring."""

    def __init__(self, keys: Keyring) -> None:
        self._keys = keys

    def derive(self, campaign_id: str, rater_id: str, issue: int) -> str:
        """The code of a rater's n-th issue."""
        return self._keys.code("ballot", campaign_id, rater_id, str(issue))

    def box_hash(self, code: str) -> bytes:
        """What the box knows of a code."""
        return self._keys.mac("box", clean_code(code))

    def register_hash(self, code: str) -> bytes:
        """What the register knows of a code."""
        return self._keys.mac("register", clean_code(code))

    def seal_own_unit(self, code: str, unit_path: str) -> bytes:
        """The rater's own unit, to be opened by whoever presents the code."""
        plain = unit_path.encode()
        if len(plain) > OWN_UNIT_BYTES:
            raise ValueError("a unit path is at most 300 characters")
        return bytes(SecretBox(self._own_unit_key(code)).encrypt(plain.ljust(OWN_UNIT_BYTES, b"\x00")))

    def open_own_unit(self, code: str, sealed: bytes) -> str:
        """The own unit of a code's holder; empty if there is none. Raises Unavailable if it was tampered with."""
        try:
            return SecretBox(self._own_unit_key(code)).decrypt(sealed).rstrip(b"\x00").decode()
        except CryptoError as wrong:
            raise Unavailable("RECORD_UNREADABLE") from wrong

    def _own_unit_key(self, code: str) -> bytes:
        return hashlib.blake2b(
            clean_code(code).encode(), key=self._keys.key("own-unit"), digest_size=SecretBox.KEY_SIZE
        ).digest()
