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
    """When a row is sure. Evidence is that of one box (`marks.Measures.features` by `weights`), about 0 in the middle; what
    the network thinks is in logits (`network.Opinion`).

    The box of the most evidence is marked if that is above `clear`. The row is sure of it if to the network it looks at
    least `inked` more like a mark than empty, `meant` more than odd, and all others empty by `apart`, and by `slope` more
    for what evidence they have beyond `knee`; none of them has more evidence than `nearly`, and the box does not look
    blackened, unless the network is `plain` about it. A mark that is not `certain` must besides have evidence of `mark` that
    lies `gap` above the next, be `as_dark` and `as_full` as the card's other marks, and below `firm` cross `crossed` of its
    box. None may be `darker` than the others by that factor. Boxes of evidence below `unlooked` are empty without a look.

    A fax breaks up what is dark and swallows what is light: there a box looks blackened that is `scrubbed`, unless the
    network is `plainer` about it, and ink beside another box may not be darker than `tail`.

    A row is sure of the mark that replaces another if exactly one other box is not empty, that one looks `struck`, the mark
    `replacing` more than anything else, the measures find it, too, and the struck one has `more_struck` times its ink.

    A row is sure of nothing if all its boxes have evidence below `unlooked` and the network thinks them empty by `blank` on
    paper calmer than `noise`, or by `blanker` where it is calmer than `restless`; no ink beside the boxes is darker than
    `beside` of the card's marks (or of the `lightest_pen`); and the picture is no fax: `bilevel` is the share of pure black
    and white.

    `framed` is how clearly frames must be seen, `faint` how dark a light mark is at most, `full` the spread of a full one.

    A card's marks say what its hand is like from `least_marks` on, in a share of `known_share` of its rows. A full box is a
    blackened one where the others spread less than `other_spread` of a full one or it holds `more_ink` times theirs.
    """

    weights: tuple[float, ...]
    clear: float
    inked: float
    meant: float
    apart: float
    slope: float
    knee: float
    nearly: float
    plain: float
    scrubbed: float
    plainer: float
    tail: float
    certain: float
    mark: float
    gap: float
    firm: float
    crossed: float
    as_dark: float
    as_full: float
    darker: float
    unlooked: float
    struck: float
    replacing: float
    more_struck: float
    blank: float
    noise: float
    blanker: float
    restless: float
    beside: float
    lightest_pen: float
    bilevel: float
    framed: float
    faint: float
    full: float
    least_marks: float
    known_share: float
    other_spread: float
    more_ink: float


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
