"""The virus scanner clamd, over its socket: a file goes to it in pieces (INSTREAM) and a verdict comes back.

The address is `host:port`, or the path of a socket file. Nothing is ever written for the scanner: it is given the bytes.
"""

from __future__ import annotations

import socket
from collections.abc import Iterable

from carriage.letter import SECONDS, NotDelivered

_CLEAN = "stream: OK"
_FOUND = " FOUND"
_ANSWER_BYTES = 4096


class Clamd:
    """One scanner."""

    def __init__(self, address: str, seconds: float = 6 * SECONDS) -> None:
        self._address, self._seconds = address, seconds

    def scan(self, pieces: Iterable[bytes]) -> str:
        """The name of what was found, empty if nothing was.

        Raises NotDelivered if it says neither: a file is clean only if the scanner says so. `away` means that there is no
        scanner; otherwise it was there and has no verdict on this file, as for one beyond its StreamMaxLength, where it
        hangs up while it is still being told.
        """
        try:
            scanner = self._connected()
        except OSError as fault:
            raise NotDelivered(type(fault).__name__, away=True) from fault
        try:
            with scanner:
                scanner.sendall(b"zINSTREAM\0")
                for piece in pieces:
                    if piece:
                        scanner.sendall(len(piece).to_bytes(4, "big") + piece)
                scanner.sendall((0).to_bytes(4, "big"))
                answer = self._answer(scanner)
        except OSError as fault:
            raise NotDelivered(type(fault).__name__) from fault
        if answer == _CLEAN:
            return ""
        if answer.endswith(_FOUND):
            return answer.removeprefix("stream: ").removesuffix(_FOUND)
        raise NotDelivered("no verdict")

    def _connected(self) -> socket.socket:
        if self._address.startswith("/"):
            scanner = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
            scanner.settimeout(self._seconds)
            scanner.connect(self._address)
            return scanner
        host, _, port = self._address.rpartition(":")
        return socket.create_connection((host.strip("[]"), int(port)), self._seconds)

    def _answer(self, scanner: socket.socket) -> str:
        answer = b""
        while not answer.endswith(b"\0") and len(answer) < _ANSWER_BYTES and (part := scanner.recv(_ANSWER_BYTES)):
            answer += part
        return answer.rstrip(b"\0").decode(errors="replace").strip()
