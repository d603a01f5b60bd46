"""A broker that takes connections and then says nothing: what a RabbitMQ in the middle of its start may do."""

from __future__ import annotations

import socket
import threading
from contextlib import closing
from typing import Self
from urllib.parse import urlsplit

EXCHANGE_DECLARE = b"\x00\x28\x00\x0a"  # class 40, method 10 of AMQP 0-9-1: the first thing asked after the handshake


class SilentAtFirst:
    """Passes everything on to a broker, but on its first connections nothing after the handshake, in either direction."""

    def __init__(self, amqp_url: str, silent_connections: int) -> None:
        target = urlsplit(amqp_url)
        assert target.hostname and target.port
        self._target = (target.hostname, target.port)
        self._silent = silent_connections
        self._listening = socket.create_server(("127.0.0.1", 0))
        port = self._listening.getsockname()[1]
        self.url = amqp_url.replace(f":{target.port}", f":{port}", 1)
        self.silenced = 0

    def __enter__(self) -> Self:
        threading.Thread(target=self._accept, daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self._listening.close()

    def _accept(self) -> None:
        for number in range(1_000_000):
            try:
                client, _ = self._listening.accept()
            except OSError:
                return
            server = socket.create_connection(self._target)
            silent = number < self._silent
            threading.Thread(target=self._pass_on, args=(client, server, silent), daemon=True).start()
            threading.Thread(target=self._pass_on, args=(server, client, False), daemon=True).start()

    def _pass_on(self, source: socket.socket, target: socket.socket, silent: bool) -> None:
        with closing(target):
            while chunk := _received(source):
                if silent and EXCHANGE_DECLARE in chunk:
                    self.silenced += 1
                    while _received(source):  # heard, but never answered
                        pass
                    return
                try:
                    target.sendall(chunk)
                except OSError:
                    return


def _received(source: socket.socket) -> bytes:
    try:
        return source.recv(65536)
    except OSError:
        return b""
