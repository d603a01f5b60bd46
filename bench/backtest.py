"""Row `back-test`: 100,000 closed cases replayed against a draft of the rules, through the door, on PostgreSQL.

The cases are those of row `decide`: four thousand different questions to a table of forty rows, each answered as a proposal
answers it and stored as proposals are. The draft is the same table with every range one measure heavier. Reports come after
every thousand cases; the row says how long the first took, because that is when somebody sees that it moves.
"""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from time import perf_counter

from zhengfeng.accountability.v1 import backtest_pb2, backtest_pb2_grpc, rules_pb2, rules_pb2_grpc

from bench.decide import HARD, POSTS, SOFT, TODAY, pack_text, questions
from bench.harness import Row, Sides
from chassis import process
from chassis.auth import Caller
from chassis.clock import SettableClock
from chassis.config import Config
from services.accountability.domain.case import Case
from services.accountability.domain.proposal import Proposal
from services.accountability.domain.states import CaseState
from services.accountability.rules.judge import Question, Table
from services.accountability.rules.propose import PartyAnswer, propose
from services.accountability.rules.versions import Version
from services.accountability.storage.tables import CASES, PROPOSALS
from tests.doors import Door, caller
from tests.servers import PostgreSQL

CLOSED, AT_ONCE = 100_000, 5_000
CITY = "/qinghe"
AUTHOR = caller("rule_author", jurisdiction=CITY)
MORNING = datetime(2026, 11, 16, 1, tzinfo=UTC)


class Past:
    """A service whose past is full of closed cases, and a draft to hold against it."""

    def __init__(self, door: Door) -> None:
        self.door = door
        self.first_report = 0.0
        self.seen = 0
        text = pack_text(random.Random(20261116))
        before = self._imported(text)
        heavier = text.replace(HARD, f'{HARD}, "relief_of_post"').replace(SOFT, f'{SOFT}, "bonus_cut"')
        self.draft = self._imported(heavier.replace('label = "one"', 'label = "two"'))
        self._close_cases(before)

    def replay(self) -> float:
        """Seconds from the call to the last report."""
        began = perf_counter()
        stub = self.door.stub(backtest_pb2_grpc.BackTestServiceStub)
        request = backtest_pb2.BackTestRequest(rule_version_id=self.draft)
        reports = stub.BackTest(request, metadata=self.door.metadata(AUTHOR), timeout=600)
        self.first_report = 0.0
        for report in reports:
            self.first_report = self.first_report or perf_counter() - began
            self.seen = report.done
        assert self.seen == CLOSED
        return perf_counter() - began

    def _imported(self, text: str) -> str:
        request = rules_pb2.ImportRulesRequest(pack_text=text)
        stub = self.door.stub(rules_pb2_grpc.RulesServiceStub)
        return str(self.door.call(stub.ImportRules, request, AUTHOR).rule_version.id)

    def _close_cases(self, version_id: str) -> None:
        usecases = self.door.usecases
        with usecases.store.read(Caller.service("bench")) as tx:
            catalogue = usecases.rules.desk.catalogue(tx, CITY)
        pack = usecases.rules.get(Caller.service("bench"), version_id).pack
        version = Version(version_id, "bench", "one", pack.sha256, "author", pack.valid_from, None, Table(pack))
        asked = questions(random.Random(7))
        answers = [propose([question], [version], TODAY, catalogue, POSTS) for question in asked]
        for start in range(0, CLOSED, AT_ONCE):
            with usecases.store.begin(Caller.service("bench")) as tx:
                proposals = []
                for number in range(start, start + AT_ONCE):
                    which = number % len(asked)
                    proposals.append(_proposal(tx.new_id(), tx.new_id(), asked[which], answers[which]))
                tx.bulk(PROPOSALS.table, map(PROPOSALS.row, proposals))
                tx.bulk(CASES.table, (CASES.row(_case(proposal, nth)) for nth, proposal in enumerate(proposals, start)))


def _proposal(id: str, case_id: str, question: Question, answers: Sequence[PartyAnswer]) -> Proposal:
    return Proposal(id, 1, CITY, CITY, case_id, 9, MORNING, "office", (question,), (), tuple(answers), "")


def _case(proposal: Proposal, number: int) -> Case:
    name = f"问责〔2025〕{number}号"
    closed = Case(proposal.case_id, 12, CITY, CITY, name, CaseState.CLOSED, (), "slow", (), MORNING)
    return replace(closed, proposal_id=proposal.id, decided_at=MORNING, ended_at=MORNING)


@contextmanager
def prepare() -> Iterator[Sides]:
    """The service on a database of its own, with its past."""
    with PostgreSQL() as server:
        folder = Path(server.folder)
        config = Config("accountability", server.create_database("accountability"), folder / "keys", create_keys=True)
        process.migrate(config)
        door = Door(config, SettableClock(MORNING))
        try:
            past = Past(door)
            told = lambda: f"{CLOSED:,} closed cases; the first report after {past.first_report:.2f} s"  # noqa: E731
            yield Sides(ours=past.replay, ceiling=None, notes=told)
        finally:
            door.close()


ROW = Row(
    name="back-test",
    what="100,000 closed cases replayed against a draft of the rules, progress reported",
    unit="s",
    must=30.0,
    rounds=3,
    prepare=prepare,
    lower_is_better=True,
)
