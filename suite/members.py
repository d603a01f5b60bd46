"""The five services as the suite handles them: their names, configuration on this machine, and their opened stores."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from chassis import process
from chassis.clock import Clock
from chassis.config import Config, outside_of
from chassis.inbox import Inbox
from chassis.relay import Member
from chassis.store import Store

SERVICES = ("directory", "complaints", "evaluation", "supervision", "accountability")
EXTRA_DATABASES = {"evaluation": ("register",)}
WITH_COURIER = ("complaints",)
WITH_READER = ("evaluation",)
GRPC_PORT = 50050


def default_folder() -> Path:
    """Where the embedded default keeps its databases and keys."""
    return Path.home() / ".local" / "share" / "zhengfeng"


def sqlite_url(folder: Path, name: str) -> str:
    """The URL of one SQLite file in the folder."""
    return f"sqlite:///{folder / f'{name}.db'}"


def embedded_config(service: str, folder: Path, grpc_port: int = GRPC_PORT) -> Config:
    """The configuration of one service of the embedded default."""
    return Config(
        service=service,
        database_url=sqlite_url(folder, service),
        extra_database_urls={name: sqlite_url(folder, name) for name in EXTRA_DATABASES.get(service, ())},
        data_dir=folder,
        keys_dir=folder / "keys" / service,
        grpc_port=grpc_port,
        grpc_workers=16,
        create_keys=True,
        outside=outside_of(os.environ),
    )


@dataclass(frozen=True)
class Opened:
    """One service with its use cases at hand."""

    config: Config
    usecases: Any

    @property
    def name(self) -> str:
        """The service's name."""
        return self.config.service

    @property
    def store(self) -> Store:
        """The service's store."""
        store: Store = self.usecases.store
        return store

    def member(self) -> Member:
        """The service as the in-process carrier sees it."""
        worker = process.module(self.name, "worker")
        return Member(self.name, self.store, self.usecases, worker.HEARS, worker.EVERY)

    def inbox(self) -> Inbox:
        """The service's inbox."""
        return Inbox(self.store, self.usecases, process.module(self.name, "worker").HEARS)


def open_service(config: Config, clock: Clock) -> Opened:
    """Builds the use cases of one service on its databases."""
    return Opened(config, process.module(config.service, "usecases").UseCases.build(config, clock))


def prepare_folder(folder: Path) -> None:
    """Makes the data folder, readable by its owner alone."""
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
