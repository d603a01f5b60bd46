"""Scans: files of pages, how far their reading has come, and what was refused on the way."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from enum import Enum


class ScanState(Enum):
    """Where a file stands."""

    WAITING = "waiting"
    READ = "read"
    REFUSED = "refused"
    PARKED = "parked"


class PageState(Enum):
    """Where a page stands. One that is being read is waiting under a lease."""

    WAITING = "waiting"
    READ = "read"
    REFUSED = "refused"
    PARKED = "parked"


@dataclass(frozen=True, slots=True)
class Scan:
    """One file. `file` is its name on the shelf, `sealed_key` the wrapped key of all that is kept of it; None once that was
    destroyed."""

    id: str
    version: int
    unit_path: str
    jurisdiction_path: str
    campaign_id: str
    name: str
    sha256: str
    size: int
    pages: int
    state: ScanState
    reason: str
    received_at: datetime
    given_by: str
    file: str
    sealed_key: bytes | None


@dataclass(frozen=True, slots=True)
class Claim:
    """One page a reader has taken for a while. Page 0 is the file itself, which is looked into first."""

    id: str
    scan_id: str
    campaign_id: str
    page: int
    attempts: int
    holder: str


@dataclass(frozen=True, slots=True)
class Progress:
    """How far reading has come; each mapping is by the word of a state."""

    files: int
    pages: dict[str, int]
    cards: dict[str, int]
    doubts: dict[str, int]
    faults: dict[str, int]
    sides_in_last_minute: int


@dataclass(frozen=True, slots=True)
class MachineRow:
    """One row as a machine read it; kept for the auditor."""

    row: int
    mark: int
    asked: bool
    measures: dict[str, float | str] = field(default_factory=dict)
