"""Whatever is asked twice with the same request id is done once and answered the same."""

from __future__ import annotations

import threading
from typing import Any

import grpc
import pytest
from google.protobuf.message import Message
from zhengfeng.supervision.v1 import events_pb2, finding_acts_pb2, finding_pb2, point_acts_pb2

from chassis.auth import Caller
from chassis.clock import new_id
from tests.doors import refusal
from tests.service.supervision.city import HOUSING, OFFICE, City, which


@pytest.fixture
def insistent(city: City, monkeypatch: pytest.MonkeyPatch) -> City:
    """The city in which everybody sends each command twice."""
    once = city.door.call

    def twice(method: Any, request: Message, as_: Caller | None = None, **metadata: str) -> Any:
        if "request_id" not in request.DESCRIPTOR.fields_by_name:
            return once(method, request, as_, **metadata)
        request.request_id = new_id(city.clock)  # type: ignore[attr-defined]
        first = once(method, request, as_, **metadata)
        assert once(method, request, as_, **metadata) == first
        return first

    monkeypatch.setattr(city.door, "call", twice)
    return city


def test_the_whole_story_told_twice_happens_once(insistent: City) -> None:
    city = insistent
    opened = point_acts_pb2.OpenRoundRequest(
        jurisdiction_path="/qinghe", title="t", text="t", opens_on="2026-11-16", closes_on="2026-11-20"
    )
    city.door.call(city.points.OpenRound, opened, OFFICE)
    told = city.noticed(city.found(point_report_id=city.point_reports().point_report_id))
    answer = finding_acts_pb2.AnswerNoticeRequest(text="立即整改", **which(told))
    answered = city.door.call(city.findings.AnswerNotice, answer, HOUSING).finding
    pause = finding_acts_pb2.PauseLimitRequest(reason="r", basis="b", **which(answered))
    paused = city.door.call(city.findings.PauseLimit, pause, OFFICE).finding
    resume = finding_acts_pb2.ResumeLimitRequest(**which(paused))
    resumed = city.door.call(city.findings.ResumeLimit, resume, OFFICE).finding
    refer = finding_acts_pb2.ReferToAccountabilityRequest(reason="r", **which(resumed))
    referred = city.door.call(city.findings.ReferToAccountability, refer, OFFICE).finding
    closed = city.closed(city.verified(city.submitted(referred)))

    assert closed.stage == finding_pb2.FINDING_STAGE_CLOSED
    kinds = [event.WhichOneof("fact") for event in city.door.announced()]
    assert kinds == ["finding_recorded", "notice_issued", "referred", "finding_closed"]


def test_two_inspectors_may_record_at_the_same_moment(city: City) -> None:
    inspection = city.started(city.sealed())
    refused: list[str] = []

    def record(who: Caller) -> None:
        for _ in range(5):
            try:
                city.door.call(city.inspections.RecordFinding, city.finding_request(inspection), who)
            except grpc.RpcError as error:
                refused.append(refusal(error).reason)

    threads = [threading.Thread(target=record, args=(who,)) for who in city.inspectors(inspection)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert not refused
    assert city.inspection(inspection, OFFICE).findings == 10
    assert len({finding.number for finding in city.listed(OFFICE)}) == 10


def test_of_two_who_act_on_the_same_version_one_wins_and_the_other_is_told(city: City) -> None:
    finding = city.found()
    outcomes: list[str] = []

    def notice() -> None:
        request = finding_acts_pb2.IssueNoticeRequest(kind="rectification", text="t", **which(finding))
        try:
            city.door.call(city.findings.IssueNotice, request, OFFICE)
            outcomes.append("issued")
        except grpc.RpcError as error:
            outcomes.append(refusal(error).reason)

    threads = [threading.Thread(target=notice) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert sorted(outcomes) == ["STALE_VERSION", "STALE_VERSION", "STALE_VERSION", "issued"]
    assert len(city.door.announced(events_pb2.NoticeIssued)) == 1
    assert city.noticed(city.found()).notice.number == "整改通知书〔2026〕2号", "the losers took no number"
