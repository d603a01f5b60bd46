"""Films and sound in boxes: MP4, QuickTime, 3GP, M4A (ISO 14496-12).

The copy has the same length and every sample at its place. Boxes that tell of the maker (`udta`, `meta`, `uuid`) become free
boxes of zeros, times of making become zero, tracks that are neither picture nor sound (a phone's track of places, for one)
are taken out, and of the media data only what a track left in refers to is kept: everything else becomes zeros, whatever
was hidden there.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator
from itertools import islice
from typing import BinaryIO

from services.complaints.evidence.reading import Bounds, Lies, Written, blank, copy, exactly, size_of
from services.complaints.evidence.samples import chunk_ranges

_COPIED = (b"ftyp", b"styp", b"sidx", b"mfra")
_BLANKED = (b"free", b"skip", b"wide", b"udta", b"meta", b"uuid", b"emsg", b"prft", b"pdin", b"cprt", b"ssix", b"pnot")
_INDEX = (b"moov", b"moof")
_LONGEST_INDEX = 24 * 1024 * 1024
_NESTED = (b"trak", b"mdia", b"minf", b"stbl", b"edts", b"dinf", b"mvex", b"traf")
_TIMED = (b"mvhd", b"tkhd", b"mdhd")
_PLAYED = (b"vide", b"soun")
_DEPTH = 8
_MOST_BOXES = 20_000
"""Five hours in pieces of two seconds, each with its index and its media."""
_MOST_LOOKS = 400_000
"""At boxes inside all indexes of a file: some forty for each of those pieces."""
Box = tuple[bytes, int, int, int]
"""Kind, where it starts, where its content starts, where it ends."""


class _Looks:
    """How many more boxes inside the indexes of one file are looked at."""

    def __init__(self) -> None:
        self.left = _MOST_LOOKS


class _Index(bytearray):
    """An index of a film, and the looks left for all of them together."""

    looks: _Looks


def stripped(source: BinaryIO, target: Written, media_type: str, bounds: Bounds) -> str:
    """The film without what tells of its maker; sound by itself if there is no picture in it."""
    boxes = list(islice(_boxes(source, 0, size_of(source)), _MOST_BOXES + 1))
    if len(boxes) > _MOST_BOXES:
        raise Lies("too many boxes")
    kinds = [kind for kind, _, _, _ in boxes]
    unknown = [kind for kind in kinds if kind not in (*_COPIED, *_BLANKED, *_INDEX, b"mdat")]
    if unknown or kinds[:1] != [b"ftyp"] or kinds.count(b"moov") != 1:
        raise Lies("no film")
    looks = _Looks()
    indexes = {start: _index(source, start, end, looks) for kind, start, _, end in boxes if kind in _INDEX}
    moov = next(indexes[start] for kind, start, _, _ in boxes if kind == b"moov")
    tracks = [(handler, track) for handler, track in _tracks(moov)]
    handlers = {handler for handler, _ in tracks}
    if not handlers & set(_PLAYED):
        raise Lies("nothing to see or hear")
    if b"moof" in kinds and handlers - set(_PLAYED):
        raise Lies("fragments of something else")
    kept = None if b"moof" in kinds else _kept(moov, tracks, boxes)
    for index in indexes.values():
        _clean(index, 0, len(index), 0)
    _write(source, target, boxes, indexes, kept)
    return media_type if b"vide" in handlers else "audio/mp4"


def _boxes(source: BinaryIO, at: int, end: int) -> Iterator[Box]:
    while at < end:
        source.seek(at)
        head = exactly(source, 8)
        size, content = int.from_bytes(head[:4], "big"), at + 8
        if size == 1:
            size, content = int.from_bytes(exactly(source, 8), "big"), at + 16
        elif size == 0:
            size = end - at
        if size < content - at or at + size > end:
            raise Lies("a box longer than the file")
        yield head[4:], at, content, at + size
        at += size


def _index(source: BinaryIO, start: int, end: int, looks: _Looks) -> _Index:
    if end - start > _LONGEST_INDEX:
        raise Lies("too long an index")
    source.seek(start)
    index = _Index(exactly(source, end - start))
    index.looks = looks
    return index


def _inner(index: _Index, at: int, end: int) -> Iterator[Box]:
    """The boxes between two places of an index."""
    while at + 8 <= end:
        index.looks.left -= 1
        if index.looks.left < 0:
            raise Lies("too many boxes")
        size = int.from_bytes(index[at : at + 4], "big") or end - at
        if size < 8 or at + size > end:
            raise Lies("a box longer than the one around it")
        yield bytes(index[at + 4 : at + 8]), at, at + 8, at + size
        at += size


def _find(index: _Index, within: Box, *path: bytes) -> Box | None:
    """The first box along a path of kinds."""
    for kind in path:
        found = next((box for box in _inner(index, within[2], within[3]) if box[0] == kind), None)
        if found is None:
            return None
        within = found
    return within


def _tracks(moov: _Index) -> Iterator[tuple[bytes, Box]]:
    """Each track with its handler: vide, soun, or something else."""
    for box in _inner(moov, 8, len(moov)):
        if box[0] == b"trak":
            handler = _find(moov, box, b"mdia", b"hdlr")
            yield bytes(moov[handler[2] + 8 : handler[2] + 12]) if handler else b"", box


def _kept(moov: _Index, tracks: list[tuple[bytes, Box]], boxes: list[Box]) -> list[tuple[int, int]]:
    """The ranges of the file that tracks to be played refer to, in order, none touching the next."""
    media = [(content, end) for kind, _, content, end in boxes if kind == b"mdat"]
    tables = [(handler, _find(moov, track, b"mdia", b"minf", b"stbl")) for handler, track in tracks]
    ranges = chunk_ranges(moov, [(handler in _PLAYED, table) for handler, table in tables if table], _inner, media)
    merged: list[tuple[int, int]] = []
    for start, end in sorted(ranges):
        if merged and start <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(end, merged[-1][1]))
        else:
            merged.append((start, end))
    return merged


def _clean(index: _Index, at: int, end: int, depth: int) -> None:
    """Blanks what tells of the maker, in place, all lengths as they were."""
    if depth > _DEPTH:
        raise Lies("too deep")
    for kind, start, content, stop in _inner(index, at, end):
        other = kind == b"trak" and _handler(index, (kind, start, content, stop)) not in _PLAYED
        if kind in _BLANKED or other:
            index[start + 4 : start + 8] = b"free"
            index[content:stop] = bytes(stop - content)
        elif kind in _TIMED:
            width = 16 if index[content] else 8
            index[content + 4 : content + 4 + width] = bytes(width)
        elif kind == b"hdlr":
            index[content + 12 : stop] = bytes(stop - content - 12)
        elif kind == b"dref":
            _check_own(index, content, stop)
        elif kind in (*_NESTED, *_INDEX):
            _clean(index, content, stop, depth + 1)


def _handler(index: _Index, track: Box) -> bytes:
    found = _find(index, track, b"mdia", b"hdlr")
    return bytes(index[found[2] + 8 : found[2] + 12]) if found else b""


def _check_own(index: _Index, content: int, stop: int) -> None:
    """Media data lie in the file itself: a player must not be sent to somebody's server."""
    for _, _, inside, _ in _inner(index, content + 8, stop):
        if not index[inside + 3] & 1:
            raise Lies("media elsewhere")


def _write(
    source: BinaryIO,
    target: Written,
    boxes: list[Box],
    indexes: dict[int, _Index],
    kept: list[tuple[int, int]] | None,
) -> None:
    for kind, start, content, end in boxes:
        if start in indexes:
            target.write(bytes(indexes[start]))
        elif kind in _BLANKED:
            source.seek(start)
            head = exactly(source, content - start)
            target.write(head[:4] + b"free" + head[8:])
            blank(target, end - content)
        elif kind == b"mdat" and kept is not None:
            copy(source, target, start, content)
            _write_media(source, target, content, end, kept)
        else:
            copy(source, target, start, end)


def _write_media(source: BinaryIO, target: Written, at: int, end: int, kept: list[tuple[int, int]]) -> None:
    for place in range(bisect_right(kept, at, key=_end), len(kept)):
        first, last = kept[place]
        if first >= end:
            break
        first, last = max(first, at), min(last, end)
        blank(target, first - at)
        copy(source, target, first, last)
        at = last
    blank(target, end - at)


def _end(part: tuple[int, int]) -> int:
    """Where a range ends."""
    return part[1]
