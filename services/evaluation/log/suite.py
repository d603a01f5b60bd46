"""The hash and the signature a box is kept with.

A campaign's plan names its suite, and so does every head: leaves cannot be hashed anew later, so the choice is made before
the first one. SHA-256 (FIPS 180-4) with Ed25519 (RFC 8032) is there on every machine; SM3 (GB/T 32905) with SM2 (GB/T 32918,
curve of GB/T 32918.5, signer's identity 1234567812345678 of GB/T 35276) where the machine offers both.
"""

from __future__ import annotations

import hashlib
import importlib.util
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Protocol

from nacl.exceptions import BadSignatureError
from nacl.signing import SigningKey, VerifyKey

from services.evaluation.log import sm2

HASH_BYTES = 32  # both hashes give as many


class Hash(Protocol):
    """A hash that has taken a text."""

    def digest(self) -> bytes:
        """Its 32 bytes."""


@dataclass(frozen=True, slots=True)
class Suite:
    """A hash and a signature. Hashing of leaves and nodes is RFC 9162, section 2.1, over the suite's own hash.

    `public_of` and `sign` take the seed of a key, 32 random bytes.
    """

    name: str
    hashed: Callable[[bytes], Hash]
    public_of: Callable[[bytes], bytes]
    sign: Callable[[bytes, bytes], bytes]
    verify: Callable[[bytes, bytes, bytes], bool]

    def hash(self, text: bytes) -> bytes:
        """The hash of a text."""
        return self.hashed(text).digest()

    def leaf(self, entry: bytes) -> bytes:
        """The hash of a leaf."""
        return self.hash(b"\x00" + entry)

    def node(self, left: bytes, right: bytes) -> bytes:
        """The hash of a node over its two children."""
        return self.hash(b"\x01" + left + right)

    def leaves(self, entries: Iterable[bytes]) -> list[bytes]:
        """The hashes of many leaves."""
        hashed = self.hashed
        return [hashed(b"\x00" + entry).digest() for entry in entries]

    def nodes(self, children: Sequence[bytes]) -> list[bytes]:
        """The hashes of the nodes over children that lie beside one another, two and two."""
        hashed = self.hashed
        return [hashed(b"\x01" + left + right).digest() for left, right in zip(children[::2], children[1::2], strict=True)]


def _ed25519_public(seed: bytes) -> bytes:
    return bytes(SigningKey(seed).verify_key)


def _ed25519_sign(seed: bytes, text: bytes) -> bytes:
    return SigningKey(seed).sign(text).signature


def _ed25519_verify(public: bytes, text: bytes, signature: bytes) -> bool:
    try:
        VerifyKey(public).verify(text, signature)
    except (BadSignatureError, ValueError):
        return False
    return True


SHA256_ED25519 = Suite("SHA-256/Ed25519", hashlib.sha256, _ed25519_public, _ed25519_sign, _ed25519_verify)
SM3_SM2 = Suite("SM3/SM2", partial(hashlib.new, "sm3"), sm2.public_of, sm2.sign, sm2.verify)
_SUITES = {suite.name: suite for suite in (SHA256_ED25519, SM3_SM2)}


def available(name: str) -> bool:
    """Whether this machine can keep a box with the suite of this name. SM3 comes with OpenSSL, SM2 with gmssl-pyx."""
    if name == SM3_SM2.name:
        return "sm3" in hashlib.algorithms_available and importlib.util.find_spec("gmssl_pyx") is not None
    return name in _SUITES


def suite_of(name: str) -> Suite:
    """The suite of this name. Raises KeyError for a name that none has."""
    return _SUITES[name]
