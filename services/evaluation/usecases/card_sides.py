"""One side of a card that was read, taken into what is known of the card.

A row stays sure only where every reading of it says the same; any other is asked of people. A serial that comes again with
the same marks is a duplicate; with others, before the count, people decide; after it nothing changes any more.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

from chassis.store import Tx
from services.evaluation.cards.geometry import Geometry
from services.evaluation.cards.port import CardRead, RowRead, Verdict
from services.evaluation.domain.ballot import BLANK
from services.evaluation.domain.campaign import Campaign
from services.evaluation.domain.card import OPEN_ROW, Card, CardState, Doubt, DoubtState, Origin
from services.evaluation.domain.card_run import CardDesign, questions_of
from services.evaluation.domain.scan import MachineRow, Scan
from services.evaluation.storage import cards, scans
from services.evaluation.storage.cards import CARDS, DOUBTS
from services.evaluation.storage.scans import CARD_SIDES, CARD_STRIPS
from services.evaluation.usecases.desk import Desk


class SideRead:
    """One side of a card, taken into what is known of the card."""

    def __init__(self, desk: Desk, tx: Tx, campaign: Campaign, scan: Scan, read: CardRead, picture: str) -> None:
        self._desk, self._tx, self._campaign, self._scan = desk, tx, campaign, scan
        self._read, self._picture, self._id = read, picture, tx.new_id()

    def take(self, designs: Mapping[str, CardDesign], known: Mapping[str, Geometry]) -> None:
        """Takes the side, or writes down why not."""
        serial_hash = self._desk.serials.box_hash(self._read.serial)
        serial = cards.serial(self._tx, serial_hash)
        reason = self._reason(serial, designs, known)
        if reason:
            self._note(None, reason)
            return
        assert serial is not None, "without a serial there was a reason"
        card = cards.card_of(self._tx, serial_hash)
        if card is None:
            geometry, at = known[self._read.mark], self._scan.received_at
            card = begun(self._tx, self._campaign, serial_hash, serial.design_id, geometry, at, by_hand=False)
        if card.by_hand or card.state is CardState.REFUSED:
            self._note(card.id, self._keyed(card) if card.by_hand else card.reason)
            return
        self._join(card)

    def _reason(self, serial: Any, designs: Mapping[str, CardDesign], known: Mapping[str, Geometry]) -> str:
        """Why a side is none of a card that may be counted here; empty where it is one."""
        if serial is None:
            return "CARD_NOT_KNOWN"
        if serial.campaign_id != self._campaign.id:
            return "CARD_OF_ANOTHER_CAMPAIGN"
        if serial.void:
            return "CARD_VOID"
        design = designs.get(serial.design_id)
        if design is None or design.mark != self._read.mark:
            return "CARD_OF_ANOTHER_DESIGN"
        if design.questions != questions_of(self._campaign.plan):  # its marks would be taken for other answers
            return "CARD_DESIGN_DOES_NOT_FIT"
        side = known[design.mark].side(self._read.sheet, self._read.side)
        if side is None or sorted(one.row for one in side.rows) != sorted(one.row for one in self._read.rows):
            return "CARD_SIDE_UNKNOWN"
        return ""

    def _join(self, card: Card) -> None:
        """Joins the side with what was read before: a row stays sure only where every reading says the same."""
        before = [one for one in scans.sides_of(self._tx, card.id) if not one.reason]
        again = any((one.sheet, one.side) == (self._read.sheet, self._read.side) for one in before)
        guessed = {(row.row, row.mark) for one in before for row in one.rows if row.asked}
        waiting = self._waiting(card)
        fresh = [row for row in self._read.rows if card.marks[row.row] == OPEN_ROW and row.row not in waiting]
        differing = [row for row in self._read.rows if row not in fresh and not _agrees(card, row, guessed)]
        if card.state is CardState.COUNTED:
            sure = any(row.verdict is Verdict.SURE for row in differing)
            self._note(card.id, "CARD_ALREADY_COUNTED" if sure else "CARD_DUPLICATE")
            self._tx.save(CARDS, replace(card, version=card.version + 1, copies=card.copies + 1))
            return
        if again and not differing and not self._helps(card):
            self._note(card.id, "CARD_DUPLICATE")
            self._tx.save(CARDS, replace(card, version=card.version + 1, copies=card.copies + 1))
            return
        self._note(card.id, "")
        marks = [(row.row, OPEN_ROW) for row in differing]
        marks += [(row.row, row.mark) for row in fresh if row.verdict is Verdict.SURE]
        asked = [(row, Origin.COPIES) for row in differing]
        asked += [(row, Origin.MACHINE) for row in fresh if row.verdict is not Verdict.SURE]
        self._ask(card, asked)
        received = max(card.received_at, self._scan.received_at)
        self._tx.save(CARDS, replace(card, received_at=received).marked(marks, copies=int(again)))

    def _waiting(self, card: Card) -> set[int]:
        """The rows that people are asked for: pictures of them, or the paper. Whatever a scan says of these, they say it."""
        return {one.row for one in cards.doubts_of(self._tx, card.id) if one.state is not DoubtState.DECIDED}

    def _keyed(self, card: Card) -> str:
        """Why a scan of a card is refused that people key from the paper: two did, or one did and another is to."""
        once = any(one.origin is Origin.DESK and not one.second_by for one in cards.doubts_of(self._tx, card.id))
        return "CARD_KEYED_ONCE" if once and not card.ended else "CARD_ALREADY_KEYED"

    def _helps(self, card: Card) -> bool:
        """Whether a further picture shows rows that people are still asked for."""
        return any(card.marks[row.row] == OPEN_ROW for row in self._read.rows)

    def _ask(self, card: Card, asked: list[tuple[RowRead, Origin]]) -> None:
        waiting = self._waiting(card)
        for row, origin in asked:
            if row.row not in waiting:
                self._tx.add(DOUBTS, doubt(self._tx, card, row.row, origin))
        for row in self._read.rows:
            if row.cut and self._scan.sealed_key is not None:
                strip = {"id": self._tx.new_id(), "side_id": self._id, "card_id": card.id, "row": row.row}
                sealed = self._desk.keys.add_to_record(row.cut, self._scan.sealed_key)
                self._tx.insert(CARD_STRIPS, {**strip, "sealed": sealed})

    def _note(self, card_id: str | None, reason: str) -> None:
        read = self._read
        rows = tuple(MachineRow(one.row, one.mark, one.verdict is not Verdict.SURE, dict(one.measures)) for one in read.rows)
        row = {"card_id": card_id, "sheet": read.sheet, "side": read.side, "reason": reason, "rows": rows}
        place = {**place_of(self._tx, self._scan, read.page, read.place), "id": self._id}
        picture = {"picture": self._picture, "picture_sha256": sha256_of(read.picture)}
        self._tx.insert(CARD_SIDES, {**place, **row, **picture})


def _agrees(card: Card, row: RowRead, guessed: set[tuple[int, int]]) -> bool:
    """Whether one more reading of a row leaves it as it stands. One that people are asked for already is with them."""
    standing = card.marks[row.row]
    if standing == OPEN_ROW:
        return True
    return standing == row.mark if row.verdict is Verdict.SURE else (row.row, row.mark) in guessed


def begun(
    tx: Tx, campaign: Campaign, serial_hash: bytes, design_id: str, geometry: Geometry, at: datetime, by_hand: bool
) -> Card:
    """A card of which nothing is decided yet; what is not on the card is not answered."""
    marks = bytearray([BLANK]) * campaign.plan.cells
    for row in geometry.rows:
        marks[row] = OPEN_ROW
    return tx.add(
        CARDS,
        Card(
            id=tx.new_id(),
            version=1,
            unit_path=campaign.unit_path,
            jurisdiction_path=campaign.jurisdiction_path,
            campaign_id=campaign.id,
            serial_hash=serial_hash,
            design_id=design_id,
            state=CardState.OPEN,
            reason="",
            received_at=at,
            by_hand=by_hand,
            paper_place="",
            marks=bytes(marks),
        ),
    )


def doubt(tx: Tx, card: Card, row: int, origin: Origin, counted: int = -1) -> Doubt:
    """A row that people are asked for."""
    return Doubt(
        id=tx.new_id(),
        version=1,
        unit_path=card.unit_path,
        jurisdiction_path=card.jurisdiction_path,
        campaign_id=card.campaign_id,
        card_id=card.id,
        row=row,
        origin=origin,
        state=DoubtState.ASKED,
        counted=counted,
    )


def place_of(tx: Tx, scan: Scan, page: int, place: int) -> dict[str, Any]:
    """Where something lay, as a row begins that tells of it."""
    where = {"campaign_id": scan.campaign_id, "scan_id": scan.id, "page": page, "place": place}
    return {"id": tx.new_id(), **where, "read_at": tx.now}


def sha256_of(picture: bytes) -> str:
    """The hash by which a picture is known; empty where there is none."""
    return hashlib.sha256(picture).hexdigest() if picture else ""
