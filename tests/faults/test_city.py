"""Nothing acknowledged is lost, nothing is applied twice, whatever is killed; `make prove` runs it at full size."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.faults.fault_run import run

SCALED_FILINGS = 60


@pytest.mark.timeout(600)
def test_nothing_is_lost_or_done_twice_while_everything_is_killed(tmp_path: Path) -> None:
    found = run(SCALED_FILINGS, tmp_path)

    assert found.refusals == ()
    assert found.filed == SCALED_FILINGS
    assert found.lost == ()
    assert (found.twice, found.missing, found.parked) == (0, 0, 0)
    assert found.closed == SCALED_FILINGS // 10
    assert found.leaks == (), "a sealed identity is nowhere in the clear"
