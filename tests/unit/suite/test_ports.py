"""Two suites on one machine: neither ever answers the other's calls."""

from __future__ import annotations

from pathlib import Path

import pytest
from typer.testing import CliRunner

from chassis.clock import SystemClock
from suite.commands import app
from suite.embedded import Embedded


def test_a_second_suite_on_a_taken_port_says_so_and_shares_nothing(tmp_path: Path) -> None:
    first = Embedded(tmp_path / "first", SystemClock(), grpc_port=0)
    first.answer()
    try:
        with pytest.raises(RuntimeError):
            Embedded(tmp_path / "second", SystemClock(), grpc_port=first.listening.port)
        asked = ["run", "--data", str(tmp_path / "second"), "--http-port", "0", "--grpc-port", str(first.listening.port)]
        ended = CliRunner().invoke(app, asked)
        assert ended.exit_code == 1
        assert str(first.listening.port) in ended.output
    finally:
        first.stop()
