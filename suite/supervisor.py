"""One supervisor for all processes of a machine: it starts them, restarts what dies, and stops them in order.

Each child is a process of its own with its configuration in its environment. A child that dies is started again after a
pause that grows while it keeps dying at once. On stop every child is asked by SIGTERM and, after ten seconds, killed.
"""

from __future__ import annotations

import ctypes
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from types import FrameType

from chassis.clock import monotonic

GRACE_SECONDS = 10.0
LOOK_SECONDS = 0.2
FIRST_PAUSE, LONGEST_PAUSE = 0.2, 10.0
SETTLED_SECONDS = 10.0
_PR_SET_PDEATHSIG = 1


@dataclass
class Child:
    """One process to keep running."""

    name: str
    arguments: Sequence[str]
    environment: Mapping[str, str]
    running: subprocess.Popen[bytes] | None = None
    started_at: float = 0.0
    start_again_at: float = 0.0
    pause: float = FIRST_PAUSE


@dataclass
class Supervisor:
    """Keeps children running until it is stopped."""

    children: Sequence[Child]
    say: Callable[[str], None]
    _stopped: threading.Event = field(default_factory=threading.Event)

    def run(self, ready: Callable[[], None] = lambda: None) -> None:
        """Starts all children and looks after them until SIGTERM or Ctrl-C. `ready` runs once, beside them."""
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, self._asked_to_stop)
        for child in self.children:
            self._start(child)
        threading.Thread(target=ready, name="ready", daemon=True).start()
        while not self._stopped.wait(LOOK_SECONDS):
            for child in self.children:
                self._look_after(child)
        self._stop_all()

    def stop(self) -> None:
        """Asks `run` to end."""
        self._stopped.set()

    def _asked_to_stop(self, _signal: int, _frame: FrameType | None) -> None:
        self._stopped.set()

    def _start(self, child: Child) -> None:
        command = [sys.executable, "-m", *child.arguments]
        # A session of its own, so that Ctrl-C reaches the supervisor alone and children are stopped in order.
        child.running = subprocess.Popen(
            command, env={**os.environ, **child.environment}, start_new_session=True, preexec_fn=_end_with_supervisor
        )
        child.started_at = monotonic()

    def _look_after(self, child: Child) -> None:
        now = monotonic()
        if child.running is not None:
            code = child.running.poll()
            if code is None:
                return
            child.pause = FIRST_PAUSE if now - child.started_at > SETTLED_SECONDS else min(child.pause * 2, LONGEST_PAUSE)
            child.running, child.start_again_at = None, now + child.pause
            self.say(f"{child.name} ended with {code}; starting it again in {child.pause:.1f} s")
        elif now >= child.start_again_at:
            self._start(child)

    def _stop_all(self) -> None:
        running = [child.running for child in reversed(self.children) if child.running is not None]
        for process in running:
            process.terminate()
        deadline = monotonic() + GRACE_SECONDS
        for process in running:
            try:
                process.wait(max(0.0, deadline - monotonic()))
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()


def _end_with_supervisor() -> None:
    """Has the kernel ask this child to stop if the supervisor is killed: left alone, it would hold ports and queues.

    prctl(2) is Linux's; elsewhere children outlive a killed supervisor.
    """
    prctl = getattr(ctypes.CDLL(None), "prctl", None)
    if prctl is not None:
        prctl(_PR_SET_PDEATHSIG, signal.SIGTERM)
