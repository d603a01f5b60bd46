"""The reader: the process that takes pages of scanned cards from the queue, one after another, until it is told to stop.

Any number of them may run, on any machine that has the database, the keys and the shelf of files. The embedded default runs
one in a thread. OpenCV and PDFium are loaded when the first page waits, not before, and never by a server.
"""

from __future__ import annotations

import os
import socket
import threading
from collections.abc import Callable

from chassis import process
from chassis.clock import SystemClock, monotonic, settled_clock
from chassis.config import read_or_exit
from chassis.db import database_away
from chassis.logs import configure_logging, log
from chassis.telemetry import Telemetry
from services.evaluation.cards.port import CardReader
from services.evaluation.usecases import UseCases
from services.evaluation.usecases.card_reading import Held

LOOK_SECONDS = 1.0
TIDY_SECONDS = 3600.0
SWEEP_SECONDS = 60.0
STOP_SECONDS = 60.0


class Reader:
    """Reads what waits until it is stopped. What goes wrong is told in the log, and the next page is read."""

    def __init__(self, usecases: UseCases, make: Callable[[], CardReader]) -> None:
        self._usecases, self._make = usecases, make
        self._holder = f"{socket.gethostname()}:{os.getpid()}:{threading.get_ident():x}:{id(self):x}"
        self._held = Held()
        self._cards: CardReader | None = None
        self._tidied = self._swept = 0.0
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._run, name="cards", daemon=True)

    def start(self) -> None:
        """Begin."""
        self._thread.start()

    def stop(self) -> None:
        """Let the page in hand end, then stop."""
        self._stopping.set()
        if self._thread.is_alive():
            self._thread.join(timeout=STOP_SECONDS)

    def look(self) -> bool:
        """Reads one page, if one waits."""
        cases = self._usecases.card_reading
        return cases.waits() and cases.read_one(self._holder, self._reader(), self._held)

    def _run(self) -> None:
        while not self._stopping.is_set():
            try:
                self._tidy()
                if self.look():
                    continue
                self._sweep()
            except Exception as fault:
                log().warning("database.away" if database_away(fault) else "reader.failed", exc_info=fault)
            self._stopping.wait(LOOK_SECONDS)

    def _reader(self) -> CardReader:
        if self._cards is None:
            self._cards = self._make()
        return self._cards

    def _sweep(self) -> None:
        """Counts what a reader left that was killed after its last page, as soon as this one has nothing to read."""
        if not self._swept or monotonic() - self._swept > SWEEP_SECONDS:
            self._swept = monotonic()
            self._usecases.card_counting.sweep()

    def _tidy(self) -> None:
        """Destroys pictures whose time is over, now and then."""
        if not self._tidied or monotonic() - self._tidied > TIDY_SECONDS:
            self._tidied = monotonic()
            self._usecases.scans.destroy()


def build(usecases: UseCases) -> Reader:
    """The reader of a service."""

    def make() -> CardReader:
        from services.evaluation.cards.reading.reader import OpticalReader

        return OpticalReader()

    return Reader(usecases, make)


def run() -> None:
    """One reader process, until it is told to stop."""
    config = read_or_exit("evaluation", "reader")
    configure_logging("evaluation", "reader")
    Telemetry.start(config)
    reader = build(UseCases.build(config, settled_clock() or SystemClock()))
    reader.start()
    process.wait_for_stop()
    reader.stop()
