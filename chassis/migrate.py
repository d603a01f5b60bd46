"""Schema migrations: forward only, run by the migrating role before the services start.

A service keeps them in `migrations/`, one folder for each of its databases, as Alembic revisions. The settings that ship
with a service (`packs/`) are written in the same step, because code and the numbers it reads belong together.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any, Literal

import sqlalchemy as sa
from alembic.autogenerate import compare_metadata, produce_migrations, render_python_code
from alembic.config import Config as AlembicConfig
from alembic.operations import Operations
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory

from chassis.columns import Choice, Doc
from chassis.db import Schema

HEADER = '''"""{message}"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

import chassis.columns

revision = {revision!r}
down_revision = {down_revision!r}
branch_labels = None
depends_on = None


def upgrade() -> None:
'''


def upgrade(engine: sa.Engine, folder: Path) -> str:
    """Brings the database to the newest revision in `folder`; says which that is. Repeating it changes nothing."""
    script = _scripts(folder)
    with engine.connect().execution_options(writes=True) as connection, connection.begin():
        steps: Callable[[Any, Any], Any] = lambda revision, _context: script._upgrade_revs("head", revision)  # noqa: E731
        context = MigrationContext.configure(connection, opts={"fn": steps, "script": script, "transactional_ddl": True})
        with Operations.context(context):
            context.run_migrations()
    return script.get_current_head() or ""


def current(engine: sa.Engine) -> str:
    """The revision the database is at; empty before the first."""
    with engine.connect() as connection:
        return MigrationContext.configure(connection).get_current_revision() or ""


def differences(engine: sa.Engine, schema: Schema) -> list[Any]:
    """Where the database differs from what the code declares; empty if it does not."""
    with engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": False, "render_as_batch": True})
        return list(compare_metadata(context, schema.metadata))


def write_revision(engine: sa.Engine, schema: Schema, folder: Path, message: str) -> Path | None:
    """Writes the revision from the newest one to what the code declares; None if nothing differs."""
    folder.mkdir(parents=True, exist_ok=True)
    script = _scripts(folder)
    head = script.get_current_head()
    with engine.connect() as connection:
        options = {"compare_type": False, "render_as_batch": True, "include_object": _declared}
        context = MigrationContext.configure(connection, opts=options)
        operations = produce_migrations(context, schema.metadata).upgrade_ops
    if operations is None or operations.is_empty():
        return None
    number = len(list(folder.glob("[0-9]*.py"))) + 1
    revision = f"{number:04d}"
    code = render_python_code(operations, render_as_batch=True, render_item=_plain_type, migration_context=context)
    path = folder / f"{revision}_{message.replace(' ', '_')}.py"
    header = HEADER.format(message=f"{message[:1].upper()}{message[1:]}.", revision=revision, down_revision=head)
    path.write_text(header + code + "\n", encoding="utf-8")
    return path


def _declared(_item: Any, _name: str, kind: str, reflected: bool, declared: Any) -> bool:
    """Tables that only a revision knows, as those of a full-text search, are left alone."""
    return not (kind == "table" and reflected and declared is None)


def _plain_type(kind: str, item: Any, _context: Any) -> str | Literal[False]:
    """How a revision writes column types that carry Python classes: by what the database stores."""
    if kind == "type" and isinstance(item, Choice):
        return "sa.Text()"
    if kind == "type" and isinstance(item, Doc):
        return 'sa.JSON().with_variant(postgresql.JSONB(), "postgresql")'
    return False


def _scripts(folder: Path) -> ScriptDirectory:
    config = AlembicConfig()
    config.set_main_option("path_separator", "os")
    return ScriptDirectory(str(folder), version_locations=[str(folder)])
