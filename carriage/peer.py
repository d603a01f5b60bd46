"""Calls to another deployment: gRPC with mutual TLS, and parcels only the receiver can open."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

import grpc
from google.rpc import error_details_pb2
from grpc_status import rpc_status
from nacl.public import PublicKey, SealedBox

from carriage.letter import SECONDS, NotDelivered
from carriage.reach import Reach, first_family
from chassis.config import Config
from chassis.rpc import channel

Answer = TypeVar("Answer")
_PASSING = {
    grpc.StatusCode.UNAVAILABLE,
    grpc.StatusCode.DEADLINE_EXCEEDED,
    grpc.StatusCode.RESOURCE_EXHAUSTED,
    grpc.StatusCode.ABORTED,
    grpc.StatusCode.INTERNAL,
    grpc.StatusCode.UNKNOWN,
    grpc.StatusCode.CANCELLED,
    grpc.StatusCode.UNAUTHENTICATED,
}
"""What another try may overcome. A peer that does not know our certificate yet may know it after its next start."""


class Peers:
    """Channels to other deployments, one for each address; our certificate is that of the configuration."""

    def __init__(self, config: Config) -> None:
        self._config = config
        self._reach = Reach.of(config.outside.get("allowed", ""))
        self._channels: dict[str, tuple[str, grpc.Channel]] = {}

    def channel(self, target: str) -> grpc.Channel:
        """The channel to `host:port`, at the addresses that were looked at. Raises NotDelivered.

        Where the name leads elsewhere by now, the channel is made anew; who is in the middle of a call there tries again.
        """
        host, _, port = target.rpartition(":")
        found = first_family(self._reach.connectable(host, int(port)))
        family, form = ("ipv6", "[{}]:{}") if ":" in found[0] else ("ipv4", "{}:{}")
        at = f"{family}:" + ",".join(form.format(one, port) for one in sorted(found))
        known = self._channels.get(target)
        if known is not None and known[0] == at:
            return known[1]
        if known is not None:
            known[1].close()
        made = channel(target, self._config, at)
        self._channels[target] = (at, made)
        return made

    def close(self) -> None:
        """Closes all channels."""
        for _, one in self._channels.values():
            one.close()


def asked(call: Callable[[], Answer]) -> Answer:
    """What the peer answers. Raises NotDelivered: with its reason and for good if it refused, else to be tried again."""
    try:
        return call()
    except grpc.RpcError as fault:
        code = fault.code()
        reason, told = _reason(fault)
        raise NotDelivered(reason or code.name, final=code not in _PASSING, told=told) from fault


def time_limit() -> float:
    """Seconds a peer has for its answer."""
    return SECONDS * 2


def sealed(public_key: str, content: bytes) -> bytes:
    """What only the holder of the private key can open (libsodium sealed box); the key is 32 bytes in hexadecimal."""
    return bytes(SealedBox(PublicKey(bytes.fromhex(public_key))).encrypt(content))


def _reason(fault: grpc.RpcError) -> tuple[str, dict[str, str]]:
    """The reason a peer of this suite gives and what it says beside it, empty for what did not come from one."""
    status = rpc_status.from_call(fault)
    info = error_details_pb2.ErrorInfo()
    for detail in status.details if status is not None else ():
        if detail.Unpack(info):
            return str(info.reason), dict(info.metadata)
    return "", {}
