"""A found card made flat: one warp to a fixed fineness, the paper's own brightness, and each row moved to where it lies.

All boxes are cut out at once, as one array (rows, boxes, height, width) of ink: 0 is the card's paper, 1 its print. A row is
moved by what the frames of its boxes say, so that curl of a millimetre does not matter.
"""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.lib.stride_tricks import sliding_window_view
from numpy.typing import NDArray

from services.evaluation.cards.geometry import Geometry, Side
from services.evaluation.cards.reading.codes import smaller
from services.evaluation.cards.reading.find import Matrix, Place, through
from services.evaluation.cards.reading.pages import Grey

Floats = NDArray[np.float32]
Whole = NDArray[np.intp]

FINE = 6  # pixels to the mm of the flat card
AROUND = 1.5  # mm that are looked at around each box
PLAY = 2.0  # mm that a row may have moved
SLACK = 2  # pixels that a box may lie beside its row
BESIDE = 4  # pixels beside a frame's line where there is paper
COARSE = 1.0  # mm of a point of the paper's brightness
WIDEST_INK = 9  # mm that ink may cover without being taken for paper


@dataclass(frozen=True, slots=True)
class Flat:
    """The upright card at FINE, and what its paper would look like without ink."""

    grey: Grey
    paper: Grey
    contrast: float  # how much of the paper's light the black squares swallow


@dataclass(frozen=True, slots=True)
class Cut:
    """The boxes of a side.

    `ink` (rows, boxes, height, width) with `edge` pixels around each box of `size` (height, width); `moved` (rows, boxes, 2)
    is by how many mm each lay beside its place, `framed` (rows) how clearly printed frames are seen there.
    """

    ink: Floats
    moved: Floats
    framed: Floats
    size: tuple[int, int]
    edge: int


def flat(grey: Grey, small: Grey, by: int, place: Place, geometry: Geometry, side: Side) -> Flat:
    """The card upright, from the picture at the size that comes nearest to FINE without falling short of it."""
    middle = np.array([[geometry.width / 2, geometry.height / 2]])
    step = through(place.to_picture, np.r_[middle, middle + np.array([[1, 0]])])
    scale = float(np.hypot(*(step[1] - step[0])))
    source, matrix = _nearest(grey, small, by, scale, place.to_picture)
    size = (round(geometry.width * FINE), round(geometry.height * FINE))
    fine = np.diag([1 / FINE, 1 / FINE, 1.0]) @ np.array([[1, 0, 0.5], [0, 1, 0.5], [0, 0, 1]])
    how = cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP
    warped = cv2.warpPerspective(source, matrix @ fine, size, flags=how, borderMode=cv2.BORDER_REPLICATE)
    upright = np.asarray(warped, np.uint8)
    paper = _paper(upright)
    return Flat(upright, paper, _contrast(upright, paper, place, side))


def _nearest(grey: Grey, small: Grey, by: int, scale: float, matrix: Matrix) -> tuple[Grey, Matrix]:
    by_as_wanted = max(1, int(scale / FINE + 0.15))
    if by_as_wanted == 1:
        return grey, matrix
    source = small if by_as_wanted == by else smaller(grey, by_as_wanted)
    shrink = np.array(
        [[1 / by_as_wanted, 0, 0.5 / by_as_wanted - 0.5], [0, 1 / by_as_wanted, 0.5 / by_as_wanted - 0.5], [0, 0, 1]]
    )
    return source, shrink @ matrix


def _paper(upright: Grey) -> Grey:
    """The paper without ink: what is dark and narrower than WIDEST_INK is filled from around it."""
    size = (round(upright.shape[1] / FINE / COARSE), round(upright.shape[0] / FINE / COARSE))
    coarse = cv2.resize(upright, size, interpolation=cv2.INTER_AREA)
    reach = round(WIDEST_INK / COARSE) | 1
    closed = cv2.morphologyEx(coarse, cv2.MORPH_CLOSE, np.ones((reach, reach), np.uint8), borderType=cv2.BORDER_REPLICATE)
    smooth = cv2.blur(closed, (5, 5))
    return np.asarray(cv2.resize(smooth, (upright.shape[1], upright.shape[0]), interpolation=cv2.INTER_LINEAR), np.uint8)


def _contrast(upright: Grey, paper: Grey, place: Place, side: Side) -> float:
    shares = []
    for mark, found in zip(side.fiducials, place.fiducials, strict=True):
        if found:
            x, y = round((mark.x - mark.size * 0.32) * FINE), round(mark.y * FINE)
            spot = slice(y - 3, y + 4), slice(x - 2, x + 3)
            shares.append(1 - float(upright[spot].mean()) / max(float(paper[spot].mean()), 1.0))
    return max(float(np.median(shares)), 0.05)


def cut(card: Flat, side: Side, line: float) -> Cut:
    """All boxes of the side, cut out where their frames are seen."""
    first = side.rows[0].boxes[0]
    width, height = round(first.width * FINE), round(first.height * FINE)
    corners = np.array([[[box.x, box.y] for box in row.boxes] for row in side.rows]) * FINE
    far = round((AROUND + PLAY) * FINE)
    rough = np.rint(corners).astype(np.intp)
    wide = _ink(card, rough - (far, 0), (height, width + 2 * far), (2, 1))
    high = _ink(card, rough - (0, far), (height + 2 * far, width), (1, 2))
    across, framed_across = _shift(wide.mean(2), far, width)
    down, framed_down = _shift(high.mean(3), far, height)
    moved = np.stack([across, down], 2)
    edge = round(AROUND * FINE)
    exact = np.rint(corners + moved).astype(np.intp)
    ink = _ink(card, exact - edge, (height + 2 * edge, width + 2 * edge))
    framed = np.minimum(np.median(framed_across, 1), np.median(framed_down, 1))
    return Cut(ink, (moved / FINE).astype(np.float32), framed.astype(np.float32), (height, width), edge)


def _ink(card: Flat, corners: Whole, size: tuple[int, int], steps: tuple[int, int] = (1, 1)) -> Floats:
    """The ink in a window of `size` at each of these corners, on every so many lines and columns of it."""
    light, paper = (_windows(picture, corners, size, steps) for picture in (card.grey, card.paper))
    seen = np.divide(light, np.maximum(paper, 1), dtype=np.float32)
    return np.asarray((1 - seen) / np.float32(card.contrast), np.float32)


def _windows(picture: Grey, corners: Whole, size: tuple[int, int], steps: tuple[int, int]) -> Grey:
    """A window at each corner; beyond the picture's edges, its last pixels go on."""
    height, width = picture.shape
    out = max(0, -int(corners.min()), int((corners + size[::-1] - (width, height)).max()))
    if out:
        picture = np.asarray(cv2.copyMakeBorder(picture, out, out, out, out, cv2.BORDER_REPLICATE), np.uint8)
    at = sliding_window_view(picture, size)[..., :: steps[0], :: steps[1]]
    return np.asarray(at[corners[..., 1] + out, corners[..., 0] + out])


def _shift(profiles: Floats, far: int, length: int) -> tuple[Floats, Floats]:
    """By how many pixels each frame lies beside where it should, along one axis, and how clearly it stands out there.

    A frame is two lines at a known distance with paper beside both. A row is placed first, by the median of its boxes, most
    of which are empty; then each box may differ from its row by SLACK, where its own frame is seen well enough.
    """
    play = round(PLAY * FINE)
    offsets = np.arange(-play, play + 1)
    clear = _frames(profiles, far, length, offsets)
    wide = np.asarray(cv2.dilate(clear.reshape(-1, len(offsets)), np.ones((1, 2 * SLACK + 1)))).reshape(clear.shape)
    of_row = np.median(wide, axis=1) + 0.5 * np.median(clear, axis=1) - 0.004 * np.abs(offsets)
    best = of_row.argmax(1)
    near = np.abs(np.arange(len(offsets)) - best[:, None]) <= 2 * SLACK
    of_box = np.where(near[:, None], clear, -9.0)
    own, clearest = of_box.argmax(2), of_box.max(2)
    seen_well = clearest > 0.6 * np.median(clearest, axis=1)[:, None]
    common = np.median(np.where(seen_well, own, best[:, None]), axis=1)[:, None]
    placed = np.where(seen_well, own, common)
    return (placed - play).astype(np.float32), clearest.astype(np.float32)


def _frames(profiles: Floats, far: int, length: int, offsets: NDArray[np.intp]) -> Floats:
    """How much each offset looks like a frame, for each box."""
    line = profiles.copy()
    line[..., 1:-1] = (profiles[..., :-2] + 2 * profiles[..., 1:-1] + profiles[..., 2:]) / 4
    left, right = line[..., far + offsets], line[..., far + length + offsets]
    around = (
        line[..., far + offsets - BESIDE] + line[..., far + length + offsets + BESIDE]
        + line[..., far + offsets + BESIDE] + line[..., far + length + offsets - BESIDE]
    ) / 4  # fmt: skip
    return np.asarray(np.minimum(left, right) + (left + right) / 4 - 1.5 * around, np.float32)
