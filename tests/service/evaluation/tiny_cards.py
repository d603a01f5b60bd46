"""A second reader of cards, for tests of the pipeline: its cards are pictures of a few pixels, written and read exactly.

A page is a frame of a TIFF or a PNG. Its first line holds what the QR code would say, a byte a pixel; each further one is a
row of the card, a pixel for each box: black is ticked, grey is doubtful, white is empty. A page that says `CRASH` fails, one
that says `DIE` ends the process that reads it.
"""

from __future__ import annotations

import io
import os
import signal
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from PIL import Image, UnidentifiedImageError

from services.evaluation.cards import serial as serials
from services.evaluation.cards.geometry import Geometry, from_json
from services.evaluation.cards.port import NO_MARK, CardRead, Refused, RowRead, Verdict

WIDTH = 80
TICKED, DOUBTFUL, EMPTY = 0, 128, 255


@dataclass(frozen=True, slots=True)
class Ticked:
    """How a row was filled in: the answer, and whether its mark is too light to be sure of."""

    answer: int
    faint: bool = False


Rows = Mapping[int, Ticked]


def page(text: str, lines: Iterable[Sequence[int]] = ()) -> Image.Image:
    """One page."""
    rows = [text.encode(), *(bytes(line) for line in lines)]
    content = b"".join(row + bytes([EMPTY]) * (WIDTH - len(row)) for row in rows)
    return Image.frombytes("L", (WIDTH, len(rows)), content)


def sides(geometry: str, serial: str, rows: Rows) -> list[Image.Image]:
    """Every side of a filled-in card."""
    card = from_json(geometry)
    found = []
    for sheet, side in card.sides:
        lines = [_line(card, rows.get(place.row, Ticked(NO_MARK))) for place in side.rows]
        found.append(page(serials.text(serial, card.digest(), sheet, side.side), lines))
    return found


def file(pages: Sequence[Image.Image]) -> bytes:
    """Pages as one TIFF."""
    out = io.BytesIO()
    pages[0].save(out, "TIFF", save_all=True, append_images=list(pages[1:]))
    return out.getvalue()


class TinyReader:
    """Reads such pages."""

    def count(self, content: bytes, name: str) -> int | Refused:
        """How many frames."""
        try:
            with Image.open(io.BytesIO(content)) as picture:
                return int(getattr(picture, "n_frames", 1))
        except UnidentifiedImageError:
            return Refused(0, 0, "SCAN_DAMAGED")

    def read(
        self, content: bytes, name: str, known: Mapping[str, Geometry], first: int = 1, last: int | None = None
    ) -> Iterator[CardRead | Refused]:
        """What lies on these pages."""
        with Image.open(io.BytesIO(content)) as picture:
            for number in range(first, (last or int(getattr(picture, "n_frames", 1))) + 1):
                picture.seek(number - 1)
                yield _read(picture.convert("L"), number, known)


def _read(picture: Any, number: int, known: Mapping[str, Geometry]) -> CardRead | Refused:
    width, height = picture.size
    grey = picture.tobytes()
    said = grey[:width].rstrip(bytes([EMPTY])).decode("ascii", "replace")
    if said == "CRASH":
        raise RuntimeError("a page that no reader gets through")
    if said == "DIE":
        os.kill(os.getpid(), signal.SIGKILL)
    printed = serials.read(said)
    if printed is None:
        return Refused(number, 0, "NO_CARD_FOUND", _png(picture))
    if printed.mark not in known:
        return Refused(number, 0, "CARD_OF_ANOTHER_CAMPAIGN", _png(picture))
    geometry = known[printed.mark]
    side = geometry.side(printed.sheet, printed.side)
    if side is None or len(side.rows) != height - 1:
        return Refused(number, 0, "CARD_TORN", _png(picture))
    lines = [grey[at * width : at * width + len(geometry.answers)] for at in range(1, height)]
    rows = tuple(_row(place.row, line, geometry.answers) for place, line in zip(side.rows, lines, strict=True))
    return CardRead(number, 0, printed.serial, printed.mark, printed.sheet, printed.side, rows, _png(picture))


def _row(row: int, line: bytes, answers: Sequence[int]) -> RowRead:
    dark = [answer for answer, grey in zip(answers, line, strict=True) if grey < 64]
    light = [answer for answer, grey in zip(answers, line, strict=True) if 64 <= grey < 200]
    sure = not light and len(dark) < 2
    mark = (dark or light or [NO_MARK])[0]
    measures = {"darkest": (255 - min(line)) / 255}
    cut = b"" if sure else _png(Image.frombytes("L", (len(line), 1), line))
    return RowRead(row, mark, Verdict.SURE if sure else Verdict.ASK, measures, cut)


def _line(card: Geometry, ticked: Ticked) -> list[int]:
    grey = DOUBTFUL if ticked.faint else TICKED
    return [grey if answer == ticked.answer else EMPTY for answer in card.answers]


def _png(picture: Any) -> bytes:
    out = io.BytesIO()
    picture.save(out, "PNG")
    return out.getvalue()
