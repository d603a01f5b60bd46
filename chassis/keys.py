"""Keys kept outside the databases: keyed hashes, codes, records encrypted one by one, and sealed boxes.

A keyring is a folder of files, mode 0600. Its root secret yields one key per purpose, so that a hash made for one purpose
says nothing about another. In a deployment the folder is a mounted secret and nothing is created there.

    root                  what purposes' keys are derived from
    records.1, .2 ...     what record keys are wrapped under; the highest number wraps, all of them unwrap. A wrapped key
                          begins with its number; one without a number is older than these files and hangs on the root.
    <holder>.public       whom a holder's texts are sealed to; beside it <holder>.private, where texts may be opened
"""

from __future__ import annotations

import hashlib
import hmac
import os
from pathlib import Path

from nacl.bindings import crypto_aead_xchacha20poly1305_ietf_decrypt as _decrypt
from nacl.bindings import crypto_aead_xchacha20poly1305_ietf_encrypt as _encrypt
from nacl.exceptions import CryptoError
from nacl.public import PrivateKey, PublicKey, SealedBox

from chassis.clock import monotonic
from chassis.errors import Unavailable

KEY_BYTES = 32
NONCE_BYTES = 24
CODE_CHARACTERS = 20
REREAD_SECONDS = 5.0
_NUMBER_BYTES, _UNNUMBERED_BYTES = 4, NONCE_BYTES + KEY_BYTES + 16
_CROCKFORD = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_LOOK_ALIKES = str.maketrans({"O": "0", "I": "1", "L": "1", "U": "V"})


class Keyring:
    """The keys in `folder`. With `create`, a missing root or pair is made; without, it is refused by name."""

    def __init__(self, folder: Path, create: bool = True) -> None:
        self.folder = folder
        self._create = create
        if create:
            folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        self._root = self._file("root", lambda: os.urandom(KEY_BYTES))
        self._derived: dict[str, bytes] = {}
        self._wrapping: dict[int, bytes] = {}
        self._number, self._read_at = 0, -REREAD_SECONDS
        self._pairs: dict[str, tuple[bytes, bytes]] = {}

    def key(self, purpose: str) -> bytes:
        """The 32-byte key of one purpose."""
        if purpose not in self._derived:
            self._derived[purpose] = hmac.digest(self._root, b"zhengfeng/" + purpose.encode(), "sha256")
        return self._derived[purpose]

    def mac(self, purpose: str, *parts: str | bytes) -> bytes:
        """A keyed hash of the parts, 32 bytes. Parts are framed by length, so that ("ab","c") is not ("a","bc")."""
        return hmac.digest(self.key(purpose), _framed(parts), "sha256")

    def prf(self, purpose: str, *parts: str | bytes) -> bytes:
        """32 bytes nobody can foretell without the key, the same for the same parts."""
        return self.mac(f"prf/{purpose}", *parts)

    def code(self, purpose: str, *parts: str | bytes) -> str:
        """A code of 100 bits for people to keep, the same for the same parts: `7KQ2M-XV40B-9TDRA-HW3CE`.

        Crockford's base 32 leaves out letters that are misread.
        """
        number = int.from_bytes(self.prf(purpose, *parts)[:13], "big") >> 4
        text = "".join(_CROCKFORD[(number >> shift) & 31] for shift in range(95, -1, -5))
        return "-".join(text[start : start + 5] for start in range(0, CODE_CHARACTERS, 5))

    def seal_record(self, plaintext: bytes) -> tuple[bytes, bytes]:
        """Encrypts one record under a key of its own: (ciphertext, wrapped key).

        Whoever erases the wrapped key has erased the record, in every backup of the ciphertext too.
        """
        record_key = os.urandom(KEY_BYTES)
        return _box(record_key, plaintext), self._wrap(record_key)

    def open_record(self, ciphertext: bytes, wrapped_key: bytes) -> bytes:
        """The record. Raises Unavailable with RECORD_UNREADABLE if either part is not ours."""
        return _unbox(self._unwrap(wrapped_key), ciphertext)

    def add_to_record(self, plaintext: bytes, wrapped_key: bytes) -> bytes:
        """Encrypts one more text under the key of an existing record, so that one erasure takes both."""
        return _box(self._unwrap(wrapped_key), plaintext)

    def record_subkey(self, wrapped_key: bytes, purpose: str) -> bytes:
        """A key under an existing record's, for what is too large to be one text; the same erasure takes it."""
        return hmac.digest(self._unwrap(wrapped_key), purpose.encode(), "sha256")

    def rewrapped(self, wrapped_key: bytes) -> bytes:
        """The same record's key under the newest wrapping key; unchanged where it is already."""
        return wrapped_key if _number(wrapped_key) == self.number() else self._wrap(self._unwrap(wrapped_key))

    def number(self) -> int:
        """The newest wrapping key's number, 0 before the first. Another process may rotate keys, so it is looked for again
        every few seconds."""
        if monotonic() - self._read_at >= REREAD_SECONDS:
            self._number = max((int(path.suffix[1:]) for path in self.folder.glob("records.*")), default=0)
            self._read_at = monotonic()
        return self._number

    def seal_for(self, holder: str, plaintext: bytes) -> bytes:
        """Seals to the holder's public key (libsodium sealed box): the sealing process cannot open it by that key."""
        return bytes(SealedBox(PublicKey(self.pair(holder)[0])).encrypt(plaintext))

    def open_sealed(self, holder: str, sealed: bytes) -> bytes:
        """Opens what was sealed for the holder. Raises Unavailable with KEY_MISSING if its private key is not kept here."""
        private = self.pair(holder)[1]
        if not private:
            raise Unavailable("KEY_MISSING", key=f"{holder}.private")
        try:
            return bytes(SealedBox(PrivateKey(private)).decrypt(sealed))
        except CryptoError as wrong:
            raise Unavailable("RECORD_UNREADABLE") from wrong

    def secret(self, name: str) -> bytes:
        """A named secret of 32 random bytes in a file of its own, for example a signing key's seed."""
        return self._file(name, lambda: os.urandom(KEY_BYTES))

    def _wrap(self, record_key: bytes) -> bytes:
        number = self.number()
        boxed = _box(self._wrapping_key(number), record_key)
        return number.to_bytes(_NUMBER_BYTES) + boxed if number else boxed

    def _unwrap(self, wrapped: bytes) -> bytes:
        number = _number(wrapped)
        return _unbox(self._wrapping_key(number), wrapped[_NUMBER_BYTES if number else 0 :])

    def _wrapping_key(self, number: int) -> bytes:
        if number not in self._wrapping:
            path = self.folder / f"records.{number}"
            if number and not path.exists():
                raise Unavailable("KEY_MISSING", key=path.name)
            self._wrapping[number] = path.read_bytes() if number else self.key("records")
        return self._wrapping[number]

    def pair(self, holder: str) -> tuple[bytes, bytes]:
        """The holder's public and private key, read once; the private one is empty where it is not kept here."""
        if holder not in self._pairs:
            self._pairs[holder] = self._read_pair(holder)
        return self._pairs[holder]

    def _read_pair(self, holder: str) -> tuple[bytes, bytes]:
        public = self.folder / f"{holder}.public"
        if public.exists():
            private = self.folder / f"{holder}.private"
            return public.read_bytes(), private.read_bytes() if private.exists() else b""
        private_key = PrivateKey(self._file(f"{holder}.private", lambda: bytes(PrivateKey.generate())))
        return self._file(f"{holder}.public", lambda: bytes(private_key.public_key)), bytes(private_key)

    def _file(self, name: str, make: object) -> bytes:
        path = self.folder / name
        try:
            return path.read_bytes()
        except FileNotFoundError:
            if not self._create:
                raise Unavailable("KEY_MISSING", key=name) from None
        content = make() if callable(make) else b""
        temporary = path.with_name(f".{name}.{os.getpid()}.{hashlib.sha256(os.urandom(8)).hexdigest()[:8]}")
        temporary.touch(mode=0o600)
        temporary.write_bytes(content)
        try:
            os.link(temporary, path)  # the first of two processes wins, and both read the winner's key
        except FileExistsError:
            pass
        finally:
            temporary.unlink()
        return path.read_bytes()


def _number(wrapped_key: bytes) -> int:
    return 0 if len(wrapped_key) == _UNNUMBERED_BYTES else int.from_bytes(wrapped_key[:_NUMBER_BYTES])


def clean_code(typed: str) -> str:
    """A code as people type it, without spaces, dashes and look-alikes, grouped as it was printed."""
    text = "".join(ch for ch in typed.upper().translate(_LOOK_ALIKES) if ch in _CROCKFORD)
    return "-".join(text[start : start + 5] for start in range(0, len(text), 5))


def _framed(parts: tuple[str | bytes, ...]) -> bytes:
    raw = [part.encode() if isinstance(part, str) else part for part in parts]
    return b"".join(len(part).to_bytes(4, "big") + part for part in raw)


def _box(key: bytes, plaintext: bytes) -> bytes:
    nonce = os.urandom(NONCE_BYTES)
    return nonce + bytes(_encrypt(plaintext, None, nonce, key))


def _unbox(key: bytes, boxed: bytes) -> bytes:
    try:
        return bytes(_decrypt(boxed[NONCE_BYTES:], None, boxed[:NONCE_BYTES], key))
    except (CryptoError, ValueError, TypeError) as wrong:
        raise Unavailable("RECORD_UNREADABLE") from wrong
