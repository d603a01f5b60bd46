"""Transfers: complaints handed to other systems and taken from them, and the outcome on its way back."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, replace
from datetime import datetime
from enum import Enum
from typing import Any

from chassis.errors import Conflict, Invalid
from services.complaints.domain.facts import Subject, TransferAnswered, Transferred, about
from services.complaints.domain.stages import Channel, Conclusion


class PeerKind(Enum):
    """What kind of system it is."""

    SUPERIOR = "superior"
    DISTRICT = "district"
    BUREAU = "bureau"
    HOTLINE = "hotline"

    @property
    def channel(self) -> Channel:
        """Under which channel its complaints come in. A district hands up what its own office was asked about."""
        return {PeerKind.SUPERIOR: Channel.SUPERIOR, PeerKind.HOTLINE: Channel.HOTLINE}.get(self, Channel.BUREAU)


class TransferDirection(Enum):
    """Which way it went."""

    OUT = "out"
    IN = "in"


class Scope(Enum):
    """How much of it goes."""

    WHOLE = "whole"
    EXCERPT = "excerpt"


class TransferState(Enum):
    """Where it stands."""

    ORDERED = "ordered"
    TAKEN = "taken"
    REFUSED = "refused"
    CALLED_OFF = "called_off"
    ANSWERED = "answered"


@dataclass(frozen=True, slots=True)
class Peer:
    """Another system: known by the account of its certificate, reached at its target, sealed to by its key."""

    id: str
    version: int
    unit_path: str
    jurisdiction_path: str
    name: str
    kind: PeerKind
    account: str
    target: str
    target_path: str
    public_key: str
    running: bool = True

    def switched(self, running: bool) -> Peer:
        """Stopped or started. Refused with PEER_ALREADY_SO if nothing would change."""
        if running == self.running:
            raise Conflict("PEER_ALREADY_SO")
        return replace(self, version=self.version + 1, running=running)

    def check_runs(self) -> None:
        """Refuses with PEER_STOPPED while nothing goes there and nothing is taken from it."""
        if not self.running:
            raise Conflict("PEER_STOPPED", name=self.name)


@dataclass(frozen=True, slots=True)
class Transfer:
    """One transfer as this side keeps it. `reference` is its id on the side that hands over.

    `reason` and `outcome` are texts, encrypted under the key of the complaint.
    """

    id: str
    version: int
    unit_path: str
    jurisdiction_path: str
    complaint_id: str
    number: str
    direction: TransferDirection
    peer_id: str
    peer_name: str
    reference: str
    scope: Scope
    state: TransferState
    ordered_by: str
    ordered_at: datetime
    reason: bytes | None = None
    peer_number: str = ""
    taken_at: datetime | None = None
    parcel_hash: bytes = b""
    refusal: str = ""
    conclusion: Conclusion | None = None
    outcome: bytes | None = None
    outcome_hash: bytes = b""
    answered_at: datetime | None = None

    @property
    def under_way(self) -> bool:
        """Whether the other side has not said yet whether it takes it."""
        return self.state is TransferState.ORDERED

    def taken(self, peer_number: str, parcel_hash: bytes, at: datetime) -> Transfer:
        """The other side has it; its receipt names its own number and the hash of what arrived.

        That stands though it was called off while it was on its way. Its outcome may have come before the receipt was kept.
        """
        state = self.state if self.state is TransferState.ANSWERED else TransferState.TAKEN
        told = {"refusal": ""} if state is TransferState.TAKEN else {}
        return self._next(state, peer_number=peer_number, parcel_hash=parcel_hash, taken_at=at, **told)

    def sent(self, parcel_hash: bytes) -> Transfer:
        """About to be handed over: from now on the other side may have it, whatever is heard of it."""
        return self if parcel_hash == self.parcel_hash else self._next(self.state, parcel_hash=parcel_hash)

    def again(self) -> Transfer:
        """Ordered once more after it was refused. Refused with TRANSFER_ENDED for one that ended otherwise."""
        if self.under_way:
            return self
        if self.state is not TransferState.REFUSED:
            raise Conflict("TRANSFER_ENDED")
        return self._next(TransferState.ORDERED, refusal="", answered_at=None)

    def refused(self, why: str, at: datetime) -> Transfer:
        """The other side does not take it."""
        return self._next(TransferState.REFUSED, refusal=why, answered_at=at)

    def called_off(self) -> Transfer:
        """Not to be handed over. Refused with TRANSFER_TAKEN once the other side has it or has refused it."""
        if not self.under_way:
            raise Conflict("TRANSFER_TAKEN")
        return self._next(TransferState.CALLED_OFF)

    def check_open(self) -> None:
        """Refuses with TRANSFER_ENDED an outcome of what was never handed over. Once it was sent, who has an outcome has it:
        the answer that said so may have been lost, and what was called off or refused afterwards with it."""
        if self.state in (TransferState.CALLED_OFF, TransferState.REFUSED) and not self.parcel_hash:
            raise Conflict("TRANSFER_ENDED", "reference")

    def answered(self, conclusion: Conclusion | None, outcome: bytes | None, digest: bytes, at: datetime) -> Transfer:
        """The outcome has come back, or has been returned."""
        told = {"conclusion": conclusion, "outcome": outcome, "outcome_hash": digest, "answered_at": at}
        return self._next(TransferState.ANSWERED, **told)

    def _next(self, state: TransferState, **fields: Any) -> Transfer:
        return replace(self, version=self.version + 1, state=state, **fields)


@dataclass(frozen=True, slots=True)
class Parcel:
    """What a complaint says, as one system hands it to another. Who raised it is not in it."""

    title: str
    text: str
    confidential_text: str = ""
    category: str = ""
    channel: str = ""
    manner: str = ""
    received_at: str = ""
    note: str = ""

    def packed(self) -> bytes:
        """As it is sealed."""
        return json.dumps(asdict(self), ensure_ascii=False).encode()

    @staticmethod
    def of(packed: bytes) -> Parcel:
        """Reads it. Refused with PARCEL_UNREADABLE for what has no title and text, or a part beyond its limits."""
        try:
            said = json.loads(packed)
            known = {name: said[name] for name in Parcel.__dataclass_fields__ if name in said}
        except (ValueError, TypeError, RecursionError) as wrong:
            raise Invalid("PARCEL_UNREADABLE", "parcel") from wrong
        if not all(readable(value, _LONGEST[name]) for name, value in known.items()):
            raise Invalid("PARCEL_UNREADABLE", "parcel")
        if not all(known.get(name, "").strip() for name in ("title", "text")):
            raise Invalid("PARCEL_UNREADABLE", "parcel")
        return Parcel(**known)


_LONGEST = {
    "title": 100,
    "text": 10_000,
    "confidential_text": 10_000,
    "category": 100,
    "channel": 100,
    "manner": 100,
    "received_at": 100,
    "note": 500,
}
"""Characters of each part of a parcel: as many as may be typed here."""
OUTCOME_LONGEST = 10_000


def readable(value: object, most: int) -> bool:
    """Whether it is a text of so many characters, and one a database can hold: without NUL and halves of characters."""
    if not isinstance(value, str) or len(value) > most or "\0" in value:
        return False
    try:
        value.encode()
    except UnicodeEncodeError:
        return False
    return True


def transferred(transfer: Transfer, complaint: Subject) -> Transferred:
    """The fact that it was handed over or taken."""
    return Transferred(
        **about(complaint),
        transfer_id=transfer.id,
        direction=transfer.direction.value,
        scope=transfer.scope.value,
        peer=transfer.peer_name,
    )


def outcome_returned(transfer: Transfer, complaint: Subject) -> TransferAnswered:
    """The fact that its outcome has come back."""
    return TransferAnswered(
        **about(complaint),
        transfer_id=transfer.id,
        direction=transfer.direction.value,
        conclusion=transfer.conclusion,
        peer=transfer.peer_name,
    )


def check_target(target: str) -> None:
    """Refuses what is no host:port with PEER_TARGET_INVALID."""
    host, colon, port = target.rpartition(":")
    if not (colon and host and port.isascii() and port.isdigit() and 0 < int(port) < 65536) or not target.isprintable():
        raise Invalid("PEER_TARGET_INVALID", "target")
    if any(character in " /@?#" for character in target):
        raise Invalid("PEER_TARGET_INVALID", "target")


@dataclass(frozen=True, slots=True)
class WantedTransfers:
    """Which transfers are asked for; what is empty filters nothing."""

    complaint_id: str = ""
    direction: TransferDirection | None = None
    state: TransferState | None = None
    id: str = ""
