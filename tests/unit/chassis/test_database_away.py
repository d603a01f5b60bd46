"""A database that does not answer ends every wait for it, and is no fact's fault."""

from __future__ import annotations

import socket
import time
from pathlib import Path

import pytest
import sqlalchemy as sa

from chassis import db
from chassis.db import database_away, open_engine
from chassis.inbox import Arrival, Inbox
from tests.faults.small_service import member


def test_a_server_that_takes_a_connection_and_never_answers_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(db, "CONNECT_SECONDS", 2)
    with socket.create_server(("127.0.0.1", 0)) as silent:
        engine = open_engine(f"postgresql://somebody@127.0.0.1:{silent.getsockname()[1]}/nothing")
        began = time.monotonic()
        with pytest.raises(sa.exc.OperationalError) as fault:
            engine.connect()
    assert database_away(fault.value)
    assert time.monotonic() - began < 5


def test_a_fact_that_found_no_free_connection_is_not_counted_as_failed(tmp_path: Path) -> None:
    listener = member("listener", f"sqlite:///{tmp_path / 'listener.db'}")

    def no_connection_free(*_: object) -> None:
        raise sa.exc.TimeoutError("QueuePool limit reached")

    inbox = Inbox(listener.store, listener.usecases, dict.fromkeys(listener.hears, no_connection_free))
    [kind] = inbox.types
    with pytest.raises(sa.exc.TimeoutError):
        inbox.deliver([Arrival("01a1e1de-3a80-77ff-90ad-cf14b2fe7311", kind, "s1", b"")])
    with listener.store.engine.connect() as connection:
        assert not connection.execute(sa.select(listener.store.schema["inbox"])).all()
