"""QR codes on a picture, and where their corners lie. The first look is quick; there are others where it finds nothing."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice

import cv2
import numpy as np
import zxingcpp
from numpy.typing import NDArray

from services.evaluation.cards import serial as serials
from services.evaluation.cards.reading.pages import Grey
from services.evaluation.cards.reading.sampling import MODULES, Floats, sampled

Points = NDArray[np.float64]
Affine = NDArray[np.float64]  # two lines of three

EMPTY_SPREAD = 6.0  # of greys, below which a page has nothing on it
CODE_SHARE = 0.075  # of the side of a square as large as the picture: about so long is the code of a card that fills it
AROUND_CODE = 1.3  # lengths of a code, each way, that are looked at closely
STANDS_OUT = 0.8  # a spot is clearly the one if no other is as restless as this share of it
NEARLY = 0.6  # the share from which a spot is looked at beside a code that is known
SPOTS = 3  # at most, beside those
HALF = 2  # the small picture is this much smaller still where spots are looked for
STEEP = 120  # of greys, above which an edge counts no more
LEAST_PIXELS = 4 * MODULES  # of the shorter side: a smaller picture has no code that can be made out
FINE_MODULE = 5.0  # pixels of a module when looked at closely
QUICK_PIXELS = 1500  # of the longer side: a code module of an A4 page is then still three pixels wide


@dataclass(frozen=True, slots=True)
class Code:
    """A code of ours, or of somebody else's (`printed` is None), or one that is there and cannot be `read`: its corners
    clockwise from its own upper left, in pixels."""

    printed: serials.Printed | None
    corners: Points
    read: bool = True


@dataclass(frozen=True, slots=True)
class Spot:
    """Where a code may be on the small picture: its middle, how long its side may be, how restless it is there."""

    x: int
    y: int
    side: int
    restless: float


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
    """All codes that the quick look finds; where it finds none, what a closer look finds at the most restless spot, and one
    at the whole page where that spot is not clearly one."""
    found = _seen(small, _scaled(by), thorough=False)
    if found or blank(small) or min(small.shape) < LEAST_PIXELS:
        return found
    first, second = islice(_spots(*_restless(small)), 2)
    closer = _at(grey, by, first)
    if closer and closer.read:
        return [closer]
    if second.restless >= STANDS_OUT * first.restless and (found := _on_whole_page(small, by)):
        return found
    return [closer] if closer else []


def blank(small: Grey) -> bool:
    """Whether a page has nothing on it, as the backs of cards printed on one side: then no other look is worth its time."""
    return float(small[8:-8, 8:-8].std()) < EMPTY_SPREAD


def all_codes(grey: Grey, small: Grey, by: int, known: list[Code], covered: Sequence[Points]) -> list[Code]:
    """More codes beside those known: for a glass on which several cards may lie.

    They are looked for at full size, and by a closer look at spots nearly as restless as a known code's that no card has
    `covered` (outlines in pixels): what no one reads must not be passed over, since it may be somebody's vote.
    """
    more = _seen(grey if by > 1 else small, _scaled(1), thorough=True)
    said = {one.printed for one in known}
    found = known + [one for one in more if one.printed not in said]
    restless, side = _restless(small)
    least = NEARLY * min(_middle(restless, one.corners / (HALF * by)) for one in known)
    for outline in [*covered, *(one.corners for one in found)]:
        corners = (outline / (HALF * by)).round().astype(np.int32)
        cv2.fillConvexPoly(restless, corners, 0)
        cv2.polylines(restless, [corners], True, 0, side)
    for spot in islice(_spots(restless, side), SPOTS):
        if spot.restless < least:
            break
        one = _at(grey, by, spot)
        if one and (not one.read or one.printed not in {code.printed for code in found}):
            found.append(one)
    return found


def _at(grey: Grey, by: int, spot: Spot) -> Code | None:
    """The code at a spot, looked at along its own lines; None if there is nothing like one."""
    reach = round(AROUND_CODE * spot.side)
    low = by * np.maximum(np.array([spot.x, spot.y]) - reach, 0)
    high = by * (np.array([spot.x, spot.y]) + reach)
    window = grey[low[1] : high[1], low[0] : high[0]]
    closer = FINE_MODULE * MODULES / (by * spot.side)
    unread = None
    for beside in (0.0, -2.0, 2.0):
        level, back = _levelled(window, closer, beside)
        back[:, 2] += low
        for picture in (level, _sharpened(level, 2.0, 1.5)):
            if found := _seen(picture, back, thorough=True):
                return found[0]
        if not beside:
            sample = sampled(level, FINE_MODULE)
            if sample is None:
                break
            unread = Code(None, _taken(back, sample.corners), read=False)
            if sample.said:
                return Code(serials.read(sample.said), unread.corners)
    return unread


def _on_whole_page(small: Grey, by: int) -> list[Code]:
    level, back = _levelled(small, 2.0)
    whole = _scaled(by) @ np.vstack([back, [0, 0, 1]])
    sharper = (level, _sharpened(level, 2.0, 1.5))
    return next((found for picture in sharper if (found := _seen(picture, whole, thorough=True))), [])


def _spots(restless: Floats, side: int) -> Iterator[Spot]:
    """Where a code may be, the likeliest first: no writing goes so many ways so close together as a code does."""
    while True:
        y, x = (int(place) for place in np.unravel_index(restless.argmax(), restless.shape))
        yield Spot(HALF * x, HALF * y, HALF * side, float(restless[y, x]))
        restless[max(0, y - side) : y + side, max(0, x - side) : x + side] = 0


def _middle(restless: Floats, corners: Points) -> float:
    """How restless it is in the middle of a code."""
    height, width = restless.shape
    x, y = corners.mean(0).astype(int).clip(0, [width - 1, height - 1])
    return float(restless[y, x])


def _restless(small: Grey) -> tuple[Floats, int]:
    """How steep the picture is in the calmest of four directions, over squares as large as a code may be, and their side: at
    half the size of the small picture."""
    half = smaller(small, HALF)
    side = round(CODE_SHARE * float(np.sqrt(half.size)))
    smooth = cv2.GaussianBlur(half, (0, 0), 1.0)
    across, down = (cv2.Sobel(smooth, cv2.CV_16S, *way) for way in ((1, 0), (0, 1)))
    ways = (np.minimum(np.abs(way), STEEP).astype(np.float32) for way in (across, down, across + down, across - down))
    return np.asarray(np.minimum.reduce([cv2.blur(way, (side, side)) for way in ways]), np.float32), side


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
