"""A CSV file, plain or packed by gzip, as rows of history, and what is wrong with the rows that are none."""

from __future__ import annotations

import csv
import gzip
import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from services.complaints.domain.history import PastComplaint
from suite.imports.profiles import Profile

LONGEST_FIELD = 1_000_000
GZIP_MAGIC = b"\x1f\x8b"


class Unreadable(ValueError):
    """The file is no CSV file with a header."""


@dataclass(frozen=True, slots=True)
class Row:
    """One row of the file: a complaint, or the field and reason that make it unreadable."""

    number: int
    source_number: str
    past: PastComplaint | None = None
    field: str = ""
    reason: str = ""


def header(path: Path) -> list[str]:
    """The names of the columns. Raises Unreadable."""
    with _opened(path) as file:
        names = next(_records(file), [])
    if not any(name.strip() for name in names):
        raise Unreadable(f"{path.name} has no header")
    return [name.strip() for name in names]


def rows(path: Path, profile: Profile, jurisdiction_path: str, after: int = 0) -> Iterator[Row]:
    """The rows behind row `after`, numbered from 1. Raises Unreadable where the file breaks off or is no text."""
    with _opened(path) as file:
        records = _records(file)
        names = [name.strip() for name in next(records, [])]
        for number, record in enumerate(records, start=1):
            if number > after:
                yield _row(
                    number, dict(zip(names, record, strict=False)), len(record) - len(names), profile, jurisdiction_path
                )


def count(path: Path) -> int:
    """How many rows there are."""
    with _opened(path) as file:
        return max(0, sum(1 for _ in _records(file)) - 1)


def fingerprint(path: Path) -> str:
    """What tells this file from any other."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _opened(path: Path) -> IO[str]:
    with path.open("rb") as file:
        packed = file.read(2) == GZIP_MAGIC
    if packed:
        return gzip.open(path, "rt", encoding="utf-8-sig", newline="")
    return path.open(encoding="utf-8-sig", newline="")


def _records(file: IO[str]) -> Iterator[list[str]]:
    csv.field_size_limit(LONGEST_FIELD)
    try:
        for record in csv.reader(file):
            if record:
                yield record
    except (csv.Error, UnicodeDecodeError, EOFError, gzip.BadGzipFile) as wrong:
        raise Unreadable(f"the file cannot be read further: {wrong}") from wrong


def _row(number: int, cells: dict[str, str], surplus: int, profile: Profile, jurisdiction_path: str) -> Row:
    source_number = profile.value("source_number", cells)
    if surplus:
        return Row(number, source_number, field="*", reason=f"{abs(surplus)} cells too {'many' if surplus > 0 else 'few'}")
    times = {}
    for field in ("received_at", "deadline_at", "closed_at"):
        written = profile.value(field, cells)
        try:
            times[field] = profile.instant(written)
        except (ValueError, OverflowError):
            return Row(number, source_number, field=field, reason=f"{written[:40]!r} is no time")
    past = PastComplaint(
        source=profile.source,
        source_number=source_number,
        jurisdiction_path=jurisdiction_path,
        unit_path="",
        title=profile.value("title", cells),
        text=profile.text(cells),
        channel=profile.channel(cells),
        category=profile.value("category", cells),
        conclusion=None,
        **times,
    )
    return Row(number, source_number, past)
