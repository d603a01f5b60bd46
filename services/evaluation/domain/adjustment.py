"""The ledger of adjustments: facts of the other services that take points off a unit's score.

An entry says what happened to whom and when, and where it came from; what it costs is said by the plan of each campaign that
covers the unit in that year. So a fact heard before a campaign opens is picked up by it, and one heard later counts in all
that are running. When the record behind an entry is changed or revoked, the entry is restored, never erased.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import Enum
from fractions import Fraction

from chassis.auth import covers
from services.evaluation.domain.formula import Cause, PointsOff, PointsRule


class AdjustmentState(Enum):
    """Whether an entry takes points off."""

    COUNTS = "counts"
    EXEMPT = "exempt"
    RESTORED = "restored"


@dataclass(frozen=True, slots=True)
class Origin:
    """Where something came from: service, record, and the number people know it by."""

    service: str
    subject_id: str
    number: str


@dataclass(frozen=True, slots=True)
class Against:
    """What a fact holds against one unit: the cause, and for a measure which one and against whom."""

    cause: Cause
    unit_path: str
    measure: str = ""
    party: str = ""
    exempt: bool = False


@dataclass(frozen=True, slots=True)
class HeldToAccount:
    """A party of a decision: unit, official if it is a person, measures with the heaviest first."""

    unit_path: str
    official_id: str
    measures: tuple[str, ...]


def against_complaint(cause: Cause | None, unit_path: str, corrected: bool) -> list[Against]:
    """What a closed complaint holds against a unit: nothing without a conclusion against it, and nothing comes off where
    the unit had found it itself and set it right."""
    return [Against(cause, unit_path, exempt=corrected)] if cause and unit_path else []


def against_month(unit_path: str, points: Fraction, below: Fraction) -> list[Against]:
    """What a scored month holds against a unit: something only below the declared line."""
    return [Against(Cause.POOR_MONTH, unit_path)] if points < below else []


def against_parties(outcome: str, parties: Iterable[HeldToAccount], corrected: Collection[str] = ()) -> list[Against]:
    """What a decision holds against units: each party once, by its heaviest measure; nothing if it was revoked, or left
    to another organ, or ended without a measure.

    Nothing comes off the units (by path) that had found and corrected it themselves: they held people to account for it.
    """
    if outcome not in ("decided", "changed"):
        return []
    return [
        Against(Cause.MEASURE, one.unit_path, one.measures[0], one.official_id, among(one.unit_path, corrected))
        for one in parties
        if one.measures
    ]


def among(unit_path: str, units: Iterable[str]) -> bool:
    """Whether a unit is one of these, above or below one of them."""
    return any(covers(path, unit_path) or covers(unit_path, path) for path in units)


@dataclass(frozen=True, slots=True)
class Adjustment:
    """An entry. Its first origin is the record itself; then comes what that record came from."""

    id: str
    version: int
    unit_path: str
    jurisdiction_path: str
    record_id: str
    record_version: int
    year: int
    cause: Cause
    measure: str
    party: str
    state: AdjustmentState
    reason: str
    happened_at: datetime
    origins: tuple[Origin, ...]

    def is_about(self, against: Against) -> bool:
        """Whether the entry already says this."""
        mine = (self.cause, self.unit_path, self.measure, self.party)
        return mine == (against.cause, against.unit_path, against.measure, against.party)

    def restore(self, record_version: int) -> Adjustment:
        """The entry once its record no longer says so."""
        return self._turn(AdjustmentState.RESTORED, "RECORD_CHANGED", record_version)

    def clear(self) -> Adjustment:
        """The entry once those it was about were cleared: 澄清正名 gives the points back."""
        return self._turn(AdjustmentState.RESTORED, "CLEARED", self.record_version)

    def renew(self, against: Against, record_version: int) -> Adjustment:
        """The entry as its record says now."""
        return self._turn(*_standing(against), record_version)

    def _turn(self, state: AdjustmentState, reason: str, record_version: int) -> Adjustment:
        version = self.version + 1
        return replace(self, version=version, state=state, reason=reason, record_version=record_version)


@dataclass(frozen=True, slots=True)
class Record:
    """A record of another service at one version, as a fact told of it."""

    id: str
    version: int
    jurisdiction_path: str
    year: int
    happened_at: datetime
    origins: tuple[Origin, ...]


def enter(id: str, record: Record, against: Against) -> Adjustment:
    """A new entry."""
    state, reason = _standing(against)
    return Adjustment(
        id=id,
        version=1,
        unit_path=against.unit_path,
        jurisdiction_path=record.jurisdiction_path,
        record_id=record.id,
        record_version=record.version,
        year=record.year,
        cause=against.cause,
        measure=against.measure,
        party=against.party,
        state=state,
        reason=reason,
        happened_at=record.happened_at,
        origins=record.origins,
    )


def changes(
    entries: Sequence[Adjustment], record: Record, said: Iterable[Against]
) -> tuple[list[Against], list[Adjustment]]:
    """What to enter and what to save so that the ledger says of a record what its latest fact says.

    `entries` are those of the record for the causes the fact speaks of. A fact older than what is entered changes nothing.
    """
    if any(entry.record_version >= record.version for entry in entries):
        return [], []
    said = list(dict.fromkeys(said))
    saved: list[Adjustment] = []
    for entry in entries:
        now = next((against for against in said if entry.is_about(against)), None)
        saved.append(entry.renew(now, record.version) if now else entry.restore(record.version))
    fresh = [against for against in said if not any(entry.is_about(against) for entry in entries)]
    return fresh, saved


@dataclass(frozen=True, slots=True)
class Charge:
    """One entry under a plan: its points before caps, and where the row comes from."""

    adjustment_id: str
    points: Fraction
    source: str


@dataclass(frozen=True, slots=True)
class Deduction:
    """What comes off one object's score, after caps, and the entries behind it."""

    points: Fraction = Fraction(0)
    charges: tuple[Charge, ...] = ()


@dataclass(slots=True)
class _Sum:
    cap: Fraction | None
    points: Fraction = field(default_factory=Fraction)

    def capped(self) -> Fraction:
        return self.points if self.cap is None else min(self.points, self.cap)


def deduct(tariff: PointsOff, entries: Iterable[Adjustment]) -> Deduction:
    """What the entries take off under a tariff: each cause up to its cap, all together up to the tariff's."""
    caps = {rule.cause: rule.cap for rule in reversed(tariff.rules) if rule.cap is not None}
    sums: dict[Cause, _Sum] = {}
    charges: list[Charge] = []
    for entry in entries:
        rule = _rule(tariff, entry)
        if rule is None or entry.state is not AdjustmentState.COUNTS:
            continue
        sums.setdefault(entry.cause, _Sum(caps.get(entry.cause))).points += rule.points
        charges.append(Charge(entry.id, rule.points, rule.source))
    total = _Sum(tariff.cap, sum((one.capped() for one in sums.values()), Fraction(0)))
    return Deduction(total.capped(), tuple(charges))


def _rule(tariff: PointsOff, entry: Adjustment) -> PointsRule | None:
    """The row of the entry's own measure, else the cause's row without one."""
    rows = [rule for rule in tariff.rules if rule.cause is entry.cause and rule.measure in (entry.measure, "")]
    return max(rows, key=lambda rule: rule.measure != "", default=None)


def _standing(against: Against) -> tuple[AdjustmentState, str]:
    return (AdjustmentState.EXEMPT, "SELF_CORRECTED") if against.exempt else (AdjustmentState.COUNTS, "")
