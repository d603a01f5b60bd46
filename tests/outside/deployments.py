"""A deployment of complaints as it runs: a server and a courier as processes, speaking mutual TLS under one authority."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

import grpc

from chassis.clock import SettableClock, SystemClock
from tests.authority import Authority
from tests.databases import Databases
from tests.doors import Door
from tests.faults.workers import Worker
from tests.servers.programs import free_port, wait_until
from tests.service.complaints.city import City

WAIT_SECONDS = 60


class Deployment:
    """One deployment. `city` acts behind a door of its own on the same database; peers call the server process."""

    def __init__(self, name: str, databases: Databases, clock: SettableClock, folder: Path, authority: Authority) -> None:
        folder.mkdir()
        config = replace(databases.config("complaints", folder / "keys"), outside={"allowed": "127.0.0.1"})
        self.name = name
        self.city = City(Door(config, clock), clock)
        self.port = free_port()
        self._folder, self._authority = folder, authority
        self._clock = clock
        self.server: Worker | None = None
        self.courier: Worker | None = None

    @property
    def target(self) -> str:
        """Where its server listens."""
        return f"127.0.0.1:{self.port}"

    @property
    def public_key(self) -> str:
        """What parcels to it are sealed to."""
        told: str = self.city.do("TellTransferKey", None).public_key
        return told

    def start_server(self, accounts: str) -> None:
        """Begins to answer, knowing these machines (`name=role:/path`)."""
        self.server = self._started("server", {"MACHINE_ACCOUNTS": accounts, "GRPC_PORT": str(self.port)})
        wait_until(self._answers, WAIT_SECONDS, self.server.story)

    def start_courier(self, **outside: str) -> Worker:
        """Begins to deliver."""
        self.courier = self._started("courier", outside)
        return self.courier

    def close(self) -> None:
        """Stops the processes, then lets go of the database."""
        for process in (self.courier, self.server):
            if process is not None:
                process.stop()
        self.city.door.close()

    def story(self) -> str:
        """The ends of the logs."""
        return "\n".join(process.story() for process in (self.server, self.courier) if process is not None)

    def _started(self, kind: str, more: Mapping[str, str]) -> Worker:
        certificate, key = self._authority.issue(self.name)
        environment = {
            "DATABASE_URL": self.city.door.config.database_url,
            "KEYS_DIR": str(self.city.door.config.keys_dir),
            "DATA_DIR": str(self._folder),
            "OUTSIDE_ALLOWED": "127.0.0.1",
            "CREATE_KEYS": "1",
            "TLS_CERT": str(certificate),
            "TLS_KEY": str(key),
            "TLS_CA": str(self._authority.path),
            "CLOCK_OFFSET_SECONDS": str(int((self._clock.now() - SystemClock().now()).total_seconds())),
            **more,
        }
        process = Worker(["services.complaints", kind], self._folder / f"{kind}.log", environment)
        process.start()
        return process

    def _answers(self) -> bool:
        assert self.server is not None and not self.server.ended(), self.story()
        certificate, key = self._authority.issue(f"asker-{self.name}")
        credentials = grpc.ssl_channel_credentials(
            self._authority.path.read_bytes(), key.read_bytes(), certificate.read_bytes()
        )
        with grpc.secure_channel(self.target, credentials) as channel:
            try:
                grpc.channel_ready_future(channel).result(timeout=1)
            except grpc.FutureTimeoutError:
                return False
        return True
