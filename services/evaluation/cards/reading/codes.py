"""QR codes on a picture, and where their corners lie. The first look is quick; there are others where it finds nothing."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import cv2
import numpy as np
import zxingcpp
from numpy.typing import NDArray

from services.evaluation.cards import serial as serials
from services.evaluation.cards.reading.pages import Grey

Points = NDArray[np.float64]
Affine = NDArray[np.float64]  # two lines of three

EMPTY_SPREAD = 6.0  # of greys, below which a page has nothing on it
QUICK_PIXELS = 1500  # of the longer side: a code module of an A4 page is then still three pixels wide


@dataclass(frozen=True, slots=True)
class Code:
    """A code of ours, or of somebody else's (`printed` is None): corners clockwise from its own upper left, in pixels."""

    printed: serials.Printed | None
    corners: Points


def turns(corners: Points) -> float:
    """Twice the surface of a polygon; above 0 if it goes clockwise on a picture, whose y points down."""
    x, y = corners.T
    return float((x * np.roll(y, -1) - np.roll(x, -1) * y).sum())


def reduced(grey: Grey) -> tuple[Grey, int]:
    """The picture made smaller by a whole number, and that number."""
    by = max(1, round(max(grey.shape) / QUICK_PIXELS))
    return (smaller(grey, by), by) if by > 1 else (grey, 1)


def smaller(grey: Grey, by: int) -> Grey:
    """Means of squares of `by` pixels; what is left over at the right and below is cut off, so that places stay exact."""
    height, width = grey.shape[0] // by * by, grey.shape[1] // by * by
    size = (width // by, height // by)
    return np.asarray(cv2.resize(grey[:height, :width], size, interpolation=cv2.INTER_AREA), np.uint8)


def codes(grey: Grey, small: Grey, by: int) -> list[Code]:
    """All codes that the quick look finds; where it finds none, those of the first other look that finds any."""
    found = _seen(small, _scaled(by), thorough=False)
    if found or blank(small):
        return found
    return next((found for picture, back in _other_looks(grey, small, by) if (found := _seen(picture, back, True))), [])


def blank(small: Grey) -> bool:
    """Whether a page has nothing on it, as the backs of cards printed on one side: then no other look is worth its time."""
    return float(small[8:-8, 8:-8].std()) < EMPTY_SPREAD


def all_codes(grey: Grey, small: Grey, by: int, known: list[Code]) -> list[Code]:
    """More codes beside those known, looked for at full size: for a glass on which several cards may lie."""
    more = _seen(grey if by > 1 else small, _scaled(1), thorough=True)
    said = {one.printed for one in known}
    return known + [one for one in more if one.printed not in said]


def _other_looks(grey: Grey, small: Grey, by: int) -> Iterator[tuple[Grey, Affine]]:
    """The picture prepared in other ways: larger, smoother, sharper, without specks, evenly lit, level; and the way back."""
    if by > 1:
        yield grey, _scaled(1)
    even = cv2.createCLAHE(4.0, (8, 8)).apply(small)
    yield np.asarray(even, np.uint8), _scaled(by)
    smooth = cv2.GaussianBlur(small, (0, 0), 1.0)
    yield np.asarray(smooth, np.uint8), _scaled(by)
    larger = cv2.resize(small, None, fx=2, fy=2, interpolation=cv2.INTER_CUBIC)
    yield np.asarray(larger, np.uint8), _scaled(by / 2)
    for sharper in (1.5, 4.0):
        yield _sharpened(np.asarray(larger, np.uint8), 3.0, sharper), _scaled(by / 2)
    for specks in (cv2.MORPH_OPEN, cv2.MORPH_CLOSE):
        yield np.asarray(cv2.morphologyEx(small, specks, np.ones((3, 3), np.uint8)), np.uint8), _scaled(by)
        yield np.asarray(cv2.morphologyEx(larger, specks, np.ones((5, 5), np.uint8)), np.uint8), _scaled(by / 2)
    rough = cv2.blur(larger, (81, 81)).astype(np.float32)
    for share in (0.9, 0.8, 0.7, 0.95):
        yield np.where(larger > rough * share, 255, 0).astype(np.uint8), _scaled(by / 2)
    for beside in (0.0, -2.0, 2.0):
        level, back = _straightened(small, by, beside)
        yield level, back
        for reach, sharper in ((2.0, 1.5), (4.0, 3.0)):
            yield _sharpened(level, reach, sharper), back


def _sharpened(picture: Grey, reach: float, by: float) -> Grey:
    """The picture with what differs from its neighbourhood (pixels) made stronger."""
    blurred = cv2.GaussianBlur(picture, (0, 0), reach)
    return np.asarray(cv2.addWeighted(picture, 1 + by, blurred, -by, 0), np.uint8)


def _scaled(by: float) -> Affine:
    return np.array([[by, 0, 0], [0, by, 0]], np.float64)


def _straightened(small: Grey, by: int, beside: float) -> tuple[Grey, Affine]:
    """The picture twice as large and turned so that its lines lie level, but for `beside` degrees.

    A code of few pixels to the module can be sampled only along its own lines. Where those go is what most edges of a
    printed page say: its letters, boxes and borders go one of two ways, a quarter turn apart.
    """
    across, down = (cv2.Sobel(cv2.GaussianBlur(small, (0, 0), 1.5), cv2.CV_32F, *way) for way in ((1, 0), (0, 1)))
    steep, towards = cv2.cartToPolar(across, down, angleInDegrees=True)
    edges = steep > np.percentile(steep, 95)
    counts = np.bincount(np.rint(towards[edges] % 90).astype(np.intp) % 90, minlength=90).astype(np.float64)
    degrees = int((counts + np.roll(counts, 1) + np.roll(counts, -1)).argmax()) + beside
    height, width = small.shape
    matrix = cv2.getRotationMatrix2D((width / 2, height / 2), degrees, 2.0)
    wide, high = (np.abs(matrix[:, :2]) @ [width, height]).astype(int)
    matrix[:, 2] += [wide / 2 - width / 2, high / 2 - height / 2]
    turned = cv2.warpAffine(small, matrix, (int(wide), int(high)), flags=cv2.INTER_CUBIC, borderMode=cv2.BORDER_REPLICATE)
    return np.asarray(turned, np.uint8), np.asarray(_scaled(by)[:, :2] @ cv2.invertAffineTransform(matrix), np.float64)


def _seen(picture: Grey, back: Affine, thorough: bool) -> list[Code]:
    read = zxingcpp.read_barcodes(
        np.ascontiguousarray(picture),
        formats=zxingcpp.BarcodeFormats(zxingcpp.BarcodeFormat.QRCode),
        try_rotate=thorough,
        try_downscale=thorough,
        try_invert=False,
    )
    return [Code(serials.read(one.text), _corners(one.position) @ back[:, :2].T + back[:, 2]) for one in read if one.valid]


def _corners(position: zxingcpp.Position) -> Points:
    around = (position.top_left, position.top_right, position.bottom_right, position.bottom_left)
    return np.array([[point.x, point.y] for point in around], np.float64)
