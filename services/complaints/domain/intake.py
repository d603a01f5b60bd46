"""Filing: what has to be there, and the complaint as it begins."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from chassis.errors import Invalid
from services.complaints.domain.complaint import Complaint
from services.complaints.domain.redaction import Identity, Mac, Trace, redacted_at_intake, traces
from services.complaints.domain.roads import DangerKind
from services.complaints.domain.stages import Channel, Manner, Origin, Stage


@dataclass(frozen=True, slots=True)
class Draft:
    """What somebody raises."""

    jurisdiction_path: str
    title: str
    text: str
    confidential_text: str
    manner: Manner
    identity: Identity
    accused_unit_path: str = ""
    accused_official_id: str = ""
    category: str = ""
    danger: DangerKind | None = None


@dataclass(frozen=True, slots=True)
class Content:
    """What a complaint says, as it is encrypted: the words themselves, and the copy a unit may read."""

    title: str
    text: str
    confidential_text: str
    unit_title: str
    unit_text: str
    traces: tuple[Trace, ...] = ()


@dataclass(frozen=True, slots=True)
class Entry:
    """Under which number, channel and hand it comes in."""

    id: str
    number: str
    channel: Channel
    regime: str
    filed_by: str
    receipt_mac: bytes
    at: datetime


def check(draft: Draft) -> None:
    """Refuses with IDENTITY_MISSING or IDENTITY_UNWANTED, TITLE_EMPTY or TEXT_EMPTY for blanks only."""
    if not draft.title.strip():
        raise Invalid("TITLE_EMPTY", "draft.title")
    if not draft.text.strip():
        raise Invalid("TEXT_EMPTY", "draft.text")
    anonymous = draft.manner is Manner.ANONYMOUS
    if anonymous and not draft.identity.empty:
        raise Invalid("IDENTITY_UNWANTED", "draft.identity")
    if not anonymous and not draft.identity.name.strip():
        raise Invalid("IDENTITY_MISSING", "draft.identity.name")


def content(draft: Draft, mac: Mac) -> Content:
    """What is encrypted of it; `mac` is the keyed hash by which later texts are searched for the identity."""
    return Content(
        title=draft.title,
        text=draft.text,
        confidential_text=draft.confidential_text,
        unit_title=redacted_at_intake(draft.title, draft.identity),
        unit_text=redacted_at_intake(draft.text, draft.identity),
        traces=traces(draft.identity, mac),
    )


def received(draft: Draft, entry: Entry) -> Complaint:
    """The complaint as it begins: received, numbered, with nobody handling it yet."""
    return Complaint(
        id=entry.id,
        version=1,
        jurisdiction_path=draft.jurisdiction_path,
        unit_path="",
        number=entry.number,
        stage=Stage.RECEIVED,
        channel=entry.channel,
        manner=draft.manner,
        origin=Origin.FILED,
        regime=entry.regime,
        category=draft.category,
        accused_unit_path=draft.accused_unit_path,
        accused_official_id=draft.accused_official_id,
        received_at=entry.at,
        recorded_at=entry.at,
        filed_by=entry.filed_by,
        receipt_mac=entry.receipt_mac,
    )
