"""The bytes of a ballot that its leaf is the hash of."""

from __future__ import annotations

import struct

import numpy as np

SALT_BYTES = 16
NONE_EARLIER = 2**64 - 1
_SEAL = struct.Struct(">HHQBBQ")


def leaf_entry(
    salt: bytes, group: int, channel: int, batch: int, ballot_class: int, ordinal: int, earlier: int, ratings: bytes
) -> bytes:
    """The bytes of a ballot's leaf, format 2, big endian: salt (16), rater group (2), channel (2), batch (8), class (1),
    ordinal (1), earlier (8), ratings.

    `ordinal` is 0 for the first ballot under a code; `earlier` is the position of the one before it under its code,
    NONE_EARLIER for the first. So what a ballot is worth, and which one stands in place of which, is under the signed root:
    a recount needs nothing but the leaves, the rules and the heads.
    """
    return salt + _SEAL.pack(group, channel, batch, ballot_class, ordinal, earlier) + ratings


def leaf_type(cells: int) -> np.dtype[np.void]:
    """The same bytes as a row of numpy's, for ballots of so many cells: leaves that lie one after another are a table."""
    found = [("group", ">u2"), ("channel", ">u2"), ("batch", ">u8"), ("class", "u1"), ("ordinal", "u1"), ("earlier", ">u8")]
    return np.dtype([("salt", f"V{SALT_BYTES}"), *found, ("ratings", "u1", (cells,))])
