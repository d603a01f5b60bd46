"""What the owner does before a version starts: `zhengfeng migrate` on a server that has nothing yet."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import psycopg
import pytest

from suite.members import SERVICES
from suite.owner import ROLE_PREFIX, database_names
from tests.servers import PostgreSQL

ROOT = Path(__file__).parents[3]
NAMES = [name for service in SERVICES for name in database_names(service)]


def test_an_empty_server_is_migrated_under_the_passwords_it_is_given_and_again_without_change(
    postgresql: PostgreSQL, tmp_path: Path
) -> None:
    for name in NAMES:
        (tmp_path / f"{ROLE_PREFIX}{name}.password").write_text(f"given-{name}", encoding="utf-8")
    tmp_path.chmod(0o500)
    command = [sys.executable, "-m", "suite", "migrate", "--data", tmp_path, "--postgres", postgresql.url()]

    for _ in range(2):
        subprocess.run(command, cwd=ROOT, check=True, timeout=120, capture_output=True)

    for name in NAMES:
        role = ROLE_PREFIX + name
        url = postgresql.url(role, role).replace("+psycopg", "")
        with psycopg.connect(url, password=f"given-{name}") as running:
            assert running.execute("SELECT count(*) FROM audit").fetchone() == (0,)
            with pytest.raises(psycopg.errors.InsufficientPrivilege):
                running.execute("CREATE TABLE mine (id int)")
    assert {path.suffix for path in tmp_path.iterdir()} == {".password"}
