"""Row `start`: from typing `zhengfeng up` to the first answered request, with an empty data folder."""

from __future__ import annotations

import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx

from bench.harness import Row, Sides
from tests.faults.workers import Worker
from tests.servers.programs import ServerFault, free_port


def start_once() -> float:
    """Seconds from the start of the process to the first page it answers with; it is stopped again."""
    with tempfile.TemporaryDirectory(prefix="zhengfeng-start-") as folder:
        http_port, grpc_port = free_port(), free_port()
        ports = ("--http-port", str(http_port), "--grpc-port", str(grpc_port))
        suite = Worker(("suite", "up", "--data", f"{folder}/data", *ports), Path(folder) / "log")
        started = time.perf_counter()
        suite.start()
        try:
            _wait_for_answer(f"http://127.0.0.1:{http_port}/", suite)
            return time.perf_counter() - started
        finally:
            suite.stop(seconds=20)


def _wait_for_answer(url: str, suite: Worker) -> None:
    for _ in range(6000):
        try:
            if httpx.get(url, follow_redirects=True, trust_env=False).is_success:
                return
        except httpx.TransportError:
            pass
        if suite.ended():
            break
        time.sleep(0.01)
    raise ServerFault(suite.story())


@contextmanager
def prepare() -> Iterator[Sides]:
    """Nothing but the process itself."""
    yield Sides(ours=start_once, ceiling=None)


ROW = Row(
    name="start",
    what="`zhengfeng up` to the first answered request, empty data folder",
    unit="s",
    must=5.0,
    prepare=prepare,
    lower_is_better=True,
)
