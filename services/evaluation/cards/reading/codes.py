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
from services.evaluation.cards.reading.sampling import MODULES, sampled

Points = NDArray[np.float64]
Affine = NDArray[np.float64]  # two lines of three

EMPTY_SPREAD = 6.0  # of greys, below which a page has nothing on it
CODE_SHARE = 0.075  # of the side of a square as large as the picture: about so long is the code of a card that fills it
AROUND_CODE = 1.3  # lengths of a code, each way, that are looked at closely
STANDS_OUT = 0.8  # a spot is clearly the one if no other is as restless as this share of it
STEEP = 120  # of greys, above which an edge counts no more
LEAST_PIXELS = 4 * MODULES  # of the shorter side: a smaller picture has no code that can be made out
FINE_MODULE = 5.0  # pixels of a module when looked at closely
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
    if found or blank(small) or min(small.shape) < LEAST_PIXELS:
        return found
    return next((found for found in _other_looks(grey, small, by) if found), [])


def blank(small: Grey) -> bool:
    """Whether a page has nothing on it, as the backs of cards printed on one side: then no other look is worth its time."""
    return float(small[8:-8, 8:-8].std()) < EMPTY_SPREAD


def all_codes(grey: Grey, small: Grey, by: int, known: list[Code]) -> list[Code]:
    """More codes beside those known, looked for at full size: for a glass on which several cards may lie."""
    more = _seen(grey if by > 1 else small, _scaled(1), thorough=True)
    said = {one.printed for one in known}
    return known + [one for one in more if one.printed not in said]


def _other_looks(grey: Grey, small: Grey, by: int) -> Iterator[list[Code]]:
    """What is found by looking closer at the most restless spot; at the whole page too if that spot is not clearly one."""
    window, shift, module, alone = _spot(grey, small, by)
    for beside in (0.0, -2.0, 2.0):
        level, back = _levelled(window, FINE_MODULE / module, beside)
        back[:, 2] += shift
        for picture in (level, _sharpened(level, 2.0, 1.5)):
            yield _seen(picture, back, thorough=True)
        if not beside and (read := sampled(level, FINE_MODULE)):
            yield [Code(serials.read(read[0]), _taken(back, read[1]))]
    if not alone:
        level, back = _levelled(small, 2.0)
        for picture in (level, _sharpened(level, 2.0, 1.5)):
            yield _seen(picture, _scaled(by) @ np.vstack([back, [0, 0, 1]]), thorough=True)


def _spot(grey: Grey, small: Grey, by: int) -> tuple[Grey, Points, float, bool]:
    """What is around the spot where a code most likely is, its upper left on the picture, how many pixels a module of it may
    have, and whether no other spot is nearly as likely. No writing goes so many ways so close together as a code does."""
    half = smaller(small, 2)
    side = round(CODE_SHARE * float(np.sqrt(half.size)))
    smooth = cv2.GaussianBlur(half, (0, 0), 1.0)
    across, down = (cv2.Sobel(smooth, cv2.CV_16S, *way) for way in ((1, 0), (0, 1)))
    ways = (np.minimum(np.abs(way), STEEP).astype(np.float32) for way in (across, down, across + down, across - down))
    restless = np.minimum.reduce([cv2.blur(way, (side, side)) for way in ways])
    y, x = (int(place) for place in np.unravel_index(restless.argmax(), restless.shape))
    most = float(restless[y, x])
    restless[max(0, y - side) : y + side, max(0, x - side) : x + side] = 0
    low = np.maximum(2 * by * (np.array([x, y]) - round(AROUND_CODE * side)), 0)
    high = 2 * by * (np.array([x, y]) + round(AROUND_CODE * side))
    window = grey[low[1] : high[1], low[0] : high[0]]
    return window, low.astype(np.float64), 2 * by * side / MODULES, float(restless.max()) < STANDS_OUT * most


def _sharpened(picture: Grey, reach: float, by: float) -> Grey:
    """The picture with what differs from its neighbourhood (pixels) made stronger."""
    blurred = cv2.GaussianBlur(picture, (0, 0), reach)
    return np.asarray(cv2.addWeighted(picture, 1 + by, blurred, -by, 0), np.uint8)


def _scaled(by: float) -> Affine:
    return np.array([[by, 0, 0], [0, by, 0]], np.float64)


def _levelled(picture: Grey, scale: float, beside: float = 0.0) -> tuple[Grey, Affine]:
    """The picture at another scale and turned so that its lines lie level, but for `beside` degrees; and the way back.

    A code of few pixels to the module can be sampled only along its own lines. Where those go is what most edges of a
    printed page say: its letters, boxes and borders go one of two ways, a quarter turn apart.
    """
    across, down = (cv2.Sobel(cv2.GaussianBlur(picture, (0, 0), 1.5), cv2.CV_32F, *way) for way in ((1, 0), (0, 1)))
    steep, towards = cv2.cartToPolar(across, down, angleInDegrees=True)
    edges = steep > np.percentile(steep, 95)
    counts = np.bincount(np.rint(towards[edges] % 90).astype(np.intp) % 90, minlength=90).astype(np.float64)
    degrees = int((counts + np.roll(counts, 1) + np.roll(counts, -1)).argmax()) + beside
    height, width = picture.shape
    matrix = cv2.getRotationMatrix2D((width / 2, height / 2), degrees, scale)
    wide, high = (np.abs(matrix[:, :2]) @ [width, height]).astype(int)
    matrix[:, 2] += [wide / 2 - width / 2, high / 2 - height / 2]
    turned = cv2.warpAffine(picture, matrix, (int(wide), int(high)), flags=cv2.INTER_CUBIC, borderMode=cv2.BORDER_REPLICATE)
    return np.asarray(turned, np.uint8), np.asarray(cv2.invertAffineTransform(matrix), np.float64)


def _taken(back: Affine, points: Points) -> Points:
    return np.asarray(points @ back[:, :2].T + back[:, 2], np.float64)


def _seen(picture: Grey, back: Affine, thorough: bool) -> list[Code]:
    read = zxingcpp.read_barcodes(
        np.ascontiguousarray(picture),
        formats=zxingcpp.BarcodeFormats(zxingcpp.BarcodeFormat.QRCode),
        try_rotate=thorough,
        try_downscale=thorough,
        try_invert=False,
    )
    return [Code(serials.read(one.text), _taken(back, _corners(one.position))) for one in read if one.valid]


def _corners(position: zxingcpp.Position) -> Points:
    around = (position.top_left, position.top_right, position.bottom_right, position.bottom_left)
    return np.array([[point.x, point.y] for point in around], np.float64)
