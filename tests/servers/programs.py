"""Starting a server program as the right user on a free port, and seeing it end, always by process id.

Why another user: initdb refuses root, and both servers should own their folders. Why `setpriv --pdeathsig`: a test
run that is itself killed must not leave servers behind.
"""

from __future__ import annotations

import os
import pwd
import random
import shutil
import socket
import subprocess
import tempfile
import threading
import time
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

_SERVER_PORTS = range(21000, 32000)  # below the range from which the kernel gives ports to outgoing connections


class ServerFault(RuntimeError):
    """A server did not start, or did not end; the message carries the end of its log."""


@dataclass(frozen=True, slots=True)
class Account:
    """The system user that a server runs as; `other` says that it is not the user of this process."""

    uid: int
    gid: int
    other: bool

    @classmethod
    def for_server(cls, name: str) -> Account:
        """User `name` when we are root, else whoever we are."""
        if os.geteuid() != 0:
            return cls(os.geteuid(), os.getegid(), other=False)
        entry = pwd.getpwnam(name)
        return cls(entry.pw_uid, entry.pw_gid, other=True)

    def folder(self, prefix: str) -> Path:
        """A new temporary folder that only this user may enter."""
        path = Path(tempfile.mkdtemp(prefix=prefix))
        if self.other:
            os.chown(path, self.uid, self.gid)
        return path

    def write(self, path: Path, text: str, mode: int = 0o600) -> Path:
        """Write a file that belongs to this user."""
        path.write_text(text, encoding="utf-8")
        path.chmod(mode)
        if self.other:
            os.chown(path, self.uid, self.gid)
        return path

    def command(self, *arguments: str, dies_with_us: bool = False) -> list[str]:
        """`arguments` as run by this user; with `dies_with_us` the program ends when the starting thread ends."""
        options = ["--pdeathsig", "KILL"] if dies_with_us else []
        if self.other:
            options += ["--reuid", str(self.uid), "--regid", str(self.gid), "--init-groups"]
        return ["setpriv", *options, "--", *arguments] if options else list(arguments)

    def run(self, *arguments: str, environment: Mapping[str, str] | None = None, seconds: float = 60) -> str:
        """Run a command to its end as this user and return what it printed; a failure raises with its output."""
        ended = subprocess.run(
            self.command(*arguments),
            env=dict(environment) if environment is not None else None,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            cwd="/",
            text=True,
            timeout=seconds,
        )
        if ended.returncode != 0:
            raise ServerFault(f"{' '.join(arguments)} ended with {ended.returncode}:\n{ended.stdout}")
        return ended.stdout

    def start(self, *arguments: str, log: Path, environment: Mapping[str, str] | None = None) -> subprocess.Popen[bytes]:
        """Start a server in the foreground of its own session, its output appended to `log`.

        It ends with this process; the kernel ties it to the starting thread, so only the main thread may do that.
        """
        tied = threading.current_thread() is threading.main_thread()
        with log.open("ab") as output:
            return subprocess.Popen(
                self.command(*arguments, dies_with_us=tied),
                env=dict(environment) if environment is not None else None,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                cwd="/",
                start_new_session=True,
            )


def free_port(count: int = 1) -> int:
    """The first of `count` ports on which nobody listens, outside the range of outgoing connections.

    From that range the kernel could take a port while its server is being restarted.
    """
    chooser = random.SystemRandom()
    while True:
        first = chooser.choice(_SERVER_PORTS[:-count])
        if all(_is_free(port) for port in range(first, first + count)):
            return first


def _is_free(port: int) -> bool:
    with socket.socket() as probe:
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
        return True


def alive(pid: int) -> bool:
    """Whether process `pid` still runs; a zombie that nobody has waited for counts as ended."""
    try:
        state = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()[0]
    except (FileNotFoundError, ProcessLookupError):
        return False
    return state not in {"Z", "X"}


def family(pid: int) -> list[int]:
    """`pid` and every process below it at this moment."""
    members, waiting = [], [pid]
    while waiting:
        member = waiting.pop()
        members.append(member)
        for children in Path(f"/proc/{member}/task").glob("*/children"):
            try:
                waiting += [int(child) for child in children.read_text(encoding="utf-8").split()]
            except (FileNotFoundError, ProcessLookupError):
                continue
    return members


def wait_gone(pids: Iterable[int], seconds: float = 30) -> None:
    """Wait until every one of `pids` has ended; a server must not be restarted over its own remains."""
    remaining = set(pids)
    wait_until(lambda: not any(alive(pid) for pid in remaining), seconds, lambda: f"still running: {remaining}")


def wait_until(done: Callable[[], bool], seconds: float, complaint: Callable[[], str]) -> None:
    """Ask `done` until it says yes; after `seconds` raise ServerFault with what `complaint` says."""
    end = time.monotonic() + seconds
    while not done():
        if time.monotonic() > end:
            raise ServerFault(complaint())
        time.sleep(0.02)


def log_end(log: Path, lines: int = 30) -> str:
    """The last lines of a log, for the message of a fault."""
    return "\n".join(log.read_text(encoding="utf-8", errors="replace").splitlines()[-lines:]) if log.exists() else ""


def remove(folder: Path) -> None:
    """Remove a server's folder, whoever owns what lies in it."""
    shutil.rmtree(folder, ignore_errors=True)
