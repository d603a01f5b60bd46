"""Films and sound in WebM (RFC 8794, RFC 9559): tags, attachments, chapters, titles and times become void, all else stays.

An element that may not travel is overwritten by a void one of the same length, so every position told elsewhere stays true.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import BinaryIO

from services.complaints.evidence.reading import Bounds, Lies, Written, blank, copy, exactly, size_of

HEADER, SEGMENT, CLUSTER, TRACKS, INFO = 0x1A45DFA3, 0x18538067, 0x1F43B675, 0x1654AE6B, 0x1549A966
SEEK, CUES, VOID, CHECKSUM = 0x114D9B74, 0x1C53BB6B, 0xEC, 0xBF
_TOLD = (0x1254C367, 0x1941A469, 0x1043A770)
"""Tags, attachments, chapters."""
_IN_INFO = (0x2AD7B1, 0x4489)
"""Time scale and duration: all of the segment's information that a player needs."""
_IN_CLUSTER = (0xE7, 0xA3, 0xA0, 0xAB, 0xA7, VOID, CHECKSUM)
_TRACK, _KIND, _TRACK_TOLD = 0xAE, 0x83, (0x536E, 0x258688, 0x26B240, 0x3B4040)
_PICTURE, _SOUND = 1, 2
_LONGEST_PART = 4 * 1024 * 1024
Element = tuple[int, int, int, int]
"""Id, where it starts, where its content starts, where it ends; -1 for an end that is not told."""


def stripped(source: BinaryIO, target: Written, media_type: str, bounds: Bounds) -> str:
    """The film without what tells of its maker; sound by itself if there is no picture in it."""
    size = size_of(source)
    header = _element(source, 0, size)
    segment = _element(source, header[3], size)
    if header[0] != HEADER or segment[0] != SEGMENT or (segment[3] not in (-1, size)):
        raise Lies("no film")
    copy(source, target, 0, segment[2])
    kinds: set[int] = set()
    at = segment[2]
    while at < size:
        at = _part(source, target, _element(source, at, size), size, kinds)
    if not kinds or kinds - {_PICTURE, _SOUND}:
        raise Lies("nothing to see or hear")
    return media_type if _PICTURE in kinds else "audio/webm"


def _part(source: BinaryIO, target: Written, part: Element, size: int, kinds: set[int]) -> int:
    """Writes one part of the segment and says where the next begins."""
    kind, start, content, end = part
    if kind == CLUSTER:
        copy(source, target, start, content)
        return _cluster(source, target, content, end, size)
    if end < 0:
        raise Lies("a length that is not told")
    if kind in (SEEK, CUES):
        copy(source, target, start, end)
    elif kind in (INFO, TRACKS):
        _edited(source, target, part, kinds)
    elif kind in (*_TOLD, VOID, CHECKSUM):
        _void(target, end - start)
    else:
        raise Lies("an unknown part")
    return end


def _cluster(source: BinaryIO, target: Written, at: int, end: int, size: int) -> int:
    """The blocks of a cluster, up to its end, or to the next part where its end is not told."""
    stop = size if end < 0 else end
    while at < stop:
        kind, start, _, last = _element(source, at, stop)
        if kind not in _IN_CLUSTER:
            if end < 0:
                return start
            raise Lies("an unknown block")
        if last < 0:
            raise Lies("a length that is not told")
        if kind in (VOID, CHECKSUM):
            _void(target, last - start)
        else:
            copy(source, target, start, last)
        at = last
    return at


def _edited(source: BinaryIO, target: Written, part: Element, kinds: set[int]) -> None:
    """Information and tracks, element by element."""
    kind, start, content, end = part
    if end - start > _LONGEST_PART:
        raise Lies("too long a part")
    copy(source, target, start, content)
    for inner in _elements(source, content, end):
        if kind == INFO and inner[0] not in _IN_INFO:
            _void(target, inner[3] - inner[1])
        elif kind == TRACKS and inner[0] == _TRACK:
            _track(source, target, inner, kinds)
        elif kind == TRACKS:
            _void(target, inner[3] - inner[1])
        else:
            copy(source, target, inner[1], inner[3])


def _track(source: BinaryIO, target: Written, track: Element, kinds: set[int]) -> None:
    copy(source, target, track[1], track[2])
    for kind, start, content, end in _elements(source, track[2], track[3]):
        if kind == _KIND:
            source.seek(content)
            kinds.add(int.from_bytes(exactly(source, end - content), "big"))
        if kind in _TRACK_TOLD or kind == CHECKSUM:
            _void(target, end - start)
        else:
            copy(source, target, start, end)


def _elements(source: BinaryIO, at: int, end: int) -> Iterator[Element]:
    while at < end:
        found = _element(source, at, end)
        if found[3] < 0:
            raise Lies("a length that is not told")
        yield found
        at = found[3]


def _element(source: BinaryIO, at: int, end: int) -> Element:
    """The element that begins here: an id with its marker, a length without it."""
    source.seek(at)
    id_length = _length(exactly(source, 1)[0], 4)
    source.seek(at)
    kind = int.from_bytes(exactly(source, id_length), "big")
    first = exactly(source, 1)[0]
    width = _length(first, 8)
    told = int.from_bytes(bytes([first & ((1 << (8 - width)) - 1)]) + exactly(source, width - 1), "big")
    content = at + id_length + width
    if told == (1 << 7 * width) - 1:
        return kind, at, content, -1
    if content + told > end:
        raise Lies("an element longer than the one around it")
    return kind, at, content, content + told


def _length(first: int, most: int) -> int:
    """How many bytes a number takes, from its first: the zeros before the marker, and one."""
    width = 9 - first.bit_length()
    if width > most:
        raise Lies("no number")
    return width


def _void(target: Written, total: int) -> None:
    """A void element of so many bytes in all."""
    if total < 2:
        raise Lies("no element")
    width = min(8, total - 1)
    inside = total - 1 - width
    target.write(bytes([VOID]) + (inside | 1 << 7 * width).to_bytes(width, "big"))
    blank(target, inside)
