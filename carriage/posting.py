"""An HTTP POST that has an end: who trickles an answer byte by byte holds nobody up for longer than any other."""

from __future__ import annotations

import ssl
import threading
from collections.abc import Iterable, Mapping
from contextlib import suppress
from typing import Any

import httpcore
import httpx

from carriage.letter import SECONDS, NotDelivered
from carriage.reach import Reach
from chassis.clock import monotonic

MOST_BYTES = 65_536
"""As much of an answer as is read; nobody needs more than its status and an id."""
_FAULTS = (httpcore.TimeoutException, httpcore.NetworkError, httpcore.ProtocolError, httpcore.UnsupportedProtocol)


class Posting:
    """Posts over kept connections, to where that may be. No redirect is followed: nobody but who was agreed on is told."""

    def __init__(self, reach: Reach, seconds: float = 2 * SECONDS) -> None:
        self._seconds = seconds
        self._ends = _Ends()
        context = httpx.create_ssl_context()
        self._pool = httpcore.ConnectionPool(ssl_context=context, network_backend=_Backend(self._ends, reach))

    def post(self, address: str, body: bytes, headers: Mapping[str, str]) -> tuple[int, bytes]:
        """The status it is answered with and the beginning of the answer. Raises NotDelivered if there is no status.

        Once the status is there the receiver has it: what goes wrong with the rest of its answer changes nothing.
        """
        self._ends.at = monotonic() + self._seconds
        steps = {"connect": SECONDS, "read": SECONDS, "write": SECONDS, "pool": SECONDS}
        try:
            url = httpx.URL(address)
            place = httpcore.URL(scheme=url.raw_scheme, host=url.raw_host, port=url.port, target=url.raw_path)
            asked = self._pool.stream(
                "POST", place, headers=list(headers.items()), content=body, extensions={"timeout": steps}
            )
            with asked as answer:
                return answer.status, _beginning(answer)
        except (*_FAULTS, httpx.InvalidURL) as fault:
            raise NotDelivered(type(fault).__name__, away=True) from fault

    def close(self) -> None:
        """Closes kept connections."""
        self._pool.close()


def _beginning(answer: httpcore.Response) -> bytes:
    read = bytearray()
    with suppress(*_FAULTS):
        for piece in answer.iter_stream():
            read += piece
            if len(read) > MOST_BYTES:
                return b""
    return bytes(read)


class _Ends(threading.local):
    """When the exchange of this thread ends."""

    at = 0.0

    def within(self, timeout: float | None) -> float:
        """What is left for one step."""
        left = self.at - monotonic()
        if left <= 0:
            raise httpcore.ReadTimeout
        return left if timeout is None else min(left, timeout)


class _Backend(httpcore.SyncBackend):
    """Connections whose every step ends with the exchange."""

    def __init__(self, ends: _Ends, reach: Reach) -> None:
        self._ends, self._reach = ends, reach

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[Any] | None = None,
    ) -> httpcore.NetworkStream:
        """Connects to the very address that was looked at: asked for again, its name might lead elsewhere."""
        *others, last = self._reach.connectable(host, port)
        for address in others:
            with suppress(httpcore.ConnectError, httpcore.ConnectTimeout):
                return self._connected(address, port, timeout, local_address, socket_options)
        return self._connected(last, port, timeout, local_address, socket_options)

    def _connected(self, address: str, port: int, timeout: float | None, *how: Any) -> httpcore.NetworkStream:
        return _Stream(super().connect_tcp(address, port, self._ends.within(timeout), *how), self._ends)


class _Stream(httpcore.NetworkStream):
    """One connection."""

    def __init__(self, stream: httpcore.NetworkStream, ends: _Ends) -> None:
        self._stream, self._ends = stream, ends

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        """Reads what is there."""
        return self._stream.read(max_bytes, self._ends.within(timeout))

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        """Writes all of it."""
        self._stream.write(buffer, self._ends.within(timeout))

    def close(self) -> None:
        """Closes it."""
        self._stream.close()

    def start_tls(
        self, ssl_context: ssl.SSLContext, server_hostname: str | None = None, timeout: float | None = None
    ) -> httpcore.NetworkStream:
        """Speaks TLS from here on."""
        return _Stream(self._stream.start_tls(ssl_context, server_hostname, self._ends.within(timeout)), self._ends)

    def get_extra_info(self, info: str) -> Any:
        """What the connection knows of itself."""
        return self._stream.get_extra_info(info)
