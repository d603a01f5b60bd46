"""The whole suite as separate processes on PostgreSQL and RabbitMQ, with the demonstration city, on ports of its own.

`python -m tests.faults.real_city FOLDER POSTGRES AMQP FIRST_PORT` prepares the databases, loads the city and looks after all
processes until it is stopped. RealCity runs that beside a test, knows the processes by name and can kill them.
"""

from __future__ import annotations

import os
import sys
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import grpc
import httpx
from nacl.signing import SigningKey

from chassis.auth import Caller, sign_token
from chassis.clock import SystemClock, settled_clock
from chassis.config import GRPC_PORTS, Config
from suite.demo.load import load_directory
from suite.members import SERVICES, open_service
from suite.separate import Machine, children, prepare
from suite.supervisor import Supervisor
from tests.faults.workers import Worker
from tests.servers import PostgreSQL
from tests.servers.programs import alive, family, wait_gone, wait_until

KEY_ID = "tests"
START_SECONDS = 120
RESTART_SECONDS = 60


def main(folder: str, postgres_url: str, amqp_url: str, first_port: str) -> None:
    """Prepare, load, run."""
    machine = _machine(Path(folder), postgres_url, amqp_url, int(first_port))
    directory = Config.from_env("directory", "server", machine.environment("directory"))
    load_directory(open_service(directory, settled_clock() or SystemClock()).usecases, _say)
    Supervisor(children(machine), _say).run()


class RealCity:
    """The suite running; `key` is one its services believe."""

    def __init__(
        self, folder: Path, server: PostgreSQL, amqp_url: str, first_port: int, offset: timedelta = timedelta()
    ) -> None:
        self.first_port, self.folder = first_port, folder
        self.rest = f"http://127.0.0.1:{first_port}/api/v1"
        self._key = SigningKey.generate()
        environment = {
            "PUBLIC_KEYS": f"{KEY_ID}={bytes(self._key.verify_key).hex()}",
            "CLOCK_OFFSET_SECONDS": str(int(offset.total_seconds())),
        }
        arguments = ("tests.faults.real_city", str(folder), server.url(), amqp_url, str(first_port))
        self._suite = Worker(arguments, folder.with_suffix(".log"), environment)

    def start(self) -> None:
        """Start everything and wait until every process answers."""
        self._suite.start()
        wait_until(self.answers, START_SECONDS, self._suite.story)

    def stop(self) -> None:
        """Stop everything, by process id if asking does not help."""
        members = family(self._suite.pid)
        try:
            self._suite.stop(seconds=30)
        finally:
            for pid in members:
                if alive(pid):
                    os.kill(pid, 9)
            wait_gone(members)

    def processes(self) -> dict[str, int]:
        """What runs, by name: `complaints worker`, `gateway`; with its process id."""
        found = {}
        for pid in family(self._suite.pid)[1:]:
            name = _name(pid)
            if name:
                found[name] = pid
        return found

    def kill9(self, name: str) -> None:
        """Kill a process and wait until the supervisor has started it again and it answers."""
        pid = self.processes()[name]
        os.kill(pid, 9)
        wait_gone([pid])
        wait_until(lambda: self.processes().get(name, pid) != pid, RESTART_SECONDS, self._suite.story)
        wait_until(self.answers, RESTART_SECONDS, self._suite.story)

    def answers(self) -> bool:
        """Whether gateway and servers answer."""
        if self._suite.ended():
            raise AssertionError(self._suite.story())
        try:
            ready = httpx.get(f"http://127.0.0.1:{self.first_port}/healthz", timeout=2, trust_env=False)
        except httpx.TransportError:
            return False
        return ready.status_code == 200 and all(self._serves(service) for service in SERVICES)

    def channel(self, service: str) -> grpc.Channel:
        """A channel to a service."""
        return grpc.insecure_channel(f"127.0.0.1:{_grpc_ports(self.first_port)[service]}")

    def token(self, who: Caller) -> str:
        """A token the services believe, for half an hour."""
        return sign_token(self._key, KEY_ID, who, datetime.now(UTC), timedelta(minutes=30))

    def story(self) -> str:
        """The end of what the processes have said."""
        return self._suite.story()

    def _serves(self, service: str) -> bool:
        with self.channel(service) as channel:
            try:
                grpc.channel_ready_future(channel).result(timeout=0.5)
            except grpc.FutureTimeoutError:
                return False
            return True


def _machine(folder: Path, postgres_url: str, amqp_url: str, first_port: int) -> Machine:
    """The suite's own machine, on ports of its own."""
    prepared = prepare(postgres_url, amqp_url, folder, first_port, _say)
    return replace(prepared, grpc_ports=_grpc_ports(first_port), metrics_port=first_port + 1 + len(GRPC_PORTS))


def _grpc_ports(first_port: int) -> dict[str, int]:
    return {service: first_port + 1 + number for number, service in enumerate(GRPC_PORTS)}


def _name(pid: int) -> str:
    try:
        arguments = Path(f"/proc/{pid}/cmdline").read_bytes().decode().split("\0")
    except (FileNotFoundError, ProcessLookupError):
        return ""
    if "-m" not in arguments:
        return ""
    module, *rest = [argument for argument in arguments[arguments.index("-m") + 1 :] if argument]
    return " ".join([module.removeprefix("services."), *rest])


def _say(text: str) -> None:
    sys.stderr.write(text + "\n")
    sys.stderr.flush()


if __name__ == "__main__":
    main(*sys.argv[1:])
