"""Where files are kept: a folder of this machine, or a bucket that speaks S3. What lies there is sealed by whoever put it.

A shelf has no idea what it holds. Files are put whole, from a file on this machine, and read from their beginning, part by
part; putting the same name again puts the same bytes. Neither end ever holds a file in memory.
"""

from __future__ import annotations

import os
import re
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Protocol

PART = 256 * 1024
_NAME = re.compile(r"[a-z0-9]{4,200}(\.[a-z]{1,8})?")


class NotOnShelf(Exception):
    """No such file lies there."""


class ShelfAway(Exception):
    """The shelf does not answer, or not as it should."""


class Shelf(Protocol):
    """One place where files are kept."""

    def put(self, name: str, source: Path) -> None:
        """Puts a file there. Raises ShelfAway."""

    def read(self, name: str) -> Iterator[bytes]:
        """The file, part by part. Raises NotOnShelf before the first part, ShelfAway."""

    def remove(self, name: str) -> None:
        """Takes it away; one that is not there is no fault. Raises ShelfAway."""


class Folder:
    """A shelf in a folder. A file appears there whole or not at all; 256 folders below keep each of them small."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def put(self, name: str, source: Path) -> None:
        """Copies it beside its place, onto the disk, and gives it its name."""
        place = self._place(name)
        place.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        beside = place.with_name(f".{place.name}.{os.getpid()}")
        try:
            with source.open("rb") as read, open(beside, "wb", opener=_private) as written:
                shutil.copyfileobj(read, written, PART)
                written.flush()
                os.fsync(written.fileno())
            beside.replace(place)
        except OSError as fault:
            beside.unlink(missing_ok=True)
            raise ShelfAway(type(fault).__name__) from fault

    def read(self, name: str) -> Iterator[bytes]:
        """Its parts, from the disk."""
        try:
            file = self._place(name).open("rb")
        except FileNotFoundError:
            raise NotOnShelf(name) from None
        with file:
            while part := file.read(PART):
                yield part

    def remove(self, name: str) -> None:
        """Its name and bytes."""
        self._place(name).unlink(missing_ok=True)

    def _place(self, name: str) -> Path:
        return self._folder / checked(name)[:2] / name


def checked(name: str) -> str:
    """A name that leads nowhere else. Raises ValueError for any other: names are made by us."""
    if not _NAME.fullmatch(name):
        raise ValueError("no name of a file on a shelf")
    return name


def _private(path: str, flags: int) -> int:
    return os.open(path, flags, 0o600)
