"""The embedded suite ends as asked, however far it had come, and says so the next time."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import pytest

from chassis.clock import SHANGHAI, SettableClock, SystemClock
from suite.demo.load import Unfit, load_demo
from suite.embedded import Embedded

MORNING = datetime(2026, 11, 16, 9, 0, tzinfo=SHANGHAI)


def test_a_suite_that_has_carried_no_fact_yet_stops_without_a_fault(tmp_path: Path) -> None:
    embedded = Embedded(tmp_path / "data", SettableClock(MORNING), grpc_port=0)
    embedded.answer()
    embedded.stop()


def test_a_demonstration_broken_off_is_not_taken_for_a_whole_one(tmp_path: Path) -> None:
    def interrupt(line: str) -> None:
        raise KeyboardInterrupt

    embedded = Embedded(tmp_path / "data", SystemClock(), grpc_port=0)
    with pytest.raises(KeyboardInterrupt):
        load_demo(embedded, interrupt)
    with pytest.raises(Unfit, match="broken off"):
        load_demo(embedded, interrupt)


def test_accounts_everybody_knows_are_not_added_to_somebody_elses_installation(tmp_path: Path) -> None:
    embedded = Embedded(tmp_path / "data", SystemClock(), grpc_port=0)
    embedded.services["directory"].usecases.accounts.found_administrators("/qinghe")
    with pytest.raises(Unfit, match="another installation"):
        load_demo(embedded, lambda _line: None)
