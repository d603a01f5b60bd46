"""What a file is, by its first bytes."""

from __future__ import annotations

HEAD = 64
"""Bytes needed to tell."""
_STARTS = (
    (b"\xff\xd8\xff", "image/jpeg"),
    (b"\x89PNG\r\n\x1a\n", "image/png"),
    (b"%PDF-", "application/pdf"),
    (b"ID3", "audio/mpeg"),
    (b"#!AMR", "audio/amr"),
)
_BRANDS = {b"qt  ": "video/quicktime", b"M4A ": "audio/mp4", b"M4B ": "audio/mp4"}
_STILL = (b"heic", b"heix", b"heim", b"heis", b"hevc", b"mif1", b"msf1", b"avif", b"avis", b"jxl ", b"crx ")
_FRAME = (0xFFE0, 0xFFE0)


def media_type_of(head: bytes) -> str:
    """The media type, empty for what nobody here knows. A movie may still turn out to be only sound."""
    for start, media_type in _STARTS:
        if head.startswith(start):
            return media_type
    if head[:4] == b"RIFF":
        return {b"WEBP": "image/webp", b"WAVE": "audio/wav"}.get(head[8:12], "")
    if head[4:8] == b"ftyp":
        return _movie(head[8:12])
    if head[:4] == b"\x1a\x45\xdf\xa3":
        return "video/webm" if b"webm" in head else ""
    if len(head) > 2 and (int.from_bytes(head[:2], "big") & _FRAME[0]) == _FRAME[1] and head[1] & 0x06:
        return "audio/mpeg"
    return ""


def _movie(brand: bytes) -> str:
    if brand in _STILL:
        return ""
    if brand[:3] == b"3gp":
        return "video/3gpp"
    return _BRANDS.get(brand, "video/mp4")
