"""The count while ballots come in."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from dataclasses import replace

from chassis.auth import Caller
from chassis.clock import monotonic
from chassis.deadline import remaining
from chassis.errors import Conflict, NotAllowed
from chassis.store import Tx
from services.evaluation.domain.campaign import Campaign
from services.evaluation.domain.result import Frame
from services.evaluation.storage import box as boxes
from services.evaluation.tally.table import result_rows
from services.evaluation.usecases.desk import SERVICE, Desk
from services.evaluation.usecases.held import HeldPictures
from services.evaluation.usecases.reading import Reader, deductions
from services.evaluation.usecases.released import may_count

HEARTBEAT_SECONDS = 1.0  # a stream that says nothing for longer cannot notice that nobody listens


class ResultCases:
    """What one can see of a count before it is done."""

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

    def _frame(self, caller: Caller, campaign_id: str, as_everybody: bool) -> Frame:
        """The present count. Viewers of one process share it; it is made anew, from nothing, when the box has changed."""
        with self._store.read(caller) as tx:
            campaign = self._desk.in_force(tx, campaign_id)
            if not campaign.live:
                raise NotAllowed("LIVE_NOT_ALLOWED", number=campaign.number)
            campaign.must_be_open()
            held = self._held.picture(tx, campaign)
            if held and (as_everybody or not may_count(caller, campaign)):
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
