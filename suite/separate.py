"""The deployment default on one machine: every service as separate processes on PostgreSQL and RabbitMQ, under a supervisor."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from chassis import process
from chassis.config import GRPC_PORTS, Config
from suite import owner
from suite.members import EXTRA_DATABASES, SERVICES, prepare_folder
from suite.supervisor import Child

WITH_COURIER = ("complaints",)
FIRST_METRICS_PORT = 9101


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
    prepare_folder(folder)
    say("databases and roles")
    urls = owner.prepare(postgres_url, folder)
    for service in SERVICES:
        say(f"migrating {service}")
        process.migrate(_owner_config(service, postgres_url, folder))
    owner.grant(postgres_url)
    return Machine(folder, urls, amqp_url, http_port, GRPC_PORTS)


def children(machine: Machine) -> list[Child]:
    """All processes, in the order in which they are started."""
    port = machine.metrics_port
    found: list[Child] = []
    for service in SERVICES:
        kinds = ["server"] * machine.processes + ["worker"] + (["courier"] if service in WITH_COURIER else [])
        for kind in kinds:
            environment = {**machine.environment(service), "METRICS_PORT": str(port)}
            found.append(Child(f"{service} {kind}", (f"services.{service}", kind), environment))
            port += 1
    addresses = {f"{service.upper()}_ADDRESS": f"127.0.0.1:{machine.grpc_ports[service]}" for service in SERVICES}
    gateway = {**addresses, "HTTP_PORT": str(machine.http_port), "METRICS_PORT": str(port)}
    return [*found, Child("gateway", ("gateway",), gateway)]


def _owner_config(service: str, postgres_url: str, folder: Path) -> Config:
    return Config(
        service=service,
        database_url=owner.migration_url(postgres_url, service),
        extra_database_urls={name: owner.migration_url(postgres_url, name) for name in EXTRA_DATABASES.get(service, ())},
        data_dir=folder,
        keys_dir=folder / "keys" / service,
        create_keys=True,
    )
