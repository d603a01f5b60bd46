"""What people read and write that is no record of its own: files with their texts, lists, findings, figures."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from papers.sheets_strict import TypedSheet
from services.accountability.domain.appeals import Appeal
from services.accountability.domain.case import Case
from services.accountability.domain.effects import MeasureCount
from services.accountability.domain.proposal import Proposal
from services.accountability.domain.routes import Route
from services.accountability.domain.rule_version import RuleVersion
from services.accountability.domain.states import CaseState
from services.accountability.rules.measures import Catalogue
from services.accountability.rules.table import Pack
from services.accountability.rules.words import Consequence, Severity


@dataclass(frozen=True, slots=True)
class CaseFile:
    """A case with its texts, by the id of what they belong to."""

    case: Case
    texts: dict[str, str]
    leader_answer: str


@dataclass(frozen=True, slots=True)
class Line:
    """A line of the timeline with its note."""

    at: datetime
    act: str
    by: str
    state: CaseState
    note: str


@dataclass(frozen=True, slots=True)
class CaseFilter:
    """What a list of cases is narrowed by; empty narrows nothing."""

    state: CaseState | None = None
    unit_path: str = ""
    origin_subject_id: str = ""
    official_id: str = ""


@dataclass(frozen=True, slots=True)
class Finding:
    """What an investigator records about one party."""

    party_id: str
    conduct: str
    day: date
    severity: Severity
    consequence: Consequence
    mitigating: tuple[str, ...]
    aggravating: tuple[str, ...]
    statement: str
    evidence_sha256: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class AppealFile:
    """An appeal with the route it runs on, and whether the party went on to the second instance."""

    appeal: Appeal
    route: Route
    went_on: bool


@dataclass(frozen=True, slots=True)
class OpenAppeal:
    """An undecided appeal with the case it is in."""

    file: AppealFile
    case_number: str
    unit_path: str
    official_id: str
    overdue: bool


@dataclass(frozen=True, slots=True)
class Explained:
    """A proposal, with the measures and organs it speaks of."""

    proposal: Proposal
    catalogue: Catalogue


@dataclass(frozen=True, slots=True)
class ReadVersion:
    """A rule version with its table, and the places of those golden cases it answers otherwise than they say."""

    version: RuleVersion
    pack: Pack
    broken: frozenset[int] = frozenset()


@dataclass(frozen=True, slots=True)
class Figures:
    """The figures of a period."""

    opened: int
    decided: int
    without: int
    persons: int
    units: int
    sent: int
    answered: int
    measures: tuple[MeasureCount, ...]


Given = str | bytes | tuple[TypedSheet, ...]
"""A pack of rules as somebody brings it: its text, the bytes of its workbook, or its sheets as they were typed."""


@dataclass(frozen=True, slots=True)
class Exported:
    """A rule version to take home: its workbook with a file name, and the text that was approved."""

    workbook: bytes
    file_name: str
    pack_text: str
