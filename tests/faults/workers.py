"""Worker processes under test: started, stopped and killed by process id, their log at hand when something is wrong."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

from tests.servers.programs import log_end, wait_gone

ROOT = Path(__file__).parents[2]


class Worker:
    """A Python process of ours, `python -m ...`, in a session of its own."""

    def __init__(self, arguments: Sequence[str], log: Path, environment: Mapping[str, str] | None = None) -> None:
        self._arguments, self.log = arguments, log
        self._environment = dict(os.environ) | dict(environment or {})
        self._running: subprocess.Popen[bytes] | None = None

    @property
    def pid(self) -> int:
        """Its process id."""
        assert self._running is not None, "it runs"
        return self._running.pid

    def start(self) -> None:
        """Start it."""
        with self.log.open("ab") as output:
            self._running = subprocess.Popen(
                [sys.executable, "-m", *self._arguments],
                cwd=ROOT,
                env=self._environment,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )

    def kill9(self) -> None:
        """Kill it without warning."""
        self._end(signal.SIGKILL)

    def stop(self, seconds: float = 10) -> int:
        """Ask it to stop and say with which code it did."""
        return self._end(signal.SIGTERM, seconds)

    def ended(self) -> bool:
        """Whether it has ended by itself."""
        return self._running is None or self._running.poll() is not None

    def story(self) -> str:
        """The end of its log."""
        return log_end(self.log)

    def _end(self, how: signal.Signals, seconds: float = 10) -> int:
        running, self._running = self._running, None
        if running is None:
            return 0
        if running.poll() is None:
            running.send_signal(how)
        try:
            return running.wait(seconds)
        except subprocess.TimeoutExpired:
            running.kill()
            raise
        finally:
            running.wait(5)
            wait_gone([running.pid])
