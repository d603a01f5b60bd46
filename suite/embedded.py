"""The embedded default: five services, their carrier and the gateway in one process, on SQLite files in one folder."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from chassis import process
from chassis.clock import Clock
from chassis.courier import Courier
from chassis.i18n import Catalogue
from chassis.relay import Relay
from chassis.rpc import Listening, build_server
from chassis.telemetry import Telemetry
from suite.members import (
    GRPC_PORT,
    SERVICES,
    WITH_COURIER,
    WITH_READER,
    Opened,
    embedded_config,
    open_service,
    prepare_folder,
)

Say = Callable[[str], None]


class Embedded:
    """The services of one folder, answering gRPC on one port and hearing one another's facts.

    Raises RuntimeError if something answers at the port already, another folder's suite for example: sharing it, each would
    be asked with tokens that only the other one signed.
    """

    def __init__(self, folder: Path, clock: Clock, grpc_port: int = GRPC_PORT) -> None:
        prepare_folder(folder)
        self.folder = folder
        self.clock = clock
        configs = [embedded_config(service, folder, grpc_port) for service in SERVICES]
        for config in configs:
            process.migrate(config)
        self.services: dict[str, Opened] = {config.service: open_service(config, clock) for config in configs}
        self.telemetry = Telemetry("zhengfeng")
        self.relay = Relay([opened.member() for opened in self.services.values()], self.telemetry)
        self.listening = self._listen(grpc_port)
        self.couriers = [self._courier(self.services[name]) for name in WITH_COURIER]
        self.readers = [process.module(name, "reader").build(self.services[name].usecases) for name in WITH_READER]

    def answer(self) -> None:
        """Answers calls; facts wait until `start` or `settle`."""
        self.listening.start()

    def start(self) -> None:
        """Carries facts, runs timers, delivers to the outside and reads scanned cards from now on."""
        self.relay.start()
        for outside in (*self.couriers, *self.readers):
            outside.start()

    def settle(self) -> None:
        """Runs every timer and carries everything that was announced."""
        self.relay.run_timers(whether_due_or_not=True)
        self.relay.carry()

    def stop(self) -> None:
        """Lets calls under way end, then the carrier."""
        self.listening.stop(grace=3.0)
        self.relay.stop()
        for outside in (*self.couriers, *self.readers):
            outside.stop()
        for opened in self.services.values():
            opened.store.engine.dispose()

    def _courier(self, opened: Opened) -> Courier:
        made: Courier = process.module(opened.name, "courier").build(opened.config, opened.usecases, self.telemetry)
        return made

    def _listen(self, grpc_port: int) -> Listening:
        mounted = [
            part
            for name, opened in self.services.items()
            for part in process.module(name, "server").services(opened.usecases)
        ]
        catalogues = {name: Catalogue.load(process.folder(name) / "catalogue.toml") for name in SERVICES}
        return build_server(
            embedded_config("directory", self.folder, grpc_port),
            mounted,
            catalogues=catalogues,
            keys=self.services["directory"].usecases.public_keys,
            clock=self.clock,
            telemetry=self.telemetry,
            alone=True,
        )
