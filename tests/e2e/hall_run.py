"""The whole hall: 450 delegates rate 100 windows within a minute while the screen shows the count.

The evaluation server and the gateway are processes of their own on a durable PostgreSQL; the screen is Chromium. What is
measured is the time from the answer of a cast ballot, when it is committed, to the picture that shows it.
"""

from __future__ import annotations

import random
import threading
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import grpc
import httpx
from google.protobuf.timestamp_pb2 import Timestamp
from playwright.sync_api import sync_playwright
from zhengfeng.evaluation.v1 import ballots_pb2, ballots_pb2_grpc

from chassis import process
from chassis.clock import SystemClock, new_id
from chassis.config import Config
from tests.doors import Door
from tests.e2e.conftest import ARGUMENTS, CHROMIUM
from tests.e2e.hall_screen import Gateway, HallScreen, p99, waits
from tests.faults.workers import Worker
from tests.servers import PostgreSQL
from tests.servers.programs import free_port
from tests.service.evaluation.campaigns import City, unit_changed

DELEGATES, WINDOWS, SECONDS, AT_ONCE = 450, 100, 60.0, 8
GROUPS = (("bureaus", 64), ("services", 36))
SETTLE_SECONDS = 3.0


@dataclass(frozen=True, slots=True)
class HallFindings:
    """What the screen did. Waits in seconds; sizes of a frame in bytes."""

    ballots: int
    shown: int
    p99: float
    longest: float
    frame_bytes: int
    page_faults: tuple[str, ...]


def run(folder: Path, delegates: int = DELEGATES, seconds: float = SECONDS) -> HallFindings:
    """One minute of the hall."""
    with PostgreSQL(durable=True) as server:
        config, environment = _configured(folder, server)
        process.migrate(config)
        door = Door(config, SystemClock())
        worker = Worker(("services.evaluation", "server"), folder / "evaluation.log", environment)
        worker.start()
        services_at = f"127.0.0.1:{environment['GRPC_PORT']}"
        try:
            with grpc.insecure_channel(services_at) as channel:
                grpc.channel_ready_future(channel).result(timeout=60)
                return _minute(folder, City(door), channel, services_at, delegates, seconds)
        finally:
            worker.stop()
            door.close()


def _configured(folder: Path, server: PostgreSQL) -> tuple[Config, dict[str, str]]:
    urls = {name: server.create_database(name) for name in ("evaluation", "register")}
    config = Config("evaluation", urls["evaluation"], folder / "keys", folder, create_keys=True)
    environment = {
        "DATABASE_URL": urls["evaluation"],
        "REGISTER_DATABASE_URL": urls["register"],
        "KEYS_DIR": str(folder / "keys"),
        "DATA_DIR": str(folder),
        "GRPC_PORT": str(free_port()),
    }
    return replace(config, extra_database_urls={"register": urls["register"]}, grpc_port=0), environment


def _minute(
    folder: Path, city: City, channel: grpc.Channel, services_at: str, delegates: int, seconds: float
) -> HallFindings:
    closes_at = Timestamp()
    closes_at.FromDatetime(city.door.clock.now() + timedelta(days=1))
    campaign, codes, _ = city.opened(
        delegates=delegates, enterprises=1, object_groups=_windows(city), closes_at=closes_at, title="百个窗口现场评议"
    )
    gateway = Gateway(folder, services_at)
    try:
        with sync_playwright() as playwright:
            chromium = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
            screen = HallScreen(chromium, gateway.url, campaign.campaign_id)
            screen.wait_for_ballots(0)
            committed = _vote(ballots_pb2_grpc.BallotServiceStub(channel), campaign, codes, seconds)
            time.sleep(SETTLE_SECONDS)
            shown = screen.shown()
            found = waits(shown, committed)
            faults = tuple(screen.faults)
            screen.close()
            chromium.close()
        return HallFindings(
            len(committed), shown[-1][0], p99(found), found[-1], _frame(gateway.url, campaign.campaign_id), faults
        )
    finally:
        gateway.stop()


def _windows(city: City) -> list[Any]:
    groups = []
    for key, size in GROUPS:
        names = [f"{key}-{number}" for number in range(size)]
        city.units |= {name: new_id(city.door.clock) for name in names}
        city.door.hear(*(unit_changed(city.units[name], name) for name in names))
        groups.append(city.group(key, names))
    return groups


def _vote(stub: Any, campaign: Any, codes: Sequence[str], seconds: float) -> dict[int, float]:
    """Ballots evenly over the time, several at once; the size of the box after each, and when it was answered."""
    objects = [one.object_id for group in campaign.plan.object_groups for one in group.objects]
    draw = random.Random(2026)
    marks = [[[grade, grade] for grade in draw.choices((1, 2, 3, 4), (55, 30, 10, 5), k=len(objects))] for _ in codes]
    committed: dict[int, float] = {}
    written = threading.Lock()
    begun = time.monotonic()

    def cast(number: int) -> None:
        ratings = [
            ballots_pb2.ObjectRating(object_id=one, grades=grades)
            for one, grades in zip(objects, marks[number], strict=True)
        ]
        time.sleep(max(0.0, begun + number * seconds / len(codes) - time.monotonic()))
        receipt = stub.CastBallot(ballots_pb2.CastBallotRequest(code=codes[number], ratings=ratings)).receipt
        with written:
            committed[receipt.position + 1] = time.time()

    with ThreadPoolExecutor(AT_ONCE) as raters:
        list(raters.map(cast, range(len(codes))))
    return committed


def _frame(url: str, campaign_id: str) -> int:
    """How many bytes one picture is on its way to a screen."""
    with httpx.stream("GET", f"{url}/campaigns/{campaign_id}/hall/frames", trust_env=False, timeout=30) as stream:
        for line in stream.iter_lines():
            if line.startswith("data:"):
                return len(line.encode())
    return 0
