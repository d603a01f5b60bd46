"""The published box as one file, made while it is sent: a zip that stores its pieces as they are (docs/published-box.md).

Nothing is kept in memory but the piece on its way, and the length is known before the first byte, so that a browser can show
how far a download is. The same box gives the same file: no time stands in it.
"""

from __future__ import annotations

import io
import zipfile
from collections.abc import AsyncIterator, Sequence

BEGINNING = (1980, 1, 1, 0, 0, 0)  # the first moment a zip can name
# APPNOTE.TXT 6.3.10, sections 4.3.7 (with the extra field of 4.5.3), 4.3.9, 4.3.12 and 4.3.16.
ENTRY_BYTES, AFTER_BYTES, LISTED_BYTES, END_BYTES = 30 + 20, 24, 46, 22
LONGEST_PLAIN = (1 << 31) - 1  # from here on the listing has further fields, and the length is not announced


class _Sink(io.RawIOBase):
    """Takes what the zip writes and gives it away once; it cannot be wound back, as a connection cannot."""

    def __init__(self) -> None:
        super().__init__()
        self._held = bytearray()

    def writable(self) -> bool:
        return True

    def write(self, text: object) -> int:
        before = len(self._held)
        self._held += bytes(text)  # type: ignore[call-overload]
        return len(self._held) - before

    def taken(self) -> bytes:
        """What was written since the last time."""
        held, self._held = bytes(self._held), bytearray()
        return held


def length(files: Sequence[tuple[str, int]]) -> int | None:
    """How long the file will be; None where that is not worth a second formula."""
    whole = END_BYTES + sum(ENTRY_BYTES + AFTER_BYTES + LISTED_BYTES + 2 * len(name) + size for name, size in files)
    return whole if whole < LONGEST_PLAIN else None


async def zipped(files: Sequence[tuple[str, int]], pieces: AsyncIterator[tuple[str, bytes]]) -> AsyncIterator[bytes]:
    """The zip over these files, whose pieces come one after another in the same order."""
    sink = _Sink()
    with zipfile.ZipFile(sink, "w", zipfile.ZIP_STORED) as box:
        coming = anext(pieces, None)
        piece = await coming
        for name, _ in files:
            with box.open(zipfile.ZipInfo(name, BEGINNING), "w", force_zip64=True) as entry:
                while piece is not None and piece[0] == name:
                    entry.write(piece[1])
                    yield sink.taken()
                    piece = await anext(pieces, None)
    yield sink.taken()
