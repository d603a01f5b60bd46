"""Service items with their limits, and the published lists of powers, duties and procedures."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import Enum

from chassis.errors import Invalid


class ServiceItemKind(Enum):
    """办件类型."""

    IMMEDIATE = "immediate"
    PROMISED = "promised"
    JOINT = "joint"
    UPWARD = "upward"


class DutyListKind(Enum):
    """清单类别."""

    POWERS = "powers"
    DUTIES = "duties"
    PROCEDURES = "procedures"


@dataclass(frozen=True, slots=True)
class ServiceItem:
    """办事事项. Limits in working days; 0 is on the spot. `tacit_approval`: 超时默认."""

    id: str
    version: int
    unit_path: str
    jurisdiction_path: str
    unit_id: str
    code: str
    name: str
    kind: ServiceItemKind
    legal_days: int
    promised_days: int
    tacit_approval: bool
    legal_basis: str
    valid_from: date
    valid_to: date | None


@dataclass(frozen=True, slots=True)
class DutyList:
    """权力/责任/程序清单 of one unit."""

    id: str
    version: int
    unit_path: str
    jurisdiction_path: str
    code: str
    name: str
    kind: DutyListKind
    valid_from: date
    valid_to: date | None


@dataclass(frozen=True, slots=True)
class DutyItem:
    """清单事项: one line of a duty list."""

    id: str
    version: int
    unit_path: str
    jurisdiction_path: str
    list_code: str
    code: str
    name: str
    legal_basis: str
    valid_from: date
    valid_to: date | None


def check_limits(item: ServiceItem) -> None:
    """A promise is never later than the law (PROMISE_LONGER_THAN_LAW); what is immediate promises no days
    (IMMEDIATE_HAS_NO_DAYS). Raises Invalid."""
    if item.promised_days > item.legal_days:
        raise Invalid("PROMISE_LONGER_THAN_LAW", "promised_days", promised=item.promised_days, legal=item.legal_days)
    if item.kind is ServiceItemKind.IMMEDIATE and item.promised_days:
        raise Invalid("IMMEDIATE_HAS_NO_DAYS", "promised_days")
