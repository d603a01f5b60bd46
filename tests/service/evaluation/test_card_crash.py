"""Readers are killed at random while cards wait: each card is counted once, and none is lost."""

from __future__ import annotations

import random
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest
import sqlalchemy as sa

from chassis.clock import SystemClock
from tests.doors import Door
from tests.faults.workers import Worker
from tests.service.evaluation import stored
from tests.service.evaluation.card_scene import CardCity, filled

PATIENCE = 600.0
A_FILE = 50


@dataclass(frozen=True, slots=True)
class Load:
    """How many cards wait, how many read them, how often one of these is killed."""

    cards: int
    readers: int
    kills: int


SMALL, FULL = Load(100, 2, 4), Load(2_000, 2, 40)


@pytest.mark.parametrize("load", [pytest.param(SMALL, id="small"), pytest.param(FULL, id="full", marks=pytest.mark.prove)])
def test_every_card_is_counted_once_whenever_readers_are_killed(
    door: Callable[[str], Door], tmp_path: Path, load: Load
) -> None:
    city = CardCity(door("evaluation"))
    city.door.clock.set(SystemClock().now())  # type: ignore[attr-defined]
    city.set_to("cards.lease_seconds", 1)
    city.set_to("cards.tries", 50)
    campaign, design, papers = city.on_paper(load.cards)
    for first in range(0, load.cards, A_FILE):
        pages = [side for paper in papers[first : first + A_FILE] for side in filled(design, paper)]
        city.scan(campaign, *pages, name=f"{first}.tif", read=False)
    readers = [_reader(city.door, tmp_path, number) for number in range(load.readers)]
    chance = random.Random(2026)

    for reader in readers:
        reader.start()
    try:
        for kill in range(1, load.kills + 1):
            _wait(city.door, _read_sides(city.door), kill * load.cards // load.kills, readers)
            time.sleep(chance.uniform(0, 0.05))  # anywhere within a page's work; for the last one, within the count
            killed = chance.choice(readers)
            killed.kill9()
            killed.start()
        _wait(city.door, _counted_cards(city.door), load.cards, readers)
    finally:
        for reader in readers:
            reader.stop()

    counted = stored.hashes(city.door.store, "code_hashes")
    assert len(counted) == len(set(counted)) == load.cards
    sides = city.door.store.schema["card_sides"]
    with city.door.store.engine.connect() as connection:
        read = Counter(row.card_id for row in connection.execute(sa.select(sides.c.card_id)))
    assert len(read) == load.cards and set(read.values()) == {1}
    progress = city.progress(campaign)
    assert (progress.cards_counted, progress.pages_waiting, progress.pages_parked) == (load.cards, 0, 0)


def _reader(door: Door, folder: Path, number: int) -> Worker:
    environment = {
        "DATABASE_URL": door.config.database_url,
        "REGISTER_DATABASE_URL": door.config.extra_database_urls["register"],
        "KEYS_DIR": str(door.config.keys_dir),
        "DATA_DIR": str(door.config.data_dir),
    }
    return Worker(("tests.service.evaluation.tiny_reader",), folder / f"reader-{number}.log", environment)


def _read_sides(door: Door) -> sa.Select[tuple[int]]:
    return sa.select(sa.func.count()).select_from(door.store.schema["card_sides"])


def _counted_cards(door: Door) -> sa.Select[tuple[int]]:
    return sa.select(sa.func.count()).where(door.store.schema["cards"].c.position >= 0)


def _wait(door: Door, query: sa.Select[tuple[int]], number: int, readers: list[Worker]) -> None:
    """Until there are so many."""
    end = time.monotonic() + PATIENCE
    while True:
        with door.store.engine.connect() as connection:
            if connection.execute(query).scalar_one() >= number:
                return
        assert time.monotonic() < end, "\n".join(reader.story() for reader in readers)
        time.sleep(0.02)
