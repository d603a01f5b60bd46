"""What leads from a card's serial to a rater and to a ballot code: two keyed hashes under two keys, in two databases.

The register knows whose card a serial is, the box which code it stands for. Neither database nor both together can match
them without the keyring, as it is with codes (`evaluation.codes`); and a serial opens nothing by itself.
"""

from __future__ import annotations

from hashlib import blake2b

from chassis.keys import Keyring, clean_code
from services.evaluation.cards import serial as printed
from services.evaluation.codes import UNIT_BYTES

HASH_BYTES = 32


class Serials:
    """What can be done with a serial and the keyring."""

    def __init__(self, keys: Keyring) -> None:
        self._keys = keys
        self._box_key = keys.key("card-box")

    def derive(self, campaign_id: str, rater_id: str, issue: int) -> str:
        """The serial of a rater's n-th card."""
        return printed.derived(self._keys, campaign_id, rater_id, str(issue))

    def said(self, text: str) -> str:
        """The serial of what was typed from a card, or of what its QR code said."""
        found = printed.read(text.strip())
        return found.serial if found else clean_code(text)

    def box_hash(self, serial: str) -> bytes:
        """What the box knows of a serial."""
        return blake2b(serial.encode(), key=self._box_key, digest_size=HASH_BYTES).digest()

    def register_hash(self, serial: str) -> bytes:
        """What the register knows of a serial."""
        return self._keys.mac("card-register", serial)

    def masked(self, box_hash: bytes, mask: bytes) -> bytes:
        """What opens the own unit under a code, as the box keeps it beside the card; applied again, it is opened. The box
        alone cannot: it lacks the key."""
        own = self._keys.mac("card-mask", box_hash)[:UNIT_BYTES]
        return bytes(one ^ other for one, other in zip(mask, own, strict=True))
