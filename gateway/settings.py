"""What a gateway process is told at its start: read once, frozen, complete or fatal."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

import grpc

from chassis.config import GRPC_PORTS, ConfigError

IMAGE = Path(__file__).resolve().parent.parent / "gen" / "image.binpb"
SERVICES = tuple(GRPC_PORTS)


@dataclass(frozen=True, slots=True)
class Settings:
    """Where to listen, where the services are, whether cookies travel over TLS only."""

    addresses: Mapping[str, str] = field(default_factory=dict)
    host: str = "127.0.0.1"
    port: int = 8080
    secure_cookies: bool = False
    image: Path = IMAGE
    tls_ca: Path | None = None
    tls_cert: Path | None = None
    tls_key: Path | None = None

    def credentials(self) -> grpc.ChannelCredentials | None:
        """Mutual TLS towards the services, where an authority is configured; None for one machine by itself."""
        if self.tls_ca is None:
            return None
        key = self.tls_key.read_bytes() if self.tls_key else None
        chain = self.tls_cert.read_bytes() if self.tls_cert else None
        return grpc.ssl_channel_credentials(self.tls_ca.read_bytes(), key, chain)

    @staticmethod
    def from_env(env: Mapping[str, str] = os.environ) -> Settings:
        """SERVICES_AT names one address for all, or COMPLAINTS_AT and its like one for each.

        Raises ConfigError naming everything that is missing or unreadable at once.
        """
        shared = env.get("SERVICES_AT", "")
        addresses = {name: env.get(f"{name.upper()}_AT", shared) for name in SERVICES}
        missing = [f"{name.upper()}_AT" for name, address in addresses.items() if not address]
        if missing:
            raise ConfigError("missing: " + ", ".join(missing) + " (or SERVICES_AT for all of them)")
        port = env.get("HTTP_PORT", "8080")
        if not port.isdigit():
            raise ConfigError(f"HTTP_PORT is not a whole number: {port!r}")
        return Settings(
            addresses=addresses,
            host=env.get("HTTP_HOST", "127.0.0.1"),
            port=int(port),
            tls_ca=_path(env, "TLS_CA"),
            tls_cert=_path(env, "TLS_CERT"),
            tls_key=_path(env, "TLS_KEY"),
            secure_cookies=env.get("SECURE_COOKIES", "") == "1",
        )


def _path(env: Mapping[str, str], name: str) -> Path | None:
    return Path(env[name]) if env.get(name) else None
