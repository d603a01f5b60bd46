"""Makes a worker process cooperative, before anything else is imported: the first thing a worker does.

nameko runs on eventlet, which replaces the standard library's blocking calls. psycopg must then wait through `select`, or
one slow query would stop every other handler of the process.
"""

from __future__ import annotations

import os
import warnings


def make_cooperative() -> None:
    """Patch this process for chassis.broker. Called before database, broker or threads are imported."""
    os.environ["PSYCOPG_WAIT_FUNC"] = "wait_select"
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # known, and the reason why one file only knows eventlet
        import eventlet

    eventlet.monkey_patch()
