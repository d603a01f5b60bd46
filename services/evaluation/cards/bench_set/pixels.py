"""Where everything of a made card lies on its picture: for readers that are told places in pixels. Curl is not in it."""

from __future__ import annotations

from typing import Any

import numpy as np

from services.evaluation.cards.bench_set.making import MadeCard
from services.evaluation.cards.geometry import Box, Geometry
from services.evaluation.cards.reading.find import corners_of, through


def places(geometry: Geometry, card: MadeCard) -> dict[str, Any]:
    """Corners (clockwise from the upper left of the upright card) of the paper, the code and every box, in pixels."""
    side = geometry.side(card.sheet, card.side)
    assert side is not None

    def corners(box: Box) -> list[list[float]]:
        return [[round(float(x), 1) for x in point] for point in through(card.card_to_picture, corners_of(box))]

    fiducials = np.array([[mark.x, mark.y] for mark in side.fiducials])
    return {
        "dpi": card.dpi,
        "serial": card.serial,
        "paper": corners(Box(0, 0, geometry.width, geometry.height)),
        "qr": corners(side.qr),
        "fiducials": [[round(float(x), 1) for x in point] for point in through(card.card_to_picture, fiducials)],
        "rows": {str(row.row): [corners(box) for box in row.boxes] for row in side.rows},
    }
