"""The numbers that reading goes by, as data of a pack: fitted on a set that the repository makes (`cards fit`)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from chassis.settings import read_packs
from services.evaluation.cards.reading.pages import Limits

PACKS = Path(__file__).parents[2] / "packs"


@dataclass(frozen=True, slots=True)
class Finding:
    """How fiducials are looked for: lengths in millimetres, grey in 255ths."""

    reach_mm: float
    reach_share: float
    darker_by: float
    worst_square: float
    error_mm: float


@dataclass(frozen=True, slots=True)
class Deciding:
    """When a row is sure. Evidence is that of one box (`marks.Measures.features` by `weights`), about 0 in the middle.

    A row is sure of a box with evidence of at least `mark` that lies `gap` above the next one, while every other box has at
    most `clear`, or at most `nearly` and ink no darker than `beneath` of the mark's. A mark below `firm` must besides cross
    `crossed` of its box, and the card have many marks like it. Every mark must be `as_dark` and `as_full` as those.

    A row is sure of nothing if no box has more than `nothing`, no ink beside the boxes is darker than `beside` of the card's
    marks, the paper is calmer than `noise`, nothing looks `stroke` times more like
    a stroke than what is in empty boxes, and the picture is no fax: `bilevel` is the share of pure black and white.

    `framed` is how clearly frames must be seen, `bridge` how dark a stroke between two rows is beside its marks; both
    are whole marks if `whole` as full as others with a share `away` of their ink in the half away from it. `faint` is how
    dark a light mark is at most, `full` the spread of a full one.

    A card's marks say what its hand is like from `least_marks` on, in a share of `known_share` of its rows. A full box is a
    blackened one where the others spread less than `other_spread` of a full one or it holds `more_ink` times theirs.
    `lightest_pen` is how dark the palest pen is taken to be, `empties` how many empty boxes an unmarked row is held against.
    """

    weights: tuple[float, ...]
    mark: float
    gap: float
    firm: float
    crossed: float
    clear: float
    nearly: float
    beneath: float
    as_dark: float
    as_full: float
    nothing: float
    beside: float
    noise: float
    stroke: float
    bilevel: float
    framed: float
    bridge: float
    away: float
    whole: float
    faint: float
    full: float
    least_marks: float
    known_share: float
    other_spread: float
    more_ink: float
    lightest_pen: float
    empties: float


@dataclass(frozen=True, slots=True)
class Thresholds:
    """All that reading goes by."""

    limits: Limits
    finding: Finding
    deciding: Deciding

    @staticmethod
    def of(setting: Mapping[str, Any]) -> Thresholds:
        """As the setting `cards.reading` gives it. Raises KeyError or TypeError for a missing or unknown word."""
        deciding = dict(setting["deciding"])
        weights = tuple(float(weight) for weight in deciding.pop("weights"))
        return Thresholds(Limits(**setting["limits"]), Finding(**setting["finding"]), Deciding(weights, **deciding))


@cache
def shipped() -> Thresholds:
    """The thresholds of the pack."""
    return Thresholds.of(next(row.value for row in read_packs(PACKS) if row.key == "cards.reading"))
