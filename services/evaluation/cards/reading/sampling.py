"""A QR code read from its own pattern: for codes too blurred, specked or crossed for a decoder that looks for edges first.

Much of every code of one size is the same whatever it says: three finders, two timing lines, an alignment pattern (ISO/IEC
18004, 5.3). That much is laid over the picture and moved, corner by corner, until it fits best. What it should look like and
what is seen of it tell how the picture blurs: the weights of a module's neighbours that undo it best there undo it
everywhere, and a decoder is given a clean drawing. Its error correction says whether the drawing is right: what does not
come out as a code of ours was not read.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import cv2
import numpy as np
import zxingcpp
from numpy.lib.stride_tricks import sliding_window_view
from numpy.typing import NDArray

from services.evaluation.cards.reading.pages import Grey

Points = NDArray[np.float64]
Floats = NDArray[np.float32]
Corners = Points  # four lines of x and y, clockwise from the code's own upper left

MODULES = 29  # of a side: what serial.text says takes a code of version 3
QUIET = 4  # modules around a code
AROUND = 9  # modules over which dark and light are balanced
SIZES = np.geomspace(0.65, 1.5, 18)  # of the size that the code is thought to have: neighbours differ by a module and a half
NEAR = 2  # modules each way that blur into one another at most
RIDGE = 3.0  # how much smaller weights are liked better, beside some 250 equations for 26 of them
BALANCES = (0, 5, AROUND, 13)  # modules beside whose mean a module is dark or light; 0 is beside none
PIXELS = 4  # to a module of the clean drawing
LIKE_A_CODE = 0.5  # deviations by which its fixed modules must be as they should: writing comes to 0.4, spoilt codes to 0.6


def _always() -> Floats:
    """What a code of this size has whatever it says: 1 dark, -1 light, 0 what is free."""
    fixed = np.zeros((MODULES, MODULES), np.float32)
    finder = np.pad(np.pad(np.ones((3, 3)), 1, constant_values=-1), 1, constant_values=1)
    corner = np.pad(finder, (0, 1), constant_values=-1)
    fixed[:8, :8], fixed[:8, -8:], fixed[-8:, :8] = corner, corner[:, ::-1], corner[::-1]
    fixed[6, 8:-8] = fixed[8:-8, 6] = np.resize([1, -1], MODULES - 16)
    fixed[-9:-4, -9:-4] = np.pad(-np.ones((3, 3)), 1, constant_values=1)
    fixed[-7, -7] = fixed[-8, 8] = 1
    return fixed


ALWAYS = _always()
_MIDDLES = np.stack([*np.meshgrid(*2 * [np.arange(MODULES) + 0.5]), np.ones((MODULES, MODULES))], -1).reshape(-1, 3)
_SQUARE = np.array([[0, 0], [1, 0], [1, 1], [0, 1]], np.float32) * MODULES


def _moves() -> Points:
    """Ways in which corners may move by one: all, those of an edge, a single one."""
    who = [[1, 1, 1, 1], [1, 1, 0, 0], [0, 1, 1, 0], [0, 0, 1, 1], [1, 0, 0, 1], *np.eye(4)]
    ways = [[1, 0], [-1, 0], [0, 1], [0, -1]]
    return np.array([np.outer(moved, way) for moved in who for way in ways], np.float64)


_MOVES = _moves()


@dataclass(frozen=True, slots=True)
class Sample:
    """Where the pattern fits best, and what the code there says; None if it looks like a code and nothing comes out."""

    said: str | None
    corners: Corners


def sampled(level: Grey, module: float) -> Sample | None:
    """The code of a picture along whose lines it lies, its modules about `module` pixels; None if nothing looks like one."""
    dark = _balanced(level, module)
    smooth = np.asarray(cv2.blur(dark, (3, 3)), np.float32)
    fits = [_fitted(smooth, corners, (2.0, 1.0, 0.5)) for corners in _candidates(dark, module)]
    if not fits:
        return None
    fit, corners = _fitted(dark, max(fits, key=lambda fit: fit[0])[1], (0.5, 0.25, 0.12))
    if fit < LIKE_A_CODE * np.abs(ALWAYS).sum():
        return None
    said = next((said for drawing in _drawings(_modules(dark, corners)) if (said := _decoded(drawing))), None)
    return Sample(said, corners - 0.5)


def _balanced(level: Grey, module: float) -> Floats:
    """How much darker each pixel is than its neighbourhood, in deviations of that."""
    light, reach = level.astype(np.float32), round(AROUND * module) | 1
    mean = cv2.blur(light, (reach, reach))
    spread = np.sqrt(np.maximum(cv2.blur(light * light, (reach, reach)) - mean * mean, 0))
    return np.asarray(((mean - light) / (spread + 4)).clip(-2, 2), np.float32)


def _candidates(dark: Floats, module: float) -> Iterator[Corners]:
    """The best place for each of the four ways up, of all sizes tried, looked for at half the size."""
    small = np.asarray(cv2.resize(dark, None, fx=0.5, fy=0.5, interpolation=cv2.INTER_AREA), np.float32)
    sides = [side for side in np.rint(SIZES * module / 2 * MODULES).astype(int) if side < min(small.shape)]
    for quarter in range(4):
        best = (0.0, 0, 0, 0)
        for side in sides:
            drawn = cv2.resize(np.rot90(ALWAYS, quarter).copy(), (side, side), interpolation=cv2.INTER_LINEAR)
            _, fit, _, (x, y) = cv2.minMaxLoc(cv2.matchTemplate(small, drawn, cv2.TM_CCORR))
            best = max(best, (fit / float(side) ** 2, x, y, int(side)))
        _, x, y, side = best
        if side:
            yield np.roll(2.0 * (np.array([x, y]) + _SQUARE / MODULES * side), quarter, axis=0)


def _fitted(dark: Floats, corners: Corners, steps: tuple[float, ...]) -> tuple[float, Corners]:
    """Corners moved, by ever smaller steps (modules), for as long as that lets what is always there fit better."""
    best, module = _fit(dark, corners), float(np.hypot(*(corners[1] - corners[0]))) / MODULES
    for step in steps:
        better = True
        while better:
            better = False
            for move in _MOVES * (step * module):
                fit = _fit(dark, corners + move)
                if fit > best:
                    best, corners, better = fit, corners + move, True
    return best, corners


def _fit(dark: Floats, corners: Corners) -> float:
    return float((_modules(dark, corners) * ALWAYS).sum())


def _modules(dark: Floats, corners: Corners) -> Floats:
    """The middle of every module of a code with these corners."""
    places = _MIDDLES @ cv2.getPerspectiveTransform(_SQUARE, corners.astype(np.float32)).T
    x, y = (places[:, :2] / places[:, 2:] - 0.5).astype(np.float32).T.reshape(2, MODULES, MODULES)
    return np.asarray(cv2.remap(dark, x, y, cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE), np.float32)


def _drawings(modules: Floats) -> Iterator[Grey]:
    """Clean drawings of a code: each free module is what it is without blur, beside its neighbourhood or by itself."""
    clear = _without_blur(modules)
    for around in BALANCES:
        dark = clear > (cv2.blur(clear, (around, around)) if around else 0)
        light = np.where(np.where(ALWAYS == 0, dark, ALWAYS > 0), 0, 255).astype(np.uint8)
        yield np.asarray(np.kron(np.pad(light, QUIET, constant_values=255), np.ones((PIXELS, PIXELS))), np.uint8)


def _without_blur(modules: Floats) -> Floats:
    """The modules by the weights of their neighbourhoods that come nearest to what is always there (ridge regression)."""
    size = 2 * NEAR + 1
    near = sliding_window_view(np.pad(modules, NEAR, mode="edge"), (size, size)).reshape(MODULES**2, size * size)
    near = np.c_[near, np.ones(len(near), np.float32)]
    known = ALWAYS.ravel() != 0
    seen, wanted = near[known], ALWAYS.ravel()[known]
    weights = np.linalg.solve(seen.T @ seen + RIDGE * np.eye(seen.shape[1], dtype=np.float32), seen.T @ wanted)
    return np.asarray((near @ weights).reshape(MODULES, MODULES), np.float32)


def _decoded(drawing: Grey) -> str | None:
    kinds = zxingcpp.BarcodeFormats(zxingcpp.BarcodeFormat.QRCode)
    return next((one.text for one in zxingcpp.read_barcodes(drawing, formats=kinds, is_pure=True) if one.valid), None)
