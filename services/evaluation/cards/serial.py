"""The serial of a card and what its QR codes say.

A serial is 100 bits in the signs of chassis.keys, derived under a key, so that nobody can guess one and the same card can be
printed again. It is not the ballot code: whoever finds a card cannot look anything up by it, and the service keeps only a
keyed hash of it.

The text of a QR code has only signs of its alphanumeric mode:

    ZF1.<serial, 20 signs>.<first 80 bits of the geometry's digest, 16 signs>.<sheet><side>
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from chassis.keys import Keyring, clean_code

PURPOSE = "card-serial"
ANY = "{serial}"
SHEETS_AT_MOST = 99
_SIGNS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_DIGEST_BYTES, _DIGEST_SIGNS, _SERIAL_SIGNS = 10, 16, 20
_TEXT = re.compile(rf"ZF1\.([{_SIGNS}]{{20}})\.([{_SIGNS}]{{16}})\.([1-9][0-9]?)([12])")


@dataclass(frozen=True, slots=True)
class Printed:
    """What a QR code said: the serial in its groups, the mark of the geometry (`mark`), the sheet and the side."""

    serial: str = field(repr=False)
    mark: str
    sheet: int
    side: int


def derived(keys: Keyring, *parts: str) -> str:
    """The serial for these parts (campaign, issue, number): the same parts, the same serial. `7KQ2M-XV40B-9TDRA-HW3CE`."""
    return keys.code(PURPOSE, *parts)


def text(serial: str, digest: bytes, sheet: int, side: int) -> str:
    """What the QR code of one side says; `ANY` as serial leaves its place open for the print (`papers.cards.Code`).

    Raises ValueError if the serial is none or there is no such sheet or side.
    """
    plain = ANY if serial == ANY else clean_code(serial).replace("-", "")
    if (plain != ANY and len(plain) != _SERIAL_SIGNS) or not 1 <= sheet <= SHEETS_AT_MOST or side not in (1, 2):
        raise ValueError("no serial, sheet or side of a card")
    return f"ZF1.{plain}.{mark(digest)}.{sheet}{side}"


def read(said: str) -> Printed | None:
    """What a QR code's text means; None if it is not of a card of ours."""
    found = _TEXT.fullmatch(said)
    return Printed(clean_code(found[1]), found[2], int(found[3]), int(found[4])) if found else None


def mark(digest: bytes) -> str:
    """The first 80 bits of a geometry's digest, as they stand in QR codes."""
    number = int.from_bytes(digest[:_DIGEST_BYTES])
    return "".join(_SIGNS[(number >> shift) & 31] for shift in range(5 * (_DIGEST_SIGNS - 1), -1, -5))
