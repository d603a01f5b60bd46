"""Decisions of other organs on their own tracks: recorded, never asked for."""

from __future__ import annotations

import sqlalchemy as sa

from chassis.auth import Caller
from services.accountability.domain import decision, tracks
from services.accountability.domain.decision import OutsideDecision
from services.accountability.domain.effects import effect
from services.accountability.domain.facts import Decided
from services.accountability.domain.tracks import TrackDecision
from services.accountability.rules.words import Track
from services.accountability.storage import beside
from services.accountability.storage.beside import TRACK_DECISIONS
from services.accountability.storage.tables import CASES, EFFECTS, PROPOSALS
from services.accountability.usecases.desk import Desk


class Tracks:
    """Keeps what other organs decided beside a case."""

    def __init__(self, desk: Desk) -> None:
        self.desk = desk

    def record(
        self,
        caller: Caller,
        case_id: str,
        expected_version: int,
        party_id: str,
        track: Track,
        organ: str,
        told: OutsideDecision,
    ) -> TrackDecision:
        """Records a decision; what the case decided so far, here and outside, is told anew once there is any."""
        with self.desk.store.begin(caller) as tx:
            if tx.answered:
                return tx.answered  # type: ignore[no-any-return]
            case = tx.get(CASES, case_id, expected_version)
            catalogue = self.desk.catalogue(tx, case.jurisdiction_path)
            before = beside.track_decisions_of(tx, case.id)
            today = self.desk.clock.today()
            recorded = tracks.record(case, party_id, track, organ, told, before, catalogue, today)
            measures = catalogue.heaviest_first(told.measures)
            place = (case.unit_path, case.jurisdiction_path, case.id, party_id)
            kept = TrackDecision(tx.new_id(), 1, *place, track, organ, measures, told.on, told.number)
            tx.add(TRACK_DECISIONS, kept)
            self.desk.keep(tx, recorded, "track_decided", told.number)
            party = recorded.party(party_id)
            said = tx.get(PROPOSALS, case.proposal_id).said_of(party_id) if case.proposal_id else None
            for key in measures:
                until = decision.period_end(said, key, told.months, told.on, catalogue)
                tx.add(EFFECTS, effect(tx.new_id(), recorded, party, key, organ, until, told.on, catalogue))
            if recorded.decided_at is not None:
                tx.emit(Decided(recorded.subject, recorded.decided_parties(), recorded.origins, "decided"))
            return tx.answer(kept)

    def list(self, caller: Caller, case_id: str, size: int, token: str) -> tuple[tuple[TrackDecision, ...], str]:
        """What other organs decided beside a case."""
        with self.desk.store.read(caller) as tx:
            table = TRACK_DECISIONS.table
            query = sa.select(table).where(table.c.case_id == tx.get(CASES, case_id).id)
            page = tx.page(query, (table.c.decided_on, table.c.id), size, token, descending=False)
            return tuple(TRACK_DECISIONS.value(row) for row in page.rows), page.next_token
