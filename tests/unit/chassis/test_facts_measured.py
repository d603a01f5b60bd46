"""Facts are counted by what became of them, and the trace of a fact goes on in what its handler announces."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from zhengfeng.complaints.v1 import events_pb2

from chassis.auth import Caller
from chassis.inbox import Arrival, Inbox
from chassis.outbox import backlog, unsent
from chassis.telemetry import Telemetry, traceparent
from tests.faults.small_service import open_store

PARENT = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"


@pytest.fixture
def stores(tmp_path: Path) -> tuple[Any, Any]:
    made = (open_store(part, f"sqlite:///{tmp_path / part}.db") for part in ("announcer", "listener"))
    announcer, listener = made
    return announcer, listener


def announced(store: Any, *subjects: str) -> list[Arrival]:
    with store.begin(Caller.service("complaints")) as tx:
        for subject in subjects:
            tx.emit((subject, 1))
    return [Arrival(row.event_id, row.type, row.subject_id, row.payload, PARENT) for row in unsent(store)]


def test_a_fact_is_counted_as_applied_once_and_then_as_a_duplicate(stores: tuple[Any, Any]) -> None:
    announcer, listener = stores
    telemetry, traces = Telemetry(), []

    def hear(usecases: Any, tx: Any, fact: Any, heard: Any) -> None:
        traces.append(traceparent())
        if heard.subject_id == "poison":
            raise ValueError("this fact cannot be applied")

    inbox = Inbox(listener, None, {events_pb2.ComplaintFiled: hear}, telemetry)
    good, bad = announced(announcer, "good", "poison")
    inbox.deliver([good])
    inbox.deliver([good])
    inbox.deliver([bad])

    counted = telemetry.registry.get_sample_value
    labels = {"service": "accountability", "fact": good.type}
    outcomes = {
        name: counted("zhengfeng_facts_total", {**labels, "outcome": name}) for name in ("applied", "duplicate", "failed")
    }
    assert outcomes == {"applied": 1, "duplicate": 1, "failed": 1}
    assert counted("zhengfeng_fact_delay_seconds_count", {"service": "accountability"}) == 1
    assert set(traces) == {PARENT}


def test_the_backlog_is_told_with_its_age(stores: tuple[Any, Any]) -> None:
    announcer, _ = stores
    assert backlog(announcer) == (0, 0.0)
    announced(announcer, "one", "two")
    waiting, seconds = backlog(announcer)
    assert waiting == 2
    assert 0 <= seconds < 60
