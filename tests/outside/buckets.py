"""A bucket that speaks S3 as far as a shelf asks: it checks every signature by itself and keeps objects in memory."""

from __future__ import annotations

import hashlib
import hmac
import re
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

ACCESS, SECRET, REGION = "AKIDEXAMPLE", "wJalrXUtnFEMI", "cn-test-1"
_TOLD = re.compile(
    r"AWS4-HMAC-SHA256 Credential=(\S+?)/(\d{8})/(\S+?)/s3/aws4_request, SignedHeaders=(\S+), Signature=(\w+)"
)


@contextmanager
def bucket() -> Iterator[tuple[str, dict[str, bytes]]]:
    """Its address and what lies in it."""
    objects: dict[str, bytes] = {}

    class Answering(_Bucket):
        kept = objects

    with ThreadingHTTPServer(("127.0.0.1", 0), Answering) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}/evidence", objects
        server.shutdown()


class _Bucket(BaseHTTPRequestHandler):
    kept: dict[str, bytes]
    protocol_version = "HTTP/1.1"

    def do_PUT(self) -> None:
        content = self.rfile.read(int(self.headers["content-length"]))
        good = hashlib.sha256(content).hexdigest() == self.headers["x-amz-content-sha256"]
        if not good or not self._signed():
            return self._answer(403)
        self.kept[self.path] = content
        return self._answer(200)

    def do_GET(self) -> None:
        if not self._signed():
            return self._answer(403)
        found = self.kept.get(self.path)
        return self._answer(404) if found is None else self._answer(200, found)

    def do_DELETE(self) -> None:
        if not self._signed():
            return self._answer(403)
        self.kept.pop(self.path, None)
        return self._answer(204)

    def _signed(self) -> bool:
        """Signature Version 4 from its description, written here again so that one mistake is not made twice."""
        told = _TOLD.fullmatch(self.headers.get("authorization", ""))
        if told is None or (told[1], told[3]) != (ACCESS, REGION):
            return False
        named = told[4].split(";")
        headers = "".join(f"{name}:{self.headers[name].strip()}\n" for name in named)
        asked = f"{self.command}\n{self.path}\n\n{headers}\n{told[4]}\n{self.headers['x-amz-content-sha256']}"
        scope = f"{told[2]}/{REGION}/s3/aws4_request"
        text = f"AWS4-HMAC-SHA256\n{self.headers['x-amz-date']}\n{scope}\n{hashlib.sha256(asked.encode()).hexdigest()}"
        key = ("AWS4" + SECRET).encode()
        for part in (told[2], REGION, "s3", "aws4_request"):
            key = hmac.new(key, part.encode(), hashlib.sha256).digest()
        return hmac.new(key, text.encode(), hashlib.sha256).hexdigest() == told[5]

    def _answer(self, status: int, content: bytes = b"") -> None:
        self.send_response(status)
        self.send_header("content-length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, format: str, *arguments: object) -> None:
        """Says nothing."""
