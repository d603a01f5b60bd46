"""Row `register`: complaints registered through gRPC on PostgreSQL, 64 calls in flight, durably.

One call writes the complaint, its sealed identity and text, its ledger, audit and request rows and its fact in one
transaction. The ceiling is 1 / (1/echo + 1/pg): a bare grpcio server that returns the same message, and the same rows
written by bare psycopg in one pipeline and commit; one server process on both sides.
"""

from __future__ import annotations

import threading
import time
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import grpc
from zhengfeng.complaints.v1 import complaint_pb2, intake_pb2, intake_pb2_grpc

from bench.harness import Row, Sides
from bench.plain.echo import METHOD
from bench.plain.rows import SameRows
from chassis import process
from chassis.auth import Caller
from chassis.clock import SystemClock
from chassis.config import Config
from chassis.copies import Copy
from suite.members import open_service
from tests.faults.workers import Worker
from tests.servers import PostgreSQL
from tests.servers.programs import free_port

IN_FLIGHT = 64
THREADS = 8
CALLS, ECHOES = 2_000, 10_000
TEXT = "窗口工作人员多次要求补交清单以外的材料，来回跑了四趟仍未受理，也没有出具任何书面告知。" * 3


class Registering:
    """A complaints server on a durable PostgreSQL, with an echo server beside it."""

    def __init__(self, server: PostgreSQL) -> None:
        folder = Path(server.folder)
        self.port, self._echo_port = free_port(), free_port()
        url = server.create_database("complaints")
        self._config = Config("complaints", url, keys_dir=folder / "keys", data_dir=folder, create_keys=True)
        process.migrate(self._config)
        _tell_of_the_city(self._config)
        environment = {
            "DATABASE_URL": url,
            "KEYS_DIR": str(folder / "keys"),
            "DATA_DIR": str(folder),
            "CREATE_KEYS": "1",
            "GRPC_PORT": str(self.port),
            "GRPC_WORKERS": str(THREADS),
        }
        self.workers = [
            Worker(("services.complaints", "server"), folder / "complaints.log", environment),
            Worker(("bench.plain.echo", str(self._echo_port), str(THREADS)), folder / "echo.log"),
        ]
        self._plain_url = url.replace("postgresql+psycopg", "postgresql")
        self._same_rows: SameRows | None = None

    def ours(self) -> float:
        """Complaints registered a second."""
        with _channel(self.port) as channel:
            return _per_second(intake_pb2_grpc.IntakeServiceStub(channel).FileComplaint.future, request, CALLS)

    def ceiling(self) -> float:
        """What echo and bare rows allow together, in calls a second."""
        echo = self._echo()
        return 1 / (1 / echo + 1 / self._rows().per_second(CALLS, THREADS))

    def notes(self) -> str:
        """How much one call writes."""
        return f"one call writes {self._rows().count} rows in one transaction"

    def _echo(self) -> float:
        with _channel(self._echo_port) as channel:
            echo: Any = channel.unary_unary(METHOD)
            return _per_second(echo.future, lambda: request().SerializeToString(), ECHOES)

    def _rows(self) -> SameRows:
        if self._same_rows is None:
            with _channel(self.port) as channel:
                filed = intake_pb2_grpc.IntakeServiceStub(channel).FileComplaint(request())
            self._same_rows = SameRows(self._plain_url, "complaints", filed.complaint_id)
        return self._same_rows


@contextmanager
def prepare() -> Iterator[Sides]:
    """The servers, warm."""
    with PostgreSQL(durable=True) as server:
        registering = Registering(server)
        try:
            for worker in registering.workers:
                worker.start()
            yield Sides(ours=registering.ours, ceiling=registering.ceiling, notes=registering.notes)
        finally:
            for worker in registering.workers:
                worker.stop()


def request() -> intake_pb2.FileComplaintRequest:
    """A named complaint of some three hundred characters, with a request id of its own."""
    draft = intake_pb2.ComplaintDraft(
        jurisdiction_path="/qinghe",
        title="办事窗口反复要求补交材料",
        text=TEXT,
        manner=complaint_pb2.MANNER_NAMED,
        identity=intake_pb2.Identity(name="甲", phone="13800000000", address="清河市东河区一号"),
    )
    return intake_pb2.FileComplaintRequest(request_id=str(uuid.uuid4()), draft=draft)


def _tell_of_the_city(config: Config) -> None:
    """What the directory would have announced: there is a place that takes complaints."""
    store = open_service(config, SystemClock()).store
    with store.begin(Caller.service("complaints")) as tx:
        tx.keep_copy(Copy("jurisdiction", "/qinghe", 1, "", "/qinghe", "清河市"))
    store.engine.dispose()


def _channel(port: int) -> grpc.Channel:
    channel = grpc.insecure_channel(f"127.0.0.1:{port}")
    grpc.channel_ready_future(channel).result(timeout=60)
    return channel


def _per_second(call: Callable[..., Any], message: Callable[[], Any], calls: int) -> float:
    """Calls answered a second with IN_FLIGHT of them on the way; one that fails ends the bench."""
    messages = [message() for _ in range(calls)]
    free = threading.Semaphore(IN_FLIGHT)
    faults: list[BaseException] = []

    def done(answered: Any) -> None:
        if answered.exception() is not None:
            faults.append(answered.exception())
        free.release()

    started = time.perf_counter()
    for each in messages:
        free.acquire()
        call(each).add_done_callback(done)
    for _ in range(IN_FLIGHT):
        free.acquire()
    if faults:
        raise faults[0]
    return calls / (time.perf_counter() - started)


ROW = Row(
    name="register",
    what="complaints registered through gRPC on PostgreSQL, 64 in flight, against echo and the same rows by bare psycopg",
    unit="calls/s",
    must=0.5,
    prepare=prepare,
)
