"""Cards set in a process of their own, which ends with its part.

The typesetter remembers what it has set: about half a megabyte a card, for its next ten papers. A run of ten thousand would
take the memory of whoever serves pages beside it.
"""

from __future__ import annotations

import multiprocessing
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor
from datetime import datetime

from papers import cards
from papers.cards import Card, Template
from papers.documents import FREE_FACES, Faces
from papers.documents_fonts import Fonts


def pdf(template: Template, part: Sequence[Card], made: datetime, faces: Faces = FREE_FACES) -> bytes:
    """`cards.pdf`, apart. Raises as it does."""
    with ProcessPoolExecutor(1, mp_context=multiprocessing.get_context("spawn")) as pool:
        return pool.submit(_pdf, template, part, made, faces).result()


def _pdf(template: Template, part: Sequence[Card], made: datetime, faces: Faces) -> bytes:
    return cards.pdf(template, part, Fonts(), made, faces)
