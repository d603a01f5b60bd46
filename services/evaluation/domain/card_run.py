"""Cards on their way: designs, the runs they are printed in, and where each one is.

Nothing here tells what a card says; nothing of a reading ever comes here.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from enum import Enum

from chassis.errors import Conflict
from services.evaluation.domain.plan import Plan


class Mail(Enum):
    """Where a card is."""

    PRINTED = "printed"
    POSTED = "posted"
    UNDELIVERED = "undelivered"
    RETURNED = "returned"
    REISSUED = "reissued"

    def comes_after(self) -> list[Mail]:
        """Where cards are moved on from when their whole run is told: who tells it knows nothing of those further on."""
        way = [Mail.PRINTED, Mail.POSTED, Mail.UNDELIVERED, Mail.RETURNED]
        return way[: way.index(self)] if self in way else []


@dataclass(frozen=True, slots=True)
class CardDesign:
    """One edition of a campaign's card. `geometry` is `cards.geometry.to_json`, `mark` what QR codes say of it, `questions`
    what `questions_of` says of the plan it was laid out from."""

    id: str
    version: int
    unit_path: str
    jurisdiction_path: str
    campaign_id: str
    edition: int
    rater_group: str
    digest: bytes
    mark: str
    geometry: str
    questions: bytes
    form: str
    sides: int
    return_to: tuple[str, ...]
    return_by: date | None
    made_at: datetime

    def must_fit(self, plan: Plan) -> None:
        """Raises Conflict CARD_DESIGN_DOES_NOT_FIT where the card asks something else than the plan does by now."""
        if self.questions != questions_of(plan) or plan.rater_group(self.rater_group) is None:
            raise Conflict("CARD_DESIGN_DOES_NOT_FIT", "design_id")


@dataclass(frozen=True, slots=True)
class CardRun:
    """Cards made out together; `printed_to` is the last number that was shown for printing."""

    id: str
    version: int
    unit_path: str
    jurisdiction_path: str
    campaign_id: str
    design_id: str
    rater_group: str
    cards: int
    first_number: int
    last_number: int
    printed_to: int
    started_at: datetime

    def printed(self, number: int) -> CardRun:
        """The run as far as it has now been shown."""
        return replace(self, version=self.version + 1, printed_to=max(self.printed_to, number))


@dataclass(frozen=True, slots=True)
class RaterCard:
    """A card as the register knows it: whose it is, and where."""

    id: str
    version: int
    unit_path: str
    jurisdiction_path: str
    campaign_id: str
    run_id: str
    number: int
    rater_id: str
    reference: str
    rater_group: str
    issue: int
    serial_hash: bytes
    mail: Mail
    since: datetime
    late: bool = False
    duplicates: int = 0

    def moved(self, mail: Mail, at: datetime, closes_at: datetime) -> RaterCard:
        """The card where it is now. One that comes back again is a duplicate; what comes after the period is late.

        Raises Conflict CARD_VOID where another was issued in its place.
        """
        if self.mail is Mail.REISSUED:
            raise Conflict("CARD_VOID", number=self.number)
        after = self.version + 1
        if self.mail is Mail.RETURNED:
            again = self.duplicates + (mail is Mail.RETURNED)
            return replace(self, version=after, duplicates=again)
        late = mail is Mail.RETURNED and at > closes_at
        return replace(self, version=after, mail=mail, since=at, late=late)

    def void(self, at: datetime) -> RaterCard:
        """The card once another was issued in its place."""
        return replace(self, version=self.version + 1, mail=Mail.REISSUED, since=at)


@dataclass(frozen=True, slots=True)
class Recorded:
    """What became of one serial that the mail room told."""

    index: int
    number: int = 0
    late: bool = False
    duplicate: bool = False
    refused_reason: str = ""


@dataclass(frozen=True, slots=True)
class MailTold:
    """What the mail room told at once: cards one by one, each with what became of it, or a whole run (`run_id`)."""

    id: str
    version: int
    unit_path: str
    jurisdiction_path: str
    campaign_id: str
    run_id: str
    mail: Mail
    cards: tuple[Recorded, ...]
    recorded: int
    told_at: datetime
    told_by: str


@dataclass(frozen=True, slots=True)
class CardToPrint:
    """What one card and its letter say. It is made when it is printed, and nowhere kept."""

    number: int
    reference: str
    rater_group: str
    serial: str = field(repr=False)
    name: str = field(repr=False)
    contact: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class CardTurnout:
    """How many cards of a rater group are where."""

    rater_group: str
    where: dict[Mail, int]
    late: int = 0
    duplicates: int = 0


def questions_of(plan: Plan) -> bytes:
    """A hash of all that makes a mark on a card mean what it means: objects, questions and scale, in their order."""
    objects = [(one.object_id, one.name) for one in plan.objects]
    asked = [(one.key, one.name) for one in plan.dimensions]
    answers = [(one.key, one.name) for one in plan.scale]
    text = json.dumps([objects, asked, answers, plan.dont_know], ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(text.encode()).digest()
