"""The ledger of adjustments: facts of the other services that take points off a unit's score, and what commended work gives.

An entry says what happened to whom and when, and where it came from; what it costs is said by the plan of each campaign that
covers the unit in that year. So a fact heard before a campaign opens is picked up by it, and one heard later counts in all
that are running. When the record behind an entry is changed or revoked, the entry is restored, never erased.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime
from enum import Enum
from fractions import Fraction

from chassis.auth import covers
from chassis.errors import Conflict, Invalid, NotAllowed
from services.evaluation.domain.formula import Cause, PointsOff, PointsRule


class AdjustmentState(Enum):
    """Whether an entry takes points off, or gives some."""

    COUNTS = "counts"
    EXEMPT = "exempt"
    RESTORED = "restored"
    PROPOSED = "proposed"
    DECLINED = "declined"


UPHELD = "OBJECTION_UPHELD"


def made_at(id: str) -> datetime:
    """When a record was made: its id begins with the milliseconds (RFC 9562, section 5.7)."""
    return datetime.fromtimestamp(int(id.replace("-", "")[:12], 16) / 1000, UTC)


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


@dataclass(frozen=True, slots=True)
class HeldToAccount:
    """A party of a decision: unit, official if it is a person, measures with the heaviest first."""

    unit_path: str
    official_id: str
    measures: tuple[str, ...]


def against_complaint(cause: Cause | None, unit_path: str) -> list[Against]:
    """What a complaint holds against the unit that handles it: nothing without a conclusion against it."""
    return [Against(cause, unit_path)] if cause and unit_path else []


def against_month(unit_path: str, points: Fraction, below: Fraction) -> list[Against]:
    """What a scored month holds against a unit: something only below the declared line."""
    return [Against(Cause.POOR_MONTH, unit_path)] if points < below else []


def against_parties(outcome: str, parties: Iterable[HeldToAccount]) -> list[Against]:
    """What a decision holds against units: each party once, by its heaviest measure; nothing if it was revoked, or left
    to another organ, or ended without a measure."""
    if outcome not in ("decided", "changed"):
        return []
    return [Against(Cause.MEASURE, one.unit_path, one.measures[0], one.official_id) for one in parties if one.measures]


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
    evidence: str = ""
    people: tuple[str, ...] = ()
    decided_at: datetime | None = None

    @property
    def entered_at(self) -> datetime:
        """When it began to count: commended work once it was confirmed, all else when it came into the ledger."""
        return self.decided_at or made_at(self.id)

    def is_about(self, against: Against) -> bool:
        """Whether the entry already says this."""
        mine = (self.cause, self.unit_path, self.measure, self.party)
        return mine == (against.cause, against.unit_path, against.measure, against.party)

    def restore(self, record_version: int) -> Adjustment:
        """The entry once its record no longer says so. An upheld objection stays its reason: the record may be renewed."""
        if self.reason == UPHELD:
            return self._turn(self.state, self.reason, record_version)
        return self._turn(AdjustmentState.RESTORED, "RECORD_CHANGED", record_version)

    def clear(self) -> Adjustment:
        """The entry once those it was about were cleared: 澄清正名 gives the points back."""
        return self._turn(AdjustmentState.RESTORED, "CLEARED", self.record_version)

    def renew(self, record_version: int) -> Adjustment:
        """The entry as its record says now. What an upheld objection gave back stays given back."""
        if self.reason == UPHELD:
            return self._turn(self.state, self.reason, record_version)
        return self._turn(AdjustmentState.COUNTS, "", record_version)

    def weigh(self, corrected: bool, held: bool) -> Adjustment:
        """The entry by whether the unit had found and corrected it itself, with proof of the day, and held people to account
        for it: then nothing comes off. What was restored stays so."""
        if self.state not in (AdjustmentState.COUNTS, AdjustmentState.EXEMPT):
            return self
        state = AdjustmentState.EXEMPT if corrected and held else AdjustmentState.COUNTS
        reason = "SELF_CORRECTED" if corrected and held else "NOBODY_HELD_TO_ACCOUNT" if corrected else ""
        unchanged = (state, reason) == (self.state, self.reason)
        return self if unchanged else self._turn(state, reason, self.record_version)

    def object(self) -> Adjustment:
        """The entry once an objection to it was upheld."""
        return self._turn(AdjustmentState.RESTORED, UPHELD, self.record_version)

    def decide(self, by: str, confirmed: bool, reason: str, at: datetime) -> Adjustment:
        """A commendation once a second person has confirmed or declined it.

        Raises Conflict COMMENDATION_DECIDED unless it waits, NotAllowed OWN_COMMENDATION, Invalid REASON_MISSING.
        """
        if self.state is not AdjustmentState.PROPOSED:
            raise Conflict("COMMENDATION_DECIDED")
        if by in self.people:
            raise NotAllowed("OWN_COMMENDATION")
        if not confirmed and not reason.strip():
            raise Invalid("REASON_MISSING", "reason")
        state = AdjustmentState.COUNTS if confirmed else AdjustmentState.DECLINED
        decided = self._turn(state, "" if confirmed else reason, self.record_version)
        return replace(decided, people=(*self.people, by), decided_at=at)

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
        state=AdjustmentState.COUNTS,
        reason="",
        happened_at=record.happened_at,
        origins=record.origins,
    )


@dataclass(frozen=True, slots=True)
class Commended:
    """What the office writes down about commended work."""

    unit_id: str
    level: str
    day: date
    document: str
    evidence: str


def commend(id: str, record: Record, unit_path: str, level: str, evidence: str, by: str) -> Adjustment:
    """A recorded commendation. Its record is the document that commends; it waits for a second person."""
    entry = enter(id, record, Against(Cause.COMMENDED, unit_path, level, id))
    origin = Origin("evaluation", "", record.id)
    return replace(entry, state=AdjustmentState.PROPOSED, evidence=evidence, people=(by,), origins=(origin,))


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
        saved.append(entry.renew(record.version) if now else entry.restore(record.version))
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
    """What comes off one object's score and what is added for commended work, after caps, and the entries behind both."""

    points: Fraction = Fraction(0)
    charges: tuple[Charge, ...] = ()
    on: Fraction = Fraction(0)


@dataclass(slots=True)
class _Sum:
    cap: Fraction | None
    points: Fraction = field(default_factory=Fraction)

    def capped(self) -> Fraction:
        return self.points if self.cap is None else min(self.points, self.cap)


def deduct(tariff: PointsOff, entries: Iterable[Adjustment]) -> Deduction:
    """What the entries take off and give under a tariff: each cause up to its cap, each side up to the tariff's."""
    caps = {rule.cause: rule.cap for rule in reversed(tariff.rules) if rule.cap is not None}
    sums: dict[Cause, _Sum] = {}
    charges: list[Charge] = []
    for entry in entries:
        rule = rule_of(tariff, entry)
        if rule is None or entry.state is not AdjustmentState.COUNTS:
            continue
        sums.setdefault(entry.cause, _Sum(caps.get(entry.cause))).points += rule.points
        charges.append(Charge(entry.id, rule.points, rule.source))
    on = sums.pop(Cause.COMMENDED, _Sum(None)).capped()
    off = sum((one.capped() for one in sums.values()), Fraction(0))
    return Deduction(_Sum(tariff.cap, off).capped(), tuple(charges), _Sum(tariff.on_cap, on).capped())


def rule_of(tariff: PointsOff, entry: Adjustment) -> PointsRule | None:
    """The row of the entry's own measure, else the cause's row without one."""
    rows = [rule for rule in tariff.rules if rule.cause is entry.cause and rule.measure in (entry.measure, "")]
    return max(rows, key=lambda rule: rule.measure != "", default=None)
