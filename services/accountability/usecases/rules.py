"""Rule versions: imported whole or refused whole, reviewed by another, approved by a third, in force by the day."""

from __future__ import annotations

from dataclasses import dataclass, replace

from chassis.auth import Caller, covers
from chassis.errors import Conflict, Invalid, NotAllowed, NotFound
from chassis.store import Tx
from services.accountability.domain.rule_version import RuleVersion
from services.accountability.domain.states import RuleState
from services.accountability.domain.views import Exported, Given, ReadVersion
from services.accountability.rules.compare import Change, compare, second_looks
from services.accountability.rules.faults import Fault, PackFaulty
from services.accountability.rules.freeze import with_row_off
from services.accountability.rules.golden import disagreements, uncovered
from services.accountability.rules.read import read_pack
from services.accountability.rules.sheets import LaidOut, laid_out, pack_workbook
from services.accountability.rules.sheets_take import Places, read_typed_pack, read_workbook_pack
from services.accountability.rules.table import Pack
from services.accountability.rules.write import pack_text
from services.accountability.storage import rules
from services.accountability.storage.tables import RULE_VERSIONS
from services.accountability.usecases.desk import Desk

_VERSIONS_LOOKED_AT = 500


@dataclass(frozen=True, slots=True)
class Taken:
    """A pack that was read, its text, and where its parts stand in the workbook if it was one."""

    pack: Pack
    text: str
    places: Places | None

    def located(self, fault: Fault) -> Fault:
        """A fault with its place in the workbook."""
        return self.places.located(fault) if self.places else fault


class Rules:
    """Keeps the rules."""

    def __init__(self, desk: Desk) -> None:
        self.desk = desk

    def import_pack(self, caller: Caller, given: Given) -> RuleVersion:
        """A pack or its workbook becomes a draft; a faulty one is refused with every fault."""
        with self.desk.store.begin(caller) as tx:
            if tx.answered:
                return tx.answered  # type: ignore[no-any-return]
            draft = self._new(tx, given)
            tx.add(RULE_VERSIONS, draft)
            return tx.answer(draft)

    def revise(self, caller: Caller, version_id: str, expected_version: int, given: Given) -> RuleVersion:
        """A draft says something else from now on; a faulty table changes nothing."""
        with self.desk.store.begin(caller) as tx:
            if tx.answered:
                return tx.answered  # type: ignore[no-any-return]
            found = tx.get(RULE_VERSIONS, version_id, expected_version)
            return tx.answer(tx.save(RULE_VERSIONS, found.revise(caller.subject, self._new(tx, given))))

    def lay_out(self, caller: Caller, version_id: str) -> tuple[LaidOut, ...]:
        """The sheets of a version, or the empty ones."""
        with self.desk.store.read(caller) as tx:
            found = self._open(tx, version_id) if version_id else None
            path = found.version.jurisdiction_path if found else _home(caller)
            return laid_out(found.pack if found else None, self.desk.catalogue(tx, path), self._appeals(tx, path))

    def lint(self, caller: Caller, given: Given) -> tuple[Fault, ...]:
        """Every fault and warning of a pack or a workbook; one that cannot be opened at all has that one fault."""
        with self.desk.store.read(caller) as tx:
            try:
                taken = self._taken(tx, _home(caller), given)
            except PackFaulty as faulty:
                return faulty.faults
            except Invalid as refused:
                return (Fault("", refused.field, refused.reason, {name: str(v) for name, v in refused.params.items()}),)
            looks = second_looks(taken.pack, self.desk.catalogue(tx, _home(caller)))
            untried = [Fault(row, "id", "NO_GOLDEN_CASE", error=False) for row in uncovered(taken.pack)]
            return tuple(map(taken.located, [*looks, *untried]))

    def export(self, caller: Caller, version_id: str) -> Exported:
        """One version as a workbook and as its text."""
        with self.desk.store.read(caller) as tx:
            found = self._open(tx, version_id)
            path, version = found.version.jurisdiction_path, found.version
            words = self.desk.catalogue(tx, path), self._appeals(tx, path)
            content = pack_workbook(found.pack, *words, version.imported_at)
            return Exported(content, f"{version.title}-{version.label}.xlsx", version.pack_text)

    def freeze(self, caller: Caller, version_id: str, expected_version: int, row: str, reason: str) -> RuleVersion:
        """A new version with a row off, from today on, already handed to review."""
        with self.desk.store.begin(caller) as tx:
            if tx.answered:
                return tx.answered  # type: ignore[no-any-return]
            found = tx.get(RULE_VERSIONS, version_id, expected_version)
            today = self.desk.clock.today()
            found.may_be_followed(today)
            catalogue = self.desk.catalogue(tx, found.jurisdiction_path)
            pack = self._open(tx, version_id).pack
            text = pack_text(with_row_off(pack, row, reason, today, found.valid_to, catalogue))
            draft = self._draft(tx, self._read(tx, found.jurisdiction_path, text), text)
            draft = replace(draft, unit_path=found.unit_path, jurisdiction_path=found.jurisdiction_path)
            tx.add(RULE_VERSIONS, draft)
            return tx.answer(tx.save(RULE_VERSIONS, draft.submit(caller.subject)))

    def get(self, caller: Caller, version_id: str) -> ReadVersion:
        """One version with its rows."""
        with self.desk.store.read(caller) as tx:
            found = self._open(tx, version_id)
            wrong = disagreements(found.pack, self.desk.catalogue(tx, found.version.jurisdiction_path))
            broken = {int(fault.field.split(".")[1]) - 1 for fault in wrong}
            return replace(found, broken=frozenset(broken))

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
            self._taken(tx, found.jurisdiction_path, found.pack_text)
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
        return read_pack(text, self.desk.catalogue(tx, jurisdiction_path), self._appeals(tx, jurisdiction_path))

    def _appeals(self, tx: Tx, jurisdiction_path: str) -> tuple[str, ...]:
        return tuple(tx.setting("appeal_routes", jurisdiction_path))

    def _taken(self, tx: Tx, jurisdiction_path: str, given: Given) -> Taken:
        """A pack that also answers its own golden cases. Raises PackFaulty with every fault."""
        catalogue = self.desk.catalogue(tx, jurisdiction_path)
        appeals = self._appeals(tx, jurisdiction_path)
        if isinstance(given, str):
            taken = Taken(read_pack(given, catalogue, appeals), given, None)
        elif isinstance(given, bytes):
            taken = Taken(*read_workbook_pack(given, catalogue, appeals))
        else:
            taken = Taken(*read_typed_pack(given, catalogue, appeals))
        wrong = disagreements(taken.pack, catalogue)
        if wrong:
            raise PackFaulty(map(taken.located, wrong), _field(given))
        return taken

    def _new(self, tx: Tx, given: Given) -> RuleVersion:
        """A draft of what was brought, which nobody knows yet."""
        taken = self._taken(tx, _home(tx.caller), given)
        draft = self._draft(tx, taken.pack, taken.text)
        known = rules.same_bytes(tx, draft.jurisdiction_path, draft.sha256) or self._same_table(tx, draft, taken)
        if known:
            raise Conflict("RULE_VERSION_EXISTS", _field(given), version=known)
        return draft

    def _same_table(self, tx: Tx, draft: RuleVersion, taken: Taken) -> str:
        """The version a workbook or its sheets were taken from, if nothing in it was changed; empty if there is none."""
        if taken.places is None:
            return ""
        page = rules.list_versions(tx, draft.instrument_key, _VERSIONS_LOOKED_AT, "")
        for one in map(RULE_VERSIONS.value, page.rows):
            near = one.jurisdiction_path == draft.jurisdiction_path and one.label == draft.label
            if near and pack_text(self._read(tx, one.jurisdiction_path, one.pack_text)) == taken.text:
                return str(one.id)
        return ""

    def _draft(self, tx: Tx, pack: Pack, text: str) -> RuleVersion:
        """A state law names no jurisdiction: it is kept, and holds, in that of its author."""
        instrument = pack.instrument
        where = instrument.jurisdiction_path or _home(tx.caller)
        if not any(covers(own, where) for own in tx.caller.rows.jurisdictions):
            raise NotAllowed("FOREIGN_JURISDICTION", "pack_text", jurisdiction=where)
        head = (instrument.key, instrument.title, instrument.issuer, instrument.number, pack.label, RuleState.DRAFT)
        bytes_of = (pack.valid_from, pack.valid_to, pack.sha256, text)
        return RuleVersion(tx.new_id(), 1, where, where, *head, *bytes_of, tx.caller.subject, tx.now)


def _field(given: Given) -> str:
    return "pack_text" if isinstance(given, str) else "workbook" if isinstance(given, bytes) else "sheets"


def _home(caller: Caller) -> str:
    """The jurisdiction a caller works for."""
    return min(caller.rows.jurisdictions, default="")
