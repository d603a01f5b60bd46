"""What every use case works with: the store, the clock, the sealed texts, and the rules and measures of a jurisdiction."""

from __future__ import annotations

from chassis.clock import Clock
from chassis.keys import Keyring
from chassis.store import Store, Tx
from services.accountability.domain.case import Case
from services.accountability.domain.rule_version import RuleVersion
from services.accountability.rules.faults import PackFaulty, RowUnreadable
from services.accountability.rules.judge import Table
from services.accountability.rules.measures import Catalogue, read_catalogue
from services.accountability.rules.read import read_pack, sha256_of
from services.accountability.rules.versions import Version
from services.accountability.storage import cases, rules
from services.accountability.storage.tables import CASES
from services.accountability.storage.texts import Texts
from services.accountability.usecases.following import follow

_READ_PACKS = 64


class Desk:
    """The shared ground of the use cases."""

    def __init__(self, store: Store, clock: Clock, keys: Keyring) -> None:
        self.store = store
        self.clock = clock
        self.texts = Texts(keys)
        self._tables: dict[tuple[object, ...], Table] = {}

    def catalogue(self, tx: Tx, jurisdiction_path: str) -> Catalogue:
        """The measures of a jurisdiction, with the organs that decide them."""
        keys = ("measures", "office_powers", "organs", "competence", "combination")
        return read_catalogue(*(tx.setting(key, jurisdiction_path) for key in keys))

    def versions(self, tx: Tx, jurisdiction_path: str) -> list[Version]:
        """Every approved rule version that covers a jurisdiction, ready to be asked.

        Raises Conflict RULES_ALTERED if the stored bytes are not those that were approved, ROW_UNREADABLE if they cannot be
        read under the measures of today: nothing is judged with the rest.
        """
        catalogue = self.catalogue(tx, jurisdiction_path)
        appeals = tuple(tx.setting("appeal_routes", jurisdiction_path))
        return [self._ready(one, catalogue, appeals) for one in rules.covering(tx, jurisdiction_path)]

    def _ready(self, one: RuleVersion, catalogue: Catalogue, appeals: tuple[str, ...]) -> Version:
        if sha256_of(one.pack_text) != one.sha256:
            one.altered()
        key = (one.sha256, catalogue.words, frozenset(appeals))
        table = self._tables.get(key)
        if table is None:
            try:
                table = Table(read_pack(one.pack_text, catalogue, appeals))
            except PackFaulty as faulty:
                raise RowUnreadable(one.id, faulty.params["faults"]) from faulty
            if len(self._tables) >= _READ_PACKS:
                self._tables.clear()
            self._tables[key] = table
        instrument = f"{one.jurisdiction_path}:{one.instrument_key}"
        return Version(one.id, instrument, one.label, one.sha256, one.author, one.valid_from, one.valid_to, table)

    def keep(self, tx: Tx, case: Case, act: str, note: str = "") -> Case:
        """Saves a changed case with its links, its line in the timeline and the note that belongs to it."""
        tx.save(CASES, case)
        cases.link(tx, case)
        follow(tx, case)
        self.line(tx, case, act, note)
        return case

    def line(self, tx: Tx, case: Case, act: str, note: str = "") -> None:
        """Writes a line in the timeline, its note sealed."""
        self.texts.seal(tx, case.id, cases.note_line(tx, case, act, tx.caller.subject), note)
