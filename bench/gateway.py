"""Row `gateway`: the complaints of row `register`, filed through REST; the ceiling is that row's gRPC figure."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx
from google.protobuf.json_format import MessageToJson

from bench.harness import Row, Sides
from bench.register import CALLS, IN_FLIGHT, Registering, request
from suite.members import SERVICES
from tests.faults.workers import Worker
from tests.servers import PostgreSQL
from tests.servers.programs import free_port, wait_until

REST_CALLS = CALLS // 2


class Rest:
    """A gateway in front of one complaints server."""

    def __init__(self, folder: Path, grpc_port: int) -> None:
        self._port = free_port()
        addresses = {f"{service.upper()}_AT": f"127.0.0.1:{grpc_port}" for service in SERVICES}
        self.worker = Worker(("gateway",), folder / "gateway.log", {**addresses, "HTTP_PORT": str(self._port)})

    def start(self) -> None:
        """Start and wait until it answers."""
        self.worker.start()
        wait_until(self._answers, 60, self.worker.story)

    def per_second(self) -> float:
        """Complaints filed a second, IN_FLIGHT connections each asking again as soon as it is answered."""
        return asyncio.run(self._ask_all([_http(MessageToJson(request()).encode()) for _ in range(REST_CALLS)]))

    async def _ask_all(self, asked: list[bytes]) -> float:
        waiting = iter(asked)
        connections = [await asyncio.open_connection("127.0.0.1", self._port) for _ in range(IN_FLIGHT)]

        async def ask(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            for message in waiting:
                writer.write(message)
                await _answered(reader)
            writer.close()

        started = time.perf_counter()
        await asyncio.gather(*(ask(*connection) for connection in connections))
        return len(asked) / (time.perf_counter() - started)

    def _answers(self) -> bool:
        try:
            return httpx.get(f"http://127.0.0.1:{self._port}/healthz", trust_env=False).is_success
        except httpx.TransportError:
            return False


@contextmanager
def prepare() -> Iterator[Sides]:
    """The servers of row `register`, with a gateway before them."""
    with PostgreSQL(durable=True) as server:
        registering = Registering(server)
        rest = Rest(Path(server.folder), registering.port)
        try:
            registering.workers[0].start()
            rest.start()
            yield Sides(ours=rest.per_second, ceiling=registering.ours)
        finally:
            rest.worker.stop()
            registering.workers[0].stop()


def _http(body: bytes) -> bytes:
    lines = (
        "POST /api/v1/complaints HTTP/1.1",
        "host: bench",
        "content-type: application/json",
        f"content-length: {len(body)}",
    )
    head = "".join(f"{line}\r\n" for line in lines) + "\r\n"
    return head.encode() + body


async def _answered(reader: asyncio.StreamReader) -> None:
    """Read one answer; anything but success ends the bench."""
    head = (await reader.readuntil(b"\r\n\r\n")).decode().lower()
    length = int(head.partition("content-length: ")[2].partition("\r\n")[0])
    body = await reader.readexactly(length)
    if " 200 " not in head.partition("\r\n")[0]:
        raise RuntimeError(f"{head}{body.decode()}")


ROW = Row(
    name="gateway",
    what="the same through the gateway's REST, against the gRPC figure of register",
    unit="calls/s",
    must=0.5,
    prepare=prepare,
)
