"""A virus scanner to be asked over its socket: Debian's clamd where it is installed, else one that speaks as it does."""

from __future__ import annotations

import os
import socket
import socketserver
import subprocess
import tempfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.servers.programs import free_port, wait_until

CLAMD = Path("/usr/sbin/clamd")
MARK = b"ZHENGFENG-TEST-VIRUS"
NAME = "Zhengfeng.Test"


@contextmanager
def scanner() -> Iterator[str]:
    """The address of a scanner that knows one virus: MARK, anywhere in a file."""
    with real() if CLAMD.exists() else speaking() as address:
        yield address


@contextmanager
def real() -> Iterator[str]:
    """clamd with one signature of our own: the public ones come from a server on the internet."""
    port = free_port()
    with tempfile.TemporaryDirectory(prefix="clamd-") as made:
        folder = Path(made)
        (folder / "own.ndb").write_text(f"{NAME}:0:*:{MARK.hex()}\n", encoding="utf-8")
        lines = (
            "Foreground yes",
            *(["User root"] if os.geteuid() == 0 else []),
            f"TCPSocket {port}",
            "TCPAddr 127.0.0.1",
            f"DatabaseDirectory {folder}",
        )
        (folder / "clamd.conf").write_text("\n".join(lines) + "\n", encoding="utf-8")
        started = subprocess.Popen(
            [CLAMD, "-c", folder / "clamd.conf"], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )
        try:
            wait_until(lambda: answers(port), 60, lambda: "clamd does not answer")
            yield f"127.0.0.1:{port}"
        finally:
            started.terminate()
            started.wait(20)


@contextmanager
def speaking(most: int = 25_000_000) -> Iterator[str]:
    """A socket that speaks INSTREAM as clamd's manual writes it; `most` is its StreamMaxLength."""
    with _Speaking(("127.0.0.1", 0), _Speaker) as server:
        server.most = most
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"127.0.0.1:{server.server_address[1]}"
        server.shutdown()


class _Speaking(socketserver.ThreadingTCPServer):
    most = 0


class _Speaker(socketserver.StreamRequestHandler):
    server: _Speaking

    def handle(self) -> None:
        command, content = b"", b""
        while not command.endswith(b"\0"):
            command += self.rfile.read(1)
        if command == b"zPING\0":
            self.wfile.write(b"PONG\0")
            return
        while length := int.from_bytes(self.rfile.read(4), "big"):
            content += self.rfile.read(length)
            if len(content) > self.server.most:
                self.wfile.write(b"INSTREAM size limit exceeded. ERROR\0")
                return
        self.wfile.write(f"stream: {NAME}.UNOFFICIAL FOUND\0".encode() if MARK in content else b"stream: OK\0")


def answers(port: int) -> bool:
    """Whether a scanner is there."""
    try:
        with socket.create_connection(("127.0.0.1", port), 1) as asked:
            asked.sendall(b"zPING\0")
            return asked.recv(16).startswith(b"PONG")
    except OSError:
        return False
