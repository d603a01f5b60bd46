"""SMS through a provider's HTTP interface.

The provider is an address of the form `https://user:token@host/path`: the token is sent as a bearer token. The request
is a JSON object with `id`, `to` and `text`; the provider answers with a JSON object whose `id` is its receipt. A provider
that sees an id again sends nothing twice. Whoever speaks another dialect puts a small translator between.
"""

from __future__ import annotations

import json
from urllib.parse import unquote, urlsplit, urlunsplit

from carriage.letter import Letter, NotDelivered
from carriage.posting import Posting
from carriage.reach import Reach


class Sms:
    """Sends by one provider."""

    def __init__(self, url: str, reach: Reach) -> None:
        parts = urlsplit(url)
        if parts.scheme not in ("http", "https") or not parts.hostname:
            raise ValueError("sms: https://user:token@host/path")
        if reach.closed(parts.hostname):
            raise ValueError("sms: its host is inside; name it in OUTSIDE_ALLOWED")
        place = parts.hostname if parts.port is None else f"{parts.hostname}:{parts.port}"
        self._url = urlunsplit((parts.scheme, place, parts.path or "/", parts.query, ""))
        token = unquote(parts.password or "")
        self._headers = {"authorization": f"Bearer {token}"} if token else {}
        self._posting = Posting(reach)

    def send(self, letter: Letter) -> str:
        """Sends it. What the provider calls a wrong request stays wrong; being away or too busy passes."""
        said = {"id": letter.message_id, "to": letter.address, "text": letter.body.decode()}
        about = {"content-type": "application/json; charset=utf-8", "idempotency-key": letter.message_id}
        body = json.dumps(said, ensure_ascii=False).encode()
        status, answer = self._posting.post(self._url, body, {**self._headers, **about})
        if not 200 <= status < 300:
            raise NotDelivered(f"HTTP {status}", final=status in (400, 404, 410, 422))
        return f"SMS {_receipt(answer)}"

    def close(self) -> None:
        """Closes kept connections."""
        self._posting.close()


def _receipt(answer: bytes) -> str:
    """The provider's id of the message, as far as it tells one."""
    try:
        told = json.loads(answer)
    except (ValueError, RecursionError):
        return ""
    return str(told.get("id", ""))[:100] if isinstance(told, dict) else ""
