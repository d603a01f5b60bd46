"""Finding cards on a picture: from the QR code to the four fiducials to where every millimetre of the card lies.

The code says which card, which side and which way up, and its corners say roughly where everything lies. From there each
fiducial is looked for in turn, the nearest first, each found one making the next guess better. Three of four are enough:
the corners of the code then stand in for the fourth. What does not fit together is not a card that can be read.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from services.evaluation.cards.geometry import Box, Fiducial, Side
from services.evaluation.cards.reading.codes import Points
from services.evaluation.cards.reading.pages import Grey
from services.evaluation.cards.reading.thresholds import Finding

Matrix = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Place:
    """Where a card lies: `to_picture` takes millimetres of the upright card to pixels. `error` (mm) is how badly its points
    fit together, `fiducials` which of the four were found, in their order."""

    to_picture: Matrix
    error: float
    fiducials: tuple[bool, bool, bool, bool]

    def outline(self, width: float, height: float) -> Points:
        """The corners of the paper on the picture."""
        return through(self.to_picture, np.array([[0, 0], [width, 0], [width, height], [0, height]], np.float64))


def through(matrix: Matrix, points: Points) -> Points:
    """Points taken through a homography."""
    moved = np.c_[points, np.ones(len(points))] @ matrix.T
    return np.asarray(moved[:, :2] / moved[:, 2:], np.float64)


def place(picture: Grey, side: Side, code: Points, limits: Finding) -> Place | None:
    """Where the side lies whose code has these corners on this picture; None if fewer than three fiducials fit.

    Four that fit badly may be a card that is curled, or three and something else that is black: three of them that fit at
    least twice as well tell.
    """
    square = corners_of(side.qr)
    found = _fiducials(picture, side, square, code, limits)
    whole = [number for number, point in enumerate(found) if point is not None]
    four = [_fitted(side, square, code, found, whole)] if len(whole) == 4 else []
    if four and four[0].error <= limits.error_mm / 2:
        return four[0]
    threes = [[n for n in whole if n != left_out] for left_out in whole] if four else [whole]
    fits = [_fitted(side, square, code, found, three) for three in threes if len(three) == 3]
    best = _best(fits, limits) or _best([*_without_one(picture, side, square, code, limits)], limits)
    if four and four[0].error <= limits.error_mm and not (best and best.error < four[0].error / 2):
        return four[0]
    return best


def _best(fits: list[Place], limits: Finding) -> Place | None:
    best = min(fits, key=lambda fit: fit.error, default=None)
    return best if best and best.error <= limits.error_mm / 2 else None


def _without_one(picture: Grey, side: Side, square: Points, code: Points, limits: Finding) -> Iterator[Place]:
    """What is found if one fiducial is not looked for: a torn one that was taken for whole leads all later ones astray."""
    for left_out in range(4):
        found = _fiducials(picture, side, square, code, limits, left_out)
        three = [number for number, point in enumerate(found) if point is not None]
        if len(three) == 3:
            yield _fitted(side, square, code, found, three)


def corners_of(box: Box) -> Points:
    """Clockwise from the upper left."""
    return np.array([[box.x, box.y], [box.right, box.y], [box.right, box.bottom], [box.x, box.bottom]], np.float64)


def _fitted(side: Side, square: Points, code: Points, found: list[Points | None], chosen: list[int]) -> Place:
    """The homography of these fiducials, and how far the corners of the code are from where it takes them."""
    from_mm = np.array([[side.fiducials[n].x, side.fiducials[n].y] for n in chosen])
    to_px = np.array([found[n] for n in chosen])
    if len(chosen) == 3:
        rough = homography(np.r_[from_mm, square], np.r_[to_px, code], np.r_[np.full(3, 8.0), np.ones(4)])
    else:
        rough = homography(from_mm, to_px, np.ones(4))
    middle = square.mean(0)
    scale = float(np.linalg.norm(through(rough, middle[None] + [[1, 0]]) - through(rough, middle[None])))
    off = np.hypot(*(through(rough, np.r_[square, from_mm]) - np.r_[code, to_px]).T) / max(scale, 1e-6)
    flags = [n in chosen for n in range(4)]
    return Place(rough, float(np.median(off[:4]) + off[4:].max()), (flags[0], flags[1], flags[2], flags[3]))


def homography(source: Points, target: Points, weights: NDArray[np.float64]) -> Matrix:
    """The homography of least squares through weighted points (direct linear transform on normalised points)."""
    a, b = _normaliser(source), _normaliser(target)
    s, t = through(a, source), through(b, target)
    rows = []
    for (x, y), (u, v), w in zip(s, t, weights, strict=True):
        rows.append(np.array([-x, -y, -1, 0, 0, 0, u * x, u * y, u]) * w)
        rows.append(np.array([0, 0, 0, -x, -y, -1, v * x, v * y, v]) * w)
    _, _, vh = np.linalg.svd(np.array(rows))
    solved = np.linalg.inv(b) @ vh[-1].reshape(3, 3) @ a
    return np.asarray(solved / solved[2, 2], np.float64)


def _normaliser(points: Points) -> Matrix:
    middle, reach = points.mean(0), max(float(points.std()), 1e-9)
    return np.array([[1 / reach, 0, -middle[0] / reach], [0, 1 / reach, -middle[1] / reach], [0, 0, 1]])


def _affine(source: Points, target: Points) -> Matrix:
    solved, *_ = np.linalg.lstsq(np.c_[source, np.ones(len(source))], target, rcond=None)
    return np.asarray(np.vstack([solved.T, [0, 0, 1]]), np.float64)


def _fiducials(
    picture: Grey, side: Side, square: Points, code: Points, limits: Finding, left_out: int | None = None
) -> list[Points | None]:
    """Each fiducial's centre on the picture, or None; the one `left_out` is not looked for."""
    found: list[Points | None] = [None] * 4
    source, target = square, code
    middle = square.mean(0)
    order = sorted(range(4), key=lambda n: float(np.hypot(*(middle - (side.fiducials[n].x, side.fiducials[n].y)))))
    for number in (n for n in order if n != left_out):
        mark = side.fiducials[number]
        centre = np.array([[mark.x, mark.y]])
        guess = _affine(source, target) if len(source) < 7 else homography(source, target, np.ones(len(source)))
        away = float(np.hypot(*(source - centre).T).min())
        reach = limits.reach_mm + limits.reach_share * away * (1.0 if len(source) < 7 else 0.5)
        point = _square_near(picture, guess, mark, reach, limits)
        if point is not None:
            found[number] = point
            source, target = np.r_[source, centre], np.r_[target, point[None]]
    return found


def _square_near(picture: Grey, guess: Matrix, mark: Fiducial, reach: float, limits: Finding) -> Points | None:
    """The centre of the best black square of about the right size within `reach` millimetres of where it should be."""
    here, right, below = through(guess, np.array([[mark.x, mark.y], [mark.x + 1, mark.y], [mark.x, mark.y + 1]]))
    scale = (
        float(np.sqrt(abs(np.linalg.det([right - here, below - here])))) if np.isfinite([here, right, below]).all() else 0.0
    )
    around = (reach + mark.size) * scale
    low = np.floor(here - around).astype(int).clip(0)
    high = np.ceil(here + around).astype(int).clip(0, [picture.shape[1], picture.shape[0]])
    if scale <= 0 or (high - low).min() < mark.size * scale:
        return None
    window = cv2.blur(picture[low[1] : high[1], low[0] : high[0]], (3, 3))
    block = int(2.6 * mark.size * scale) | 1
    black = cv2.adaptiveThreshold(window, 255, cv2.ADAPTIVE_THRESH_MEAN_C, cv2.THRESH_BINARY_INV, block, limits.darker_by)
    count, labels, stats, centres = cv2.connectedComponentsWithStats(black, connectivity=4)
    best, best_cost = None, limits.worst_square
    size = mark.size * scale
    for label in range(1, count):
        _, _, width, height, area = stats[label]
        if max(width, height) > 1.9 * size or min(width, height) < 0.6 * size or area < 0.45 * size * size:
            continue
        cost = _unlike(np.asarray(labels, np.int32), stats[label], label, size, mark.hole * scale) + (
            0.3 * float(np.hypot(*(centres[label] + low - here))) / (reach * scale)
        )
        if cost < best_cost:
            best, best_cost = centres[label] + low, cost
    return best


def _unlike(labels: NDArray[np.int32], stats: NDArray[np.int32], label: int, size: float, hole: float) -> float:
    """How unlike a square of this size a spot is, 0 if just like it: by its second moments, whichever way it is turned."""
    left, top, width, height, area = (int(x) for x in stats)
    ys, xs = np.nonzero(labels[top : top + height, left : left + width] == label)
    spread = np.cov(np.stack([xs, ys])) + np.eye(2) / 12
    small, large = np.linalg.eigvalsh(spread)
    full = size * size - hole * hole
    side = np.sqrt(12 * np.sqrt(small * large) * full / ((size**4 - hole**4) / (size * size)))
    filled = area / max(side * side * full / (size * size), 1e-6)
    return float(abs(np.log(side / size)) + abs(np.log(filled)) + 0.5 * np.log(np.sqrt(large / small)))
