"""PDF: written anew without author, history, scripts, actions, forms that send, embedded files, and the metadata inside its
pictures. What is drawn on its pages stays.

qpdf reads the file. Its limits are set once for the process: a stream it has to unpack may not grow past the bounds, so that
a few bytes cannot fill the memory.
"""

from __future__ import annotations

import threading
from typing import Any, BinaryIO

import pikepdf
from pikepdf import Name, settings

from services.complaints.evidence.reading import Bounds, Lies, Written, size_of

_TAIL = 2048
_PAGES = 5000
_ROOT = (
    "/Metadata",
    "/OpenAction",
    "/AA",
    "/Names",
    "/PieceInfo",
    "/Collection",
    "/Perms",
    "/Legal",
    "/Lang",
    "/AF",
    "/URI",
)
_EVERYWHERE = ("/Metadata", "/PieceInfo", "/LastModified", "/AA", "/AF", "/OpenAction", "/JS", "/JavaScript", "/EF", "/RF")
_ACTIONS = ("/JavaScript", "/Launch", "/SubmitForm", "/ImportData", "/Rendition", "/GoToE", "/GoToR", "/RichMediaExecute")
_NOTES = ("/FileAttachment", "/RichMedia", "/Screen", "/Movie", "/Sound", "/3D")
_SEGMENTS = frozenset({*range(0xE1, 0xF0), 0xFE} - {0xEE})
"""JPEG segments that say something about the picture; 0xEE says how its colours are to be read."""
_ONCE = threading.Lock()


def stripped(source: BinaryIO, target: Written, media_type: str, bounds: Bounds) -> str:
    """The document written anew."""
    _check_end(source)
    with _ONCE:
        settings.set_qpdf_limits(
            flate_max_memory=bounds.unpacked,
            run_length_max_memory=bounds.unpacked,
            png_max_memory=bounds.unpacked,
            tiff_max_memory=bounds.unpacked,
            dct_max_memory=bounds.unpacked,
            doc_max_warnings=100,
        )
    source.seek(0)
    try:
        with pikepdf.open(source) as document:
            if document.is_encrypted or len(document.pages) > _PAGES:
                raise Lies("locked, or too long")
            _clean(document)
            place: Any = target
            document.save(place, linearize=False, static_id=True, recompress_flate=False)
    except (pikepdf.PdfError, pikepdf.PasswordError, pikepdf.DataDecodingError, OSError, TypeError, RuntimeError) as wrong:
        raise Lies(type(wrong).__name__) from wrong
    return media_type


def _check_end(source: BinaryIO) -> None:
    size = size_of(source)
    source.seek(max(0, size - _TAIL))
    _, mark, behind = source.read(_TAIL).rpartition(b"%%EOF")
    if not mark or behind.strip(b"\r\n \t\0"):
        raise Lies("something behind the document")


def _clean(document: pikepdf.Pdf) -> None:
    for key in _ROOT:
        _take(document.Root, key)
    if "/AcroForm" in document.Root:
        _take(document.Root.AcroForm, "/XFA")
    if "/Info" in document.trailer:
        del document.trailer["/Info"]
    for found in document.objects:
        if isinstance(found, pikepdf.Stream):
            _clean_dictionary(found.stream_dict)
            _clean_picture(found)
        elif isinstance(found, pikepdf.Dictionary):
            _clean_dictionary(found)
    for page in document.pages:
        notes = page.obj.get("/Annots")
        if isinstance(notes, pikepdf.Array):
            page.obj.Annots = pikepdf.Array([note for note in notes if _harmless(note)])


def _clean_dictionary(found: Any) -> None:
    for key in _EVERYWHERE:
        _take(found, key)
    if str(found.get("/S", "")) in _ACTIONS:
        for key in list(found.keys()):
            del found[key]
    for key in ("/A", "/PA"):
        action = found.get(key)
        if isinstance(action, pikepdf.Dictionary) and str(action.get("/S", "")) in _ACTIONS:
            del found[key]
    if found.get("/Subtype") is not None and "/Rect" in found:
        for key in ("/T", "/M", "/CreationDate") if "/FT" not in found else ("/M",):
            _take(found, key)


def _harmless(note: Any) -> bool:
    return isinstance(note, pikepdf.Dictionary) and str(note.get("/Subtype", "")) not in _NOTES


def _take(found: Any, key: str) -> None:
    if key in found:
        del found[key]


def _clean_picture(stream: Any) -> None:
    """A photograph in a PDF is a whole JPEG file with all its camera wrote; its segments are cut out, its pixels stay."""
    filters = stream.stream_dict.get("/Filter")
    single = filters == Name.DCTDecode or (isinstance(filters, pikepdf.Array) and list(filters) == [Name.DCTDecode])
    if not single:
        return
    raw = stream.read_raw_bytes()
    kept = without_segments(raw)
    if len(kept) != len(raw):
        stream.write(kept, filter=Name.DCTDecode, decode_parms=stream.stream_dict.get("/DecodeParms"))


def without_segments(jpeg: bytes) -> bytes:
    """A JPEG without the segments that tell about it, its scans untouched."""
    if jpeg[:2] != b"\xff\xd8":
        return jpeg
    parts, at = [jpeg[:2]], 2
    while at + 4 <= len(jpeg) and jpeg[at] == 0xFF:
        mark, length = jpeg[at + 1], int.from_bytes(jpeg[at + 2 : at + 4], "big")
        if mark == 0xDA:
            break
        if mark not in _SEGMENTS:
            parts.append(jpeg[at : at + 2 + length])
        at += 2 + length
    return b"".join((*parts, jpeg[at:]))
