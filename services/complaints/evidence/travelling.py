"""The travelling copy of a file of any kind on the list."""

from __future__ import annotations

import struct
import zlib
from collections.abc import Callable
from typing import Any, BinaryIO

from services.complaints.evidence import movies, sounds, webm
from services.complaints.evidence.reading import MOST_READS, Bounds, Counted, Lies, Written, check_single, size_of

Strip = Callable[[BinaryIO, Written, str, Bounds], str]
"""Reads the one, writes the other, and says of what media type the copy is."""
_PLAYED = ("audio/", "video/")
"""Read here piece by piece; libraries read the others, in pieces and within limits of their own."""
_BROKEN = (
    ValueError,
    IndexError,
    KeyError,
    EOFError,
    ArithmeticError,
    struct.error,
    zlib.error,
    MemoryError,
    RecursionError,
)


def travelling_copy(source: BinaryIO, target: Written, media_type: str, bounds: Bounds) -> str:
    """Writes the copy without what tells of its maker and returns its media type.

    Raises Lies for a file that is not through and through of this type, or unpacks to more than the bounds allow.
    """
    check_single(source, size_of(source), media_type)
    strip = _strip(media_type)
    counted: Any = Counted(source, MOST_READS) if media_type.startswith(_PLAYED) else source
    try:
        return strip(counted, target, media_type, bounds)
    except _BROKEN as wrong:
        raise Lies(type(wrong).__name__) from wrong


def _strip(media_type: str) -> Strip:
    family = media_type.partition("/")[0]
    if family == "image":
        from services.complaints.evidence.pictures import stripped as picture

        return picture
    if media_type == "application/pdf":
        from services.complaints.evidence.documents import stripped as document

        return document
    by_type: dict[str, Strip] = {
        "video/webm": webm.stripped,
        "audio/mpeg": sounds.mp3,
        "audio/wav": sounds.wav,
        "audio/amr": sounds.amr,
    }
    return by_type.get(media_type, movies.stripped)
