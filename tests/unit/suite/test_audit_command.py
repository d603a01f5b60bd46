"""`zhengfeng audit` follows every chain and says where one is broken."""

from __future__ import annotations

from pathlib import Path

import sqlalchemy as sa
from typer.testing import CliRunner

from chassis.audit import seal
from suite.commands import app
from suite.options import open_all


def test_a_changed_audit_line_is_found_by_its_number(tmp_path: Path) -> None:
    data = str(tmp_path / "data")
    run = CliRunner().invoke
    assert run(app, ["migrate", "--data", data]).exit_code == 0
    assert run(app, ["found", "/qinghe", "--data", data]).exit_code == 0
    directory = open_all(Path(data), "")["directory"].store
    seal(directory)
    assert run(app, ["audit", "--data", data]).exit_code == 0

    with directory.engine.connect().execution_options(writes=True) as connection:
        connection.execute(sa.update(directory.schema["audit"]).where(sa.column("seq") == 2).values(actor="somebody else"))
        connection.commit()

    told = run(app, ["audit", "--data", data])
    assert (told.exit_code, "directory: broken at line 2" in told.output) == (1, True), told.output
