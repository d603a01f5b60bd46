"""How files come in without holding anybody else up: so many at once, and none for ever.

Whoever sends slowly, or nothing at all, occupies a thread of the server while they do. So uploads have a share of the
threads and no more, of which one complaint may take a few and one ticket one; every piece has its time, and the whole file.
"""

from __future__ import annotations

import queue
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import copy_context
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from chassis.clock import monotonic
from chassis.errors import Conflict, TooMany, Unavailable

PACE = "attachments.pace"
_LOOKED_AFTER = 0.5
"""Seconds after which whoever reads looks whether anybody still waits for it."""
Piece = TypeVar("Piece")


@dataclass(frozen=True, slots=True)
class Pace:
    """How many tickets may be open and files under way, and how long they may take: the setting `attachments.pace`."""

    open_tickets: int
    at_once: int
    at_once_of_one: int
    first_seconds: int
    piece_seconds: int
    whole_seconds: int

    @staticmethod
    def of(row: Mapping[str, Any]) -> Pace:
        """The setting; a row that lacks one fails loudly."""
        return Pace(**{name: int(row[name]) for name in Pace.__dataclass_fields__})

    def check_open(self, tickets: int) -> None:
        """Refused with UPLOADS_OPEN where as many tickets wait for their files as may."""
        if tickets >= self.open_tickets:
            raise TooMany("UPLOADS_OPEN", tickets=self.open_tickets)


class Turns:
    """Which uploads are under way in this process."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._unnamed = 0
        self._named: dict[str, str] = {}

    @contextmanager
    def any(self, pace: Pace) -> Iterator[None]:
        """A turn for somebody who has not shown a ticket yet. Refused with UPLOADS_BUSY."""
        with self._lock:
            if self._unnamed >= pace.at_once:
                raise Unavailable("UPLOADS_BUSY")
            self._unnamed += 1
        try:
            yield
        finally:
            with self._lock:
                self._unnamed -= 1

    @contextmanager
    def of(self, upload_id: str, complaint_id: str, pace: Pace) -> Iterator[None]:
        """The turn of a ticket. Refused with UPLOAD_UNDER_WAY, with UPLOADS_BUSY where its complaint has as many already."""
        with self._lock:
            if upload_id in self._named:
                raise Conflict("UPLOAD_UNDER_WAY", "ticket")
            if list(self._named.values()).count(complaint_id) >= pace.at_once_of_one:
                raise Unavailable("UPLOADS_BUSY")
            self._named[upload_id] = complaint_id
        try:
            yield
        finally:
            with self._lock:
                del self._named[upload_id]


class Paced(Generic[Piece]):
    """A stream whose pieces are waited for only so long. Iterating is refused with UPLOAD_TOO_SLOW.

    Another thread reads, because reading cannot be given a time; it ends with the stream, which ends with its call.
    """

    def __init__(self, pieces: Iterator[Piece], pace: Pace) -> None:
        self._pieces, self._pace = pieces, pace
        self._ends = monotonic() + pace.whole_seconds
        self._read: queue.Queue[tuple[Piece] | BaseException | None] = queue.Queue(2)
        self._over = threading.Event()
        self._next_within = pace.first_seconds

    def __enter__(self) -> Paced[Piece]:
        threading.Thread(target=copy_context().run, args=(self._reading,), name="upload", daemon=True).start()
        return self

    def __exit__(self, *fault: object) -> None:
        self._over.set()

    def __iter__(self) -> Paced[Piece]:
        return self

    def __next__(self) -> Piece:
        left = min(self._next_within, self._ends - monotonic())
        self._next_within = self._pace.piece_seconds
        try:
            found = self._read.get(timeout=max(left, 0.001))
        except queue.Empty:
            raise Conflict("UPLOAD_TOO_SLOW", "content") from None
        if isinstance(found, BaseException):
            raise found
        if found is None:
            raise StopIteration
        return found[0]

    def _reading(self) -> None:
        try:
            for piece in self._pieces:
                if not self._put((piece,)):
                    return
            self._put(None)
        except BaseException as fault:
            self._put(fault)

    def _put(self, read: tuple[Piece] | BaseException | None) -> bool:
        while not self._over.is_set():
            try:
                self._read.put(read, timeout=_LOOKED_AFTER)
                return True
            except queue.Full:
                continue
        return False
