"""Files encrypted piece by piece, so that none is ever whole in memory and none lies anywhere in the clear.

A sealed file is a salt of 16 bytes and then boxes (XChaCha20-Poly1305), each over 64 KiB of the file, under a key that its
owner gives. The nonce of a box is the salt and the box's number; whether it is the last one is authenticated with
it. So a piece changed, moved, repeated or missing at the end is noticed, and any piece can be read by itself.
"""

from __future__ import annotations

import io
import os
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import BinaryIO

from nacl.bindings import crypto_aead_xchacha20poly1305_ietf_decrypt as _decrypt
from nacl.bindings import crypto_aead_xchacha20poly1305_ietf_encrypt as _encrypt
from nacl.exceptions import CryptoError

from chassis.errors import Unavailable

PIECE = 64 * 1024
SALT = 16
TAG = 16
BOX = PIECE + TAG
_KEPT = 8
_MORE, _LAST = b"more", b"last"


class SealedWriter:
    """Encrypts what is written to it. `close` writes the last box: without it the file is no file."""

    def __init__(self, target: BinaryIO, key: bytes) -> None:
        self._target, self._key = target, key
        self._salt = os.urandom(SALT)
        self._rest = bytearray()
        self._number = 0
        self.size = 0
        target.write(self._salt)

    def write(self, content: bytes | bytearray | memoryview) -> int:
        """Takes some bytes; what fills a box goes out."""
        self._rest += content
        self.size += len(content)
        while len(self._rest) > PIECE:
            self._box(bytes(self._rest[:PIECE]), _MORE)
            del self._rest[:PIECE]
        return len(content)

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        """There is no way back; that there is a name for it lets libraries write here."""
        raise io.UnsupportedOperation("seek")

    def seekable(self) -> bool:
        """No."""
        return False

    def writable(self) -> bool:
        """Yes."""
        return True

    def flush(self) -> None:
        """Nothing to do: a box goes out when it is full."""

    def close(self) -> None:
        """The last box."""
        self._box(bytes(self._rest), _LAST)
        self._target.flush()

    def _box(self, content: bytes, place: bytes) -> None:
        self._target.write(_encrypt(content, place, _nonce(self._salt, self._number), self._key))
        self._number += 1


class SealedReader(io.RawIOBase):
    """A sealed file on this machine as a file one may read anywhere in; the last few boxes read stay open."""

    def __init__(self, path: Path, key: bytes) -> None:
        self._file, self._key = path.open("rb"), key
        boxes = path.stat().st_size - SALT
        self._last = (boxes - 1) // BOX
        self.size = boxes - (self._last + 1) * TAG
        self._salt = self._file.read(SALT)
        self._open: dict[int, bytes] = {}
        self._at = 0

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def tell(self) -> int:
        return self._at

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        start = {io.SEEK_SET: 0, io.SEEK_CUR: self._at, io.SEEK_END: self.size}[whence]
        if start + offset < 0:
            raise OSError("before the beginning")
        self._at = start + offset
        return self._at

    def readinto(self, buffer: object) -> int:
        view = memoryview(buffer).cast("B")  # type: ignore[arg-type]
        if self._at >= self.size or not view.nbytes:
            return 0
        number, start = divmod(self._at, PIECE)
        found = self._piece(number)[start : start + view.nbytes]
        view[: len(found)] = found
        self._at += len(found)
        return len(found)

    def close(self) -> None:
        self._file.close()
        super().close()

    def _piece(self, number: int) -> bytes:
        if number not in self._open:
            self._file.seek(SALT + number * BOX)
            opened = _opened(self._file.read(BOX), self._salt, number, number == self._last, self._key)
            while len(self._open) >= _KEPT:
                del self._open[next(iter(self._open))]
            self._open[number] = opened
        return self._open[number]


def reader(path: Path, key: bytes) -> io.BufferedReader:
    """A sealed file on this machine, buffered."""
    return io.BufferedReader(SealedReader(path, key), PIECE)


def opened(sealed: Iterable[bytes], key: bytes) -> Iterator[bytes]:
    """The file again, piece by piece, from a sealed one that comes in parts of any size.

    Raises Unavailable with FILE_UNREADABLE if it is not as it was sealed; what was given out before is true all the same.
    """
    rest, salt, number = bytearray(), b"", 0
    for part in sealed:
        rest += part
        if not salt:
            if len(rest) < SALT:
                continue
            salt = bytes(rest[:SALT])
            del rest[:SALT]
        while len(rest) > BOX:
            yield _opened(bytes(rest[:BOX]), salt, number, False, key)
            del rest[:BOX]
            number += 1
    yield _opened(bytes(rest), salt, number, True, key)


def _opened(box: bytes, salt: bytes, number: int, last: bool, key: bytes) -> bytes:
    try:
        return bytes(_decrypt(box, _LAST if last else _MORE, _nonce(salt, number), key))
    except (CryptoError, ValueError, TypeError) as wrong:
        raise Unavailable("FILE_UNREADABLE") from wrong


def _nonce(salt: bytes, number: int) -> bytes:
    return salt.ljust(SALT, b"\0") + number.to_bytes(8, "big")


def from_head(pieces: Iterator[bytes], length: int) -> Iterator[bytes]:
    """The pieces of a file as it comes, the first of them at least `length` long, so that it tells what the file is."""
    head = b""
    for piece in pieces:
        if len(head) >= length:
            yield piece
            continue
        head += piece
        if len(head) >= length:
            yield head
    if 0 < len(head) < length:
        yield head
