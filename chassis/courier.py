"""The courier: the process that takes what is addressed to the outside out of the house, and brings in what waits there.

What it does is a service's own table of jobs (`services/<name>/courier.py`); here is when: one courier at a time, by a
lease, look after look, each job by itself, until it is told to stop. Plain threads; gRPC and HTTP allowed, nameko not.
"""

from __future__ import annotations

import os
import socket
import threading
from collections.abc import Callable, Mapping

from chassis import outbox
from chassis.db import database_away
from chassis.logs import log
from chassis.store import Store

LOOK_SECONDS = 1.0
LEASE_SECONDS = 60.0


class Courier:
    """Does a service's jobs until it is stopped; `close` lets go of what they hold."""

    def __init__(self, store: Store, jobs: Mapping[str, Callable[[], object]], close: Callable[[], None]) -> None:
        self._store, self._jobs, self._close = store, jobs, close
        self._holder = f"{socket.gethostname()}:{os.getpid()}"
        self._stopping = threading.Event()
        self._looking = False
        self._thread = threading.Thread(target=self._run, name="courier", daemon=True)

    def start(self) -> None:
        """Begin."""
        self._thread.start()
        threading.Thread(target=self._renew, name="courier-lease", daemon=True).start()

    def stop(self) -> None:
        """Let the job in hand end, then stop."""
        self._stopping.set()
        if self._thread.is_alive():
            self._thread.join(timeout=LEASE_SECONDS)
        self._close()

    def look(self) -> None:
        """Every job once. One that fails is told in the log and keeps no other waiting."""
        for name, job in self._jobs.items():
            if self._stopping.is_set():
                return
            try:
                job()
            except Exception as fault:
                log().warning("database.away" if database_away(fault) else "courier.failed", act=name, exc_info=fault)

    def _run(self) -> None:
        while not self._stopping.is_set():
            try:
                if self._leased():
                    self._looking = True
                    self.look()
            except Exception as fault:
                log().warning("database.away" if database_away(fault) else "courier.failed", exc_info=fault)
            self._looking = False
            self._stopping.wait(LOOK_SECONDS)

    def _renew(self) -> None:
        """A look may take longer than the lease: it is renewed while jobs are done, so that no other courier begins."""
        while not self._stopping.wait(LEASE_SECONDS / 3):
            try:
                if self._looking:
                    self._leased()
            except Exception as fault:
                log().warning("database.away" if database_away(fault) else "courier.failed", exc_info=fault)

    def _leased(self) -> bool:
        return outbox.take_lease(self._store, "courier", self._holder, LEASE_SECONDS)
