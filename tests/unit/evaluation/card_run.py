"""A run of ten thousand cards, printed in parts as the registrar prints them, and what was found of it."""

from __future__ import annotations

import hashlib
import resource
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import pypdfium2
import zxingcpp

from chassis.clock import monotonic
from chassis.keys import Keyring
from papers import cards, cards_apart
from services.evaluation.cards import serial as serials
from services.evaluation.cards import sheet
from tests.unit.evaluation.cards_designed import SAID, designed, named

MADE = datetime(2026, 11, 16, tzinfo=UTC)
PART = 500
DPI = 150


@dataclass(frozen=True, slots=True)
class Found:
    """`core_seconds` are of one core, whatever else the machine does; `same` is whether a part made again is the same bytes,
    `read` how many serials of one part were read right off its pages at 150 dpi."""

    cards: int
    core_seconds: float
    seconds: float
    megabytes: float
    same: bool
    read: int


def run(folder: Path, count: int) -> Found:
    """Prints cards of one A4 side with twenty rows."""
    template = sheet.template(designed("A4", named((20,))), SAID)
    keys = Keyring(folder / "keys")
    began, spent, made = monotonic(), _spent(), b""
    digests, size = [], 0
    for first in range(1, count + 1, PART):
        made = cards_apart.pdf(template, part(keys, first), MADE)
        digests.append(hashlib.sha256(made).digest())
        size += len(made)
    core_seconds, seconds = _spent() - spent, monotonic() - began
    again = cards_apart.pdf(template, part(keys, 1), MADE)
    same = hashlib.sha256(again).digest() == digests[0] and len(set(digests)) == len(digests)
    return Found(count, core_seconds, seconds, size / 1e6, same, _read(made, part(keys, count - PART + 1)))


def part(keys: Keyring, first: int) -> list[cards.Card]:
    """The cards of one part, the first of them with this number."""
    return [cards.Card(serials.derived(keys, "run", str(number))) for number in range(first, first + PART)]


def _read(made: bytes, meant: list[cards.Card]) -> int:
    found = 0
    for page, card in zip(pypdfium2.PdfDocument(made), meant, strict=True):
        read = zxingcpp.read_barcode(page.render(scale=DPI / 72, grayscale=True).to_numpy())
        said = serials.read(read.text) if read else None
        found += said is not None and said.serial == card.serial
    return found


def _spent() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime
