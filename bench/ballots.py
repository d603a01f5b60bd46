"""Row `ballots`: ballots of 815 ratings taken in by client stream in batches of 500, durably, on PostgreSQL.

Each ballot has its code checked, its own unit closed, its class judged and its leaf put into the Merkle log. The ceiling is
a binary COPY of the same bytes into a bare table by psycopg, batch by batch, each committed as ballots are that come in
batches: it is the one whose figure was given with the mark. Beside it stands one COPY of everything with one commit.
"""

from __future__ import annotations

import statistics
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import grpc
import numpy as np
import psycopg
from nacl.signing import SigningKey
from zhengfeng.evaluation.v1 import ballots_pb2, ballots_pb2_grpc

from bench.harness import Row, Sides
from bench.tally import CHANCES, CHOICES, plan
from chassis import process
from chassis.auth import Caller, Rows, sign_token
from chassis.clock import SystemClock
from chassis.config import Config
from chassis.copies import Copy
from services.evaluation.domain.draft import Customs, Draft
from services.evaluation.domain.plan import Plan
from services.evaluation.domain.rater import NewRater
from services.evaluation.usecases import UseCases
from tests.faults.workers import Worker
from tests.servers import PostgreSQL
from tests.servers.programs import free_port

BALLOTS, BATCH = 10_000, 500
ORGANISER = Caller("organiser", frozenset({"organiser", "registrar"}), jurisdiction_paths=("/qinghe",))


class Hall:
    """An evaluation server on a durable PostgreSQL with one open campaign, and ten thousand filled-in ballots."""

    def __init__(self, server: PostgreSQL) -> None:
        folder = Path(server.folder)
        self._key = SigningKey.generate()
        self._port = free_port()
        urls = {name: server.create_database(name) for name in ("evaluation", "register", "bare")}
        config = Config("evaluation", urls["evaluation"], folder / "keys", folder, create_keys=True)
        config = replace(config, extra_database_urls={"register": urls["register"]})
        process.migrate(config)
        self._campaign_id, codes = open_campaign(UseCases.build(config, SystemClock()))
        self._batches = list(filled(self._campaign_id, codes))
        self._urls = {name: url.replace("postgresql+psycopg", "postgresql") for name, url in urls.items()}
        environment = {
            "DATABASE_URL": urls["evaluation"],
            "REGISTER_DATABASE_URL": urls["register"],
            "KEYS_DIR": str(folder / "keys"),
            "DATA_DIR": str(folder),
            "GRPC_PORT": str(self._port),
            "PUBLIC_KEYS": f"bench={self._key.verify_key.encode().hex()}",
        }
        self.worker = Worker(("services.evaluation", "server"), folder / "evaluation.log", environment)

    def empty(self) -> None:
        """An empty box and an empty bare table."""
        with psycopg.connect(self._urls["evaluation"]) as connection:
            connection.execute("TRUNCATE pages, batches")
            connection.execute("UPDATE boxes SET size = 0, frontier = '', batches = 0")
            connection.execute("UPDATE codes SET page = NULL")
        with psycopg.connect(self._urls["evaluation"], autocommit=True) as connection:
            connection.execute("VACUUM FULL ANALYZE codes")
        with psycopg.connect(self._urls["bare"]) as connection:
            connection.execute("DROP TABLE IF EXISTS bare")
            connection.execute("CREATE TABLE bare (ratings bytea NOT NULL)")

    def ours(self) -> float:
        """Ballots taken in a second."""
        token = sign_token(self._key, "bench", ORGANISER, SystemClock().now())
        with grpc.insecure_channel(f"127.0.0.1:{self._port}") as channel:
            grpc.channel_ready_future(channel).result(timeout=60)
            stub = ballots_pb2_grpc.BallotServiceStub(channel)
            begun = time.perf_counter()
            answer: Any = stub.CastBallots(iter(self._batches), metadata=(("authorization", f"Bearer {token}"),))
            taken = time.perf_counter() - begun
        if answer.taken.accepted != BALLOTS:
            raise AssertionError(f"{answer.taken.accepted} of {BALLOTS} ballots were taken in")
        return BALLOTS / taken

    def ceiling(self) -> float:
        """Rows of the same bytes copied a second, each batch committed."""
        return self._copied([[one] for one in self._batches])

    def at_once(self) -> float:
        """Rows of the same bytes copied a second, all in one transaction."""
        return self._copied([self._batches])

    def _copied(self, transactions: list[list[Any]]) -> float:
        cells = len(self._batches[0].ratings) // BATCH
        rows = [
            [one.ratings[at : at + cells] for one in part for at in range(0, BATCH * cells, cells)] for part in transactions
        ]
        with psycopg.connect(self._urls["bare"]) as connection, connection.cursor() as cursor:
            begun = time.perf_counter()
            for part in rows:
                with cursor.copy("COPY bare FROM STDIN (FORMAT BINARY)") as copy:
                    copy.set_types(["bytea"])
                    for row in part:
                        copy.write_row((row,))
                connection.commit()
            return BALLOTS / (time.perf_counter() - begun)


def open_campaign(usecases: UseCases, raters: int = BALLOTS, whole: Plan | None = None) -> tuple[str, list[str]]:
    """An open campaign of 163 units, or of those of a plan, with so many raters; and their codes."""
    caller = replace(ORGANISER, rows=Rows(jurisdictions=("/qinghe",)))
    whole = whole or plan()
    with usecases.store.begin(Caller.service("evaluation")) as tx:
        for one in whole.objects:
            tx.keep_copy(Copy("unit", one.unit_id, 1, one.unit_path, "/qinghe", one.name))
    groups = (whole.object_groups, whole.dimensions, whole.rater_groups)
    draft = Draft(whole.title, whole.year, "/qinghe", whole.closes_at, *groups, True, True, Customs(scale=whole.scale))
    campaign = usecases.campaigns.create(caller, replace(draft, closes_at=whole.closes_at.replace(year=2099)))
    names = [NewRater(str(number), f"g{number % len(whole.rater_groups)}", "", "", "") for number in range(raters)]
    for start in range(0, raters, BATCH):
        usecases.raters.enter(caller, campaign.id, names[start : start + BATCH])
    codes = [one.code for batch in usecases.raters.issue(caller, campaign.id, "", "bench") for one in batch]
    usecases.campaigns.open(caller, campaign.id, campaign.version)
    return campaign.id, codes


def filled(campaign_id: str, codes: list[str]) -> Iterator[ballots_pb2.CastBallotsRequest]:
    """Ballots of random grades for these codes, in batches."""
    draw = np.random.default_rng(20261116)
    cells = plan().cells
    for start in range(0, len(codes), BATCH):
        yield ballots_pb2.CastBallotsRequest(
            campaign_id=campaign_id,
            source="tablet",
            channel=ballots_pb2.CHANNEL_ON_SITE,
            sequence=start // BATCH + 1,
            codes=codes[start : start + BATCH],
            ratings=draw.choice(np.array(CHOICES, dtype=np.uint8), size=BATCH * cells, p=CHANCES).tobytes(),
        )


@contextmanager
def prepare() -> Iterator[Sides]:
    """The server, warm."""
    with PostgreSQL(durable=True) as server:
        hall = Hall(server)
        try:
            hall.worker.start()
            found: dict[str, list[float]] = {"ours": [], "at once": []}

            def ours() -> float:
                hall.empty()
                found["at once"].append(hall.at_once())
                hall.empty()
                found["ours"].append(hall.ours())
                return found["ours"][-1]

            def notes() -> str:
                mine, whole = (statistics.median(found[name][1:]) for name in ("ours", "at once"))
                return f"one COPY of all with one commit: {whole:,.0f}/s, of which ours is {mine / whole:.2f}"

            yield Sides(ours=ours, ceiling=hall.ceiling, runs_each_round=hall.empty, notes=notes)
        finally:
            hall.worker.stop()


ROW = Row(
    name="ballots",
    what="ballots of 815 ratings by client stream, code, class, Merkle leaf, committed, beside COPY of the same batches",
    unit="ballots/s",
    must=0.25,
    prepare=prepare,
    rounds=11,
)
