"""A box however full: taken in, tallied and ranked within a memory that hardly grows with it."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.databases import Databases
from tests.service.evaluation.full_box import OBJECTS, held

SMALL, FULL = 6_000, 1_000_000
MOST_MEGABYTES = 600


@pytest.mark.parametrize("ballots", [SMALL, pytest.param(FULL, marks=pytest.mark.prove)])
def test_a_box_however_full_is_counted_to_the_last_ballot_in_bounded_memory(
    databases: Databases, tmp_path: Path, ballots: int
) -> None:
    found = held(databases.config("evaluation", tmp_path / "keys"), ballots)
    assert (found.ballots, found.counted, found.places) == (ballots, ballots, OBJECTS)
    assert found.megabytes < MOST_MEGABYTES
