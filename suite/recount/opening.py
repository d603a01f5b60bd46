"""Opening a published box: a zip whose entries are stored as they are, with names and lengths that fit together.

Nothing is unpacked that is longer than the file itself, and nothing is believed that the file merely says about itself.
"""

from __future__ import annotations

import json
import re
import zipfile
import zlib
from collections.abc import Iterator
from fractions import Fraction
from pathlib import Path
from typing import Any, BinaryIO

FORMAT = "zhengfeng-box/2"
BALLOTS = "ballots.bin"
SEAL = "seal.json"
NEEDED = ("box.json", "rules.json", "amendments.json", "heads.json", SEAL, BALLOTS)
COUNTED = ("result.json", "adjustments.json")
LONGEST_DOCUMENT = 256 << 20
LONGEST_PORTION = 8 << 20
CHUNK = 1 << 20
_NUMBER = re.compile(r"-?[0-9]{1,4000}([.][0-9]{1,12})?(/[0-9]{1,4000})?")


class Unreadable(Exception):
    """The file is no published box; `reason` is a key of words.toml."""

    def __init__(self, reason: str, **details: object) -> None:
        super().__init__(reason)
        self.reason, self.details = reason, details


class PublishedBox:
    """An opened file. Its documents are read at once, its ballots when asked for."""

    def __init__(self, path: Path) -> None:
        try:
            self._zip = zipfile.ZipFile(path)
        except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError) as wrong:
            raise Unreadable("not_a_box", file=path.name) from wrong
        self._sizes = _sizes(self._zip, path.stat().st_size)
        self.box = self.document("box.json")
        if not isinstance(self.box, dict) or self.box.get("format") != FORMAT:
            raise Unreadable("other_format", format=FORMAT)
        self.record_length = whole(self.box, "record_length", "box.json")
        self.size = whole(self.box, "tree_size", "box.json")
        if self.record_length < 1 or self._sizes[BALLOTS] != self.record_length * self.size:
            raise Unreadable("wrong_length", file=BALLOTS)

    @property
    def documents(self) -> tuple[str, ...]:
        """The entries that are read as JSON and lie under the seal."""
        return tuple(name for name in self._sizes if name not in (BALLOTS, SEAL))

    @property
    def counted(self) -> bool:
        """Whether the file holds a result."""
        return all(name in self._sizes for name in COUNTED)

    def bytes_of(self, name: str) -> bytes:
        """A document as it lies in the file."""
        if self._sizes[name] > LONGEST_DOCUMENT:
            raise Unreadable("wrong_length", file=name)
        return b"".join(self._pieces(name))

    def document(self, name: str) -> Any:
        """A document read as JSON."""
        try:
            return json.loads(self.bytes_of(name))
        except (ValueError, RecursionError) as wrong:
            raise Unreadable("no_json", file=name) from wrong

    def portions(self, ballots: int) -> Iterator[list[bytes]]:
        """The ballots in order, so many at a time, or fewer where they are long: what is in memory has a bound in bytes."""
        step = self.record_length * max(1, min(ballots, LONGEST_PORTION // self.record_length))
        waiting = bytearray()
        for piece in self._pieces(BALLOTS):
            waiting += piece
            ready = len(waiting) // step * step
            for start in range(0, ready, step):
                yield self._cut(bytes(waiting[start : start + step]))
            if ready:
                del waiting[:ready]
        if waiting:
            yield self._cut(bytes(waiting))

    def _cut(self, text: bytes) -> list[bytes]:
        length = self.record_length
        return [text[start : start + length] for start in range(0, len(text), length)]

    def _pieces(self, name: str) -> Iterator[bytes]:
        try:
            with self._zip.open(name) as stream:
                yield from _read(stream, self._sizes[name], name)  # type: ignore[arg-type]
        except (zipfile.BadZipFile, zlib.error, EOFError, OSError, NotImplementedError, RuntimeError) as wrong:
            raise Unreadable("damaged", file=name) from wrong


def _read(stream: BinaryIO, size: int, name: str) -> Iterator[bytes]:
    """So many bytes and no more."""
    left = size
    while piece := stream.read(CHUNK):
        left -= len(piece)
        if left < 0:
            break
        yield piece
    if left:
        raise Unreadable("wrong_length", file=name)


def _sizes(opened: zipfile.ZipFile, length: int) -> dict[str, int]:
    """The entries by name, if they are those of a box: each once, stored, together no longer than the file."""
    sizes: dict[str, int] = {}
    for entry in opened.infolist():
        if entry.filename not in (*NEEDED, *COUNTED) or entry.filename in sizes:
            raise Unreadable("unknown_entry", file=entry.filename[:80])
        if entry.compress_type != zipfile.ZIP_STORED or entry.compress_size != entry.file_size or entry.flag_bits & 1:
            raise Unreadable("not_stored", file=entry.filename)
        sizes[entry.filename] = entry.file_size
    missing = [name for name in NEEDED if name not in sizes]
    if missing:
        raise Unreadable("entry_missing", file=missing[0])
    if sum(sizes.values()) > length:
        raise Unreadable("longer_than_itself")
    return sizes


def member(value: Any, key: str, kind: type | tuple[type, ...], where: str) -> Any:
    """A member of a JSON object that must be of this kind."""
    found = value.get(key) if isinstance(value, dict) else None
    if not isinstance(found, kind) or (isinstance(found, bool) and kind is int):
        raise Unreadable("member_missing", file=where, member=key)
    return found


def whole(value: Any, key: str, where: str) -> int:
    """A whole number that is not negative."""
    number: int = member(value, key, int, where)
    if number < 0:
        raise Unreadable("member_missing", file=where, member=key)
    return number


def exact(text: Any, where: str) -> Fraction:
    """An exact number from its text: `87.5`, `86251/1000`."""
    if not isinstance(text, str) or not _NUMBER.fullmatch(text):
        raise Unreadable("no_number", file=where, text=str(text)[:40])
    try:
        return Fraction(text)
    except (ValueError, ZeroDivisionError) as wrong:
        raise Unreadable("no_number", file=where, text=text[:40]) from wrong


def in_hex(value: Any, key: str, where: str) -> bytes:
    """Bytes from their hexadecimal text."""
    try:
        return bytes.fromhex(member(value, key, str, where))
    except ValueError as wrong:
        raise Unreadable("member_missing", file=where, member=key) from wrong
