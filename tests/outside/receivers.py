"""Somebody else's servers, really listening: HTTP for webhooks and an SMS provider, SMTP for mail."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from email import message_from_bytes, policy
from email.message import EmailMessage
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session

from tests.servers.programs import free_port


class Receiver(ThreadingHTTPServer):
    """A web server that answers every POST with `status` and `answer`, and keeps what it was sent."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.status = 204
        self.answer = b""
        self.received: list[tuple[dict[str, str], bytes]] = []
        self.before_answering: Callable[[], None] = lambda: None

    @property
    def address(self) -> str:
        """Where it listens."""
        return f"127.0.0.1:{self.server_port}"


class _Handler(BaseHTTPRequestHandler):
    server: Receiver

    def do_POST(self) -> None:  # the name http.server gives it
        body = self.rfile.read(int(self.headers["content-length"]))
        self.server.received.append(({name.lower(): value for name, value in self.headers.items()}, body))
        self.server.before_answering()
        self.send_response(self.server.status)
        self.send_header("location", "http://127.0.0.1:1/elsewhere")
        self.send_header("content-length", str(len(self.server.answer)))
        self.end_headers()
        self.wfile.write(self.server.answer)

    def log_message(self, format: str, *args: object) -> None:
        """Say nothing."""


@contextmanager
def receiver() -> Iterator[Receiver]:
    """A running one."""
    server = Receiver()
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    yield server
    server.shutdown()
    thread.join()
    server.server_close()


class Postbox:
    """An SMTP server: it refuses receivers in `unknown` for good, those in `busy` for now, and keeps the rest."""

    def __init__(self) -> None:
        self.letters: list[tuple[str, EmailMessage]] = []
        self.before_answering: Callable[[], None] = lambda: None
        self.unknown: set[str] = set()
        self.busy: set[str] = set()

    async def handle_RCPT(self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]) -> str:
        """Whether it takes letters for this receiver."""
        if address in self.unknown:
            return "550 no such user"
        if address in self.busy:
            return "450 try again later"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        """Keeps the letter."""
        content: Any = envelope.content
        read = message_from_bytes(content, policy=policy.default)
        assert isinstance(read, EmailMessage)
        self.letters.append((envelope.rcpt_tos[0], read))
        self.before_answering()
        return "250 kept"


@contextmanager
def postbox() -> Iterator[tuple[Postbox, int]]:
    """A running one and its port."""
    box, port = Postbox(), free_port()
    controller = Controller(box, hostname="127.0.0.1", port=port)
    controller.start()
    yield box, port
    controller.stop()


def told(body: bytes) -> dict[str, Any]:
    """A JSON body."""
    read: dict[str, Any] = json.loads(body)
    return read
