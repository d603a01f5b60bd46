"""Printed cards in ink: sheets as they come off the press, ticked, as a scanner sees them."""

from __future__ import annotations

from collections.abc import Sequence
from io import BytesIO
from typing import Any

import pypdfium2
from PIL import Image, ImageDraw

from services.evaluation.cards.geometry import from_json

DPI = 200


def rendered(pdf: bytes) -> list[Image.Image]:
    """Every page of a print, in grey."""
    return [page.render(scale=DPI / 72, grayscale=True).to_pil() for page in pypdfium2.PdfDocument(pdf)]


def tick(sheet: Image.Image, design: Any, grades: Sequence[int], twice: Sequence[int] = ()) -> Image.Image:
    """Crosses in ink: one grade an object on both dimensions; in these rows two."""
    card = from_json(design.geometry)
    [(_, side)] = card.sides
    pen = ImageDraw.Draw(sheet)
    scale = DPI / 25.4
    for place in side.rows:
        grade = grades[place.row // 2]
        for answer in {grade, 4} if place.row in twice else {grade}:
            box = place.boxes[card.answers.index(answer)]
            ends = [(box.x + 0.6) * scale, (box.y + 0.6) * scale, (box.right - 0.6) * scale, (box.bottom - 0.6) * scale]
            pen.line(ends, fill=40, width=5)
            pen.line([ends[0], ends[3], ends[2], ends[1]], fill=40, width=5)
    return sheet


def scanned(*sheets: Image.Image) -> bytes:
    """A PDF as an office's scanner makes one."""
    made = BytesIO()
    sheets[0].save(made, "PDF", save_all=True, append_images=sheets[1:], resolution=DPI)
    return made.getvalue()
