"""What a case sends out on paper: which kinds there are, when each may be written, and the record of one that was issued."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from chassis.errors import Conflict
from services.accountability.domain.case import Case, Party
from services.accountability.domain.states import WITHOUT_CONSEQUENCE, CaseState


class DocumentKind(StrEnum):
    """What a document is."""

    NOTICE = "notice"
    PROPOSAL = "proposal"
    DECISION = "decision"
    RECEIPT = "receipt"
    CIRCULAR = "circular"
    BRIEF = "brief"


OF_A_CASE = frozenset({DocumentKind.CIRCULAR, DocumentKind.BRIEF})
"""They are about a case and all its parties."""


class DocumentFormat(StrEnum):
    """The file it is given as."""

    PDF = "pdf"
    WORD = "word"


@dataclass(frozen=True, slots=True)
class PartyName:
    """Who a party is, in words; nobody here knows names."""

    name: str
    post: str


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a document is to be."""

    kind: DocumentKind
    party_id: str
    recommendation_id: str
    names: Mapping[str, PartyName]
    secrecy: str
    urgency: str
    copies_to: tuple[str, ...]
    addressee: str = ""
    asked: str = ""


@dataclass(frozen=True, slots=True)
class IssuedDocument:
    """A document with its number. `about` is what it is the only one of its kind for: party, recommendation or case."""

    id: str
    version: int
    unit_path: str
    jurisdiction_path: str
    case_id: str
    party_id: str
    kind: DocumentKind
    about: str
    number: str
    issued_at: datetime
    issued_by: str
    sha256: str


@dataclass(frozen=True, slots=True)
class Letterhead:
    """Who writes: the issuer in full, the word of each series, whom circulars go to, and the days for being heard."""

    issuer: str
    series: Mapping[str, str]
    circular_to: str
    statement_days: int
    brief_to: str = ""

    def number(self, kind: DocumentKind, year: int, place: int) -> str:
        """The number of the document at this place of its series."""
        return f"{self.word(kind)}〔{year}〕{place}号"

    def word(self, kind: DocumentKind) -> str:
        """The word of a kind's series. Raises Conflict NO_SERIES where the letterhead gives it none."""
        if kind not in self.series:
            raise Conflict("NO_SERIES", "wanted.kind", kind=kind)
        return self.series[kind]


_C = CaseState
_AT_WORK = frozenset({_C.VERIFYING, _C.FILED, _C.INVESTIGATING})
_HEARING = frozenset({_C.REVIEWED, _C.HEARD, _C.PROPOSED, _C.DISCUSSED})
_SENT = frozenset({_C.TRANSFERRED, _C.DECIDED, _C.SERVED, _C.EXECUTED, _C.CLOSED, _C.ARCHIVED})
_DECIDED = _SENT - {_C.TRANSFERRED}
_FROM: Mapping[DocumentKind, frozenset[CaseState]] = {
    DocumentKind.NOTICE: _HEARING | _SENT,
    DocumentKind.PROPOSAL: _SENT,
    DocumentKind.DECISION: _DECIDED,
    DocumentKind.RECEIPT: _DECIDED,
    DocumentKind.CIRCULAR: _DECIDED,
    DocumentKind.BRIEF: _AT_WORK | _HEARING | _SENT | WITHOUT_CONSEQUENCE,
}


def may_write(kind: DocumentKind, case: Case, party: Party | None) -> None:
    """Refuses a document with DOCUMENT_TOO_EARLY while the case does not hold what it says."""
    asked = [party] if party else list(case.answering)
    decided = any(one.measures or (kind is DocumentKind.CIRCULAR and one.outside) for one in asked)
    if case.state not in _FROM[kind] or (_FROM[kind] is _DECIDED and not decided):
        raise Conflict("DOCUMENT_TOO_EARLY", "wanted.kind", state=case.state)


def may_issue(kind: DocumentKind, party: Party | None) -> None:
    """Refuses a notice to somebody who was heard: it would say that he may still speak (政务处分法 article 43)."""
    if kind is DocumentKind.NOTICE and party is not None and party.heard_at is not None:
        raise Conflict("DOCUMENT_TOO_LATE", "wanted.kind")
