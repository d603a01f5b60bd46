"""The supervisor: what dies is started again, and nothing it started outlives it."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

from tests.servers.programs import wait_until

ROOT = Path(__file__).parents[3]
SUPERVISED = """
import sys
from suite.supervisor import Child, Supervisor
sys.path.insert(0, sys.argv[1])
Supervisor([Child("sleeper", ("sleeper",), {"PYTHONPATH": sys.argv[1]})], print).run()
"""
SLEEPER = "import os, pathlib, time\npathlib.Path(__file__).with_name(f'{os.getpid()}.pid').touch()\ntime.sleep(600)\n"


def started(folder: Path) -> subprocess.Popen[bytes]:
    (folder / "sleeper.py").write_text(SLEEPER, encoding="utf-8")
    return subprocess.Popen([sys.executable, "-c", SUPERVISED, str(folder)], cwd=ROOT, stdout=subprocess.DEVNULL)


def children(folder: Path) -> list[int]:
    return [int(path.stem) for path in folder.glob("*.pid")]


def gone(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return True
    return Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0] == "Z"


def test_a_child_that_dies_is_started_again_and_stopped_in_the_end(tmp_path: Path) -> None:
    supervisor = started(tmp_path)
    wait_until(lambda: len(children(tmp_path)) == 1, 30, lambda: "the child was not started")

    os.kill(children(tmp_path)[0], signal.SIGKILL)
    wait_until(lambda: len(children(tmp_path)) == 2, 30, lambda: "the child was not started again")
    supervisor.terminate()

    assert supervisor.wait(30) == 0
    assert all(map(gone, children(tmp_path)))


def test_nothing_outlives_a_supervisor_that_is_killed(tmp_path: Path) -> None:
    supervisor = started(tmp_path)
    wait_until(lambda: len(children(tmp_path)) == 1, 30, lambda: "the child was not started")

    supervisor.kill()
    supervisor.wait(30)

    wait_until(lambda: gone(children(tmp_path)[0]), 30, lambda: "the child goes on alone")
