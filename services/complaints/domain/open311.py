"""Open311 GeoReport v2: the keys programs file by, and what of a complaint is public.

Public is what the standard lists without the words: number, service, state and times. What it says never is, nor who raised
it; and which unit has it is not told of one filed in confidence, lest the unit learn of it from a program.

Nor does a list tell by what it lacks: whoever reads it every day would see which complaint was moved to the discipline
organ, or isolated as a secret, if it vanished or stood like no other. So what has ended here without an answer (forwarded,
withdrawn, merged, moved) stands all alike, without service and unit; what is isolated stands as it stood before.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from chassis.errors import Conflict, Invalid
from services.complaints.domain.complaint import Complaint
from services.complaints.domain.stages import BEFORE_DISPATCH, Manner, Stage
from services.complaints.domain.views import Receipt

GONE = frozenset({Stage.FORWARDED, Stage.WITHDRAWN, Stage.MERGED, Stage.MOVED})
"""What has ended here without an answer."""
_NUMBER = re.compile(r"(\d{4})-(\d{1,12})", re.ASCII)
_LONG = re.compile(r"投诉〔(\d{4})〕(\d+)号", re.ASCII)
_STANDING = {
    Stage.NOT_ACCEPTED: "not_accepted",
    **dict.fromkeys(GONE, "ended"),
    Stage.CLOSED: "answered",
    Stage.ARCHIVED: "answered",
    Stage.RECEIVED: "received",
}
CLOSED = frozenset(_STANDING) - {Stage.RECEIVED}


@dataclass(frozen=True, slots=True)
class Open311Key:
    """A program that may file. Its secret is kept as a keyed hash only."""

    id: str
    version: int
    unit_path: str
    jurisdiction_path: str
    holder: str
    token_only: bool
    key_mac: bytes
    issued_by: str
    issued_at: datetime
    withdrawn_at: datetime | None = None

    def withdraw(self, at: datetime) -> Open311Key:
        """Nothing can be filed by it any more. Refused with OPEN311_KEY_WITHDRAWN."""
        if self.withdrawn_at is not None:
            raise Conflict("OPEN311_KEY_WITHDRAWN", holder=self.holder)
        return replace(self, version=self.version + 1, withdrawn_at=at)


@dataclass(frozen=True, slots=True)
class Span:
    """From when until before when requests are listed."""

    since: datetime
    before: datetime

    @staticmethod
    def of(since: datetime | None, before: datetime | None, now: datetime, longest_days: int) -> Span:
        """The span asked for: the last days of the standard where none is, and never more of them.

        Refused with OPEN311_SPAN_TOO_LONG, OPEN311_SPAN_BACKWARDS.
        """
        longest = timedelta(days=longest_days)
        if since is None:
            before = before or now + timedelta(microseconds=1)
            return Span(before - longest, before)
        before = before or since + longest
        if before < since:
            raise Invalid("OPEN311_SPAN_BACKWARDS", "received_before")
        if before - since > longest:
            raise Invalid("OPEN311_SPAN_TOO_LONG", "received_before", days=longest_days)
        return Span(since, before)


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which requests somebody asks for."""

    jurisdiction_path: str
    numbers: tuple[str, ...]
    service_codes: tuple[str, ...]
    since: datetime | None
    before: datetime | None
    status: str


@dataclass(frozen=True, slots=True)
class PublicRequest:
    """What anybody may see of one complaint."""

    number: str
    closed: bool
    standing: str
    service_code: str
    unit_path: str
    received_at: datetime
    updated_at: datetime
    due_at: datetime | None


@dataclass(frozen=True, slots=True)
class Posted:
    """What a program is told of a complaint it has filed."""

    receipt: Receipt
    token: str
    token_only: bool


@dataclass(frozen=True, slots=True)
class Offered:
    """What can be filed in a place: the categories, the groups they stand in, the attributes asked for beside the text."""

    categories: list[Mapping[str, str]]
    groups: dict[str, Mapping[str, Any]]
    attributes: list[Mapping[str, Any]]


@dataclass(frozen=True, slots=True)
class Shown:
    """One public request with the word of its service and the name of its unit."""

    request: PublicRequest
    service: Mapping[str, str]
    unit_name: str


def public(complaint: Complaint) -> PublicRequest:
    """What of it is public."""
    moments = (complaint.closed_at, complaint.dispatched_at, complaint.accepted_at)
    stage = (complaint.stage is Stage.ISOLATED and complaint.stage_before) or complaint.stage
    gone = stage in GONE
    confidential = gone or complaint.manner is Manner.CONFIDENTIAL or stage in BEFORE_DISPATCH
    return PublicRequest(
        number=short(complaint.number),
        closed=stage in CLOSED,
        standing=_STANDING.get(stage, "under_way"),
        service_code="" if gone else complaint.category,
        unit_path="" if confidential else complaint.unit_path,
        received_at=complaint.received_at,
        updated_at=next((moment for moment in moments if moment is not None), complaint.received_at),
        due_at=None if gone else complaint.due_at,
    )


def short(number: str) -> str:
    """投诉〔2026〕12号 as the 2026-12 an address can hold."""
    found = _LONG.fullmatch(number)
    return f"{found[1]}-{found[2]}" if found else number


def long(number: str) -> str:
    """2026-12 as 投诉〔2026〕12号; what is no such number stays as it is and is found nowhere."""
    found = _NUMBER.fullmatch(number)
    return f"投诉〔{found[1]}〕{int(found[2])}号" if found else number
