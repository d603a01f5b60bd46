"""An IMAP server (RFC 3501) as far as a mailbox is read: log in, select, search, fetch by UID, set flags."""

from __future__ import annotations

import re
import socketserver
import threading
from collections.abc import Iterator
from contextlib import contextmanager


class PostOffice(socketserver.ThreadingTCPServer):
    """One account with one folder."""

    allow_reuse_address = True
    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Talk)
        self.letters: dict[str, bytes] = {}
        self.flags: dict[str, set[str]] = {}

    @property
    def url(self) -> str:
        """The mailbox as a courier is told of it."""
        return f"imap://office:word-7@127.0.0.1:{self.server_address[1]}/INBOX"

    def put(self, raw: bytes) -> str:
        """A letter arrives."""
        uid = str(len(self.letters) + 1)
        self.letters[uid], self.flags[uid] = raw, set()
        return uid


class _Talk(socketserver.StreamRequestHandler):
    server: PostOffice

    def handle(self) -> None:
        """Answers line by line."""
        self._say(b"* OK here")
        for line in self.rfile:
            tag, _, rest = line.decode().strip().partition(" ")
            word = rest.upper()
            if word.startswith("CAPABILITY"):
                self._say(b"* CAPABILITY IMAP4rev1")
            elif word.startswith("LOGIN") and rest.split()[1:] != ["office", '"word-7"']:
                self._say(f"{tag} NO wrong".encode())
                continue
            elif word.startswith("SELECT"):
                self._say(f"* {len(self.server.letters)} EXISTS".encode())
            elif word.startswith("UID SEARCH"):
                self._say(b"* SEARCH " + " ".join(uid for uid, flags in self.server.flags.items() if not flags).encode())
            elif word.startswith("UID FETCH"):
                self._fetch(rest)
            elif word.startswith("UID STORE"):
                self.server.flags[rest.split()[2]] |= set(re.findall(r"\\\w+", rest))
            self._say(f"{tag} OK done".encode())
            if word.startswith("LOGOUT"):
                return

    def _fetch(self, asked: str) -> None:
        uid = asked.split()[2]
        raw = self.server.letters[uid]
        if "RFC822.SIZE" in asked:
            self._say(f"* {uid} FETCH (UID {uid} RFC822.SIZE {len(raw)})".encode())
            return
        self.wfile.write(f"* {uid} FETCH (UID {uid} BODY[] {{{len(raw)}}}\r\n".encode() + raw + b")\r\n")

    def _say(self, line: bytes) -> None:
        self.wfile.write(line + b"\r\n")


@contextmanager
def post_office() -> Iterator[PostOffice]:
    """A running one."""
    office = PostOffice()
    thread = threading.Thread(target=office.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    yield office
    office.shutdown()
    thread.join()
    office.server_close()
