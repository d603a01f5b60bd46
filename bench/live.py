"""Row `live`: from a committed ballot to the figure on the live stream, raters voting as fast as 450 within a minute.

Each round is ten seconds of that hall; the figure is the round's 99th percentile in seconds. One viewer watches while
ballots are cast one by one with their codes, on PostgreSQL with fsync on.
"""

from __future__ import annotations

import random
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import replace
from pathlib import Path
from typing import Any

import grpc
from zhengfeng.evaluation.v1 import ballots_pb2, ballots_pb2_grpc, results_pb2, results_pb2_grpc

from bench.ballots import open_campaign
from bench.harness import Row, Sides
from chassis import process
from chassis.clock import SystemClock
from chassis.config import Config
from services.evaluation.usecases import UseCases
from tests.faults.workers import Worker
from tests.servers import PostgreSQL
from tests.servers.programs import free_port

RATERS_A_MINUTE, SECONDS, ROUNDS = 450, 10, 5
VOTES = RATERS_A_MINUTE * SECONDS // 60


class Watched:
    """An evaluation server with one open campaign, a viewer of its live count, and raters."""

    def __init__(self, server: PostgreSQL) -> None:
        folder = Path(server.folder)
        self._port = free_port()
        urls = {name: server.create_database(name) for name in ("evaluation", "register")}
        config = Config("evaluation", urls["evaluation"], folder / "keys", folder, create_keys=True)
        config = replace(config, extra_database_urls={"register": urls["register"]})
        process.migrate(config)
        self._campaign_id, self._codes = open_campaign(UseCases.build(config, SystemClock()), RATERS_A_MINUTE)
        self._seen: dict[int, float] = {}
        environment = {
            "DATABASE_URL": urls["evaluation"],
            "REGISTER_DATABASE_URL": urls["register"],
            "KEYS_DIR": str(folder / "keys"),
            "DATA_DIR": str(folder),
            "GRPC_PORT": str(self._port),
        }
        self.worker = Worker(("services.evaluation", "server"), folder / "evaluation.log", environment)

    def watch(self) -> None:
        """Notes when each size of the box was first on the screen."""
        request = results_pb2.LiveTallyRequest(campaign_id=self._campaign_id)
        self.channel = grpc.insecure_channel(f"127.0.0.1:{self._port}")
        grpc.channel_ready_future(self.channel).result(timeout=60)
        frames = results_pb2_grpc.ResultServiceStub(self.channel).LiveTally(request)
        threading.Thread(target=self._note, args=(frames,), daemon=True).start()

    def ours(self) -> float:
        """The 99th percentile of one round, in seconds."""
        stub = ballots_pb2_grpc.BallotServiceStub(self.channel)
        draw = random.Random(len(self._codes))
        voting, self._codes = self._codes[:VOTES], self._codes[VOTES:]
        paper = stub.GetBallotPaper(ballots_pb2.GetBallotPaperRequest(code=voting[0])).paper
        objects = [one.object_id for group in paper.groups for one in group.objects]
        committed: dict[int, float] = {}
        begun = time.perf_counter()
        for number, code in enumerate(voting):
            time.sleep(max(0.0, begun + number * SECONDS / VOTES - time.perf_counter()))
            receipt = stub.CastBallot(_ballot(code, objects, len(paper.dimensions), draw)).receipt
            committed[receipt.position + 1] = time.perf_counter()
        time.sleep(2)
        waits = sorted(max(0.0, self._shown(size) - at) for size, at in committed.items())
        return waits[-(len(waits) // 100) - 1]

    def _shown(self, size: int) -> float:
        return min(at for seen, at in list(self._seen.items()) if seen >= size)

    def _note(self, frames: Any) -> None:
        with suppress(grpc.RpcError):  # the channel is closed at the end
            for answer in frames:
                self._seen.setdefault(answer.frame.ballots, time.perf_counter())


def _ballot(code: str, objects: list[str], width: int, draw: random.Random) -> ballots_pb2.CastBallotRequest:
    ratings = [ballots_pb2.ObjectRating(object_id=one, grades=draw.choices((1, 2, 3), k=width)) for one in objects]
    return ballots_pb2.CastBallotRequest(code=code, ratings=ratings)


@contextmanager
def prepare() -> Iterator[Sides]:
    """The server and its viewer."""
    with PostgreSQL(durable=True) as server:
        watched = Watched(server)
        try:
            watched.worker.start()
            watched.watch()
            yield Sides(ours=watched.ours, ceiling=None)
            watched.channel.close()
        finally:
            watched.worker.stop()


ROW = Row(
    name="live",
    what="from a committed ballot to the figure on the live stream, 450 raters a minute: 99th percentile of each round",
    unit="s",
    must=1.0,
    prepare=prepare,
    rounds=ROUNDS,
    lower_is_better=True,
)
