"""Media exposures: verified, followed, interviewed, promised in public, and the promise tracked to its day."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime
from enum import Enum
from typing import Any

from chassis.clock import local_day
from chassis.errors import Conflict, Invalid
from services.complaints.domain.facts import CommitmentSettled, ExposureVerified, Fact, about
from services.complaints.domain.stages import Conclusion


class ExposureState(Enum):
    """Where an exposure stands."""

    RECORDED = "recorded"
    VERIFIED = "verified"
    INTERVIEWED = "interviewed"
    COMMITTED = "committed"
    BROKEN = "broken"
    KEPT = "kept"
    CLOSED = "closed"


_S = ExposureState
_OPEN = frozenset(_S) - {_S.CLOSED}
_CHECKED = _OPEN - {_S.RECORDED}
# From which states each act may be done, by rpc name.
ACTS: dict[str, frozenset[ExposureState]] = {
    "VerifyExposure": frozenset({_S.RECORDED}),
    "FollowExposure": _OPEN,
    "RecordInterview": _CHECKED,
    "RecordCommitment": frozenset({_S.VERIFIED, _S.INTERVIEWED, _S.BROKEN, _S.KEPT}),
    "SettleCommitment": frozenset({_S.COMMITTED, _S.BROKEN}),
    "CloseExposure": frozenset({_S.VERIFIED, _S.INTERVIEWED, _S.BROKEN, _S.KEPT}),
}


@dataclass(frozen=True, slots=True)
class Exposure:
    """What a medium exposed. All of it has been public from the start."""

    id: str
    version: int
    unit_path: str
    jurisdiction_path: str
    number: str
    state: ExposureState
    medium: str
    headline: str
    place: str
    exposed_on: date
    complaint_id: str
    recorded_by: str
    recorded_at: datetime
    conclusion: Conclusion | None = None
    commitment: str = ""
    commitment_due_on: date | None = None

    def change(self, act: str, **fields: Any) -> Exposure:
        """The next version after `act`. Refused with EXPOSURE_STATE where it has no place."""
        if self.state not in ACTS[act]:
            raise Conflict("EXPOSURE_STATE", state=self.state.value, act=act)
        return replace(self, version=self.version + 1, **fields)


@dataclass(frozen=True, slots=True)
class TakenStep:
    """One step as it is read."""

    at: datetime
    act: str
    by: str
    day: date
    text: str


@dataclass(frozen=True, slots=True)
class SeenExposure:
    """An exposure with its steps and what may be done with it."""

    exposure: Exposure
    steps: tuple[TakenStep, ...] = ()
    next: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Told:
    """What is entered of an exposure."""

    unit_path: str
    jurisdiction_path: str
    medium: str
    headline: str
    place: str
    exposed_on: date
    complaint_id: str


@dataclass(frozen=True, slots=True)
class Step:
    """One step of an exposure, with the fact it announces."""

    exposure: Exposure
    act: str
    day: date
    text: str
    fact: Fact | None = None


def verify(exposure: Exposure, conclusion: Conclusion, text: str, at: datetime) -> Step:
    """What checking established. Where nothing is true of it, it is closed."""
    to = ExposureState.VERIFIED if conclusion is not Conclusion.NOT_ESTABLISHED else ExposureState.CLOSED
    now = exposure.change("VerifyExposure", state=to, conclusion=conclusion)
    fact = ExposureVerified(**about(now), conclusion=conclusion, complaint_id=now.complaint_id)
    return Step(now, "verify", local_day(at), text, fact)


def follow(exposure: Exposure, day: date, text: str, at: datetime) -> Step:
    """How the media follow it. Refused with DAY_AHEAD."""
    check_past(day, "day", at)
    return Step(exposure.change("FollowExposure"), "follow", day, text)


def interview(exposure: Exposure, day: date, leader: str, text: str, at: datetime) -> Step:
    """A leader answered the media. A commitment that runs is not forgotten over it."""
    check_past(day, "day", at)
    checked = exposure.state is ExposureState.VERIFIED
    now = exposure.change("RecordInterview", state=ExposureState.INTERVIEWED if checked else exposure.state)
    return Step(now, "interview", day, f"{leader}：{text}")


def commit(exposure: Exposure, commitment: str, due_on: date, at: datetime) -> Step:
    """What was promised in public, and by when. Refused with DAY_PAST."""
    today = local_day(at)
    if due_on < today:
        raise Invalid("DAY_PAST", "due_on")
    fields = {"state": ExposureState.COMMITTED, "commitment": commitment, "commitment_due_on": due_on}
    return Step(exposure.change("RecordCommitment", **fields), "commit", today, commitment)


def settle(exposure: Exposure, kept: bool, proof: str, text: str, at: datetime) -> Step:
    """Kept, with proof, or broken. Refused with PROOF_MISSING."""
    now = exposure.change("SettleCommitment", state=ExposureState.KEPT if kept else ExposureState.BROKEN)
    if kept and not proof.strip():
        raise Invalid("PROOF_MISSING", "proof")
    fact = CommitmentSettled(**about(now), kept=kept, late=is_over(exposure, at))
    return Step(now, "settle", local_day(at), "\n".join(filter(None, (proof, text))), fact)


def overrun(exposure: Exposure, at: datetime) -> Step:
    """Its day passed without proof: broken until proof comes."""
    now = exposure.change("SettleCommitment", state=ExposureState.BROKEN)
    return Step(now, "late", local_day(at), "", CommitmentSettled(**about(now), kept=False, late=True))


def close(exposure: Exposure, text: str, at: datetime) -> Step:
    """Nothing more follows."""
    return Step(exposure.change("CloseExposure", state=ExposureState.CLOSED), "close", local_day(at), text)


def is_over(exposure: Exposure, at: datetime) -> bool:
    """Whether the last day of its commitment has passed."""
    return exposure.commitment_due_on is not None and exposure.commitment_due_on < local_day(at)


def check_past(day: date, field: str, at: datetime) -> None:
    """Refuses a day that has not come: Invalid with DAY_AHEAD."""
    if day > local_day(at):
        raise Invalid("DAY_AHEAD", field)
