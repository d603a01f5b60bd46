"""The scene every test of this folder begins with."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from chassis.clock import SettableClock
from chassis.config import Config
from tests.databases import Databases
from tests.doors import Door
from tests.service.accountability.scene import Scene

CITY_WITH_RULES = "a city with rules"


@pytest.fixture
def scene(databases: Databases, clock: SettableClock, door: Callable[..., Door], tmp_path: Path) -> Scene:
    """A city whose directory is known and whose shipped rules are in force; set once a session."""

    def set_up(config: Config) -> None:
        with closing(Door(config, clock)) as opened:
            Scene(opened).with_directory().with_rules()

    databases.set_scene(CITY_WITH_RULES, "accountability", tmp_path / "keys" / "first", set_up)
    return Scene(door("accountability", CITY_WITH_RULES))
