"""A PostgreSQL of one's own: newest installed version, own folder, own port, stopped and killed at will."""

from __future__ import annotations

import os
import re
import signal
import subprocess
from pathlib import Path
from types import TracebackType
from typing import Self

import psycopg
from psycopg import sql

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

_STOP_FAST, _STOP_IMMEDIATELY = signal.SIGINT, signal.SIGQUIT  # PostgreSQL's own meaning of these two signals


def newest_programs() -> Path:
    """The folder with the newest PostgreSQL's initdb and postgres."""
    found = [path for path in Path("/usr/lib/postgresql").glob("*/bin") if (path / "initdb").exists()]
    if not found:
        raise ServerFault("no PostgreSQL found: `make test` installs Debian's package postgresql")
    return max(found, key=lambda path: [int(part) for part in re.findall(r"\d+", path.parent.name)])


class PostgreSQL:
    """A server with superuser `postgres` on 127.0.0.1, without a password: `with PostgreSQL() as server`.

    `durable=True` keeps fsync on, for faults and for every speed that is called durable.
    """

    def __init__(self, *, durable: bool = False) -> None:
        self.durable = durable
        self.account = Account.for_server("postgres")
        self.folder = self.account.folder("zhengfeng-postgresql-")
        self.log = self.folder / "server.log"
        self.port = free_port()
        self._programs = newest_programs()
        self._server: subprocess.Popen[bytes] | None = None

    def __enter__(self) -> Self:
        try:
            self._create()
            self.start()
        except BaseException:
            self.remove()
            raise
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self.remove()

    def url(self, database: str = "postgres", user: str = "postgres") -> str:
        """Address of `database` as SQLAlchemy writes it (psycopg 3)."""
        return f"postgresql+psycopg://{user}@127.0.0.1:{self.port}/{database}"

    def connect(self, database: str = "postgres") -> psycopg.Connection[tuple[object, ...]]:
        """A bare superuser connection that commits each statement."""
        return psycopg.connect(f"postgresql://postgres@127.0.0.1:{self.port}/{database}", autocommit=True)

    def create_database(self, name: str, template: str = "template0") -> str:
        """Create an empty database, or a copy of `template`, and return its address."""
        with self.connect() as connection:
            connection.execute(
                sql.SQL("CREATE DATABASE {} TEMPLATE {}").format(sql.Identifier(name), sql.Identifier(template))
            )
        return self.url(name)

    def drop_database(self, name: str) -> None:
        """Drop a database, whoever is still connected to it."""
        with self.connect() as connection:
            connection.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name)))

    def databases(self) -> list[str]:
        """The databases on this server."""
        with self.connect() as connection:
            return [str(name) for (name,) in connection.execute("SELECT datname FROM pg_database ORDER BY datname")]

    def dump(self, database: str) -> str:
        """Everything in a database, as pg_dump writes it."""
        address = ("--host", "127.0.0.1", "--port", str(self.port), "--username", "postgres")
        return self.account.run(str(self._programs / "pg_dump"), *address, database, environment=_environment())

    def start(self) -> None:
        """Start, recovering from whatever end came before, and wait until it answers."""
        server = self.account.start(
            str(self._programs / "postgres"), "-D", str(self.folder / "data"), log=self.log, environment=_environment()
        )
        self._server = server
        wait_until(lambda: self._answers(server), 60, lambda: f"PostgreSQL does not answer:\n{log_end(self.log)}")

    def stop(self) -> None:
        """Stop in order: connections are cut, everything is written."""
        self._end(_STOP_FAST)

    def stop_immediately(self) -> None:
        """Stop without writing anything more, so that the next start must recover from the log."""
        self._end(_STOP_IMMEDIATELY)

    def kill9(self) -> None:
        """Kill the server process without warning and wait until its children have followed."""
        self._end(signal.SIGKILL)

    def restart(self) -> None:
        """Stop in order and start again on the same port with the same data."""
        self.stop()
        self.start()

    def remove(self) -> None:
        """End the server if it runs and remove its folder."""
        if self._server is not None:
            self.stop_immediately()
        remove(self.folder)

    def _create(self) -> None:
        self.account.run(
            str(self._programs / "initdb"), "-D", str(self.folder / "data"), "-U", "postgres", "--auth=trust",
            "--encoding=UTF8", "--locale=C.UTF-8", "--no-sync", environment=_environment(),
        )  # fmt: skip
        settings = {
            "port": str(self.port),
            "listen_addresses": "'127.0.0.1'",
            "unix_socket_directories": f"'{self.folder}'",
            "max_connections": "300",
            "shared_buffers": "'256MB'",
            "log_parameter_max_length_on_error": "0",
            "log_min_messages": "warning",
            "fsync": "on" if self.durable else "off",
            "full_page_writes": "on" if self.durable else "off",
            "autovacuum_naptime": "'10s'",
        }
        lines = "".join(f"{name} = {value}\n" for name, value in settings.items())
        self.account.write(self.folder / "data" / "postgresql.auto.conf", lines)

    def _answers(self, server: subprocess.Popen[bytes]) -> bool:
        if server.poll() is not None:
            raise ServerFault(f"PostgreSQL ended with {server.returncode}:\n{log_end(self.log)}")
        try:
            with self.connect():
                return True
        except psycopg.OperationalError:
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


def _environment() -> dict[str, str]:
    """No PG* variable of the caller may reach the server."""
    return {"PATH": os.environ.get("PATH", "/usr/bin:/bin"), "LC_ALL": "C.UTF-8"}
