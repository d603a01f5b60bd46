"""Builds the gRPC process of a service, or of all services in one."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any

import grpc
from google.protobuf.descriptor import MethodDescriptor, ServiceDescriptor
from grpc_health.v1 import health, health_pb2, health_pb2_grpc
from grpc_reflection.v1alpha import reflection

from chassis.clock import Clock
from chassis.config import Config
from chassis.i18n import Catalogue
from chassis.rpc.access import Door, Identities
from chassis.rpc.chain import Chain, Guard
from chassis.rpc.contract import Contract
from chassis.rpc.guesses import Guesses
from chassis.telemetry import Telemetry

MESSAGE_BYTES = 16 * 1024 * 1024
_STREAM_THREADS = 64
_CALLS_AT_ONCE = 2000
_OPTIONS = (
    ("grpc.max_receive_message_length", MESSAGE_BYTES),
    ("grpc.max_send_message_length", MESSAGE_BYTES),
    ("grpc.keepalive_time_ms", 60_000),
    ("grpc.http2.min_ping_interval_without_data_ms", 10_000),
    ("grpc.keepalive_permit_without_calls", 1),
)


@dataclass(frozen=True, slots=True)
class Mounted:
    """A servicer, how generated code adds it to a server, and the descriptor its access options are read from.

    `known_device` tells the device the sign of a browser stands for, empty for a sign nobody gave out.
    """

    add: Callable[[Any, Any], None]
    servicer: Any
    descriptor: ServiceDescriptor
    known_device: Callable[[str], str] = lambda told: ""


@dataclass(frozen=True, slots=True)
class Listening:
    """A server bound to its port, not yet started."""

    server: grpc.Server
    port: int
    health: health.HealthServicer

    def start(self) -> None:
        """Answers calls from now on."""
        self.server.start()

    def stop(self, grace: float = 10.0) -> None:
        """Says it is going, takes no new call, and waits up to `grace` seconds for those under way."""
        self.health.enter_graceful_shutdown()
        self.server.stop(grace).wait()


def build_server(
    config: Config,
    mounted: Sequence[Mounted],
    *,
    catalogues: Mapping[str, Catalogue],
    keys: Mapping[str, bytes],
    clock: Clock,
    telemetry: Telemetry,
    alone: bool = False,
) -> Listening:
    """The server with everything around its calls, bound to `config.grpc_port` (0: any free port).

    `catalogues` holds one per service name (`complaints`); `keys` are the public keys tokens are verified with and is read
    at every verification, so a rotated key is known at once. Raises ValueError for an rpc without an access option, KeyError
    for a service without a catalogue, and RuntimeError if the port is taken. Processes of one service may share a port;
    `alone` is for whoever must not, because another's calls would come in and its own go astray.
    """
    guards = _guards(config, mounted, catalogues, Identities(keys, config.machine_accounts, clock), telemetry)
    chain = Chain(guards, ThreadPoolExecutor(_STREAM_THREADS, thread_name_prefix="stream"))
    server = grpc.server(
        ThreadPoolExecutor(config.grpc_workers, thread_name_prefix="call"),
        interceptors=[chain],
        options=(*_OPTIONS, ("grpc.so_reuseport", 0 if alone else 1)),
        maximum_concurrent_rpcs=_CALLS_AT_ONCE,
    )
    for service in mounted:
        service.add(service.servicer, server)
    return Listening(server, _bind(server, config), _health_and_reflection(server, mounted))


def _guards(
    config: Config,
    mounted: Sequence[Mounted],
    catalogues: Mapping[str, Catalogue],
    identities: Identities,
    telemetry: Telemetry,
) -> dict[str, Guard]:
    """What surrounds each rpc, by its full method name."""
    guesses = Guesses(config.code_failures_per_minute)
    contracts = {service: Contract(catalogue) for service, catalogue in catalogues.items()}

    def guard(method: MethodDescriptor, known_device: Callable[[str], str]) -> Guard:
        door = Door.of(method)
        return Guard(
            door=door,
            takes_request_id="request_id" in method.input_type.fields_by_name,
            catalogue=catalogues[door.service],
            contract=contracts[door.service],
            identities=identities,
            guesses=guesses,
            known_device=known_device,
            telemetry=telemetry,
            meter=telemetry.rpc(door.service, door.rpc),
            certificates=config.tls_ca is not None,
        )

    return {
        f"/{service.descriptor.full_name}/{method.name}": guard(method, service.known_device)
        for service in mounted
        for method in service.descriptor.methods
    }


def _health_and_reflection(server: grpc.Server, mounted: Sequence[Mounted]) -> health.HealthServicer:
    names = [service.descriptor.full_name for service in mounted]
    servicer = health.HealthServicer()
    health_pb2_grpc.add_HealthServicer_to_server(servicer, server)
    for name in ("", *names):
        servicer.set(name, health_pb2.HealthCheckResponse.SERVING)
    reflection.enable_server_reflection((*names, health.SERVICE_NAME, reflection.SERVICE_NAME), server)
    return servicer


def _bind(server: grpc.Server, config: Config) -> int:
    address = f"{config.grpc_host}:{config.grpc_port}"
    if config.tls_cert is None or config.tls_key is None:
        return int(server.add_insecure_port(address))
    authority = config.tls_ca.read_bytes() if config.tls_ca else None
    credentials = grpc.ssl_server_credentials(
        [(config.tls_key.read_bytes(), config.tls_cert.read_bytes())],
        root_certificates=authority,
        require_client_auth=authority is not None,
    )
    return int(server.add_secure_port(address, credentials))
