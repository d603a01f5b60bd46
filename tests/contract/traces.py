"""Looks for a text in raw bytes, however it may have been written there: plain, hexadecimal, escaped, in base64."""

from __future__ import annotations

import base64
import json
from collections.abc import Iterable, Iterator
from urllib.parse import quote


def forms(text: str) -> Iterator[bytes]:
    """Every way in which a text may stand in a dump, a file, a log or a message."""
    plain = text.encode()
    yield plain
    yield text.encode("utf-16-le")
    yield plain.hex().encode()
    yield plain.hex().upper().encode()
    yield json.dumps(text).strip('"').encode()
    yield quote(text).encode()
    yield "".join(f"\\{byte:03o}" for byte in plain).encode()
    for shift in range(3):  # the middle of it, which looks the same whatever stands around it
        whole = base64.b64encode(b"\0" * shift + plain)
        yield whole[4 if shift else 0 : len(whole) // 4 * 4 - 4]


def found(words: Iterable[str], places: dict[str, bytes]) -> list[str]:
    """Which of the words occur where."""
    return [f"{word} in {place}" for word in words for place, raw in places.items() if occurs(word, raw)]


def occurs(word: str, raw: bytes) -> bool:
    """Whether a text occurs in any of its forms."""
    return any(form in raw for form in forms(word))
