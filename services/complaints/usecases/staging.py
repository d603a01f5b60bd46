"""The folder files lie in, sealed, while they come in: each in a folder of its own, which goes when its upload ends.

A process that is killed leaves its folders behind. They are taken away by their age: when a process starts, when the next
files come, and by the courier where it sees the same folder.
"""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path

from chassis.clock import Clock
from chassis.logs import log

OLD = timedelta(hours=2)
"""Longer than any upload takes."""
_EVERY = timedelta(minutes=10)
_PREFIX = "upload-"


class Staging:
    """One such folder. The clock is that of the disk: the ages of folders are real."""

    def __init__(self, folder: Path, clock: Clock) -> None:
        self._folder, self._clock = folder, clock
        self._swept: datetime | None = None

    @contextmanager
    def place(self) -> Iterator[Path]:
        """An empty folder for one upload."""
        self.sweep_now_and_then()
        self._folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        with tempfile.TemporaryDirectory(dir=self._folder, prefix=_PREFIX) as place:
            yield Path(place)

    def sweep_now_and_then(self) -> int:
        """Sweeps, unless it was done a short while ago."""
        now = self._clock.now()
        if self._swept is not None and now - self._swept < _EVERY:
            return 0
        self._swept = now
        return self.sweep()

    def sweep(self) -> int:
        """Takes away what nobody can be writing to any more; says how many folders that were."""
        old, gone = self._clock.now() - OLD, 0
        with suppress(FileNotFoundError):
            for place in self._folder.glob(f"{_PREFIX}*"):
                with suppress(FileNotFoundError):
                    if datetime.fromtimestamp(place.stat().st_mtime, UTC) < old:
                        shutil.rmtree(place, ignore_errors=True)
                        gone += 1
        if gone:
            log().warning("uploads.left_behind", folders=gone)
        return gone
