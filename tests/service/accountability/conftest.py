"""The scene every test of this folder begins with."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.doors import Door
from tests.service.accountability.scene import Scene


@pytest.fixture
def scene(door: Callable[[str], Door]) -> Scene:
    """A city whose directory is known and whose shipped rules are in force."""
    return Scene(door("accountability")).with_directory().with_rules()
