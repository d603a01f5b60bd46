"""`zhengfeng up` refuses what it would otherwise silently leave undone."""

from __future__ import annotations

from pathlib import Path

import pytest
from typer.testing import CliRunner

from suite.commands import app

SERVERS = ["--postgres", "postgresql://nowhere", "--amqp", "amqp://nowhere"]


@pytest.mark.parametrize("asked", [SERVERS[:2], SERVERS[2:], [*SERVERS, "--demo"]])
def test_options_that_do_not_go_together_are_refused_before_anything_starts(tmp_path: Path, asked: list[str]) -> None:
    folder = tmp_path / "data"
    ended = CliRunner().invoke(app, ["up", "--data", str(folder), *asked])
    assert ended.exit_code == 2
    assert not folder.exists()
