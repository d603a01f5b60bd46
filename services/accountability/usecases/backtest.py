"""Trying a version of the rules on the cases that are closed."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from chassis.auth import Caller
from chassis.errors import Invalid, NotFound
from chassis.store import Tx
from chassis.tx import is_id
from services.accountability.rules.backtest import BackTest, Progress, Verdict
from services.accountability.rules.judge import Table
from services.accountability.rules.read import read_pack
from services.accountability.storage import closed, rules
from services.accountability.usecases.desk import Desk

CASES_A_REPORT = 1_000


class BackTests:
    """Replays the past; changes nothing."""

    def __init__(self, desk: Desk) -> None:
        self.desk = desk

    def run(self, caller: Caller, version_id: str, after_case_id: str, list_same: bool = False) -> Iterator[Progress]:
        """One report for every thousand closed cases, each read by itself, so that no database is held meanwhile.

        Raises NotFound RULE_VERSION_NOT_FOUND; Invalid CASE_NOT_FOUND for a place to go on from that is none.
        """
        if after_case_id and not is_id(after_case_id):
            raise Invalid("CASE_NOT_FOUND", "after_case_id")
        with self.desk.store.read(caller) as tx:
            test = self._test(tx, version_id)
            total = closed.count_closed(tx)
            done = closed.count_closed(tx, after_case_id) if after_case_id else 0
        at = after_case_id
        while True:
            with self.desk.store.read(caller) as tx:
                found = closed.closed_cases(tx, at, CASES_A_REPORT)
            parties = [replayed for case in found for replayed in test.replay(case)]
            at, done = found[-1].id if found else at, done + len(found)
            counts = Counter(party.verdict for party in parties)
            listed = tuple(party for party in parties if list_same or party.verdict is not Verdict.SAME)
            yield Progress(done, max(total, done), counts, listed, at)
            if len(found) < CASES_A_REPORT:
                return

    def _test(self, tx: Tx, version_id: str) -> BackTest:
        version = rules.read_one(tx, version_id)
        if version is None:
            raise NotFound("RULE_VERSION_NOT_FOUND", "rule_version_id")
        catalogue = self.desk.catalogue(tx, version.jurisdiction_path)
        appeals = tuple(tx.setting("appeal_routes", version.jurisdiction_path))
        table = Table(read_pack(version.pack_text, catalogue, appeals))
        return BackTest(table, rules.ids_of(tx, version), catalogue)
