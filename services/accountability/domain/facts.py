"""Facts accountability announces. They carry no names and no texts."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Origin:
    """The record something came from, so that any figure can be followed back."""

    service: str
    subject_id: str
    number: str


@dataclass(frozen=True, slots=True)
class Subject:
    """The case a fact is about."""

    case_id: str
    version: int
    unit_path: str
    jurisdiction_path: str
    number: str


@dataclass(frozen=True, slots=True)
class DecidedParty:
    """One person or unit held to account, with every measure that holds, heaviest first."""

    official_id: str
    unit_path: str
    role: str
    measures: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class CaseOpened:
    """A clue became a case record."""

    subject: Subject
    origin: Origin


@dataclass(frozen=True, slots=True)
class Proposed:
    """The rules proposed a range; the hash covers facts, rules and answer."""

    subject: Subject
    sha256: str


@dataclass(frozen=True, slots=True)
class Decided:
    """The competent organ decided. Carries everything decided in the case so far, here and outside."""

    subject: Subject
    parties: tuple[DecidedParty, ...]
    origins: tuple[Origin, ...]
    outcome: str


@dataclass(frozen=True, slots=True)
class Served:
    """The decision was delivered to everybody."""

    subject: Subject


@dataclass(frozen=True, slots=True)
class Appealed:
    """A party appealed."""

    subject: Subject
    official_id: str


@dataclass(frozen=True, slots=True)
class DecisionChanged:
    """An appeal changed or revoked what was decided; carries what holds now."""

    subject: Subject
    parties: tuple[DecidedParty, ...]
    origins: tuple[Origin, ...]
    outcome: str


@dataclass(frozen=True, slots=True)
class EffectEnded:
    """A measure's period ended."""

    subject: Subject
    official_id: str
    measure: str


@dataclass(frozen=True, slots=True)
class CaseClosed:
    """The file was closed."""

    subject: Subject
    outcome: str


@dataclass(frozen=True, slots=True)
class Flagged:
    """A watcher failed: by which kind, and the word of what shows it."""

    subject: Subject
    flag: str
    reason: str


Fact = CaseOpened | Proposed | Decided | Served | Appealed | DecisionChanged | EffectEnded | CaseClosed | Flagged
