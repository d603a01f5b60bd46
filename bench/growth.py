"""Row `growth`: what a ledger page, a search and the leader's board cost at 1,000,000 complaints, against 10,000.

Both ledgers hold the same five years, the same units, channels and words, the large one a hundred times as densely. They are
loaded by COPY with their words hashed under the service's own key, and counted in by the service's own timer; then the
same calls are made through gRPC in turn. What has grown most is what counts: a board that stays fast excuses no slow
page. `GROWTH=100000` sets another size for trying things out.
"""

from __future__ import annotations

import os
import statistics
import time
from calendar import monthrange
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from zhengfeng.complaints.v1 import complaint_pb2, figures_pb2, ledger_pb2, ledger_pb2_grpc

from bench.harness import Row, Sides
from bench.plain.ledger import JURISDICTION, RARE, UNITS, USUAL, load
from chassis import process
from chassis.clock import SystemClock
from chassis.config import Config
from suite.members import open_service
from tests.doors import Door, caller
from tests.servers import PostgreSQL

LARGE, SMALL = int(os.environ.get("GROWTH", "1000000")), 10_000
CALLS = 5
MONTHS = 6
LEADER = caller("leader", jurisdiction=JURISDICTION, subject="leader")
CLERK = caller("unit_clerk", unit=UNITS[3], subject="unit-clerk")


class Ledger:
    """A complaints service over a ledger of some size, and what each kind of call to it takes."""

    def __init__(self, server: PostgreSQL, rows: int) -> None:
        folder = Path(server.folder) / f"ledger-{rows}"
        folder.mkdir()
        url = server.create_database(f"complaints_{rows}")
        config = Config("complaints", url, keys_dir=folder / "keys", data_dir=folder, create_keys=True)
        process.migrate(config)
        usecases: Any = open_service(config, SystemClock()).usecases
        load(usecases, rows)
        while usecases.figures.fold() > 1:
            pass
        with usecases.store.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            connection.exec_driver_sql("SET statement_timeout = 0")
            connection.exec_driver_sql("VACUUM ANALYZE")
        usecases.store.engine.dispose()
        self._door = Door(config, SystemClock())
        self._stub: Any = self._door.stub(ledger_pb2_grpc.LedgerServiceStub)
        self.spent: dict[str, list[float]] = {"page": [], "search": [], "board": []}

    def close(self) -> None:
        """Stops answering."""
        self._door.close()

    def round(self) -> dict[str, float]:
        """Seconds for one of each kind: the middle of CALLS calls."""
        taken = {name: self._middle(each) for name, each in self._kinds().items()}
        for name, seconds in taken.items():
            self.spent[name].append(seconds)
        return taken

    def _kinds(self) -> dict[str, Callable[[], None]]:
        return {"page": self._pages, "search": self._searches, "board": self._board}

    def _middle(self, calls: Callable[[], None]) -> float:
        taken = []
        for _ in range(CALLS):
            started = time.perf_counter()
            calls()
            taken.append(time.perf_counter() - started)
        return statistics.median(taken)

    def _list(self, who: Any = LEADER, **request: Any) -> Any:
        asked = ledger_pb2.ListComplaintsRequest(page_size=50, **request)
        found = self._stub.ListComplaints(asked, metadata=self._door.metadata(who), timeout=60)
        if not found.complaints:
            raise RuntimeError(f"nothing found: {request}")
        return found

    def _pages(self) -> None:
        """The newest page and the one after it, a stage's, a unit's as its clerk sees it, and what is due first."""
        first = self._list()
        self._list(page_token=first.next_page_token)
        self._list(filter={"stages": [complaint_pb2.STAGE_HANDLING]})
        self._list(CLERK)
        self._list(sort=ledger_pb2.COMPLAINT_SORT_DUE_ASC)

    def _searches(self) -> None:
        """A word of every tenth complaint, a word of three complaints in all, both words of two, and a unit's search."""
        self._list(filter={"text": USUAL})
        self._list(filter={"text": RARE})
        self._list(filter={"text": f"{USUAL} {RARE}"})
        self._list(CLERK, filter={"text": USUAL})

    def _board(self) -> None:
        """What the leader's board asks of complaints: figures of the year by three keys, of six months, and what is late."""
        year = {"received_from": f"{time.gmtime().tm_year}-01-01"}
        for by in (
            figures_pb2.STATISTICS_KEY_UNIT,
            figures_pb2.STATISTICS_KEY_CATEGORY,
            figures_pb2.STATISTICS_KEY_CHANNEL,
        ):
            self._count(by, year)
        for month in range(1, MONTHS + 1):
            ends = {"received_from": f"2025-{month:02}-01", "received_to": f"2025-{month:02}-{monthrange(2025, month)[1]}"}
            self._count(figures_pb2.STATISTICS_KEY_STAGE, ends)
        late = {"lights": [complaint_pb2.LIGHT_RED], "open_only": True}
        self._list(filter=late, sort=ledger_pb2.COMPLAINT_SORT_DUE_ASC)

    def _count(self, by: Any, wanted: dict[str, Any]) -> None:
        request = ledger_pb2.StatisticsRequest(by=by, filter=ledger_pb2.ComplaintFilter(**wanted))
        found = self._stub.Statistics(request, metadata=self._door.metadata(LEADER), timeout=60)
        if not found.total.received:
            raise RuntimeError(f"nothing counted: {wanted}")


@contextmanager
def prepare() -> Iterator[Sides]:
    """Both ledgers, loaded and counted in."""
    with PostgreSQL(durable=True) as server:
        large, small = Ledger(server, LARGE), Ledger(server, SMALL)

        def worst() -> float:
            """How many times as long the large ledger takes, of what has grown most."""
            slow, fast = large.round(), small.round()
            return max(slow[name] / fast[name] for name in slow)

        def notes() -> str:
            told = []
            for name in large.spent:
                ends = [statistics.median(ledger.spent[name][1:]) * 1000 for ledger in (large, small)]
                told.append(f"{name} {ends[0]:.0f} ms against {ends[1]:.0f}: {ends[0] / ends[1]:.2f} times")
            return f"{LARGE:,} complaints against {SMALL:,}: {'; '.join(told)}"

        try:
            yield Sides(ours=worst, ceiling=None, notes=notes)
        finally:
            large.close()
            small.close()


ROW = Row(
    name="growth",
    what="a ledger page, a search or the board at 1,000,000 complaints against the same at 10,000, whichever grew most",
    unit="times",
    must=2.0,
    prepare=prepare,
    lower_is_better=True,
)
