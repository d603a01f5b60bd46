"""How much room a text takes on a card, reckoned without any font and always a little too much.

Whoever places texts asks here first, so that what does not fit is refused with its reason before anything is set; the
typesetter looks once more.
"""

from __future__ import annotations

import unicodedata

POINT = 25.4 / 72
LINE_GAP = 0.35  # between two lines, as a share of the size: `cards.typ` sets the same
_WIDE = frozenset("FWA")
_BROAD = frozenset("MWmw@%&—…")
_NOT_FIRST = frozenset("，。、；：？！）》」』】〉〕”’％…—·,.;:?!)]}%")
_NOT_LAST = frozenset("（《「『【〈〔“‘([{")
NEVER = 10**6
ORPHANS = 2


def width_of(text: str, size: float) -> float:
    """How wide one line of the text is at most, in millimetres."""
    return sum(_share(sign) for sign in text) * size * POINT


def lines_of(text: str, size: float, width: float) -> int:
    """How many lines the text takes at most in a place so wide."""
    return sum(_lines(line, size, width) for line in text.split("\n"))


def height_of(text: str, size: float, width: float) -> float:
    """How high the text is at most in a place so wide; 0 for none."""
    return height_of_lines(lines_of(text, size, width), size) if text else 0.0


def height_of_lines(lines: int, size: float) -> float:
    """How high so many lines are, in millimetres."""
    return (lines + max(0, lines - 1) * LINE_GAP) * size * POINT


def balanced(text: str, size: float, width: float) -> str:
    """The text in lines of about the same length, where it is written without spaces and takes more than one."""
    lines = lines_of(text, size, width)
    if lines == 1 or any(unicodedata.east_asian_width(sign) not in _WIDE for sign in text):
        return text
    each = -(-len(text) // lines)
    return "\n".join(text[start : start + each] for start in range(0, len(text), each))


def evened(text: str, size: float, width: float) -> float:
    """The width for a text: narrower where it would leave one or two signs alone on its last line, so that its lines are
    alike."""
    lines = lines_of(text, size, width)
    if lines == 1 or lines_of(text[:-ORPHANS], size, width) == lines:
        return width
    while lines_of(text, size, width - 1) == lines:
        width -= 1
    return width


def _lines(line: str, size: float, width: float) -> int:
    """Filled from the left as the typesetter does; a word wider than the place never fits."""
    lines, used = 1, 0.0
    for part in _parts(line):
        wide = width_of(part, size)
        if used and used + width_of(part.rstrip(), size) > width:
            lines, used = lines + 1, 0.0
        if width_of(part.rstrip(), size) > width:
            return NEVER
        used += wide
    return lines


def _parts(line: str) -> list[str]:
    """What stays together on a line: foreign words with the space after them, and signs with those that may not begin or
    end a line."""
    parts: list[str] = []
    for sign in line:
        foreign = unicodedata.east_asian_width(sign) not in _WIDE
        last = parts[-1][-1] if parts else ""
        word = bool(last) and foreign and last != " " and unicodedata.east_asian_width(last) not in _WIDE
        if last and (word or sign == " " or sign in _NOT_FIRST or last in _NOT_LAST):
            parts[-1] += sign
        else:
            parts.append(sign)
    return parts


def _share(sign: str) -> float:
    if unicodedata.east_asian_width(sign) in _WIDE or sign in _BROAD:
        return 1.0
    return 0.78 if sign.isupper() else 0.62
