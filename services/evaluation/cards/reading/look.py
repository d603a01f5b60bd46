"""One look at a picture: every card on it, placed, made flat, measured and judged; and what is there but cannot be read."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import cv2
import numpy as np

from services.evaluation.cards.geometry import Geometry, Side
from services.evaluation.cards.reading.codes import Code, Points, all_codes, blank, codes, reduced, turns
from services.evaluation.cards.reading.find import Place, place
from services.evaluation.cards.reading.flatten import Cut, Flat, cut, flat
from services.evaluation.cards.reading.marks import Measures, measured
from services.evaluation.cards.reading.network import Opinion, opinion
from services.evaluation.cards.reading.pages import Grey
from services.evaluation.cards.reading.thresholds import Thresholds
from services.evaluation.cards.reading.verdict import RowVerdict, evidence, verdicts, worth_a_look
from services.evaluation.cards.serial import Printed

THIN = 5  # pixels of the small picture, about a millimetre
ROOM_FOR_ANOTHER = 0.9  # of a card's surface that is not covered yet


@dataclass(frozen=True, slots=True)
class Seen:
    """A card on a picture with the verdict of every row."""

    printed: Printed = field(repr=False)
    place: Place
    side: Side
    flat: Flat
    cut: Cut
    measures: Measures
    thought: Opinion
    bilevel: bool
    rows: tuple[RowVerdict, ...]


@dataclass(frozen=True, slots=True)
class NotRead:
    """Something that is not read, why, and where it lies on the picture (its corners), if that is known."""

    reason: str
    corners: Points | None = None


def look(grey: Grey, known: Mapping[str, Geometry], thresholds: Thresholds) -> list[Seen | NotRead]:
    """All that is on a picture, from the upper left on. `known` holds geometries by their marks (`cards.serial.mark`)."""
    if min(grey.shape) < 100:
        return [NotRead("SCAN_TOO_SMALL")]
    small, by = reduced(grey)
    found = codes(grey, small, by)
    if not found:
        return [NotRead("PAGE_EMPTY" if blank(small) else "PAGE_WITHOUT_CODE")]
    placed = [_placed(small, by, code, known, thresholds) for code in found]
    if _room_left(grey, placed, known):
        covered = [_outline(one, known) for one in placed if not isinstance(one, NotRead)]
        more = all_codes(grey, small, by, found, covered)[len(found) :]
        placed += [_placed(small, by, code, known, thresholds) for code in more]
    overlapping = _overlapping(placed, known)
    return [_judged(grey, small, by, one, n in overlapping, known, thresholds) for n, one in enumerate(placed)]


def _placed(
    small: Grey, by: int, code: Code, known: Mapping[str, Geometry], thresholds: Thresholds
) -> tuple[Printed, Place, Side] | NotRead:
    if not code.read:
        return NotRead("CODE_NOT_READ", code.corners)
    if code.printed is None:
        return NotRead("CODE_OF_SOMETHING_ELSE", code.corners)
    geometry = known.get(code.printed.mark)
    if geometry is None:
        return NotRead("CARD_OF_ANOTHER_CAMPAIGN", code.corners)
    side = geometry.side(code.printed.sheet, code.printed.side)
    if side is None:
        return NotRead("CARD_SIDE_UNKNOWN", code.corners)
    corners = (code.corners + 0.5) / by - 0.5
    finding = thresholds.finding
    found = place(small, side, corners, finding) or place(_without_lines(small), side, corners, finding)
    if found is None:
        behind = place(small, side, corners[[0, 3, 2, 1]], finding)
        return NotRead("CARD_SEEN_FROM_BEHIND" if behind else "CARD_NOT_WHOLE", code.corners)
    enlarge = np.array([[by, 0, by / 2 - 0.5], [0, by, by / 2 - 0.5], [0, 0, 1]])
    return code.printed, Place(enlarge @ found.to_picture, found.error, found.fiducials), side


def _without_lines(small: Grey) -> Grey:
    """The picture without what is dark and thin: lines that a roller drew through a fiducial make it a part of them."""
    return np.asarray(cv2.morphologyEx(small, cv2.MORPH_CLOSE, np.ones((THIN, THIN), np.uint8)), np.uint8)


def _outline(one: tuple[Printed, Place, Side], known: Mapping[str, Geometry]) -> Points:
    geometry = known[one[0].mark]
    return one[1].outline(geometry.width, geometry.height)


def _room_left(grey: Grey, placed: list[tuple[Printed, Place, Side] | NotRead], known: Mapping[str, Geometry]) -> bool:
    """Whether another card might lie on the picture that the quick look passed over."""
    covered = [abs(turns(_outline(one, known))) / 2 for one in placed if not isinstance(one, NotRead)]
    if not covered:
        return True
    return grey.size - sum(covered) > ROOM_FOR_ANOTHER * max(covered)


def _overlapping(placed: list[tuple[Printed, Place, Side] | NotRead], known: Mapping[str, Geometry]) -> set[int]:
    """Cards that lie over one another: none of them is read, since what is hidden may be a mark."""
    outlines = {n: _outline(one, known) for n, one in enumerate(placed) if not isinstance(one, NotRead)}
    found: set[int] = set()
    for first, one in outlines.items():
        for second, other in outlines.items():
            if first < second:
                shared, _ = cv2.intersectConvexConvex(one.astype(np.float32), other.astype(np.float32))
                if shared > 0.01 * abs(turns(one)) / 2:
                    found |= {first, second}
    return found


def _judged(
    grey: Grey,
    small: Grey,
    by: int,
    one: tuple[Printed, Place, Side] | NotRead,
    overlapped: bool,
    known: Mapping[str, Geometry],
    thresholds: Thresholds,
) -> Seen | NotRead:
    if isinstance(one, NotRead):
        return one
    printed, found, side = one
    geometry = known[printed.mark]
    if overlapped:
        return NotRead("CARDS_OVERLAP", _outline(one, known))
    upright = flat(grey, small, by, found, geometry, side)
    boxes = cut(upright, side, geometry.line)
    measures = measured(boxes)
    bilevel = _bilevel(grey, thresholds)
    weighed = evidence(measures, thresholds.deciding)
    thought = opinion(upright, boxes, measures, side, worth_a_look(weighed, thresholds.deciding))
    rows = verdicts(boxes, measures, weighed, thought, side, bilevel, thresholds.deciding)
    return Seen(printed, found, side, upright, boxes, measures, thought, bilevel, rows)


def _bilevel(grey: Grey, thresholds: Thresholds) -> bool:
    """Whether the picture has black and white alone, as a fax has; judged on every sixteenth line."""
    lines = grey[::16]
    dark, light = lines[lines < 100], lines[lines > 150]
    if not dark.size or not light.size:
        return True
    pure = min(float((dark <= 12).mean()), float((light >= 243).mean()))
    return pure > thresholds.deciding.bilevel
