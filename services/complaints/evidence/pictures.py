"""Pictures: drawn anew from their pixels, turned as they were held, so that nothing but the pixels is left.

The header tells the size before a single pixel is unpacked: a picture of more than the bounds allow is refused by it.
"""

from __future__ import annotations

import threading
import warnings
from typing import Any, BinaryIO

from PIL import Image, ImageOps

from services.complaints.evidence.reading import MOST_READS, Bounds, Counted, Lies, Written, exactly, size_of

_FORMATS = {"image/jpeg": "JPEG", "image/png": "PNG", "image/webp": "WEBP"}
_QUALITY = 88
_TEXTS = (b"tEXt", b"zTXt", b"iTXt", b"eXIf", b"iCCP")
_LONGEST_TEXT = 2 * 1024 * 1024
# What cameras put behind the picture itself: another picture (a thumbnail, a depth map), a second of film, a trailer.
_CAMERA = (b"\xff\xd8\xff", b"ftyp", b"MotionPhoto_Data", b"SEFH")
_CAMERA_WITHIN = 4096
_AT_ONCE = threading.Semaphore(2)
"""Unpacked pictures are large: two at a time in one process."""


def stripped(source: BinaryIO, target: Written, media_type: str, bounds: Bounds) -> str:
    """The picture drawn anew: JPEG, or PNG where it was PNG or has something transparent."""
    counted: Any = Counted(source, MOST_READS)
    _check_structure(counted, media_type)
    source.seek(0)
    with _AT_ONCE, warnings.catch_warnings():
        warnings.simplefilter("error", Image.DecompressionBombWarning)
        try:
            return _drawn(source, target, media_type, bounds)
        except (OSError, SyntaxError, Image.DecompressionBombError, Image.DecompressionBombWarning) as wrong:
            raise Lies(type(wrong).__name__) from wrong


def _drawn(source: BinaryIO, target: Written, media_type: str, bounds: Bounds) -> str:
    edge = bounds.longest_edge
    with Image.open(source, formats=[_FORMATS[media_type]]) as picture:
        if picture.width * picture.height > bounds.pixels:
            raise Lies("too many pixels")
        if media_type == "image/jpeg":
            picture.draft("RGB", (edge, edge))
        turned = ImageOps.exif_transpose(picture)
    clear = "A" in turned.getbands() or "transparency" in turned.info
    kept = turned.convert("RGBA" if clear else "RGB")
    kept.thumbnail((edge, edge))
    kept.info = {}
    place: Any = target
    if media_type == "image/png" or clear:
        kept.save(place, "PNG")
        return "image/png"
    kept.save(place, "JPEG", quality=_QUALITY)
    return "image/jpeg"


def _check_structure(source: BinaryIO, media_type: str) -> None:
    size = size_of(source)
    end = {"image/jpeg": _jpeg_end, "image/png": _png_end, "image/webp": _webp_end}[media_type](source, size)
    if end == size:
        return
    source.seek(end)
    behind = source.read(_CAMERA_WITHIN)
    known = media_type == "image/jpeg" and (any(mark in behind for mark in _CAMERA) or not behind.strip(b"\0"))
    if not known:
        raise Lies("something behind the picture")


def _jpeg_end(source: BinaryIO, size: int) -> int:
    """Where the picture ends: its segments are walked by their lengths, its scans by their markers."""
    at = 2
    while True:
        source.seek(at)
        mark = exactly(source, 2)
        if mark[0] != 0xFF:
            raise Lies("no segment")
        if mark[1] == 0xFF:
            at += 1
        elif mark[1] == 0xD9:
            return at + 2
        elif 0xD0 <= mark[1] <= 0xD7 or mark[1] == 0x01:
            at += 2
        else:
            length = int.from_bytes(exactly(source, 2), "big")
            if length < 2:
                raise Lies("no length")
            at += 2 + length
            if mark[1] == 0xDA:
                at = _scan_end(source, at)


def _scan_end(source: BinaryIO, at: int) -> int:
    """Where the next marker is that neither stuffs nor restarts a scan."""
    source.seek(at)
    rest = b""
    while piece := source.read(64 * 1024):
        found = rest + piece
        start = found.find(b"\xff")
        while 0 <= start < len(found) - 1:
            following = found[start + 1]
            if following not in (0x00, 0xFF) and not 0xD0 <= following <= 0xD7:
                return at + start
            start = found.find(b"\xff", start + (1 if following == 0xFF else 2))
        rest = found[-1:] if found.endswith(b"\xff") else b""
        at += len(found) - len(rest)
    raise Lies("cut off")


def _png_end(source: BinaryIO, size: int) -> int:
    at = 8
    while True:
        source.seek(at)
        head = exactly(source, 8)
        length, kind = int.from_bytes(head[:4], "big"), head[4:]
        if kind in _TEXTS and length > _LONGEST_TEXT:
            raise Lies("too much text")
        at += 12 + length
        if at > size:
            raise Lies("cut off")
        if kind == b"IEND":
            return at


def _webp_end(source: BinaryIO, size: int) -> int:
    source.seek(4)
    length = int.from_bytes(exactly(source, 4), "little") + 8
    if length > size:
        raise Lies("cut off")
    return length + (length % 2 if length + length % 2 <= size else 0)
