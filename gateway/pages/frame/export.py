"""Lists as Excel workbooks, by the house's own writer: text stays text, nothing people typed is taken for a formula."""

from __future__ import annotations

import asyncio
import queue
import tempfile
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import suppress
from datetime import datetime
from typing import BinaryIO

from starlette.responses import Response, StreamingResponse

from papers.sheets import Column, SheetForm
from papers.sheets_write import workbook_bytes, write_workbook

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
WIDEST = 60
NAME_LENGTH = 31
CHUNK = 256 * 1024
AHEAD = 4
PATIENCE_SECONDS = 120
Line = Sequence[str]
FORBIDDEN = str.maketrans("", "", "[]:*?/\\")


async def workbook(
    title: str, heads: Sequence[str], lines: Sequence[Sequence[str]], name: str, made_at: datetime
) -> Response:
    """One sheet with a head; written beside the event loop, which others need meanwhile."""
    columns = tuple(
        Column(str(place), head, width=_width([head, *(line[place] for line in lines[:200])]))
        for place, head in enumerate(heads)
    )
    form = SheetForm(title.translate(FORBIDDEN)[:NAME_LENGTH], columns)
    content = await asyncio.to_thread(workbook_bytes, [(form, lines)], made_at)
    headers = {"content-disposition": f'attachment; filename="{name}"'}
    return Response(content, media_type=XLSX, headers=headers)


async def streamed_workbook(
    title: str, heads: Sequence[str], batches: AsyncIterator[Sequence[Line]], name: str, made_at: datetime
) -> Response:
    """The same for a list of any length: batches are written as they come, to a file that has no name, which is then sent in
    pieces. Only a few batches are in memory at any time."""
    first: Sequence[Line] = ()
    async for batch in batches:
        first = batch
        break
    columns = tuple(
        Column(str(place), head, width=_width([head, *(line[place] for line in first[:200])]))
        for place, head in enumerate(heads)
    )
    form = SheetForm(title.translate(FORBIDDEN)[:NAME_LENGTH], columns)
    waiting: queue.Queue[Sequence[Line] | None] = queue.Queue(AHEAD)
    target: BinaryIO = tempfile.TemporaryFile()  # noqa: SIM115 - the answer that sends it closes it
    writing = asyncio.create_task(asyncio.to_thread(write_workbook, target, [(form, _lines(waiting))], made_at))
    try:
        await _hand(waiting, first, writing)
        async for batch in batches:
            await _hand(waiting, batch, writing)
    finally:
        await _hand(waiting, None, writing)
        with suppress(Exception):
            await asyncio.wait({writing})
    writing.result()
    headers = {"content-disposition": f'attachment; filename="{name}"', "content-length": str(target.tell())}
    return StreamingResponse(_pieces(target), media_type=XLSX, headers=headers)


async def _hand(waiting: queue.Queue[Sequence[Line] | None], batch: Sequence[Line] | None, to: asyncio.Task[None]) -> None:
    """Gives the writer a batch once it has room for one; nothing to a writer that has given up."""
    while not to.done():
        if not waiting.full():
            waiting.put_nowait(batch)
            return
        await asyncio.sleep(0.01)


def _lines(waiting: queue.Queue[Sequence[Line] | None]) -> Iterator[Line]:
    """The lines of the batches as they come. Whoever hands them over may be gone: then waiting ends."""
    while (batch := waiting.get(timeout=PATIENCE_SECONDS)) is not None:
        yield from batch


def _pieces(target: BinaryIO) -> Iterator[bytes]:
    with target:
        target.seek(0)
        while piece := target.read(CHUNK):
            yield piece


def _width(texts: Sequence[str]) -> int:
    """Chinese characters are twice as wide as letters."""
    return min(WIDEST, 2 + max(sum(2 if ord(sign) > 0x2E80 else 1 for sign in text) for text in texts))
