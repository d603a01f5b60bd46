"""From the bytes of a scan to grey pictures, page by page: PDF, TIFF, JPEG, PNG, told by their content alone.

Whatever cannot be a picture of a card is refused before it is unpacked: size and number of pages are read from the header,
so that a small file that unpacks to gigabytes costs nothing. A refusal is an answer like any other: the batch goes on.
PDFium is not safe in threads: one process reads one file at a time.
"""

from __future__ import annotations

import io
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import cv2
import numpy as np
import pypdfium2 as pdfium
from numpy.typing import NDArray
from PIL import Image, UnidentifiedImageError

Grey = NDArray[np.uint8]

POINTS = 72  # of a PDF page to the inch
HEADER = 1024  # PDF allows its mark anywhere in the first kilobyte (ISO 32000-1, Annex H.3.4.1)
TAIL = 4096  # some scanners pad a JPEG after its end
DEEPEST = 6  # forms within forms of a PDF page that are searched for pictures
END_OF_JPEG = b"\xff\xd9"
ENDINGS = {"pdf": "pdf", "tif": "tiff", "tiff": "tiff", "jpg": "jpeg", "jpeg": "jpeg", "png": "png"}
_BROKEN = (
    OSError, ValueError, SyntaxError, EOFError, cv2.error, UnidentifiedImageError, Image.DecompressionBombError
)  # fmt: skip
MARKS = ((b"\xff\xd8\xff", "jpeg"), (b"\x89PNG\r\n\x1a\n", "png"), (b"II*\0", "tiff"), (b"MM\0*", "tiff"))


@dataclass(frozen=True, slots=True)
class Limits:
    """What one file may hold. `pdf_dpi` is the fineness at which a page of a PDF is drawn."""

    file_bytes: int
    file_pages: int
    page_pixels: int
    pdf_dpi: int


@dataclass(frozen=True, slots=True)
class Page:
    """One page as a grey picture, counted from 1."""

    number: int
    grey: Grey


@dataclass(frozen=True, slots=True)
class RefusedPage:
    """A page, or with number 0 a whole file, that is not read, and why."""

    number: int
    reason: str


def pages(
    raw: bytes, limits: Limits, name: str = "", first: int = 1, last: int | None = None
) -> Iterator[Page | RefusedPage]:
    """The pages of a file from `first` to `last`, in their order. `name` is what the file is called: one that lies is
    refused."""
    kind = _allowed(raw, limits, name)
    if isinstance(kind, RefusedPage):
        yield kind
        return
    try:
        yield from _of_pdf(raw, limits, first, last) if kind == "pdf" else _of_picture(raw, kind, limits, first, last)
    except Image.DecompressionBombError:
        yield RefusedPage(0, "SCAN_TOO_MANY_PIXELS")
    except _BROKEN:
        yield RefusedPage(0, "SCAN_DAMAGED")


def count(raw: bytes, limits: Limits, name: str = "") -> int | RefusedPage:
    """How many pages a file has, by its header; refused as `pages` would refuse the whole file."""
    kind = _allowed(raw, limits, name)
    if isinstance(kind, RefusedPage):
        return kind
    try:
        if kind == "pdf":
            opened = _opened(raw, limits)
            if isinstance(opened, RefusedPage):
                return opened
            many = len(opened)
            opened.close()
            return many
        with Image.open(io.BytesIO(raw), formats=[kind.upper()]) as picture:
            many = int(getattr(picture, "n_frames", 1)) if kind == "tiff" else 1
            return many if many <= limits.file_pages else RefusedPage(0, "SCAN_TOO_MANY_PAGES")
    except Image.DecompressionBombError:
        return RefusedPage(0, "SCAN_TOO_MANY_PIXELS")
    except _BROKEN:
        return RefusedPage(0, "SCAN_DAMAGED")


def _allowed(raw: bytes, limits: Limits, name: str) -> str | RefusedPage:
    """The kind of a file, or why it is not opened."""
    if len(raw) > limits.file_bytes:
        return RefusedPage(0, "SCAN_FILE_TOO_LARGE")
    kind = kind_of(raw)
    if not kind:
        return RefusedPage(0, "SCAN_NOT_A_PICTURE")
    if ENDINGS.get(name.rpartition(".")[2].lower() if "." in name else "", kind) != kind:
        return RefusedPage(0, "SCAN_TYPE_DIFFERS")
    return kind


def kind_of(raw: bytes) -> str:
    """`pdf`, `tiff`, `jpeg` or `png` by the first bytes; empty if it is none of them."""
    for mark, kind in MARKS:
        if raw.startswith(mark):
            return kind
    return "pdf" if b"%PDF-" in raw[:HEADER] else ""


def _of_picture(raw: bytes, kind: str, limits: Limits, first: int, last: int | None) -> Iterator[Page | RefusedPage]:
    with Image.open(io.BytesIO(raw), formats=[kind.upper()]) as picture:
        if kind == "tiff":
            yield from _of_frames(picture, limits, first, last)
            return
        if first > 1:
            return
        if picture.width * picture.height > limits.page_pixels:
            yield RefusedPage(1, "SCAN_TOO_MANY_PIXELS")
            return
        yield _flat(raw, kind, picture)


def _flat(raw: bytes, kind: str, picture: Image.Image) -> Page | RefusedPage:
    """A JPEG or PNG. OpenCV fills what is missing of a broken JPEG with grey, which must never be read as paper."""
    if kind == "jpeg" and END_OF_JPEG not in raw[-TAIL:]:
        return RefusedPage(1, "SCAN_DAMAGED")
    if "transparency" in picture.info or picture.mode in ("LA", "PA", "RGBA"):
        return Page(1, _on_white(picture))
    grey = cv2.imdecode(np.frombuffer(raw, np.uint8), cv2.IMREAD_GRAYSCALE)
    if grey is None:
        return RefusedPage(1, "SCAN_DAMAGED")
    return Page(1, np.asarray(grey, np.uint8))


def _on_white(picture: Image.Image) -> Grey:
    layered = picture.convert("RGBA")
    white = Image.new("RGBA", layered.size, (255, 255, 255, 255))
    return np.asarray(Image.alpha_composite(white, layered).convert("L"), np.uint8)


def _of_frames(picture: Image.Image, limits: Limits, first: int, last: int | None) -> Iterator[Page | RefusedPage]:
    many = int(getattr(picture, "n_frames", 1))
    if many > limits.file_pages:
        yield RefusedPage(0, "SCAN_TOO_MANY_PAGES")
        return
    for place in range(first - 1, min(many, last or many)):
        picture.seek(place)
        if picture.width * picture.height > limits.page_pixels:
            yield RefusedPage(place + 1, "SCAN_TOO_MANY_PIXELS")
            continue
        try:
            yield Page(place + 1, _eight_bits(picture))
        except (OSError, ValueError, SyntaxError):
            yield RefusedPage(place + 1, "SCAN_DAMAGED")


def _eight_bits(picture: Image.Image) -> Grey:
    """A frame in 8 bits: sixteen are scaled down, since Pillow would cut them off."""
    if picture.mode.startswith(("I", "F")):
        return (np.asarray(picture, np.float64) / 257).clip(0, 255).astype(np.uint8)
    if picture.mode in ("LA", "PA", "RGBA"):
        return _on_white(picture)
    return np.array(picture.convert("L"), np.uint8)


def _opened(raw: bytes, limits: Limits) -> pdfium.PdfDocument | RefusedPage:
    """A PDF opened, or why it is not."""
    try:
        document = pdfium.PdfDocument(raw)
    except pdfium.PdfiumError as wrong:
        return RefusedPage(0, "SCAN_LOCKED" if "password" in str(wrong).lower() else "SCAN_DAMAGED")
    if len(document) > limits.file_pages:
        document.close()
        return RefusedPage(0, "SCAN_TOO_MANY_PAGES")
    return document


def _of_pdf(raw: bytes, limits: Limits, first: int, last: int | None) -> Iterator[Page | RefusedPage]:
    document = _opened(raw, limits)
    if isinstance(document, RefusedPage):
        yield document
        return
    try:
        for place in range(first - 1, min(len(document), last or len(document))):
            yield _of_pdf_page(document, place, limits)
    finally:
        document.close()


def _of_pdf_page(document: Any, place: int, limits: Limits) -> Page | RefusedPage:
    number = place + 1
    try:
        page = document[place]
        try:
            scale = limits.pdf_dpi / POINTS
            width, height = page.get_size()
            if width * height * scale * scale > limits.page_pixels or _pixels_within(page) > limits.page_pixels:
                return RefusedPage(number, "SCAN_TOO_MANY_PIXELS")
            drawn = page.render(scale=scale, grayscale=True).to_numpy()
            return Page(number, np.array(drawn.reshape(drawn.shape[0], drawn.shape[1]), np.uint8))
        finally:
            page.close()
    except pdfium.PdfiumError:
        return RefusedPage(number, "SCAN_DAMAGED")


def _pixels_within(page: Any) -> int:
    """Pixels of the largest picture on a page, told by its header."""
    pictures = page.get_objects(filter=[pdfium.raw.FPDF_PAGEOBJ_IMAGE], max_depth=DEEPEST)
    return max((width * height for width, height in (each.get_px_size() for each in pictures)), default=0)
