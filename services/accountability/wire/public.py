"""Circulars and clearings as messages: as their makers see them, and as everybody may."""

from __future__ import annotations

from collections.abc import Iterable

from zhengfeng.accountability.v1 import circular_pb2, clearing_pb2

from chassis.clock import local_day
from papers.documents import Document
from services.accountability.documents_circular import paragraphs
from services.accountability.domain.case import Case
from services.accountability.domain.circular import NEXT_CIRCULAR, Circular, CircularState, Entry
from services.accountability.domain.clearing import Clearing, Consent, Statement
from services.accountability.wire.documents import read_names
from services.accountability.wire.parts import day, moment, number, read_day, word


def read_entries(messages: Iterable[circular_pb2.CircularEntry]) -> list[Entry]:
    """What is told of each case."""
    return [Entry(one.case_id, one.text) for one in messages]


def read_state(value: int) -> CircularState | None:
    """The state a list is narrowed to."""
    return word(CircularState, circular_pb2.CircularState, "CIRCULAR_STATE", value) if value else None


def circular(found: Circular, texts: bool = True, cases: Iterable[Case] = ()) -> circular_pb2.Circular:
    """A circular; in a list without its texts, with the people of its cases where they are given."""
    return circular_pb2.Circular(
        id=found.id,
        version=found.version,
        jurisdiction_path=found.jurisdiction_path,
        state=_state(found.state),
        title=found.title,
        entries=[circular_pb2.CircularEntry(case_id=one.case_id, text=one.text if texts else "") for one in found.entries],
        drafted_by=found.writers[0],
        reviewed_by=found.reviewed_by,
        published_by=found.published_by,
        opinion=found.opinion,
        drafted_at=moment(found.drafted_at),
        published_at=moment(found.published_at),
        number=found.number,
        withdrawn_because=found.withdrawn_because,
        persons=[
            circular_pb2.CircularPerson(party_id=party.id, official_id=party.official_id)
            for case in cases
            for party in case.parties
            if party.official_id
        ],
        next_states=[_state(one) for one in CircularState if one in NEXT_CIRCULAR[found.state]],
    )


def _state(state: CircularState) -> circular_pb2.CircularState.ValueType:
    found: circular_pb2.CircularState.ValueType = number(circular_pb2.CircularState, "CIRCULAR_STATE", state)
    return found


def published(found: Circular, paper: Document, whole: bool = True) -> circular_pb2.PublishedCircular:
    """A circular as everybody may read it."""
    return circular_pb2.PublishedCircular(
        id=found.id,
        number=paper.number,
        title=paper.title,
        issuer=paper.issuer,
        published_on=day(paper.day),
        paragraphs=paragraphs(paper) if whole else (),
    )


def read_statement(request: clearing_pb2.PublishClearingRequest) -> Statement:
    """What is to be said in public."""
    given = request.consent_on and request.consent_sha256
    consent = Consent(read_day(request.consent_on, "consent_on"), request.consent_sha256) if given else None
    return Statement(request.statement, request.named_party_id, consent, read_names(request.names))


def clearing(found: Clearing) -> clearing_pb2.Clearing:
    """A clearing as its makers see it."""
    return clearing_pb2.Clearing(
        id=found.id,
        version=found.version,
        case_id=found.case_id,
        unit_path=found.unit_path,
        statement=found.statement,
        name=found.name,
        consent_on=day(found.consent.on) if found.consent else "",
        consent_sha256=found.consent.sha256 if found.consent else "",
        published_at=moment(found.published_at),
        published_by=found.published_by,
        withdrawn=found.withdrawn,
        withdrawn_because=found.withdrawn_because,
    )


def cleared(found: Clearing) -> clearing_pb2.PublishedClearing:
    """A clearing as everybody may read it."""
    return clearing_pb2.PublishedClearing(
        id=found.id,
        unit=found.unit_name,
        name=found.name,
        statement=found.statement,
        published_on=day(local_day(found.published_at)),
    )
