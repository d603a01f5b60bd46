"""Deliveries to the outside: what waits to leave, how often it is tried, and the receipt it ends with."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import Enum
from typing import Any

from chassis.errors import Conflict


class Means(Enum):
    """By what it travels."""

    WEBHOOK = "webhook"
    MAIL = "mail"
    SMS = "sms"
    PEER = "peer"

    @property
    def in_order(self) -> bool:
        """Whether a receiver takes one after another: machines do, people read a later notice without the one before."""
        return self in (Means.WEBHOOK, Means.PEER)


class DeliveryState(Enum):
    """Where it stands."""

    WAITING = "waiting"
    DELIVERED = "delivered"
    GIVEN_UP = "given_up"
    CALLED_OFF = "called_off"


# A delivery's kind that is no fact and no notice.
TEST, HAND_OVER, OUTCOME, ACKNOWLEDGE = "test", "hand_over", "return_outcome", "mail_received"
NOT_TAKEN = "mail_not_taken"
"""To who wrote by mail: some of what was enclosed was refused."""
COMPLAINANT = "complainant"
SHOWN = 200
"""Characters of a receipt that are kept: a receiver may answer with a book."""


@dataclass(frozen=True, slots=True)
class Patience:
    """How long a receiver is waited for: a setting's row."""

    first: timedelta
    longest: timedelta
    give_up: timedelta

    @staticmethod
    def of(row: Mapping[str, Any]) -> Patience:
        """Reads the row."""
        return Patience(
            timedelta(seconds=int(row["first_seconds"])),
            timedelta(seconds=int(row["longest_seconds"])),
            timedelta(hours=int(row["give_up_hours"])),
        )

    def delay(self, attempts: int) -> timedelta:
        """How long to wait after so many tries: twice as long each time, up to the longest."""
        doubled: timedelta = self.first * (1 << min(attempts, 30))
        return min(doubled, self.longest)


@dataclass(frozen=True, slots=True)
class Delivery:
    """One message to one receiver. Neither its text nor an address is in it: both are read when it is sent.

    `receiver` is the id of the webhook, contact or peer it goes to, or empty for the address a complainant gave.
    """

    id: str
    version: int
    unit_path: str
    jurisdiction_path: str
    means: Means
    addressee: str
    receiver: str
    kind: str
    message_id: str
    complaint_id: str
    number: str
    ordered_at: datetime
    fact_row: int | None = None
    transfer_id: str = ""
    state: DeliveryState = DeliveryState.WAITING
    attempts: int = 0
    next_at: datetime | None = None
    done_at: datetime | None = None
    receipt: str = ""

    @property
    def waits(self) -> bool:
        """Whether it is still to be sent."""
        return self.state is DeliveryState.WAITING

    def arrived(self, receipt: str, at: datetime) -> Delivery:
        """The receiver has taken it, and that stands, whatever was ordered of it while it was on its way.

        Only what the receiver's system has told of it by then is newer.
        """
        reported = self.state is DeliveryState.GIVEN_UP and not self.means.in_order
        if self.state is DeliveryState.DELIVERED or reported:
            return self
        return self._ended(DeliveryState.DELIVERED, receipt, at, tries=1)

    def failed(self, why: str, final: bool, patience: Patience, at: datetime) -> Delivery:
        """It has not arrived: tried again later, or given up once that is hopeless or has lasted too long.

        What was called off, or ended otherwise, while it was on its way stays so.
        """
        if not self.waits:
            return self
        if final or at - self.ordered_at >= patience.give_up:
            return self._ended(DeliveryState.GIVEN_UP, why, at, tries=1)
        return replace(
            self,
            version=self.version + 1,
            attempts=self.attempts + 1,
            next_at=at + patience.delay(self.attempts),
            receipt=why[:SHOWN],
        )

    def retried(self, at: datetime) -> Delivery:
        """Due at once. Refused with DELIVERY_ENDED for one that has arrived or was called off."""
        if self.state not in (DeliveryState.WAITING, DeliveryState.GIVEN_UP):
            raise Conflict("DELIVERY_ENDED")
        waiting = {"state": DeliveryState.WAITING, "next_at": at, "ordered_at": at, "done_at": None}
        return replace(self, version=self.version + 1, **waiting)  # type: ignore[arg-type]

    def called_off(self, at: datetime) -> Delivery:
        """Not to be sent. Refused with DELIVERY_ENDED for one that has arrived or was called off."""
        if self.state not in (DeliveryState.WAITING, DeliveryState.GIVEN_UP):
            raise Conflict("DELIVERY_ENDED")
        return self._ended(DeliveryState.CALLED_OFF, self.receipt, at, tries=0)

    def reported(self, delivered: bool, receipt: str, at: datetime) -> Delivery:
        """What the receiver's system says later became of it."""
        state = DeliveryState.DELIVERED if delivered else DeliveryState.GIVEN_UP
        return self._ended(state, receipt, at, tries=0)

    def _ended(self, state: DeliveryState, receipt: str, at: datetime, tries: int) -> Delivery:
        return replace(
            self,
            version=self.version + 1,
            state=state,
            attempts=self.attempts + tries,
            next_at=None,
            done_at=at,
            receipt=receipt[:SHOWN],
        )


@dataclass(frozen=True, slots=True)
class WantedDeliveries:
    """Which deliveries are asked for; what is empty filters nothing."""

    state: DeliveryState | None = None
    means: Means | None = None
    number: str = ""
    id: str = ""
