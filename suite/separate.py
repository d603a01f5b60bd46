"""The deployment default on one machine: every service as separate processes on PostgreSQL and RabbitMQ."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

import grpc
import httpx
from grpc_health.v1 import health_pb2, health_pb2_grpc

from chassis import process
from chassis.clock import monotonic
from chassis.config import GRPC_PORTS, Config
from suite import owner
from suite.members import EXTRA_DATABASES, SERVICES, WITH_COURIER, WITH_READER, embedded_config, prepare_folder
from suite.supervisor import Child, Supervisor

FIRST_METRICS_PORT = 9101
READY_SECONDS = 60.0


@dataclass(frozen=True)
class Machine:
    """Where the processes of one machine find what they need."""

    folder: Path
    database_urls: Mapping[str, str]
    amqp_url: str
    http_port: int
    grpc_ports: Mapping[str, int]
    metrics_port: int = FIRST_METRICS_PORT
    processes: int = 1

    def environment(self, service: str) -> dict[str, str]:
        """What every process of a service is told."""
        extra = {f"{name.upper()}_DATABASE_URL": self.database_urls[name] for name in EXTRA_DATABASES.get(service, ())}
        return {
            **extra,
            "DATABASE_URL": self.database_urls[service],
            "AMQP_URL": self.amqp_url,
            "KEYS_DIR": str(self.folder / "keys" / service),
            "DATA_DIR": str(self.folder),
            "CREATE_KEYS": "1",
            "GRPC_PORT": str(self.grpc_ports[service]),
        }


def prepare(postgres_url: str, amqp_url: str, folder: Path, http_port: int, say: Callable[[str], None]) -> Machine:
    """Creates databases and roles, migrates, and says where everything is."""
    urls = migrate_all(folder, postgres_url, say, amqp_url)
    return Machine(folder, urls, amqp_url, http_port, GRPC_PORTS)


def children(machine: Machine) -> list[Child]:
    """All processes, in the order in which they are started."""
    port = machine.metrics_port
    found: list[Child] = []
    for service in SERVICES:
        kinds = ["server"] * machine.processes + ["worker"] + (["courier"] if service in WITH_COURIER else [])
        kinds += ["reader"] * machine.processes if service in WITH_READER else []
        for kind in kinds:
            environment = {**machine.environment(service), "METRICS_PORT": str(port)}
            found.append(Child(f"{service} {kind}", (f"services.{service}", kind), environment))
            port += 1
    addresses = {f"{service.upper()}_AT": f"127.0.0.1:{machine.grpc_ports[service]}" for service in SERVICES}
    return [*found, Child("gateway", ("gateway",), {**addresses, "HTTP_PORT": str(machine.http_port)})]


def run_separate(
    postgres_url: str, amqp_url: str, folder: Path, http_port: int, processes: int, say: Callable[[str], None]
) -> None:
    """Prepares the servers, then runs all processes until it is told to stop."""
    machine = replace(prepare(postgres_url, amqp_url, folder, http_port, say), processes=processes)
    supervisor = Supervisor(children(machine), say)
    supervisor.run(ready=lambda: _say_when_ready(machine, say))


def migrate_all(folder: Path, postgres_url: str, say: Callable[[str], None], amqp_url: str = "") -> dict[str, str]:
    """Migrates every database: those on the PostgreSQL server, or the embedded default's files. Makes the queues, too.

    On PostgreSQL it makes missing databases and roles first, and returns the running roles' URLs by database name.
    """
    prepare_folder(folder)
    urls: dict[str, str] = {}
    if postgres_url:
        say("databases and roles")
        urls = owner.prepare(postgres_url, folder)
    for service in SERVICES:
        say(f"migrating {service}")
        config = owner_config(service, postgres_url, folder) if postgres_url else embedded_config(service, folder)
        process.migrate(replace(config, amqp_url=amqp_url))
    if postgres_url:
        owner.grant(postgres_url)
    return urls


def _say_when_ready(machine: Machine, say: Callable[[str], None]) -> None:
    deadline = monotonic() + READY_SECONDS
    while monotonic() < deadline:
        if _all_serving(machine):
            say(f"ready: http://127.0.0.1:{machine.http_port}")
            return
        time.sleep(0.1)
    say(f"not all services answer after {READY_SECONDS:.0f} s; they are started again until they do")


def _all_serving(machine: Machine) -> bool:
    try:
        if httpx.get(f"http://127.0.0.1:{machine.http_port}/healthz", timeout=2.0).status_code != 200:
            return False
        return all(_serving(port) for port in machine.grpc_ports.values())
    except (httpx.HTTPError, grpc.RpcError):
        return False


def _serving(port: int) -> bool:
    with grpc.insecure_channel(f"127.0.0.1:{port}") as channel:
        answer = health_pb2_grpc.HealthStub(channel).Check(health_pb2.HealthCheckRequest(), timeout=2.0)
    return bool(answer.status == health_pb2.HealthCheckResponse.SERVING)


def owner_config(service: str, postgres_url: str, folder: Path) -> Config:
    """The configuration of one service under the owner's role, for migrations and for the operator's commands."""
    return Config(
        service=service,
        database_url=owner.migration_url(postgres_url, service),
        extra_database_urls={name: owner.migration_url(postgres_url, name) for name in EXTRA_DATABASES.get(service, ())},
        data_dir=folder,
        keys_dir=folder / "keys" / service,
        create_keys=True,
    )
