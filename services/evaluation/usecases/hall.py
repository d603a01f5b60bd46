"""In the hall: what stands on the screen, holding the live count, and the minutes at the end."""

from __future__ import annotations

from chassis.auth import Caller
from chassis.errors import NotAllowed, NotFound
from chassis.store import Tx
from services.evaluation.domain.campaign import Campaign, State
from services.evaluation.domain.hall import HallShown, Screen
from services.evaluation.domain.minutes import Checked, Minutes, SignedMinutes, Statement
from services.evaluation.log import suite_of
from services.evaluation.storage import box as boxes
from services.evaluation.storage import hall as halls
from services.evaluation.storage.schema import CAMPAIGNS
from services.evaluation.usecases.counting import kept_rows, kept_turnout
from services.evaluation.usecases.desk import Desk
from services.evaluation.usecases.results import counted_frame


class HallCases:
    """What is done in the hall while everybody watches, and what is signed when it is over."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._store = desk.box

    def screen(self, caller: Caller, campaign_id: str) -> Screen:
        """What stands around the count. Raises NotAllowed LIVE_NOT_ALLOWED, Conflict CAMPAIGN_NOT_OPEN before it opens."""
        with self._store.read(caller) as tx:
            campaign = self._desk.in_force(tx, campaign_id)
            _must_be_live(campaign)
            if campaign.opened_at is None:
                campaign.must_be_open()
            path = campaign.jurisdiction_path
            return Screen(campaign, int(tx.setting("hall.page_seconds", path)), int(tx.setting("hall.page_places", path)))

    def get(self, caller: Caller, campaign_id: str) -> HallShown:
        """The hold as it stands."""
        with self._store.read(caller) as tx:
            campaign = tx.get(CAMPAIGNS, campaign_id)
            return HallShown(campaign, halls.hall(tx, campaign))

    def hold(self, caller: Caller, campaign_id: str, expected_version: int, reason: str) -> HallShown:
        """Holds the live count at the box as it is now."""
        with self._store.begin(caller) as tx:
            answered = tx.answered  # asked first: another body under the same request id is refused whatever it names
            campaign = tx.get(CAMPAIGNS, campaign_id)
            if answered:
                return HallShown(campaign, answered)
            _must_be_live(campaign)
            campaign.must_be_open()
            hall = halls.hall(tx, campaign)
            hall.must_be_seen(expected_version)
            box = boxes.box(tx, campaign_id)
            assert box is not None, "an open campaign has a box"
            frame = counted_frame(tx, campaign, box.frontier.size, box.frontier.root())
            held = hall.hold(frame, caller.subject, reason)
            halls.keep(tx, held)
            return HallShown(campaign, tx.answer(held))

    def release(self, caller: Caller, campaign_id: str, expected_version: int) -> HallShown:
        """Approves that the live count goes on; the second approval, by another person, releases it."""
        with self._store.begin(caller) as tx:
            answered = tx.answered  # asked first: another body under the same request id is refused whatever it names
            campaign = tx.get(CAMPAIGNS, campaign_id)
            if answered:
                return HallShown(campaign, answered)
            campaign.must_be_open()
            hall = halls.hall(tx, campaign)
            hall.must_be_seen(expected_version)
            approved = hall.approve_release(caller.subject, tx.now)
            halls.keep(tx, approved)
            return HallShown(campaign, tx.answer(approved))

    def minutes(self, caller: Caller, campaign_id: str, place: str) -> SignedMinutes:
        """The signed minutes of a counted campaign. Raises NotFound NO_RESULT_YET."""
        with self._store.read(caller) as tx:
            minutes = self._minutes(tx, tx.get(CAMPAIGNS, campaign_id), place.strip())
        statement = minutes.statement()
        signed = self._desk.signer.text(suite_of(statement.suite), statement.text())
        return SignedMinutes(minutes, minutes.facts(), statement.text(), *signed)

    def check(self, text: str, signature: bytes) -> Checked:
        """Whether a printed statement is ours. Raises Invalid STATEMENT_UNREADABLE."""
        statement = Statement.read(text)
        suite = suite_of(statement.suite)
        return Checked(statement, self._desk.signer.signed_text(suite, statement.text(), signature))

    def _minutes(self, tx: Tx, campaign: Campaign, place: str) -> Minutes:
        head = boxes.latest_head(tx, campaign.id)
        if campaign.counted_at is None or head is None or campaign.state is State.CLOSED:
            raise NotFound("NO_RESULT_YET", "campaign_id", number=campaign.number)
        return Minutes(
            campaign,
            place,
            kept_turnout(tx, campaign.id),
            tuple(kept_rows(tx, campaign.id)),
            halls.hall(tx, campaign).acts,
            head,
        )


def _must_be_live(campaign: Campaign) -> None:
    if not campaign.live:
        raise NotAllowed("LIVE_NOT_ALLOWED", number=campaign.number)
