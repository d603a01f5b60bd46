"""Where the samples of a film's tracks lie in its file, from the tables of its index (ISO 14496-12, 8.7)."""

from __future__ import annotations

import sys
from array import array
from bisect import bisect_right
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import accumulate
from typing import Any

from services.complaints.evidence.reading import Lies

_MOST_CHUNKS = 100_000
"""Of all tracks together. A recorder begins one about every second: more than a day's worth."""
Box = tuple[bytes, int, int, int]
Inner = Callable[[Any, int, int], Iterator[Box]]
Range = tuple[int, int]


def chunk_ranges(
    index: bytearray, tables: Sequence[tuple[bool, Box]], inner: Inner, media: Sequence[Range]
) -> Iterator[Range]:
    """The ranges of the file that the chunks of the tracks to be kept take up. Raises Lies for one outside the media data.

    Where all samples of a track have one size, the size may be counted in units of its own (old QuickTime sound): there a
    chunk reaches to where the next one begins.
    """
    found = [(kept, *_track(index, table, inner)) for kept, table in tables]
    if sum(len(offsets) for _, offsets, _ in found) > _MOST_CHUNKS:
        raise Lies("too many chunks")
    starts = sorted({offset for _, offsets, _ in found for offset in offsets})
    for kept, offsets, sizes in found:
        if kept:
            yield from _inside(_ends(offsets, sizes, starts, media), media)


def _track(index: bytearray, table: Box, inner: Inner) -> tuple[Sequence[int], Sequence[int] | None]:
    """The offset of every chunk, and its size where samples differ in size."""
    boxes = {kind: (content, end) for kind, _, content, end in inner(index, table[2], table[3])}
    if b"stco" in boxes:
        offsets: Sequence[int] = _numbers(index, *boxes[b"stco"], "I")
    else:
        offsets = _numbers(index, *boxes[b"co64"], "Q")
    if len(offsets) > _MOST_CHUNKS:
        raise Lies("too many chunks")
    if b"stsz" not in boxes or not offsets:
        return offsets, None
    start, end = boxes[b"stsz"]
    if int.from_bytes(index[start + 4 : start + 8], "big"):
        return offsets, None
    samples = _numbers(index, start + 4, end, "I")
    return offsets, _chunk_sizes(len(offsets), samples, _runs(index, *boxes[b"stsc"]))


def _numbers(index: bytearray, start: int, end: int, kind: str) -> array[int]:
    """A table of numbers behind a version and a count."""
    count = int.from_bytes(index[start + 4 : start + 8], "big")
    found = array(kind)
    if start + 8 + count * found.itemsize > end:
        raise Lies("a table longer than its box")
    found.frombytes(bytes(index[start + 8 : start + 8 + count * found.itemsize]))
    if sys.byteorder == "little":
        found.byteswap()
    return found


def _runs(index: bytearray, start: int, end: int) -> list[tuple[int, int]]:
    """From which chunk on, counted from 0, how many samples each holds."""
    count = int.from_bytes(index[start + 4 : start + 8], "big")
    if start + 8 + count * 12 > end or count > _MOST_CHUNKS:
        raise Lies("a table longer than its box")
    places = range(start + 8, start + 8 + count * 12, 12)
    return [(_word(index, at) - 1, _word(index, at + 4)) for at in places]


def _word(index: bytearray, at: int) -> int:
    return int.from_bytes(index[at : at + 4], "big")


def _chunk_sizes(chunks: int, samples: Sequence[int], runs: list[tuple[int, int]]) -> list[int]:
    before = array("Q", [0])
    before.extend(accumulate(samples))
    sizes: list[int] = []
    at = 0
    for (first, each), (following, _) in zip(runs, [*runs[1:], (chunks, 0)], strict=True):
        if len(sizes) + min(following, chunks) - first > chunks:
            raise Lies("chunks filled twice")
        for _ in range(first, min(following, chunks)):
            if at + each >= len(before):
                raise Lies("more samples than there are")
            sizes.append(before[at + each] - before[at])
            at += each
    if len(sizes) != chunks:
        raise Lies("chunks nobody fills")
    return sizes


def _ends(
    offsets: Sequence[int], sizes: Sequence[int] | None, starts: Sequence[int], media: Sequence[Range]
) -> Iterable[Range]:
    if sizes is not None:
        yield from ((offset, offset + size) for offset, size in zip(offsets, sizes, strict=True))
        return
    for offset in offsets:
        around = _around(media, offset)
        end = around[1] if around and offset < around[1] else -1
        following = bisect_right(starts, offset)
        yield offset, min(end, starts[following]) if following < len(starts) else end


def _inside(ranges: Iterable[Range], media: Sequence[Range]) -> Iterator[Range]:
    for first, last in ranges:
        around = _around(media, first)
        if around is None or not first <= last <= around[1]:
            raise Lies("samples outside the media data")
        yield first, last


def _around(media: Sequence[Range], at: int) -> Range | None:
    """The last of the ranges, which lie in order, that begins no later than here."""
    place = bisect_right(media, at, key=_start)
    return media[place - 1] if place else None


def _start(part: Range) -> int:
    """Where a range begins."""
    return part[0]
