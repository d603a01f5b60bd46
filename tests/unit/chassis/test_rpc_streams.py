"""Streams pass the same checks, and requests are known by their id and body."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import grpc
import pytest
from grpc_health.v1 import health_pb2, health_pb2_grpc

from chassis.errors import Conflict
from tests.unit.chassis.echo import Echo, echo, pb, refused


@pytest.fixture(scope="module")
def running() -> Iterator[Echo]:
    with echo() as service:
        yield service


def words(*texts: str) -> Iterator[Any]:
    return iter([pb.SayRequest(text=text) for text in texts])


def test_a_stream_of_requests_is_answered(running: Echo) -> None:
    assert running.stub.Gather(words("正", "风"), metadata=running.as_()).text == "正风"
    assert [a.text for a in running.stub.Chat(words("正", "风"), metadata=running.as_())] == ["正", "风"]
    repeated = running.stub.Repeat(pb.SayRequest(text="风", page_size=3), metadata=running.as_())
    assert [answer.text for answer in repeated] == ["风"] * 3


def test_every_message_of_a_stream_keeps_its_contract(running: Echo) -> None:
    answer = refused(lambda: running.stub.Gather(words("正", ""), metadata=running.as_()))
    assert (answer.code, list(answer.fields)) == ("INVALID_ARGUMENT", ["text"])
    heard = []

    def listen() -> None:
        heard.extend(answer.text for answer in running.stub.Chat(words("正", "", "风"), metadata=running.as_()))

    assert refused(listen).reason == "REQUEST_INVALID"


def test_a_stream_needs_a_caller_too(running: Echo) -> None:
    assert refused(lambda: list(running.stub.Chat(words("正")))).reason == "TOKEN_MISSING"
    assert refused(lambda: running.stub.Gather(words("正"))).reason == "TOKEN_MISSING"


def test_a_refusal_in_the_middle_of_a_stream_arrives_whole(running: Echo) -> None:
    def act(request: Any) -> None:
        raise Conflict("ECHO_TIRED", times=1)

    running.servicer.act = act
    answer = refused(lambda: list(running.stub.Repeat(pb.SayRequest(text="风", page_size=3), metadata=running.as_())))
    running.servicer.act = lambda request: None
    assert (answer.code, answer.reason) == ("FAILED_PRECONDITION", "ECHO_TIRED")


def test_long_streams_do_not_keep_short_calls_waiting() -> None:
    with echo(grpc_workers=1) as running:
        open_streams = [running.stub.Chat(iter(_never(index)), metadata=running.as_(), timeout=20) for index in range(4)]
        for stream in open_streams:
            assert next(stream).text == "喂"
        assert running.stub.Say(pb.SayRequest(text="短"), metadata=running.as_(), timeout=5).text == "短"
        for stream in open_streams:
            stream.cancel()


def _never(index: int) -> Iterator[Any]:
    import threading

    yield pb.SayRequest(text="喂")
    threading.Event().wait(3)


def test_a_request_is_known_by_its_whole_body(running: Echo) -> None:
    def key(**fields: Any) -> str:
        return str(running.stub.Say(pb.SayRequest(**fields), metadata=running.as_()).request_hash)

    assert key(text="喂", request_id="r1") == key(text="喂", request_id="r1")
    assert key(text="喂", request_id="r1") != key(text="喂喂", request_id="r1")
    assert key(text="喂") == ""


def test_health_and_metrics_answer_without_a_token(running: Echo) -> None:
    with grpc.insecure_channel(f"127.0.0.1:{running.listening.port}") as plain:
        stub = health_pb2_grpc.HealthStub(plain)
        answer = stub.Check(health_pb2.HealthCheckRequest(service="zhengfeng.echo.v1.EchoService"))
    assert answer.status == health_pb2.HealthCheckResponse.SERVING
    running.stub.Shout(pb.SayRequest(text="喂"))
    refused(lambda: running.stub.Shout(pb.SayRequest(text="")))
    counted = running.telemetry.registry.get_sample_value
    labels = {"service": "echo", "method": "Shout"}
    assert counted("zhengfeng_rpc_total", {**labels, "code": "OK"}) == 1
    assert counted("zhengfeng_rpc_total", {**labels, "code": "INVALID_ARGUMENT"}) == 1
    assert counted("zhengfeng_rpc_seconds_count", labels) == 2
