"""Writes a schema revision: `python -m suite.revision complaints "clocks have a regime"`.

The revision is the difference between a database at the newest revision, made for the purpose on SQLite, and what the
service's storage declares.
"""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

from chassis import process
from chassis.migrate import upgrade, write_revision
from suite.members import embedded_config


def main(service: str, message: str) -> None:
    """Writes one revision for each database of the service that has changed."""
    with tempfile.TemporaryDirectory() as folder:
        for name, schema, engine in process.module(service, "storage").databases(embedded_config(service, Path(folder))):
            revisions = process.folder(service) / "migrations" / name
            revisions.mkdir(parents=True, exist_ok=True)
            upgrade(engine, revisions)
            written = write_revision(engine, schema, revisions, message)
            sys.stdout.write(f"{name}: {written.name if written else 'nothing has changed'}\n")


if __name__ == "__main__":
    main(*sys.argv[1:])
