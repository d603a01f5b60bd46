"""Cutting off the best and the poorest answers, from counts alone.

Of n valid answers of one rater group about one object on one dimension, k = floor(n x trim) are cut off at each end, where
trim is the plan's share. Answers of the same grade are alike, so it is enough to know how often each grade was given: with
the answers in a row, best grade first, those from place k to place n - k stay. With c the answers up to a grade, it keeps

    min(max(c, k), n - k) of this grade  less  the same of the grade before it.

Since trim is less than a half, at least one answer stays wherever there was one. An answer that turns better moves no other
answer down the row, so no mean falls by it.
"""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import numpy as np
import numpy.typing as npt


def trimmed(grades: npt.NDArray[Any], trim: Fraction) -> npt.NDArray[np.int64]:
    """How many answers of each grade stay; the last axis holds the grades of the scale, best first."""
    ends = np.cumsum(grades, axis=-1, dtype=np.int64)
    valid = ends[..., -1:]
    cut = valid * trim.numerator // trim.denominator
    within = np.clip(ends, cut, valid - cut)
    within[..., 1:] -= within[..., :-1].copy()
    within[..., :1] -= cut
    return within
