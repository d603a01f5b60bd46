"""The reader that the pipeline asks (`cards.port.CardReader`): files in, cards and refusals out."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import cv2
import numpy as np

from services.evaluation.cards.geometry import Geometry, RowPlace
from services.evaluation.cards.port import NO_MARK, CardRead, Refused, RowRead, Verdict
from services.evaluation.cards.reading.flatten import FINE, PLAY, Flat
from services.evaluation.cards.reading.look import NotRead, Seen, look
from services.evaluation.cards.reading.pages import Grey, Page, RefusedPage, count, pages
from services.evaluation.cards.reading.thresholds import Thresholds, shipped
from services.evaluation.cards.reading.verdict import NOTHING, RowVerdict

QUALITY = 70  # of the pictures that people look at
SHOWN_PIXELS = 1400  # of the longer side of a picture that shows what was refused


class OpticalReader:
    """Reads pages by the thresholds given, or by those of the pack."""

    def __init__(self, thresholds: Thresholds | None = None) -> None:
        self._thresholds = thresholds or shipped()

    def count(self, content: bytes, name: str) -> int | Refused:
        """How many pages a file has, or why it is not read."""
        counted = count(content, self._thresholds.limits, name)
        return Refused(0, 0, counted.reason) if isinstance(counted, RefusedPage) else counted

    def read(
        self, content: bytes, name: str, known: Mapping[str, Geometry], first: int = 1, last: int | None = None
    ) -> Iterator[CardRead | Refused]:
        """What lies on these pages."""
        for page in pages(content, self._thresholds.limits, name, first, last):
            if isinstance(page, RefusedPage):
                yield Refused(page.number, 0, page.reason)
            else:
                yield from self._of_page(page, known)

    def _of_page(self, page: Page, known: Mapping[str, Geometry]) -> Iterator[CardRead | Refused]:
        for number, one in enumerate(look(page.grey, known, self._thresholds)):
            if isinstance(one, NotRead):
                yield Refused(page.number, number, one.reason, _shown(page.grey))
                continue
            said = one.printed
            answers = known[said.mark].answers
            rows = tuple(_row(one, place, verdict, answers) for place, verdict in zip(one.side.rows, one.rows, strict=True))
            picture = jpeg(one.flat.grey)
            yield CardRead(page.number, number, said.serial, said.mark, said.sheet, said.side, rows, picture)


def _row(card: Seen, place: RowPlace, verdict: RowVerdict, answers: tuple[int, ...]) -> RowRead:
    mark = NO_MARK if verdict.box == NOTHING else answers[verdict.box]
    measures = {
        "evidence": verdict.evidence,
        "next_evidence": verdict.next_evidence,
        "marked": verdict.marked,
        "meant": verdict.meant,
        "others_empty": verdict.others_empty,
        "framed": verdict.framed,
        "darkest": verdict.darkest,
        "inside": verdict.inside,
    }
    told: dict[str, float | str] = {name: round(value, 3) for name, value in measures.items()}
    told["kind"] = verdict.kind.value
    if verdict.sure:
        return RowRead(verdict.row, mark, Verdict.SURE, told)
    return RowRead(verdict.row, mark, Verdict.ASK, told, _strip(card.flat, place))


def _strip(card: Flat, place: RowPlace) -> bytes:
    """A row cut out of the upright card, with as much around it as it may have moved."""
    top, bottom = round((place.cut.y - PLAY) * FINE), round((place.cut.bottom + PLAY) * FINE)
    left, right = round(place.cut.x * FINE), round(place.cut.right * FINE)
    return jpeg(card.grey[max(top, 0) : bottom, max(left, 0) : right])


def _shown(grey: Grey) -> bytes:
    by = max(1, -(-max(grey.shape) // SHOWN_PIXELS))
    size = (max(1, grey.shape[1] // by), max(1, grey.shape[0] // by))
    return jpeg(np.asarray(cv2.resize(grey, size, interpolation=cv2.INTER_AREA), np.uint8))


def jpeg(grey: Grey) -> bytes:
    """A grey picture as a JPEG."""
    return bytes(cv2.imencode(".jpg", grey, [cv2.IMWRITE_JPEG_QUALITY, QUALITY])[1])
