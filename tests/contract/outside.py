"""Complaints as it runs in earnest: a server process, on PostgreSQL also a worker process, each with a log of its own."""

from __future__ import annotations

import subprocess
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

import amqp
import grpc

from chassis.clock import Clock, SystemClock
from chassis.exchange import EXCHANGE
from tests.databases import Databases
from tests.doors import Door
from tests.faults.workers import Worker
from tests.servers import PostgreSQL
from tests.servers.postgresql import newest_programs
from tests.servers.programs import free_port, wait_until

SERVICE = "complaints"
PEEK = "peek"


class Outside(Door):
    """A door whose calls go to a server process on the same databases."""

    def __init__(self, databases: Databases, clock: Clock, folder: Path, amqp_url: str = "", traces: str = "") -> None:
        super().__init__(replace(databases.config(SERVICE, folder / "keys"), outside={"allowed": "127.0.0.1"}), clock)
        self.folder = folder
        port = free_port()
        environment = {**self._environment(port, amqp_url), "OTEL_EXPORTER_OTLP_ENDPOINT": traces}
        kinds = ("server", "courier", "worker") if amqp_url else ("server", "courier")
        self.processes = [Worker([f"services.{SERVICE}", kind], folder / f"{kind}.log", environment) for kind in kinds]
        for running in self.processes:
            running.start()
        self.channel.close()
        self.channel = grpc.insecure_channel(f"127.0.0.1:{port}")
        wait_until(self._answers, 60, lambda: "\n".join(running.story() for running in self.processes))

    def close(self) -> None:
        """Stop the processes, then the rest."""
        for running in self.processes:
            running.stop()
        super().close()

    def logs(self) -> dict[str, bytes]:
        """What the processes have written to their logs."""
        return {running.log.name: running.log.read_bytes() for running in self.processes}

    def files(self) -> dict[str, bytes]:
        """Everything the processes have left on disk: data, keys, logs."""
        return {str(path.relative_to(self.folder)): path.read_bytes() for path in self.folder.rglob("*") if path.is_file()}

    def _environment(self, port: int, amqp_url: str) -> Mapping[str, str]:
        key = self._key.verify_key.encode().hex()
        return {
            "DATABASE_URL": self.config.database_url,
            "KEYS_DIR": str(self.config.keys_dir),
            "DATA_DIR": str(self.folder),
            "OUTSIDE_ALLOWED": "127.0.0.1",
            "GRPC_PORT": str(port),
            "AMQP_URL": amqp_url,
            "CREATE_KEYS": "1",
            "PUBLIC_KEYS": f"tests={key}",
            "CLOCK_OFFSET_SECONDS": str(int((self.clock.now() - SystemClock().now()).total_seconds())),
        }

    def _answers(self) -> bool:
        assert not self.processes[0].ended(), self.processes[0].story()
        try:
            grpc.channel_ready_future(self.channel).result(timeout=1)
        except grpc.FutureTimeoutError:
            return False
        return True


class Peek:
    """A queue that is given a copy of everything announced on a broker."""

    def __init__(self, amqp_url: str) -> None:
        host, _, vhost = amqp_url.partition("@")[2].partition("/")
        self._connection = amqp.Connection(host, virtual_host=vhost)
        self._connection.connect()
        self._channel = self._connection.channel()
        self._channel.exchange_declare(EXCHANGE, "topic", durable=True, auto_delete=False)
        self._channel.queue_declare(PEEK, auto_delete=False)
        self._channel.queue_bind(PEEK, EXCHANGE, routing_key="#")
        self.messages: list[bytes] = []

    def take(self, wanted: int) -> bool:
        """Takes what has arrived, headers and all; whether that is as much as is waited for."""
        while message := self._channel.basic_get(PEEK, no_ack=True):
            body = message.body if isinstance(message.body, bytes) else message.body.encode()
            self.messages.append(body + b"\n" + repr((message.headers, message.properties)).encode())
        return len(self.messages) >= wanted

    def close(self) -> None:
        """Closes the connection."""
        self._connection.close()


def dump(server: PostgreSQL, database: str) -> bytes:
    """A whole database as pg_dump writes it; columns of bytes stand there in hexadecimal."""
    program = str(newest_programs() / "pg_dump")
    where = ("-h", "127.0.0.1", "-p", str(server.port), "-U", "postgres", "--inserts", database)
    return subprocess.run([program, *where], capture_output=True, check=True, timeout=60).stdout
