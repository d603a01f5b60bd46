"""What the commands share: their options, the clock, one line of progress, and the services opened without their doors."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from chassis.clock import Clock, SystemClock, settled_clock
from suite.members import SERVICES, Opened, embedded_config, open_service

console = Console(highlight=False)
Folder = Annotated[Path, typer.Option("--data", help="The folder with databases and keys.", envvar="ZHENGFENG_DATA")]
HttpPort = Annotated[int, typer.Option("--http-port", help="The port pages and REST are served on.")]
Postgres = Annotated[str, typer.Option("--postgres", help="URL of a PostgreSQL owner.", envvar="ZHENGFENG_POSTGRES")]
Amqp = Annotated[str, typer.Option("--amqp", help="URL of a RabbitMQ virtual host.", envvar="ZHENGFENG_AMQP")]
GrpcPort = Annotated[int, typer.Option("--grpc-port", help="The port of all services in the embedded default.")]


def the_clock() -> Clock:
    """The machine's clock, or that moved by CLOCK_OFFSET_SECONDS."""
    return settled_clock() or SystemClock()


def say(text: str) -> None:
    """One line of progress."""
    console.print(text, markup=False, soft_wrap=True)


def known(service: str) -> None:
    """Refuses a name that no service has."""
    if service not in SERVICES:
        raise typer.BadParameter(f"no service {service!r}; there are {', '.join(SERVICES)}")


def open_all(folder: Path, postgres: str) -> dict[str, Opened]:
    """All services, on the PostgreSQL server if its owner's URL is given, else on the folder's files."""
    from suite.separate import owner_config

    clock = the_clock()
    configs = [owner_config(name, postgres, folder) if postgres else embedded_config(name, folder) for name in SERVICES]
    return {config.service: open_service(config, clock) for config in configs}
