"""Configuration: read once from the environment, frozen, complete or fatal."""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

GRPC_PORTS = {
    "directory": 50051,
    "complaints": 50052,
    "evaluation": 50053,
    "supervision": 50054,
    "accountability": 50055,
}


class ConfigError(Exception):
    """Something the process cannot run without is missing or unreadable; the text names all of it."""


@dataclass(frozen=True, slots=True)
class Config:
    """What one process of one service is told at its start."""

    service: str
    database_url: str
    keys_dir: Path
    data_dir: Path = Path()
    amqp_url: str = ""
    extra_database_urls: Mapping[str, str] = field(default_factory=dict)
    grpc_host: str = "127.0.0.1"
    grpc_port: int = 0
    grpc_workers: int = 8
    metrics_port: int = 0
    public_keys: Mapping[str, bytes] = field(default_factory=dict)
    create_keys: bool = False
    tls_cert: Path | None = None
    tls_key: Path | None = None
    tls_ca: Path | None = None
    machine_accounts: Mapping[str, str] = field(default_factory=dict)
    outside: Mapping[str, str] = field(default_factory=dict)
    otlp_endpoint: str = ""
    code_failures_per_minute: int = 30
    pool_size: int = 8

    @staticmethod
    def from_env(service: str, process: str, env: Mapping[str, str] = os.environ) -> Config:
        """Reads what `process` (server, worker, courier, migrate) of `service` needs.

        Raises ConfigError naming everything that is missing at once.
        """
        needed = ["DATABASE_URL", "KEYS_DIR"] + (["AMQP_URL"] if process == "worker" else [])
        missing = [name for name in needed if not env.get(name)]
        if missing:
            raise ConfigError("missing: " + ", ".join(missing))
        return Config(
            service=service,
            database_url=env["DATABASE_URL"],
            keys_dir=Path(env["KEYS_DIR"]),
            data_dir=Path(env.get("DATA_DIR", ".")),
            amqp_url=env.get("AMQP_URL", ""),
            extra_database_urls=_extra_urls(env),
            grpc_host=env.get("GRPC_HOST", "127.0.0.1"),
            grpc_port=_number(env, "GRPC_PORT", GRPC_PORTS[service]),
            grpc_workers=_number(env, "GRPC_WORKERS", 8),
            metrics_port=_number(env, "METRICS_PORT", 0),
            public_keys=_public_keys(env.get("PUBLIC_KEYS", "")),
            create_keys=env.get("CREATE_KEYS", "") == "1",
            tls_cert=_path(env, "TLS_CERT"),
            tls_key=_path(env, "TLS_KEY"),
            tls_ca=_path(env, "TLS_CA"),
            machine_accounts=_pairs(env.get("MACHINE_ACCOUNTS", "")),
            outside=outside_of(env),
            otlp_endpoint=env.get("OTEL_EXPORTER_OTLP_ENDPOINT", ""),
            code_failures_per_minute=_number(env, "CODE_FAILURES_PER_MINUTE", 30),
            pool_size=_number(env, "POOL_SIZE", _number(env, "GRPC_WORKERS", 8)),
        )


def read_or_exit(service: str, process: str) -> Config:
    """The configuration, or one line on stderr and exit code 2."""
    try:
        return Config.from_env(service, process)
    except ConfigError as wrong:
        sys.stderr.write(f"zhengfeng {service} {process}: {wrong}\n")
        raise SystemExit(2) from None


def _number(env: Mapping[str, str], name: str, default: int) -> int:
    text = env.get(name, "")
    if not text:
        return default
    if not text.isdigit():
        raise ConfigError(f"{name} is not a whole number: {text!r}")
    return int(text)


def _path(env: Mapping[str, str], name: str) -> Path | None:
    return Path(env[name]) if env.get(name) else None


def _extra_urls(env: Mapping[str, str]) -> dict[str, str]:
    """REGISTER_DATABASE_URL becomes {"register": ...}: a second database of the same service."""
    suffix = "_DATABASE_URL"
    return {name[: -len(suffix)].lower(): value for name, value in env.items() if name.endswith(suffix) and value}


def outside_of(env: Mapping[str, str]) -> dict[str, str]:
    """OUTSIDE_SMTP becomes {"smtp": ...}: where a courier's channels lead."""
    prefix = "OUTSIDE_"
    return {name[len(prefix) :].lower(): value for name, value in env.items() if name.startswith(prefix) and value}


def _pairs(text: str) -> dict[str, str]:
    """`name=value,name=value` as a mapping."""
    pairs: dict[str, str] = {}
    for part in filter(None, text.split(",")):
        name, separator, value = part.partition("=")
        if not separator:
            raise ConfigError(f"not of the form name=value: {part!r}")
        pairs[name.strip()] = value.strip()
    return pairs


def _public_keys(text: str) -> dict[str, bytes]:
    """`key-id=hex,key-id=hex` as Ed25519 public keys of 32 bytes."""
    try:
        keys = {name: bytes.fromhex(value) for name, value in _pairs(text).items()}
    except ValueError as wrong:
        raise ConfigError(f"PUBLIC_KEYS: {wrong}") from None
    if any(len(key) != 32 for key in keys.values()):
        raise ConfigError("PUBLIC_KEYS: a key is 32 bytes in hex")
    return keys
