"""How often each answer was given, by rater group, object and dimension.

A ballot is one byte per cell, objects in the order of the paper and within an object its dimensions: 0 not answered, 1 for
the first grade of the scale and so on, 255 "don't know". Comparing 255 ballots at a time against one grade lets each column
be summed in a single byte, which a processor does sixteen or thirty-two columns at once.

Only the cells of objects that a rater group rates are counted: what stands elsewhere on its ballots says nothing.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from services.evaluation.domain.ballot import DONT_KNOW
from services.evaluation.domain.plan import Plan

ROWS = 255  # as many as a byte can count
LONG_SCALE = 16  # from here on one pass per grade costs more than one bincount

Matrix = npt.NDArray[np.uint8]
Places = npt.NDArray[np.intp]
Cube = npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Counts:
    """`answers[group, object, dimension, answer]`: the grades of the scale in order, then "don't know"."""

    ballots: tuple[int, ...]
    answers: Cube


def asked(plan: Plan) -> npt.NDArray[np.bool_]:
    """Which rater group rates which object: `asked[group, object]`."""
    groups = range(len(plan.rater_groups))
    return np.array([[group in raters for raters in plan.rated_by] for group in groups], dtype=np.bool_)


def count(plan: Plan, boxes: Iterable[tuple[Matrix | Sequence[bytes], Places | Sequence[int]]]) -> Counts:
    """Counts ballots that come in portions: their bytes, one by one or as rows, and for each its rater group."""
    groups = len(plan.rater_groups)
    total = np.zeros((groups, plan.cells, len(plan.scale) + 1), dtype=np.int64)
    ballots = np.zeros(groups, dtype=np.int64)
    for payloads, places in boxes:
        matrix = payloads
        if not isinstance(matrix, np.ndarray):
            matrix = np.frombuffer(b"".join(matrix), dtype=np.uint8).reshape(len(payloads), plan.cells)
        ballots += _add(matrix, np.asarray(places, dtype=np.intp), total)
    shape = (groups, plan.cells // len(plan.dimensions), len(plan.dimensions), len(plan.scale) + 1)
    answers = total.reshape(shape)
    answers[~asked(plan)] = 0
    return Counts(tuple(ballots.tolist()), answers)


def _add(matrix: Matrix, places: npt.NDArray[np.intp], total: Cube) -> Cube:
    """Adds a portion to `total[group, cell, answer]`; returns how many ballots each group had in it."""
    order = np.argsort(places, kind="stable")
    sizes = np.bincount(places, minlength=len(total))
    ends = np.cumsum(sizes)
    for group, (start, end) in enumerate(zip((ends - sizes).tolist(), ends.tolist(), strict=True)):
        for first in range(start, end, ROWS):
            block = matrix[order[first : min(first + ROWS, end)]]
            if total.shape[2] > LONG_SCALE:
                _by_value(block, total[group])
            else:
                _by_grade(block, total[group])
    return sizes.astype(np.int64)


def _by_grade(block: Matrix, total: Cube) -> None:
    last = total.shape[1] - 1
    for answer in range(last + 1):
        hits = block == np.uint8(DONT_KNOW if answer == last else answer + 1)
        total[:, answer] += np.add.reduce(hits.view(np.uint8), axis=0, dtype=np.uint8)


def _by_value(block: Matrix, total: Cube) -> None:
    cells = total.shape[0]
    keys = block + np.arange(cells, dtype=np.int64) * 256
    found = np.bincount(keys.ravel(), minlength=cells * 256).reshape(cells, 256)
    total[:, :-1] += found[:, 1 : total.shape[1]]
    total[:, -1] += found[:, DONT_KNOW]
