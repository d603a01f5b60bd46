"""Sound that is a row of frames or chunks: MP3 (ISO 11172-3), WAV (RIFF) and AMR (RFC 4867). Only frames travel."""

from __future__ import annotations

from typing import BinaryIO

from services.complaints.evidence.reading import Bounds, Lies, Written, copy, exactly, size_of

_RATES = (
    (0, 32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320),
    (0, 8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160),
)
"""Kilobits a second of layer III, for MPEG 1 and for MPEG 2 and 2.5."""
_SAMPLING = {3: (44100, 48000, 32000), 2: (22050, 24000, 16000), 0: (11025, 12000, 8000)}
_TAGS = (b"TAG", b"APETAGEX", b"LYRICSBEGIN")
_LONGEST_TAG = 1024 * 1024
_SHORT_TAG, _SHORT_TAG_BYTES = b"TAG", 128
_FEWEST_FRAMES = 3
_NARROW = (12, 13, 15, 17, 19, 20, 26, 31, 5, *(-1,) * 6, 0)
_WIDE = (17, 23, 32, 36, 40, 46, 50, 58, 60, 5, *(-1,) * 4, 0, 0)
_WAVE_KEPT = (b"fmt ", b"fact", b"data")
_MOST_KEPT = 1000  # a recording has three


def mp3(source: BinaryIO, target: Written, media_type: str, bounds: Bounds) -> str:
    """The frames of an MP3, without the tags before and after them."""
    size = size_of(source)
    at = _after_tag(source)
    frames = 0
    while at + 4 <= size:
        source.seek(at)
        head = exactly(source, 4)
        if frames and any(mark.startswith(head[:3]) for mark in _TAGS):
            if size - at > _LONGEST_TAG or (head[:3] == _SHORT_TAG and size - at != _SHORT_TAG_BYTES):
                raise Lies("something behind the sound")
            break
        length = _frame_length(head)
        if at + length > size:  # a recorder that was switched off
            break
        target.write(head + exactly(source, length - 4))
        frames += 1
        at += length
    if frames < _FEWEST_FRAMES:
        raise Lies("no frames")
    return media_type


def _after_tag(source: BinaryIO) -> int:
    """Where frames begin: behind an ID3v2 tag and the zeros that may fill it."""
    head = source.read(10)
    at = 0
    if head[:3] == b"ID3":
        length = 0
        for byte in head[6:10]:
            length = length << 7 | byte & 0x7F
        at = 10 + length + (10 if head[5] & 0x10 else 0)
    source.seek(at)
    room = source.read(64 * 1024)
    return at + len(room) - len(room.lstrip(b"\0"))


def _frame_length(head: bytes) -> int:
    word = int.from_bytes(head, "big")
    version, layer, rate, sampling = word >> 19 & 3, word >> 17 & 3, word >> 12 & 15, word >> 10 & 3
    if word >> 21 != 0x7FF or version == 1 or layer != 1 or rate in (0, 15) or sampling == 3:
        raise Lies("no frame")
    first = version == 3
    return (144 if first else 72) * _RATES[not first][rate] * 1000 // _SAMPLING[version][sampling] + (word >> 9 & 1)


def wav(source: BinaryIO, target: Written, media_type: str, bounds: Bounds) -> str:
    """The form and the samples of a WAV file, without notes, lists and pictures."""
    size = size_of(source)
    head = exactly(source, 12)
    if int.from_bytes(head[4:8], "little") + 8 not in (size, size - 1, size + 1):
        raise Lies("another length")
    kept: list[tuple[int, int, int]] = []
    at = 12
    while at + 8 <= size:
        source.seek(at)
        chunk = exactly(source, 8)
        length = int.from_bytes(chunk[4:], "little")
        if at + 8 + length > size:
            raise Lies("cut off")
        if chunk[:4] in _WAVE_KEPT:
            if len(kept) >= _MOST_KEPT:
                raise Lies("too many chunks")
            kept.append((at, 8 + length, length % 2))
        at += 8 + length + length % 2
    if [_name(source, at) for at, _, _ in kept][:1] != [b"fmt "] or b"data" not in [_name(source, at) for at, _, _ in kept]:
        raise Lies("no sound")
    total = 4 + sum(length + odd for _, length, odd in kept)
    target.write(b"RIFF" + total.to_bytes(4, "little") + b"WAVE")
    for start, length, odd in kept:
        copy(source, target, start, start + length)
        target.write(bytes(odd))
    return media_type


def _name(source: BinaryIO, at: int) -> bytes:
    source.seek(at)
    return source.read(4)


def amr(source: BinaryIO, target: Written, media_type: str, bounds: Bounds) -> str:
    """An AMR recording holds nothing but frames, if it is one."""
    size = size_of(source)
    start = exactly(source, 6)
    sizes = _NARROW
    if start == b"#!AMR-":
        start, sizes = start + exactly(source, 3), _WIDE
    if not start.endswith(b"\n"):
        raise Lies("no recording")
    target.write(start)
    at = len(start)
    while at < size:
        head = exactly(source, 1)
        length = sizes[head[0] >> 3 & 15]
        if head[0] & 0x83 or length < 0:
            raise Lies("no frame")
        target.write(head + exactly(source, min(length, size - at - 1)))
        at += 1 + length
    return media_type
