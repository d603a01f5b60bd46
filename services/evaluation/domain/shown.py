"""Results as they are shown: one count with its record, one unit's own, one score with all that is behind it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from services.evaluation.domain.adjustment import Adjustment
from services.evaluation.domain.campaign import Campaign
from services.evaluation.domain.formula import Publish
from services.evaluation.domain.objection import ObjectionState
from services.evaluation.domain.result import GroupTurnout, ObjectResult, ResultChange, ResultRow
from services.evaluation.domain.standing import Standing


@dataclass(frozen=True, slots=True)
class Kept:
    """One count on record."""

    count: int
    counted_at: datetime
    released_at: datetime | None
    turnout: tuple[GroupTurnout, ...]


@dataclass(frozen=True, slots=True)
class Shown:
    """One count of a campaign as far as it may be shown, beside the counts on record and what was said against them."""

    campaign: Campaign
    kept: Kept
    rows: list[ResultRow]
    what: Publish
    versions: list[tuple[Kept, list[ResultChange]]]
    objections: Mapping[ObjectionState, int]


@dataclass(frozen=True, slots=True)
class Explained:
    """One object's result, the ledger entries its charges rest on by id, how it stands, until when one may object, and
    whether the reader is one who may."""

    campaign: Campaign
    result: ObjectResult
    entries: dict[str, Adjustment]
    standing: Standing
    objections_until: datetime | None
    own: bool


@dataclass(frozen=True, slots=True)
class OwnResult:
    """One object of a unit in a released campaign, and how many objects its group has with a score."""

    campaign: Campaign
    result: ObjectResult
    objects: int
    released_at: datetime
    objections_until: datetime | None
