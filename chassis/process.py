"""What every `__main__` of a service runs: server, worker, courier or migrate, stopped by SIGTERM or Ctrl-C.

A service is a package with modules of known names (see ARCHITECTURE.md); only those a process needs are imported, so that
gRPC stays out of workers and nameko out of servers.

    usecases.UseCases.build(config, clock)   the use cases; `.store` is the service's store
    storage.databases(config)                [(name, Schema, Engine)], the service's own database first; revisions of each
                                             lie in migrations/<name>/, settings in packs/*.toml
    server.services(usecases)                the servicers as chassis.rpc.Mounted
    worker.HEARS, worker.EVERY               facts it hears, timers it runs
    courier.build(config, usecases, telemetry)   its courier, where it has one
"""

from __future__ import annotations

import gc
import importlib
import signal
import sys
import threading
from collections.abc import Sequence
from pathlib import Path
from types import FrameType
from typing import Any

from chassis.clock import Clock, SystemClock, settled_clock
from chassis.config import Config, read_or_exit

PROCESSES = ("server", "worker", "courier", "migrate")

COLLECT_AFTER = (20_000, 20, 20)  # new objects, then collections of the young, then of the middle-aged


def run(service: str, arguments: Sequence[str]) -> None:
    """Runs one process of `service` until it is told to stop."""
    if len(arguments) != 1 or arguments[0] not in PROCESSES:
        sys.stderr.write(f"usage: python -m services.{service} {'|'.join(PROCESSES)}\n")
        raise SystemExit(2)
    process = arguments[0]
    if process == "worker":
        importlib.import_module("chassis.patch").make_cooperative()
        importlib.import_module("chassis.broker").run(service)
        return
    config = read_or_exit(service, process)
    from chassis.logs import configure_logging

    configure_logging(service, process)
    {"server": serve, "courier": deliver, "migrate": migrate}[process](config)


def module(service: str, name: str) -> Any:
    """A module of a service, for example `services.complaints.storage`."""
    return importlib.import_module(f"services.{service}.{name}")


def folder(service: str) -> Path:
    """The folder of a service, where its packs, catalogue and migrations lie."""
    return Path(module(service, "__init__").__file__).parent


def serve(config: Config) -> None:
    """Answers gRPC calls."""
    from chassis.i18n import Catalogue
    from chassis.known_keys import KnownKeys
    from chassis.logs import log
    from chassis.rpc import build_server
    from chassis.telemetry import Telemetry

    clock: Clock = settled_clock() or SystemClock()
    telemetry = Telemetry(config.service, config.otlp_endpoint)
    if config.metrics_port:
        telemetry.serve(config.metrics_port, config.grpc_host)
    usecases = module(config.service, "usecases").UseCases.build(config, clock)
    listening = build_server(
        config,
        module(config.service, "server").services(usecases),
        catalogues={config.service: Catalogue.load(folder(config.service) / "catalogue.toml")},
        keys=getattr(usecases, "public_keys", None) or KnownKeys(usecases.store, config.public_keys),
        clock=clock,
        telemetry=telemetry,
    )
    listening.start()
    leave_the_grown_alone()
    log().info("server.started", port=listening.port)
    wait_for_stop()
    listening.stop()


def deliver(config: Config) -> None:
    """Sends what is addressed to the outside."""
    from chassis.telemetry import Telemetry

    usecases = module(config.service, "usecases").UseCases.build(config, settled_clock() or SystemClock())
    courier = module(config.service, "courier").build(config, usecases, Telemetry.start(config))
    courier.start()
    wait_for_stop()
    courier.stop()


def migrate(config: Config) -> None:
    """Brings the service's databases to the newest revision, writes its shipped settings, and makes its queue.

    The queue is made here, because what others announce before this service's first worker starts must already find it.
    """
    from chassis.migrate import upgrade
    from chassis.settings import Settings, read_packs

    storage = module(config.service, "storage")
    for name, schema, engine in storage.databases(config):
        upgrade(engine, folder(config.service) / "migrations" / name)
        if "settings" in schema.metadata.tables and name == config.service:
            packs = [*read_packs(Path(__file__).parent / "packs"), *read_packs(folder(config.service) / "packs")]
            Settings(engine, schema["settings"]).load(packs)
        engine.dispose()
    if config.amqp_url:
        from chassis.exchange import declare
        from chassis.facts import names_of

        declare(config.amqp_url, config.service, names_of(module(config.service, "worker").HEARS))


def leave_the_grown_alone() -> None:
    """Sets what a started process has loaded aside from the collector, and lets a call make its objects without it.

    Modules, descriptors and caches live as long as the process; walking them again and again cost a tenth of its time. What
    calls leave behind is nearly always freed at once, without the collector.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(*COLLECT_AFTER)
    gc.enable()


def wait_for_stop() -> None:
    """Sleeps until SIGTERM or Ctrl-C."""
    stopped = threading.Event()

    def stop(_signal: int, _frame: FrameType | None) -> None:
        stopped.set()

    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, stop)
    stopped.wait()
