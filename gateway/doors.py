"""The way to the services: one gRPC channel each, bytes in and bytes out, every call with an end.

With the embedded default all five names lead to one address. A service that is down answers nothing here
but a `Refused` of status 503, so that a page can show the rest.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import grpc

from gateway.contracts import Contracts, Rpc
from gateway.refusals import Refused, refused
from gateway.transcode import Transcoder

CALL_SECONDS = 10.0
STREAM_SECONDS = 3600.0
HEALTH = "/grpc.health.v1.Health/Check"
HEALTH_SECONDS = 2.0
SERVING = b"\x08\x01"
"""HealthCheckResponse{status: SERVING} on the wire; an empty request asks for the whole server."""
MESSAGE_BYTES = 16 * 1024 * 1024
_OPTIONS: Sequence[tuple[str, Any]] = (
    ("grpc.max_receive_message_length", MESSAGE_BYTES),
    ("grpc.enable_retries", 0),
    ("grpc.initial_reconnect_backoff_ms", 200),
    ("grpc.max_reconnect_backoff_ms", 2000),
)


@dataclass(frozen=True, slots=True)
class Caller:
    """On whose behalf a call goes out: the token as it came, the language, where it came from, the trace."""

    token: str = ""
    language: str = "zh"
    address: str = ""
    device: str = ""
    traceparent: str = ""

    def metadata(self) -> list[tuple[str, str]]:
        pairs = [
            ("authorization", f"Bearer {self.token}" if self.token else ""),
            ("accept-language", self.language),
            ("x-client", self.address),
            ("x-device", self.device),
            ("traceparent", self.traceparent),
        ]
        return [(name, value) for name, value in pairs if value]


class Doors:
    """Calls rpcs by their `Rpc` record. Built once per process, closed at its end."""

    def __init__(
        self,
        contracts: Contracts,
        transcoder: Transcoder,
        addresses: Mapping[str, str],
        credentials: grpc.ChannelCredentials | None = None,
    ) -> None:
        self.contracts = contracts
        self.transcoder = transcoder
        self._addresses = dict(addresses)
        self._credentials = credentials
        self._channels: dict[str, grpc.aio.Channel] = {}
        self._calls: dict[str, Any] = {}

    def _channel(self, owner: str) -> grpc.aio.Channel:
        """Opened at the first call, because a channel belongs to the event loop it was opened in."""
        if owner not in self._channels:
            self._channels[owner] = self._open(self._addresses[owner])
        return self._channels[owner]

    def _open(self, address: str) -> grpc.aio.Channel:
        if self._credentials is None:
            return grpc.aio.insecure_channel(address, options=_OPTIONS)
        return grpc.aio.secure_channel(address, self._credentials, options=_OPTIONS)

    def _stub(self, rpc: Rpc) -> Any:
        channel = self._channel(rpc.owner)
        kinds = {
            (False, False): channel.unary_unary,
            (False, True): channel.unary_stream,
            (True, False): channel.stream_unary,
            (True, True): channel.stream_stream,
        }
        return kinds[rpc.client_streaming, rpc.server_streaming](rpc.method)

    def _call(self, rpc: Rpc) -> Any:
        if rpc.owner not in self._addresses:
            raise Refused(503, "SERVICE_NOT_CONFIGURED", "")
        if rpc.key not in self._calls:
            self._calls[rpc.key] = self._stub(rpc)
        return self._calls[rpc.key]

    async def send(self, rpc: Rpc, wire: bytes, caller: Caller, seconds: float = CALL_SECONDS) -> bytes:
        """One question, one answer."""
        try:
            answer: bytes = await self._call(rpc)(wire, metadata=caller.metadata(), timeout=seconds)
        except grpc.aio.AioRpcError as error:
            raise refused(error, caller.language) from None
        return answer

    async def send_many(self, rpc: Rpc, wires: AsyncIterator[bytes], caller: Caller) -> bytes:
        """A stream of messages, one answer. What is wrong with what is sent ends the call and is raised as it was."""
        wrong: list[Exception] = []

        async def sent() -> AsyncIterator[bytes]:
            try:
                async for wire in wires:
                    yield wire
            except Exception as fault:
                wrong.append(fault)
                raise

        try:
            answer: bytes = await self._call(rpc)(sent(), metadata=caller.metadata(), timeout=STREAM_SECONDS)
        except grpc.aio.AioRpcError as error:
            raise wrong[0] if wrong else refused(error, caller.language) from None
        except asyncio.CancelledError:  # grpc cancels a call whose messages cannot be made, and says no more
            if wrong:
                raise wrong[0] from None
            raise
        return answer

    async def follow(self, rpc: Rpc, wire: bytes, caller: Caller) -> AsyncIterator[bytes]:
        """One question, a stream of answers until either side has had enough."""
        try:
            async for answer in self._call(rpc)(wire, metadata=caller.metadata(), timeout=STREAM_SECONDS):
                yield answer
        except grpc.aio.AioRpcError as error:
            raise refused(error, caller.language) from None

    async def ask(self, key: str, caller: Caller, /, **fields: Any) -> dict[str, Any]:
        """Calls `complaints.GetComplaint` with plain values and returns the answer as plain values."""
        rpc = self.contracts.rpc(key)
        wire = self.transcoder.pack(rpc.request, fields)
        return self.transcoder.unpack(rpc.answer, await self.send(rpc, wire, caller))

    @property
    def owners(self) -> list[str]:
        """The services this gateway leads to."""
        return sorted(self._addresses)

    async def answers(self, owner: str) -> bool:
        """Whether a service answers its health question within two seconds (grpc.health.v1)."""
        check: Any = self._channel(owner).unary_unary(HEALTH)
        try:
            answer: bytes = await check(b"", timeout=HEALTH_SECONDS)
        except grpc.aio.AioRpcError:
            return False
        return answer == SERVING

    async def close(self) -> None:
        for channel in self._channels.values():
            await channel.close()
