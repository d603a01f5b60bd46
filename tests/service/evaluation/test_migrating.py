"""From the leaves of before to those of now: an empty box is carried over, one that holds ballots never."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa

from chassis import process
from chassis.config import Config
from chassis.migrate import differences, upgrade
from services.evaluation.storage import databases as stores
from services.evaluation.storage.schema import SCHEMA
from tests.databases import Databases

REVISIONS = process.folder("evaluation") / "migrations" / "evaluation"
CAMPAIGN = "0198c0de00007000800000000000c0de"


@pytest.fixture
def before(databases: Databases, tmp_path: Path) -> Iterator[sa.Engine]:
    """A database as it was before ballots lay on pages."""
    urls = databases.empty(), databases.empty()
    config = Config("evaluation", urls[0], tmp_path, tmp_path, extra_database_urls={"register": urls[1]})
    old = tmp_path / "old"
    old.mkdir()
    for number in range(1, 4):
        [revision] = REVISIONS.glob(f"{number:04d}_*.py")
        shutil.copy(revision, old)
    engine = next(engine for name, _, engine in stores(config) if name == "evaluation")
    upgrade(engine, old)
    yield engine
    engine.dispose()


def add(engine: sa.Engine, table: str, row: dict[str, object]) -> None:
    """One row of a table of before."""
    with engine.connect().execution_options(writes=True) as connection:
        known = sa.Table(table, sa.MetaData(), autoload_with=connection)
        connection.execute(known.insert().values({column.name: row[column.name] for column in known.columns}))
        connection.commit()


def test_a_box_with_codes_and_no_ballots_is_carried_over(before: sa.Engine) -> None:
    code = {"code_hash": bytes(32), "campaign_id": CAMPAIGN, "rater_group": 0, "own_unit": bytes(16), "void": False}
    add(before, "codes", code)
    upgrade(before, REVISIONS)
    assert not differences(before, SCHEMA)
    with before.connect() as connection:
        [row] = connection.execute(sa.select(SCHEMA["codes"])).all()
    assert (row.code_hash, row.only_object, row.page) == (bytes(32), None, None)


def test_a_box_that_holds_ballots_is_refused_and_left_as_it_was(before: sa.Engine) -> None:
    ballot = {"campaign_id": CAMPAIGN, "position": 0, "code_hash": bytes(32), "ordinal": 0, "rater_group": 0, "channel": 1}
    add(before, "ballots", {**ballot, "batch": 1, "class": 1, "salt": bytes(16), "leaf": bytes(32), "ratings": b"\x01"})
    with pytest.raises(RuntimeError, match="holds ballots"):
        upgrade(before, REVISIONS)
    with before.connect() as connection:
        assert connection.execute(sa.text("SELECT count(*) FROM ballots")).scalar_one() == 1
