"""Forms with files, read as they arrive: the fields first, then each file piece by piece, straight on to whom it is for.

Nothing of a file is kept here, in memory or on the disk, so that nothing of it has to be trusted before somebody has looked
at it. What nobody wants is read to its end, up to a bound: a browser shows an answer only once it has sent everything.
"""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import AsyncIterator
from typing import Any

from python_multipart.multipart import MultipartParser, parse_options_header
from starlette.requests import ClientDisconnect, Request

from gateway.pages.frame.visit import Visit
from gateway.refusals import Refused
from gateway.transcode import Malformed

BODY_BYTES = 400 * 1024 * 1024
FIELDS, FIELD_BYTES = 40, 64 * 1024
FORM_BYTES = {True: 220 * 1024 * 1024, False: 1024 * 1024}
"""The most a form may have that is read before its page begins: for somebody signed in, and for anybody."""
Event = tuple[str, Any]


class Sent:
    """A form with files. `fields` grows as it is read; a page puts its hidden fields before its files."""

    def __init__(self, request: Request) -> None:
        kind, options = parse_options_header(request.headers.get("content-type", ""))
        boundary = options.get(b"boundary")
        if kind != b"multipart/form-data" or not boundary:
            raise Malformed("multipart/form-data expected")
        check_length(request, BODY_BYTES)
        self.fields: dict[str, str] = {}
        self._request = request
        self._events: deque[Event] = deque()
        self._parser = MultipartParser(boundary, self._callbacks())
        self._header, self._value = b"", b""
        self._headers: dict[bytes, bytes] = {}
        self._size, self._ended, self._open = 0, False, False
        self._reading = asyncio.Lock()

    @staticmethod
    def has_files(request: Request) -> bool:
        """Whether a form came that may hold files."""
        return request.headers.get("content-type", "").startswith("multipart/form-data")

    async def head(self) -> dict[str, str]:
        """The fields that come before the first file that was chosen; the files are still to be read."""
        while (event := await self._next()) is not None:
            if event[0] != "part":
                continue
            name, file_name = event[1]
            if file_name is None:
                self.fields[name] = await self._text()
            elif file_name:
                self._events.appendleft(event)
                break
        return self.fields

    async def pass_over_all(self) -> int:
        """Reads everything to its end; how many files there were. A browser shows an answer only then."""
        return len([name async for name, _ in self.files()])

    async def files(self) -> AsyncIterator[tuple[str, AsyncIterator[bytes]]]:
        """The name and content of each file in turn. What is left of one when the next is asked for is passed over."""
        while (event := await self._next()) is not None:
            if event[0] != "part":
                continue
            name, file_name = event[1]
            if file_name is None:
                self.fields[name] = await self._text()
            elif file_name:
                self._open = True
                yield file_name, self._content()
                await self.pass_over()

    async def pass_over(self) -> None:
        """Reads what is left of the file in hand."""
        async for _ in self._content():
            pass

    async def _content(self) -> AsyncIterator[bytes]:
        """The pieces of the file in hand, up to its end; nothing once that was reached."""
        while self._open:
            event = await self._next()
            if event is None or event[0] != "data":
                self._open = False
                return
            yield event[1]

    async def _text(self) -> str:
        found = b""
        while (event := await self._next()) is not None and event[0] == "data":
            found += event[1]
            if len(found) > FIELD_BYTES:
                raise Refused(413, "BODY_TOO_LARGE", "")
        if len(self.fields) >= FIELDS:
            raise Refused(413, "BODY_TOO_LARGE", "")
        return found.decode(errors="replace")

    async def _next(self) -> Event | None:
        while not self._events and not self._ended:
            await self._more()
        return self._events.popleft() if self._events else None

    async def _more(self) -> None:
        """One more piece of the body. Whoever is stopped while waiting for it leaves it to the next who asks."""
        async with self._reading:
            if self._events or self._ended:
                return
            message = await self._request.receive()
            if message["type"] == "http.disconnect":
                raise ClientDisconnect
            piece = message.get("body", b"")
            self._size += len(piece)
            if self._size > BODY_BYTES:
                raise Refused(413, "BODY_TOO_LARGE", "")
            try:
                self._parser.write(piece)
            except ValueError as wrong:
                raise Malformed("not a form") from wrong
            self._ended = not message.get("more_body", False)

    def _callbacks(self) -> Any:
        return {
            "on_part_begin": self._begin,
            "on_header_field": self._name,
            "on_header_value": self._text_of,
            "on_header_end": self._keep,
            "on_headers_finished": self._part,
            "on_part_data": lambda data, start, end: self._events.append(("data", data[start:end])),
            "on_part_end": lambda: self._events.append(("end", None)),
        }

    def _begin(self) -> None:
        self._headers = {}

    def _name(self, data: bytes, start: int, end: int) -> None:
        self._header += data[start:end]

    def _text_of(self, data: bytes, start: int, end: int) -> None:
        self._value += data[start:end]

    def _keep(self) -> None:
        self._headers[self._header.lower()] = self._value
        self._header = self._value = b""

    def _part(self) -> None:
        _, options = parse_options_header(self._headers.get(b"content-disposition", b""))
        file_name = options.get(b"filename")
        told = None if file_name is None else file_name.decode(errors="replace")
        self._events.append(("part", (options.get(b"name", b"").decode(errors="replace"), told)))


def check_length(request: Request, most: int) -> None:
    """Refuses a body by the length it tells, before any of it is read."""
    told = request.headers.get("content-length", "0")
    if not told.isdigit() or int(told) > most:
        raise Refused(413, "BODY_TOO_LARGE", "")


def bounded(request: Request, most: int) -> Request:
    """The same request, refused as soon as its body grows past a bound, whatever length it told."""
    check_length(request, most)
    size = 0

    async def receive() -> Any:
        nonlocal size
        message = await request.receive()
        size += len(message.get("body", b""))
        if size > most:
            raise Refused(413, "BODY_TOO_LARGE", "")
        return message

    return Request(request.scope, receive)


def check_own(visit: Visit, csrf: str) -> None:
    """A form comes from our own pages, and from somebody signed in with the session's token."""
    if visit.request.headers.get("sec-fetch-site", "same-origin") not in ("same-origin", "none"):
        raise Refused(403, "FOREIGN_FORM", "")
    if visit.session and not visit.session.owns(csrf):
        raise Refused(403, "CSRF_TOKEN_MISSING", "")
