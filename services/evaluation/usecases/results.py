"""Reads of the count: live, released, explained; and the adjustment ledger."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from dataclasses import dataclass, replace

import sqlalchemy as sa

from chassis.auth import Caller, covers
from chassis.clock import monotonic
from chassis.deadline import remaining
from chassis.errors import Conflict, NotAllowed, NotFound
from chassis.store import Tx, under
from chassis.tx import is_id
from services.evaluation.domain.adjustment import Adjustment
from services.evaluation.domain.campaign import Campaign, State
from services.evaluation.domain.result import Frame, GroupTurnout, ObjectResult, ResultRow
from services.evaluation.storage import box as boxes
from services.evaluation.storage.schema import ADJUSTMENTS, CAMPAIGNS, OBJECT_RESULTS
from services.evaluation.tally.table import result_rows
from services.evaluation.usecases.counting import kept_rows
from services.evaluation.usecases.desk import SERVICE, Desk
from services.evaluation.usecases.held import HeldPictures
from services.evaluation.usecases.reading import Reader, deductions

COUNTERS = ("organiser", "checker", "publisher", "auditor", "office", "leader")
HEARTBEAT_SECONDS = 1.0  # a stream that says nothing for longer cannot notice that nobody listens


@dataclass(frozen=True, slots=True)
class Shown:
    """A counted campaign as it may be shown."""

    campaign: Campaign
    turnout: list[GroupTurnout]
    rows: list[ResultRow]


@dataclass(frozen=True, slots=True)
class Explained:
    """One object's result and the ledger entries its charges rest on, by id."""

    campaign: Campaign
    result: ObjectResult
    entries: dict[str, Adjustment]


class ResultCases:
    """What one can read of a count."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._store = desk.box
        self._frames: dict[str, Frame] = {}
        self._counting = threading.Lock()
        self._held = HeldPictures()

    def live(self, caller: Caller, campaign_id: str, as_everybody: bool = False) -> Iterator[Frame]:
        """A fresh count at once, whenever ballots came in, and at least each second; ends when the box closes.

        While it is held, everybody but those who count sees the last picture before; with `as_everybody` they too.
        """
        pause = threading.Event()
        sent, sent_at = (-1, False), 0.0
        frame = self._frame(caller, campaign_id, as_everybody)
        poll_seconds = self._poll_seconds(frame.campaign)
        while True:
            if (frame.size, frame.held) != sent or monotonic() - sent_at >= HEARTBEAT_SECONDS:
                sent, sent_at = (frame.size, frame.held), monotonic()
                yield frame
            if remaining() <= HEARTBEAT_SECONDS:
                return
            pause.wait(poll_seconds)
            try:
                frame = self._frame(caller, campaign_id, as_everybody)
            except (Conflict, NotAllowed):
                return

    def released(self, caller: Caller, size: int, token: str) -> tuple[list[Campaign], str]:
        """A page of campaigns with a released result, latest first, and the token of the next."""
        table = CAMPAIGNS.table
        with self._store.read(caller) as tx:
            query = sa.select(table).where(table.c.state.in_([State.RELEASED, State.FINAL]))
            page = tx.page(query, by=[table.c.id], size=size, token=token)
            return [CAMPAIGNS.value(row) for row in page.rows], page.next_token

    def result(self, caller: Caller, campaign_id: str) -> Shown:
        """The result, if it may be shown to the caller. Raises NotFound CAMPAIGN_NOT_FOUND."""
        with self._store.read(caller) as tx:
            campaign = tx.get(CAMPAIGNS, campaign_id)
            if not campaign.public and not _counts(caller, campaign):
                raise NotFound("CAMPAIGN_NOT_FOUND", "campaign_id")
            if campaign.counted_at is None:
                raise NotFound("NO_RESULT_YET", "campaign_id", number=campaign.number)
            return Shown(campaign, boxes.kept_turnout(tx, campaign_id), kept_rows(tx, campaign_id))

    def explain(self, caller: Caller, campaign_id: str, object_id: str) -> Explained:
        """How one object's score came about. Raises NotFound OBJECT_RESULT_NOT_FOUND."""
        table = OBJECT_RESULTS.table
        if not is_id(campaign_id) or not is_id(object_id):
            raise NotFound("OBJECT_RESULT_NOT_FOUND", "object_id")
        with self._store.read(caller) as tx:
            match = (table.c.campaign_id == campaign_id, table.c.object_id == object_id)
            result = tx.find(OBJECT_RESULTS, *match)
            if result is None:
                raise NotFound("OBJECT_RESULT_NOT_FOUND", "object_id")
            charged = [charge.adjustment_id for charge in result.charges]
            ledger = ADJUSTMENTS.table
            query = sa.select(ledger).where(ledger.c.id.in_(charged), tx.visible(ledger))
            entries = {row.id: ADJUSTMENTS.value(row) for row in tx.rows(query)}
        campaign = self._desk.campaign(SERVICE, campaign_id)
        if not campaign.public and not _counts(caller, campaign):
            raise NotFound("OBJECT_RESULT_NOT_FOUND", "object_id")
        return Explained(campaign, result, entries)

    def adjustments(self, caller: Caller, year: int, unit_path: str, size: int, token: str) -> tuple[list[Adjustment], str]:
        """A page of the ledger, latest first, and the token of the next."""
        table = ADJUSTMENTS.table
        with self._store.read(caller) as tx:
            query = sa.select(table).where(tx.visible(table))
            if year:
                query = query.where(table.c.year == year)
            if unit_path:
                query = query.where(under(table.c.unit_path, unit_path))
            page = tx.page(query, by=[table.c.id], size=size, token=token)
            return [ADJUSTMENTS.value(row) for row in page.rows], page.next_token

    def _frame(self, caller: Caller, campaign_id: str, as_everybody: bool) -> Frame:
        """The present count. Viewers of one process share it; it is made anew, from nothing, when the box has changed."""
        with self._store.read(caller) as tx:
            campaign = self._desk.in_force(tx, campaign_id)
            if not campaign.live:
                raise NotAllowed("LIVE_NOT_ALLOWED", number=campaign.number)
            campaign.must_be_open()
            held = self._held.picture(tx, campaign)
            if held and (as_everybody or not _counts(caller, campaign)):
                return held
            box = boxes.box(tx, campaign_id)
            size = box.frontier.size if box else 0
            with self._counting:
                known = self._frames.get(campaign_id)
                if known and (known.size, known.campaign.version) == (size, campaign.version):
                    return replace(known, at=tx.now, held=held is not None)
                frame = counted_frame(tx, campaign, size, box.frontier.root() if box else b"")
                self._frames = {campaign_id: frame} | {
                    other: kept for other, kept in self._frames.items() if other != campaign_id
                }
                return replace(frame, held=held is not None)

    def _poll_seconds(self, campaign: Campaign) -> float:
        with self._store.read(SERVICE) as tx:
            return int(tx.setting("live.poll_milliseconds", campaign.jurisdiction_path)) / 1000


def counted_frame(tx: Tx, campaign: Campaign, size: int, root: bytes) -> Frame:
    """The first `size` ballots of a box, counted from nothing."""
    read = Reader(tx, campaign, size).read()
    table = result_rows(campaign.plan, read.counts, deductions(tx, campaign.plan))
    return Frame(campaign, tx.now, root, size, read.turnout, tuple(row for _, row in table))


def _counts(caller: Caller, campaign: Campaign) -> bool:
    """Whether the caller is one of those who count and release, in this jurisdiction."""
    return caller.has(*COUNTERS) and any(covers(path, campaign.jurisdiction_path) for path in caller.jurisdiction_paths)
