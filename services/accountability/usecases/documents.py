"""Documents of a case: drafts that leave no trace, issued ones that get a number and are kept as they stand."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from chassis.auth import Caller
from chassis.clock import local_day
from chassis.errors import Conflict, Invalid, NotFound
from chassis.store import Tx
from papers.documents import Document, Faces, from_json, to_json
from papers.documents_fonts import Fonts
from papers.documents_pdf import pdf
from papers.documents_word import word
from services.accountability import documents as sentences
from services.accountability.documents_words import Ground, Source
from services.accountability.domain.case import Case, Party
from services.accountability.domain.documents import (
    OF_A_CASE,
    DocumentFormat,
    DocumentKind,
    IssuedDocument,
    Letterhead,
    Wanted,
    may_issue,
    may_write,
)
from services.accountability.domain.effects import Effect
from services.accountability.domain.proposal import Recommendation
from services.accountability.domain.redaction import read_redaction
from services.accountability.domain.states import AppealState
from services.accountability.rules.measures import OFFICE
from services.accountability.storage import cases
from services.accountability.storage import documents as papers_kept
from services.accountability.storage.documents import ISSUED
from services.accountability.storage.tables import CASES, PROPOSALS
from services.accountability.usecases.desk import Desk

_ABOUT_A_DECISION = (DocumentKind.DECISION, DocumentKind.RECEIPT)


@dataclass(frozen=True, slots=True)
class File:
    """A document as somebody takes it away."""

    content: bytes
    title: str
    number: str
    format: DocumentFormat


class Documents:
    """Writes, issues and gives documents."""

    def __init__(self, desk: Desk) -> None:
        self.desk = desk
        self._fonts = Fonts()

    def build(self, caller: Caller, case_id: str, wanted: Wanted, format: DocumentFormat) -> File:
        """A draft as a file."""
        with self.desk.store.read(caller) as tx:
            case = tx.get(CASES, case_id)
            draft = sentences.write(self.ground(tx, case, wanted))
            faces = faces_of(tx, case.jurisdiction_path, format)
        return self.file(draft, format, faces)

    def issue(self, caller: Caller, case_id: str, expected_version: int, wanted: Wanted) -> IssuedDocument:
        """Gives a document its number and keeps it. The number is drawn last: what is refused takes none."""
        with self.desk.store.begin(caller) as tx:
            if tx.answered:
                return tx.answered  # type: ignore[no-any-return]
            case = tx.get(CASES, case_id, expected_version)
            ground = self.ground(tx, case, wanted)
            draft, about = sentences.write(ground), _about(ground)
            _may_be_issued(tx, ground, about)
            today = local_day(tx.now)
            place = papers_kept.next_place(tx, ground.letterhead.word(wanted.kind), today.year)
            number = ground.letterhead.number(wanted.kind, today.year, place)
            paper = sentences.issue(draft, number, today)
            issued = IssuedDocument(
                tx.new_id(),
                1,
                case.unit_path,
                case.jurisdiction_path,
                case.id,
                ground.party.id if ground.party else "",
                wanted.kind,
                about,
                number,
                tx.now,
                caller.subject,
                paper.sha256,
            )
            tx.add(ISSUED, issued)
            self.desk.texts.seal(tx, case.id, issued.id, to_json(paper))
            self.desk.line(tx, case, "document_issued", number)
            return tx.answer(issued)

    def list(self, caller: Caller, case_id: str, size: int, token: str) -> tuple[tuple[IssuedDocument, ...], str]:
        """What a case has issued."""
        with self.desk.store.read(caller) as tx:
            page = papers_kept.list_issued(tx, tx.get(CASES, case_id).id, size, token)
            return tuple(ISSUED.value(row) for row in page.rows), page.next_token

    def read(self, caller: Caller, document_id: str, format: DocumentFormat) -> File:
        """An issued document as it was issued."""
        with self.desk.store.read(caller) as tx:
            issued = tx.get(ISSUED, document_id)
            kept = self.desk.texts.open(tx, issued.case_id, [issued.id])
            faces = faces_of(tx, issued.jurisdiction_path, format)
        if issued.id not in kept:
            raise NotFound("ISSUED_DOCUMENT_NOT_FOUND", "document_id")
        return self.file(from_json(kept[issued.id]), format, faces)

    def file(self, paper: Document, format: DocumentFormat, faces: Faces) -> File:
        """Setting takes a while and is done outside of any transaction."""
        content = pdf(paper, self._fonts, faces) if format is DocumentFormat.PDF else word(paper, faces)
        return File(content, paper.title, paper.number, format)

    def ground(self, tx: Tx, case: Case, wanted: Wanted) -> Ground:
        """Everything the document may draw on."""
        party = None if wanted.kind in OF_A_CASE else case.party(wanted.party_id)
        may_write(wanted.kind, case, party)
        read_redaction(tx.setting("circulars.redaction", case.jurisdiction_path)).check("wanted.asked", wanted.asked, (), ())
        if party is not None and wanted.kind in _ABOUT_A_DECISION:
            _still_holds(tx, case, party)
        spoken_of = [party] if party else list(case.answering)
        facts = [] if party is None else [fact.id for fact in party.facts]
        decision = papers_kept.issued(tx, party.id, DocumentKind.DECISION) if party else None
        frozen = tx.get(PROPOSALS, case.proposal_id) if case.proposal_id else None
        return Ground(
            case=case,
            party=party,
            wanted=wanted,
            letterhead=letterhead_of(tx, case.jurisdiction_path),
            catalogue=self.desk.catalogue(tx, case.jurisdiction_path),
            sources=self._sources(tx, case.jurisdiction_path),
            statements=self.desk.texts.open(tx, case.id, facts),
            unit_names=_unit_names(tx, case, spoken_of),
            answer=next((one for one in frozen.parties if party and one.party_id == party.id), None) if frozen else None,
            recommendation=_recommendation(tx, case, wanted) if wanted.kind is DocumentKind.PROPOSAL else None,
            effects=[one for one in cases.effects_of_case(tx, case.id) if party and _on(one, party)],
            route=_route(tx, case, party) if party and wanted.kind is DocumentKind.DECISION else None,
            decision_number=decision.number if decision else "",
            proposed=frozen.parties if frozen else (),
        )

    def _sources(self, tx: Tx, jurisdiction_path: str) -> tuple[Source, ...]:
        """The instruments, those of the nearest jurisdiction first: their words for a conduct are the ones used."""
        versions = self.desk.versions(tx, jurisdiction_path)
        nearest = sorted(versions, key=lambda one: len(one.table.pack.instrument.jurisdiction_path), reverse=True)
        return tuple(
            Source(
                one.id,
                one.table.pack.instrument.title,
                one.table.pack.instrument.number,
                {conduct.word: conduct.zh for conduct in one.table.pack.conducts},
                one.valid_from,
                one.valid_to,
            )
            for one in nearest
        )


def _about(ground: Ground) -> str:
    """What the document is the only one of its kind for; a brief for where its case stands, each stage may have one."""
    if ground.recommendation is not None:
        return ground.recommendation.id
    if ground.wanted.kind is DocumentKind.BRIEF:
        return f"{ground.case.id}:{ground.case.state}"
    return ground.party.id if ground.party else ground.case.id


def _may_be_issued(tx: Tx, ground: Ground, about: str) -> None:
    kind, party = ground.wanted.kind, ground.party
    may_issue(kind, party)
    if party is not None and party.official_id and party.id not in ground.wanted.names:
        raise Invalid("PARTY_NAME_MISSING", "wanted.names", party=party.id)
    if kind is DocumentKind.RECEIPT and not ground.decision_number:
        raise Conflict("DECISION_NOT_ISSUED", "wanted.kind")
    before = papers_kept.issued(tx, about, kind)
    if before is not None:
        raise Conflict("DOCUMENT_ISSUED", "wanted.kind", number=before.number)


def _still_holds(tx: Tx, case: Case, party: Party) -> None:
    """What an appeal changed is told by the answer to the appeal, not by a decision that says it was so from the start."""
    for appeal in cases.appeals_of(tx, case.id):
        if appeal.party_id == party.id and appeal.state in (AppealState.CHANGED, AppealState.REVOKED):
            raise Conflict("DECISION_CHANGED", "wanted.party_id")


def _recommendation(tx: Tx, case: Case, wanted: Wanted) -> Recommendation:
    own = [one for one in cases.recommendations_of(tx, case.id) if one.party_id == wanted.party_id]
    fitting = [one for one in own if wanted.recommendation_id in ("", one.id)]
    if not fitting:
        raise NotFound("RECOMMENDATION_NOT_FOUND", "wanted.recommendation_id")
    return fitting[-1]


def _route(tx: Tx, case: Case, party: Party) -> tuple[Mapping[str, int], Mapping[str, int]]:
    routes = tx.setting("appeal_routes", case.jurisdiction_path)
    if party.appeal_route not in routes:
        raise Conflict("NO_APPEAL_ROUTE", "party_id")
    found = routes[party.appeal_route]
    return found["within"], found["decided"]


def letterhead_of(tx: Tx, jurisdiction_path: str) -> Letterhead:
    """Who writes for a jurisdiction; the nearest one above where it has none of its own."""
    try:
        return Letterhead(**tx.setting("documents.letterhead", jurisdiction_path))
    except KeyError:
        raise Conflict("NO_LETTERHEAD", "case_id", jurisdiction=jurisdiction_path) from None


def faces_of(tx: Tx, jurisdiction_path: str, format: DocumentFormat) -> Faces:
    """The faces its documents are set in."""
    return Faces.of(tx.setting(f"documents.faces.{format.value}", jurisdiction_path))


def _unit_names(tx: Tx, case: Case, parties: list[Party]) -> dict[str, str]:
    copies = tx.store.schema["copies"]
    found = tx.copies("unit", copies.c.unit_path.in_(sorted({case.unit_path, *(party.unit_path for party in parties)})))
    return {copy.unit_path: copy.name for copy in found}


def _on(effect: Effect, party: Party) -> bool:
    return (effect.official_id, effect.unit_path, effect.organ) == (party.official_id, party.unit_path, OFFICE)
