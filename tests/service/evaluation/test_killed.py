"""The server is killed again and again while ballots stream in: what was acknowledged is in the box, once, and proved."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import grpc
import pytest
import sqlalchemy as sa
from nacl.signing import SigningKey
from zhengfeng.evaluation.v1 import ballots_pb2, ballots_pb2_grpc, campaigns_pb2

from chassis.auth import sign_token
from chassis.clock import SystemClock
from services.evaluation.log import Frontier
from tests.doors import Door
from tests.faults.workers import Worker
from tests.servers.programs import free_port
from tests.service.evaluation import stored
from tests.service.evaluation.campaigns import ORGANISER, City, packed
from tests.service.evaluation.streams import turnout

GOOD = (1, 2, 3, 1)
MOST_AT_ONCE = 400  # raters entered by one call


@dataclass(frozen=True, slots=True)
class Load:
    """How many ballots stream in, how many at a time, and how often the server is killed meanwhile."""

    raters: int
    batch: int
    kills: int


SMALL, FULL = Load(480, 8, 2), Load(20_000, 50, 10)


class Hall:
    """A server process on the databases of a door, and a tablet that sends batches to it until all are in."""

    def __init__(self, door: Door, campaign: Any, codes: Sequence[str], load: Load, folder: Path) -> None:
        self._key, self._port, self._door = SigningKey.generate(), free_port(), door
        self._campaign, self._codes, self._load = campaign, codes, load
        self.acknowledged = 0
        environment = {
            "DATABASE_URL": door.config.database_url,
            "REGISTER_DATABASE_URL": door.config.extra_database_urls["register"],
            "KEYS_DIR": str(door.config.keys_dir),
            "DATA_DIR": str(folder),
            "GRPC_PORT": str(self._port),
            "PUBLIC_KEYS": f"hall={self._key.verify_key.encode().hex()}",
        }
        self.worker = Worker(("services.evaluation", "server"), folder / "server.log", environment)

    def send_everything(self) -> None:
        """Sends what is missing, and again from where the box stands whenever the server goes away."""
        batches = self._load.raters // self._load.batch
        while self.acknowledged < batches:
            with suppress(grpc.RpcError):
                reached = self._send([self._batch(0)])
                self.acknowledged = self._send(self._batch(number) for number in range(reached + 1, 1 + batches))

    def _send(self, batches: Any) -> int:
        token = sign_token(self._key, "hall", ORGANISER, SystemClock().now())
        with grpc.insecure_channel(f"127.0.0.1:{self._port}") as channel:
            grpc.channel_ready_future(channel).result(timeout=60)
            stub = ballots_pb2_grpc.BallotServiceStub(channel)
            answer: Any = stub.CastBallots(iter(batches), metadata=(("authorization", f"Bearer {token}"),), timeout=60)
            return int(answer.taken.last_committed_sequence)

    def _batch(self, number: int) -> ballots_pb2.CastBallotsRequest:
        size = self._load.batch
        codes = self._codes[(number - 1) * size : number * size] if number else []
        return ballots_pb2.CastBallotsRequest(
            campaign_id=self._campaign.campaign_id,
            source="tablet",
            channel=ballots_pb2.CHANNEL_ON_SITE,
            sequence=number,
            codes=codes,
            ratings=packed(GOOD) * len(codes),
        )


def box(door: Door) -> sa.Row[Any]:
    """The box of the only campaign."""
    with door.store.engine.connect() as connection:
        found: sa.Row[Any] = connection.execute(sa.select(door.store.schema["boxes"])).one()
    return found


def wait_for(door: Door, size: int) -> None:
    """Until the box holds so many ballots."""
    end = time.monotonic() + 60
    while box(door).size < size:
        assert time.monotonic() < end, "the box does not grow"
        time.sleep(0.01)


def entered(city: City, raters: int) -> tuple[Any, list[str]]:
    """An open campaign with so many delegates, and their codes."""
    draft, codes = city.create(), []
    for first in range(0, raters, MOST_AT_ONCE):
        some = range(first, min(first + MOST_AT_ONCE, raters))
        codes += city.enter(draft.campaign_id, *((f"d{number}", "delegates", "") for number in some))
    return city.move(city.campaigns.OpenCampaign, campaigns_pb2.OpenCampaignRequest, draft), codes


@pytest.mark.parametrize("load", [pytest.param(SMALL, id="small"), pytest.param(FULL, id="full", marks=pytest.mark.prove)])
def test_nothing_acknowledged_is_lost_or_counted_twice_when_the_server_is_killed(
    door: Callable[[str], Door], tmp_path: Path, load: Load
) -> None:
    city = City(door("evaluation"))
    campaign, codes = entered(city, load.raters)
    hall = Hall(city.door, campaign, codes, load, tmp_path)
    hall.worker.start()
    try:
        with ThreadPoolExecutor() as pool:
            sending = pool.submit(hall.send_everything)
            for kill in range(1, load.kills + 1):
                wait_for(city.door, kill * load.raters // (load.kills + 1))
                hall.worker.kill9()
                hall.worker.start()
            sending.result(timeout=120)
    finally:
        hall.worker.stop()

    leaves = stored.hashes(city.door.store, "leaf_hashes")
    codes_used = stored.hashes(city.door.store, "code_hashes")
    assert hall.acknowledged * load.batch == len(leaves) == len(codes_used) == len(set(codes_used)) == load.raters
    kept = box(city.door)
    assert Frontier.from_bytes(kept.size, kept.frontier) == Frontier().grown(leaves)
    counted = city.counted(campaign)  # grows the tree from the stored ballots once more
    assert counted.version == campaign.version + 2
    assert turnout(city, campaign).counted == load.raters
