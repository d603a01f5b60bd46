"""What units decided by themselves about their people: filed by the head, read and ruled on by the office."""

from __future__ import annotations

from chassis.auth import Caller, covers
from chassis.errors import Conflict, NotAllowed
from chassis.store import Copy, Tx
from services.accountability.domain import own_handling
from services.accountability.domain.own_handling import Filing, HandlingFile, HandlingState, OwnHandling
from services.accountability.rules.words import SubjectKind
from services.accountability.storage import directory, watch
from services.accountability.usecases import watchers
from services.accountability.usecases.desk import Desk


class OwnHandlings:
    """Keeps what units file."""

    def __init__(self, desk: Desk) -> None:
        self.desk = desk

    def file(self, caller: Caller, told: Filing) -> HandlingFile:
        """备案; after the limit it is kept all the same, and flagged."""
        with self.desk.store.begin(caller) as tx:
            if tx.answered:
                return self._file(tx, tx.answered)
            unit = directory.unit_within(tx, told.unit_path)
            official = _own_official(tx, told)
            if watch.filed(tx, told.unit_path, told.document_number, told.official_id):
                raise Conflict("OWN_HANDLING_FILED", "document_number", number=told.document_number)
            days = tx.setting("own_handling.file_days", unit.jurisdiction_path)
            late = own_handling.filed_late(told.decided_on, self.desk.clock.today(), days)
            filed = self._filed(tx, told, unit, SubjectKind(official.body["kind"]), late)
            tx.add(watch.OWN_HANDLINGS, filed)
            self.desk.texts.seal(tx, filed.id, filed.id, told.statement)
            if late:
                watchers.raise_on_handling(tx, filed, own_handling.late(filed, days))
            tx.answer(filed)
            return self._file(tx, filed)

    def _filed(self, tx: Tx, told: Filing, unit: Copy, kind: SubjectKind, late: bool) -> OwnHandling:
        powers = tx.setting("own_handling.measures", unit.jurisdiction_path)
        catalogue = self.desk.catalogue(tx, unit.jurisdiction_path)
        return OwnHandling(
            tx.new_id(),
            1,
            unit.unit_path,
            unit.jurisdiction_path,
            HandlingState.FILED,
            told.official_id,
            own_handling.units_measures(told.measures, kind, powers, catalogue),
            told.decided_on,
            told.document_number,
            tx.caller.subject,
            tx.now,
            late,
        )

    def list(
        self, caller: Caller, state: HandlingState | None, unit_path: str, size: int, token: str
    ) -> tuple[tuple[OwnHandling, ...], str]:
        """A page of those the caller may see."""
        with self.desk.store.read(caller) as tx:
            page = watch.list_own_handlings(tx, state, unit_path, size, token)
            return tuple(watch.OWN_HANDLINGS.value(row) for row in page.rows), page.next_token

    def get(self, caller: Caller, own_handling_id: str) -> HandlingFile:
        """One of them with its texts."""
        with self.desk.store.read(caller) as tx:
            return self._file(tx, tx.get(watch.OWN_HANDLINGS, own_handling_id))

    def rule(
        self, caller: Caller, own_handling_id: str, expected_version: int, accepted: bool, opinion: str
    ) -> HandlingFile:
        """The office accepts it, or objects to it as too light, which is flagged."""
        with self.desk.store.begin(caller) as tx:
            if tx.answered:
                return self._file(tx, tx.answered)
            filed = tx.get(watch.OWN_HANDLINGS, own_handling_id, expected_version)
            ruled = filed.rule(accepted, caller.subject, tx.now, tx.new_id())
            tx.save(watch.OWN_HANDLINGS, ruled)
            self.desk.texts.seal(tx, ruled.id, ruled.opinion_id, opinion)
            if not accepted:
                watchers.raise_on_handling(tx, ruled, own_handling.too_light(ruled), caller.subject)
            tx.answer(ruled)
            return self._file(tx, ruled)

    def _file(self, tx: Tx, one: OwnHandling) -> HandlingFile:
        texts = self.desk.texts.open(tx, one.id, [text for text in (one.id, one.opinion_id) if text])
        return HandlingFile(one, texts.get(one.id, ""), texts.get(one.opinion_id, ""))


def _own_official(tx: Tx, told: Filing) -> Copy:
    """An official of the unit who is not the signer."""
    official = tx.copy("official", told.official_id)
    if not official.known or not covers(told.unit_path, official.unit_path):
        raise Conflict("OFFICIAL_NOT_KNOWN", "official_id", official=told.official_id)
    if told.official_id == tx.caller.official_id:
        raise NotAllowed("RECUSED", "official_id", official=told.official_id)
    return official
