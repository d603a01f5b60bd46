"""Reading a file that may lie, and what every kind of file has to pass."""

from __future__ import annotations

import os
from dataclasses import dataclass
from typing import BinaryIO, Protocol

from chassis.errors import Invalid

PIECE = 64 * 1024
_ZIP_END, _ZIP_END_BYTES = b"PK\x05\x06", 22 + 65535
_PDF, _PDF_WITHIN = b"%PDF-", 1024
_MARKUP = (b"<?php", b"<script", b"<html", b"<!doctype html")
_MARKUP_WITHIN = 4096


class Written(Protocol):
    """Where the copy goes."""

    def write(self, content: bytes, /) -> int:
        """Takes some bytes."""


@dataclass(frozen=True, slots=True)
class Bounds:
    """What looking at a file may cost: pixels of a picture, its longest edge in the copy, bytes a stream unpacks to."""

    pixels: int
    longest_edge: int
    unpacked: int


MOST_READS = 4_000_000
"""Eleven hours of AMR, whose frames are the smallest there are; seconds, not minutes, for a file that is only padding."""


class Counted:
    """A file of which only so many pieces are read: pieces of a byte each must keep nobody busy. Raises Lies after that."""

    def __init__(self, source: BinaryIO, most: int) -> None:
        self._source = source
        self._left = most

    def read(self, count: int = -1, /) -> bytes:
        """The next bytes."""
        self._left -= 1
        if self._left < 0:
            raise Lies("too many pieces")
        return self._source.read(count)

    def seek(self, at: int, whence: int = os.SEEK_SET, /) -> int:
        """Goes to a place."""
        return self._source.seek(at, whence)


class Lies(Invalid):
    """A file is not through and through what it begins as."""

    def __init__(self, why: str) -> None:
        super().__init__("FILE_LIES", "content")
        self.why = why


def size_of(source: BinaryIO) -> int:
    """Bytes of the file; it stands at its beginning afterwards."""
    size = source.seek(0, os.SEEK_END)
    source.seek(0)
    return size


def exactly(source: BinaryIO, count: int) -> bytes:
    """So many bytes from here. Raises Lies if the file ends before."""
    found = source.read(count)
    if len(found) != count:
        raise Lies("cut off")
    return found


def copy(source: BinaryIO, target: Written, start: int, end: int) -> None:
    """The bytes from start to end."""
    source.seek(start)
    while start < end:
        piece = exactly(source, min(PIECE, end - start))
        target.write(piece)
        start += len(piece)


def blank(target: Written, count: int) -> None:
    """So many zeros."""
    zeros = bytes(PIECE)
    while count > 0:
        target.write(zeros[: min(PIECE, count)])
        count -= PIECE


def check_single(source: BinaryIO, size: int, media_type: str) -> None:
    """Raises Lies for a file that another program would take for something else: an archive at its end, a PDF or a page near
    its beginning."""
    tail = max(0, size - _ZIP_END_BYTES)
    source.seek(tail)
    end = source.read(_ZIP_END_BYTES)
    if _ends_an_archive(end):
        raise Lies("an archive")
    source.seek(0)
    head = source.read(_MARKUP_WITHIN)
    if media_type != "application/pdf" and _PDF in head[:_PDF_WITHIN]:
        raise Lies("a PDF")
    lower = head.lower()
    if any(mark in lower for mark in _MARKUP):
        raise Lies("a page or script")
    source.seek(0)


def _ends_an_archive(end: bytes) -> bool:
    """Whether a ZIP directory ends here: its record says how long the comment is that may follow it."""
    at = end.rfind(_ZIP_END)
    while at >= 0:
        if at + 22 <= len(end) and at + 22 + int.from_bytes(end[at + 20 : at + 22], "little") <= len(end):
            return True
        at = end.rfind(_ZIP_END, 0, at)
    return False
