"""How often one client may present a code that opens nothing.

Codes have 100 bits, so nobody finds one by guessing; this keeps guessers from keeping the database busy. Failures are held
in memory, per client and process, and drain away at the configured rate.
"""

from __future__ import annotations

import ipaddress
import math
import threading
from collections import OrderedDict
from urllib.parse import unquote

from chassis.clock import monotonic
from chassis.errors import TooMany

_CLIENTS = 100_000
_DEVICES = 20
_NETWORK_BITS = 64


class Guesses:
    """Failures per client, as a bucket of `per_minute` that drains by as many a minute.

    Who shows the sign of a device has a bucket of their own, so that whoever guesses behind the same address locks nobody
    else out; all devices of an address together have one of many times the size.
    """

    def __init__(self, per_minute: int) -> None:
        self._limit = per_minute
        self._levels: OrderedDict[str, tuple[float, float]] = OrderedDict()
        self._lock = threading.Lock()

    def check(self, client: str, device: str = "") -> None:
        """Raises TooMany with TOO_MANY_ATTEMPTS if a bucket of the client is full."""
        for bucket, limit in self._buckets(client, device):
            with self._lock:
                level = self._level(bucket, limit)
            if level > limit - 1:
                raise TooMany("TOO_MANY_ATTEMPTS", seconds=math.ceil((level - limit + 1) * 60 / limit))

    def failed(self, client: str, device: str = "") -> None:
        """One more failure of this client."""
        with self._lock:
            for bucket, limit in self._buckets(client, device):
                self._levels[bucket] = (self._level(bucket, limit) + 1, monotonic())
                self._levels.move_to_end(bucket)
            while len(self._levels) > _CLIENTS:
                self._levels.popitem(last=False)

    def _buckets(self, client: str, device: str) -> tuple[tuple[str, int], ...]:
        if not device:
            return ((client, self._limit),)
        return (f"{client} {device}", self._limit), (f"{client} *", self._limit * _DEVICES)

    def _level(self, bucket: str, limit: int) -> float:
        level, at = self._levels.get(bucket, (0.0, 0.0))
        return max(0.0, level - (monotonic() - at) * limit / 60)


def client_of(peer: str) -> str:
    """The client behind a gRPC peer: an IPv4 address, the /64 network of an IPv6 address, or the peer as it is."""
    kind, _, rest = peer.partition(":")
    if kind not in ("ipv4", "ipv6"):
        return peer
    return network(unquote(rest).rpartition(":")[0].strip("[]")) or peer


def network(host: str) -> str:
    """An IPv4 address, or the /64 network of an IPv6 address: whoever has one has all of it. Empty for what is neither."""
    try:
        address = ipaddress.ip_address(host.partition("%")[0])
    except ValueError:
        return ""
    if address.version == 4 or address.is_loopback:
        return str(address)
    return str(ipaddress.ip_network((address, _NETWORK_BITS), strict=False))


def is_local(peer: str) -> bool:
    """Whether the peer is on this machine."""
    client = client_of(peer)
    return client.startswith("127.") or client == "::1" or peer.startswith("unix:")
