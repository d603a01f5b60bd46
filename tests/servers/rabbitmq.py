"""A RabbitMQ of one's own: own folders, ports, node name, cookie and port mapper (epmd), ended by process id."""

from __future__ import annotations

import os
import secrets
import shutil
import signal
import subprocess
from pathlib import Path
from types import TracebackType
from typing import Self

import amqp

from tests.servers.programs import (
    Account,
    ServerFault,
    alive,
    family,
    free_port,
    log_end,
    remove,
    wait_gone,
    wait_until,
)

_PROGRAMS = Path("/usr/lib/rabbitmq/bin")


class RabbitMQ:
    """A broker on 127.0.0.1 with user guest: `with RabbitMQ() as broker`; its disk survives every kind of stop."""

    def __init__(self) -> None:
        if not (_PROGRAMS / "rabbitmq-server").exists():
            raise ServerFault("no RabbitMQ found: `make test` installs Debian's package rabbitmq-server")
        self.account = Account.for_server("rabbitmq")
        self.folder = self.account.folder("zhengfeng-rabbitmq-")
        self.log = self.folder / "server.log"
        self.port = free_port()
        self._epmd_port, self._distribution_port = free_port(), free_port()
        self._node = f"zhengfeng-{secrets.token_hex(4)}@localhost"
        self._server: subprocess.Popen[bytes] | None = None
        self._epmd: subprocess.Popen[bytes] | None = None

    def __enter__(self) -> Self:
        try:
            self._write_configuration()
            self._start_epmd()
            self.start()
        except BaseException:
            self.remove()
            raise
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self.remove()

    def url(self, vhost: str = "/") -> str:
        """Address of a virtual host."""
        return f"amqp://guest:guest@127.0.0.1:{self.port}/{'' if vhost == '/' else vhost}"

    def create_vhost(self) -> str:
        """A new virtual host: a broker of one's own for one test, on the server that all share."""
        name = f"v{secrets.token_hex(6)}"
        self.control("add_vhost", name)
        self.control("set_permissions", "-p", name, "guest", ".*", ".*", ".*")
        return self.url(name)

    def control(self, *arguments: str) -> str:
        """Run rabbitmqctl against this node and return what it printed."""
        command = str(_PROGRAMS / "rabbitmqctl")
        return self.account.run(command, "--quiet", "--node", self._node, *arguments, environment=self._environment())

    def start(self) -> None:
        """Start with whatever lies on its disk and wait until a client can log in."""
        server = self.account.start(str(_PROGRAMS / "rabbitmq-server"), log=self.log, environment=self._environment())
        self._server = server
        wait_until(lambda: self._answers(server), 90, lambda: f"RabbitMQ does not answer:\n{log_end(self.log)}")

    def stop(self) -> None:
        """Stop in order; persistent messages and queues stay on disk."""
        self._end(signal.SIGTERM)

    def stop_immediately(self) -> None:
        """The same as kill9: this server knows no gentler sudden stop."""
        self.kill9()

    def kill9(self) -> None:
        """Kill the broker without warning and wait until its children have followed."""
        self._end(signal.SIGKILL)

    def restart(self) -> None:
        """Stop in order and start again on the same port with the same disk."""
        self.stop()
        self.start()

    def remove(self) -> None:
        """End the broker and its port mapper and remove their folder."""
        self.kill9()
        if self._epmd is not None:
            self._epmd.kill()
            self._epmd.wait(timeout=30)
            self._epmd = None
        remove(self.folder)

    def _write_configuration(self) -> None:
        for name in ("mnesia", "logs", "schema", "plugins"):
            (self.folder / name).mkdir()
            if self.account.other:
                os.chown(self.folder / name, self.account.uid, self.account.gid)
        self.account.write(self.folder / ".erlang.cookie", secrets.token_hex(16), mode=0o400)
        self.account.write(self.folder / "environment.conf", "")
        self.account.write(self.folder / "enabled_plugins", "[].\n")
        lines = [
            f"listeners.tcp.1 = 127.0.0.1:{self.port}",
            "disk_free_limit.absolute = 100MB",
            "vm_memory_high_watermark.absolute = 1GB",
            "log.console = true",
            "log.console.level = warning",
            "log.file = false",
        ]
        self.account.write(self.folder / "rabbitmq.conf", "\n".join(lines) + "\n")

    def _environment(self) -> dict[str, str]:
        """Everything the start script would else take from the machine's own RabbitMQ."""
        return {
            "PATH": os.environ.get("PATH", "/usr/bin:/bin"),
            "LC_ALL": "C.UTF-8",
            "HOME": str(self.folder),
            "ERL_EPMD_PORT": str(self._epmd_port),
            "ERL_EPMD_ADDRESS": "127.0.0.1",
            "RABBITMQ_NODENAME": self._node,
            "RABBITMQ_DIST_PORT": str(self._distribution_port),
            "RABBITMQ_MNESIA_BASE": str(self.folder / "mnesia"),
            "RABBITMQ_LOG_BASE": str(self.folder / "logs"),
            "RABBITMQ_SCHEMA_DIR": str(self.folder / "schema"),
            "RABBITMQ_PLUGINS_EXPAND_DIR": str(self.folder / "plugins"),
            "RABBITMQ_GENERATED_CONFIG_DIR": str(self.folder / "schema"),
            "RABBITMQ_ENABLED_PLUGINS_FILE": str(self.folder / "enabled_plugins"),
            "RABBITMQ_CONF_ENV_FILE": str(self.folder / "environment.conf"),
            "RABBITMQ_CONFIG_FILE": str(self.folder / "rabbitmq.conf"),
            "RABBITMQ_PID_FILE": str(self.folder / "server.pid"),
            # The start script then becomes the server instead of watching over it: one process id, ours to end.
            "RUNNING_UNDER_SYSTEMD": "true",
            # A waiting scheduler spins by default, which on a shared machine takes time from everybody else.
            "RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS": "+sbwt none +sbwtdcpu none +sbwtdio none",
        }

    def _start_epmd(self) -> None:
        epmd = shutil.which("epmd")
        if epmd is None:
            raise ServerFault("no epmd found: it belongs to Erlang, which Debian's rabbitmq-server brings")
        arguments = (epmd, "-address", "127.0.0.1", "-port", str(self._epmd_port))
        self._epmd = self.account.start(*arguments, log=self.folder / "epmd.log", environment=self._environment())

    def _answers(self, server: subprocess.Popen[bytes]) -> bool:
        if server.poll() is not None:
            raise ServerFault(f"RabbitMQ ended with {server.returncode}:\n{log_end(self.log)}")
        try:
            with amqp.Connection(f"127.0.0.1:{self.port}", connect_timeout=2, read_timeout=5) as connection:
                return bool(connection.connected)
        except (OSError, amqp.AMQPError):
            return False

    def _end(self, how: signal.Signals) -> None:
        server, self._server = self._server, None
        if server is None:
            return
        members = family(server.pid)
        if alive(server.pid):
            os.kill(server.pid, how)
        server.wait(timeout=60)
        wait_gone(members)
