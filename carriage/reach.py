"""Where the courier may connect to: nothing inside the house, unless the deployment names it.

An address somebody registers is a lever: a webhook to 127.0.0.1 or 10.0.0.5 would have the courier knock at doors that only
the house can reach. So what is not on the open internet is refused, when it is registered and again when it is connected to,
and what was looked at is what is connected to: a name may lead somewhere else by then. A deployment whose neighbours are in
its own networks names them in OUTSIDE_ALLOWED: hosts, addresses and networks, parted by commas.
"""

from __future__ import annotations

import ipaddress
import socket
from collections.abc import Iterable
from dataclasses import dataclass

from carriage.letter import NotDelivered

_Address = ipaddress.IPv4Address | ipaddress.IPv6Address
_Network = ipaddress.IPv4Network | ipaddress.IPv6Network
_CARRIES_IPV4 = ipaddress.ip_network("64:ff9b::/96")
"""RFC 6052: what a network translates to the IPv4 address in its last 32 bits."""
CLOSED = "address not allowed"


class NotReachable(Exception):
    """A host that nothing may be sent to, or one nobody knows (`unknown`)."""

    def __init__(self, host: str, unknown: bool = False) -> None:
        super().__init__(host)
        self.unknown = unknown


@dataclass(frozen=True, slots=True)
class Reach:
    """What may be connected to: the open internet, and what is named here."""

    hosts: frozenset[str] = frozenset()
    networks: tuple[_Network, ...] = ()

    @staticmethod
    def of(told: str) -> Reach:
        """Reads OUTSIDE_ALLOWED. Raises ValueError for an entry with a `/` that is no network."""
        hosts, networks = set(), list[_Network]()
        for part in filter(None, (one.strip().lower() for one in told.split(","))):
            if "/" in part or _literal(part) is not None:
                networks.append(ipaddress.ip_network(part.strip("[]")))
            else:
                hosts.add(part.rstrip("."))
        return Reach(frozenset(hosts), tuple(networks))

    def addresses(self, host: str, port: int) -> list[str]:
        """Addresses of a host, every one of them allowed: one that is not spoils the rest. Raises NotReachable."""
        plain = host.strip("[]").rstrip(".").lower()
        try:
            told = socket.getaddrinfo(plain, port, type=socket.SOCK_STREAM)
        except (OSError, UnicodeError) as fault:
            raise NotReachable(host, unknown=True) from fault
        found = list(dict.fromkeys(str(one[4][0]) for one in told))
        if plain not in self.hosts and not all(self._open(one) for one in found):
            raise NotReachable(host)
        return found

    def connectable(self, host: str, port: int) -> list[str]:
        """The same for whoever is about to connect: raises NotDelivered. What is closed today may be named tomorrow."""
        try:
            return self.addresses(host, port)
        except NotReachable as fault:
            raise NotDelivered("unknown host" if fault.unknown else CLOSED, away=True) from fault

    def closed(self, host: str) -> bool:
        """Whether a host that is to be registered leads where nothing may be sent. One nobody knows yet does not."""
        try:
            if host:
                self.addresses(host, 0)
        except NotReachable as fault:
            return not fault.unknown
        return False

    def _open(self, told: str) -> bool:
        address = _literal(told)
        if address is None:
            return False
        meant = _meant(address)
        if any(one.version == network.version and one in network for network in self.networks for one in (address, meant)):
            return True
        if isinstance(meant, ipaddress.IPv6Address) and meant.is_site_local:
            return False
        return meant.is_global and not meant.is_multicast and not meant.is_reserved


def first_family(addresses: Iterable[str]) -> list[str]:
    """Those of one kind, IPv4 before IPv6: gRPC takes a list of one kind only."""
    found = list(addresses)
    return [one for one in found if ":" not in one] or found


def _literal(text: str) -> _Address | None:
    try:
        return ipaddress.ip_address(text.strip("[]").partition("%")[0])
    except ValueError:
        return None


def _meant(address: _Address) -> _Address:
    """The IPv4 address an IPv6 one stands for, where it stands for one."""
    if isinstance(address, ipaddress.IPv4Address):
        return address
    if address in _CARRIES_IPV4:
        return ipaddress.IPv4Address(int(address) & 0xFFFFFFFF)
    return address.ipv4_mapped or address.sixtofour or (address.teredo or (None, None))[1] or address
