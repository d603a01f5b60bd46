"""Rule versions: imported whole or refused whole, reviewed by another, approved by a third, in force by the day."""

from __future__ import annotations

from chassis.auth import Caller, covers
from chassis.errors import Conflict, Invalid, NotAllowed, NotFound
from chassis.store import Tx
from services.accountability.domain.rule_version import RuleVersion
from services.accountability.domain.states import RuleState
from services.accountability.domain.views import ReadVersion
from services.accountability.rules.compare import Change, compare, second_looks
from services.accountability.rules.faults import Fault, PackFaulty
from services.accountability.rules.read import read_pack
from services.accountability.rules.table import Pack
from services.accountability.storage import rules
from services.accountability.storage.tables import RULE_VERSIONS
from services.accountability.usecases.desk import Desk


class Rules:
    """Keeps the rules."""

    def __init__(self, desk: Desk) -> None:
        self.desk = desk

    def import_pack(self, caller: Caller, text: str) -> RuleVersion:
        """A pack becomes a draft; a faulty one is refused with every fault."""
        with self.desk.store.begin(caller) as tx:
            if tx.answered:
                return tx.answered  # type: ignore[no-any-return]
            pack = self._read(tx, _home(caller), text)
            draft = self._draft(tx, pack, text)
            known = rules.same_bytes(tx, draft.jurisdiction_path, draft.sha256)
            if known:
                raise Conflict("RULE_VERSION_EXISTS", "pack_text", version=known)
            tx.add(RULE_VERSIONS, draft)
            return tx.answer(draft)

    def lint(self, caller: Caller, text: str) -> tuple[Fault, ...]:
        """Every fault and warning of a pack."""
        with self.desk.store.read(caller) as tx:
            try:
                pack = self._read(tx, _home(caller), text)
            except PackFaulty as faulty:
                return faulty.faults
            return second_looks(pack, self.desk.catalogue(tx, _home(caller)))

    def get(self, caller: Caller, version_id: str) -> ReadVersion:
        """One version with its rows."""
        with self.desk.store.read(caller) as tx:
            return self._open(tx, version_id)

    def list(self, caller: Caller, instrument_key: str, size: int, token: str) -> tuple[tuple[RuleVersion, ...], str]:
        """A page of versions."""
        with self.desk.store.read(caller) as tx:
            page = rules.list_versions(tx, instrument_key, size, token)
            return tuple(RULE_VERSIONS.value(row) for row in page.rows), page.next_token

    def submit(self, caller: Caller, version_id: str, expected_version: int) -> RuleVersion:
        """Hands a draft to review."""
        with self.desk.store.begin(caller) as tx:
            if tx.answered:
                return tx.answered  # type: ignore[no-any-return]
            submitted = tx.get(RULE_VERSIONS, version_id, expected_version).submit(caller.subject)
            return tx.answer(tx.save(RULE_VERSIONS, submitted))

    def review(
        self, caller: Caller, version_id: str, expected_version: int, sha256: str, passed: bool, opinion: str
    ) -> RuleVersion:
        """Passes a version on to approval, or sends it back."""
        with self.desk.store.begin(caller) as tx:
            if tx.answered:
                return tx.answered  # type: ignore[no-any-return]
            found = tx.get(RULE_VERSIONS, version_id, expected_version)
            reviewed = found.review(caller.subject, sha256, passed, opinion)
            return tx.answer(tx.save(RULE_VERSIONS, reviewed))

    def approve(self, caller: Caller, version_id: str, expected_version: int, sha256: str) -> RuleVersion:
        """Approves these bytes; the version before ends on their first day."""
        with self.desk.store.begin(caller) as tx:
            if tx.answered:
                return tx.answered  # type: ignore[no-any-return]
            found = tx.get(RULE_VERSIONS, version_id, expected_version)
            self._read(tx, found.jurisdiction_path, found.pack_text)
            approved = found.approve(caller.subject, sha256, tx.now, self.desk.clock.today())
            other = rules.same_first_day(tx, approved)
            if other:
                raise Conflict("SAME_FIRST_DAY", "rule_version_id", version=other, day=approved.valid_from)
            for before in rules.predecessors(tx, approved):
                tx.save(RULE_VERSIONS, before.end_on(approved.valid_from))
            return tx.answer(tx.save(RULE_VERSIONS, approved))

    def compare(self, caller: Caller, before_id: str, after_id: str) -> tuple[Change, ...]:
        """The rows that differ between two versions of one instrument."""
        with self.desk.store.read(caller) as tx:
            before, after = self._open(tx, before_id), self._open(tx, after_id)
            if before.pack.instrument.key != after.pack.instrument.key:
                raise Invalid("DIFFERENT_INSTRUMENTS", "after_id")
            return compare(before.pack, after.pack)

    def keep_time(self) -> None:
        """Versions whose first day has come are in force; those whose last has passed retire."""
        with self.desk.store.begin(Caller.service("accountability", "rules")) as tx:
            for version in rules.due(tx, self.desk.clock.today()):
                moved = version.take_force() if version.state is RuleState.APPROVED else version.retire()
                tx.save(RULE_VERSIONS, moved)

    def _open(self, tx: Tx, version_id: str) -> ReadVersion:
        version = rules.read_one(tx, version_id)
        if version is None:
            raise NotFound("RULE_VERSION_NOT_FOUND", "rule_version_id")
        return ReadVersion(version, self._read(tx, version.jurisdiction_path, version.pack_text))

    def _read(self, tx: Tx, jurisdiction_path: str, text: str) -> Pack:
        catalogue = self.desk.catalogue(tx, jurisdiction_path)
        return read_pack(text, catalogue, tuple(tx.setting("appeal_routes", jurisdiction_path)))

    def _draft(self, tx: Tx, pack: Pack, text: str) -> RuleVersion:
        """A state law names no jurisdiction: it is kept, and holds, in that of its author."""
        instrument = pack.instrument
        where = instrument.jurisdiction_path or _home(tx.caller)
        if not any(covers(own, where) for own in tx.caller.rows.jurisdictions):
            raise NotAllowed("FOREIGN_JURISDICTION", "pack_text", jurisdiction=where)
        head = (instrument.key, instrument.title, instrument.issuer, instrument.number, pack.label, RuleState.DRAFT)
        bytes_of = (pack.valid_from, pack.valid_to, pack.sha256, text)
        return RuleVersion(tx.new_id(), 1, where, where, *head, *bytes_of, tx.caller.subject, tx.now)


def _home(caller: Caller) -> str:
    """The jurisdiction a caller works for."""
    return min(caller.rows.jurisdictions, default="")
