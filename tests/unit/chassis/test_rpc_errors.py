"""How a call that does not succeed is answered."""

from __future__ import annotations

import io
import sqlite3
import threading
import time
from collections.abc import Iterator
from typing import Any

import grpc
import psycopg
import pytest
import sqlalchemy.exc

from chassis import errors
from chassis.deadline import within
from chassis.logs import configure_logging
from chassis.rpc import channel
from chassis.rpc.client import MARGIN_SECONDS, time_limit
from tests.unit.chassis.echo import Echo, echo, pb, pb_grpc, refused

SECRET = "身份证 110101199003070000"


@pytest.fixture(scope="module")
def running() -> Iterator[Echo]:
    with echo() as service:
        yield service


@pytest.fixture
def raising(running: Echo) -> Iterator[Any]:
    def arrange(error: Exception) -> None:
        def act(request: Any) -> None:
            raise error

        running.servicer.act = act

    yield arrange
    running.servicer.act = lambda request: None


def say(running: Echo, **fields: Any) -> Any:
    return refused(lambda: running.stub.Say(pb.SayRequest(**fields), metadata=running.as_()))


def test_a_bad_field_is_named_in_both_languages(running: Echo) -> None:
    answer = say(running, text="", page_size=501, words=[{"text": "a"}, {"text": ""}])
    assert (answer.code, answer.reason) == ("INVALID_ARGUMENT", "REQUEST_INVALID")
    assert answer.fields == {
        "text": ("必填", "is required"),
        "page_size": ("超出允许范围（0 ~ 500）", "is out of range (0 ~ 500)"),
        "words[1].text": ("必填", "is required"),
    }
    assert answer.sentences["zh-CN"] == "请求中有 3 处不符合要求。"


def test_many_faults_are_counted_and_as_many_named_as_a_header_carries(running: Echo) -> None:
    for _ in range(20):  # past its soft limit gRPC drops an answer by chance
        answer = say(running, text="喂", words=[{"text": ""}] * 300)
        assert (answer.code, answer.params) == ("INVALID_ARGUMENT", {"count": "300"})
        assert len(answer.fields) > 10 and answer.fields["words[0].text"] == ("必填", "is required")


def test_a_refused_value_is_not_quoted(running: Echo) -> None:
    assert SECRET not in repr(say(running, text=SECRET * 9))


def test_bytes_that_are_no_message_are_refused_clearly(running: Echo) -> None:
    with grpc.insecure_channel(f"127.0.0.1:{running.listening.port}") as plain:
        raw = plain.unary_unary("/zhengfeng.echo.v1.EchoService/Say")
        answer = refused(lambda: raw(b"\xff\xff\xff", metadata=running.as_()))
        wrong_text = refused(lambda: raw(b"\x0a\x02\xff\xfe", metadata=running.as_()))
    assert (answer.code, answer.reason) == ("INVALID_ARGUMENT", "MESSAGE_UNREADABLE")
    assert wrong_text == answer


@pytest.mark.parametrize(
    ("kind", "code"),
    [
        (errors.Invalid, "INVALID_ARGUMENT"),
        (errors.Unauthenticated, "UNAUTHENTICATED"),
        (errors.NotAllowed, "PERMISSION_DENIED"),
        (errors.NotFound, "NOT_FOUND"),
        (errors.Conflict, "FAILED_PRECONDITION"),
        (errors.Stale, "ABORTED"),
        (errors.TooMany, "RESOURCE_EXHAUSTED"),
        (errors.Unavailable, "UNAVAILABLE"),
    ],
)
def test_a_refusal_leaves_with_its_code_and_sentences(running: Echo, raising: Any, kind: Any, code: str) -> None:
    raising(kind("ECHO_TIRED", "text", times=3))
    answer = say(running, text="喂")
    assert (answer.code, answer.reason, answer.domain, answer.params) == (code, "ECHO_TIRED", "echo", {"times": "3"})
    assert answer.sentences == {"zh-CN": "今天已经说了 3 次。", "en": "It was said 3 times today."}
    assert answer.fields == {"text": ("今天已经说了 3 次。", "It was said 3 times today.")}


def test_a_reason_without_a_sentence_still_arrives_as_itself(running: Echo, raising: Any) -> None:
    raising(errors.Conflict("NEVER_WRITTEN"))
    assert say(running, text="喂").sentences == {"zh-CN": "NEVER_WRITTEN", "en": "NEVER_WRITTEN"}


def test_an_unknown_error_leaks_nothing_to_the_caller_or_the_log(running: Echo, raising: Any) -> None:
    written = io.StringIO()
    configure_logging("echo", "server", stream=written)
    raising(KeyError(SECRET))
    answer = say(running, text="喂")
    assert (answer.code, answer.message, answer.reason) == ("INTERNAL", "internal error", "INTERNAL_ERROR")
    assert SECRET not in repr(answer)
    assert SECRET not in written.getvalue()
    assert '"exception": "builtins.KeyError"' in written.getvalue()
    assert "test_rpc_errors.py" in written.getvalue()


@pytest.mark.parametrize(
    "driver", [psycopg.errors.UniqueViolation(SECRET), sqlite3.IntegrityError(f"UNIQUE constraint failed: {SECRET}")]
)
def test_a_key_that_somebody_took_at_the_same_moment_is_a_conflict(running: Echo, raising: Any, driver: Exception) -> None:
    for error in (sqlalchemy.exc.IntegrityError("insert", {}, driver), driver):
        raising(error)
        answer = say(running, text="喂")
        assert (answer.code, answer.reason) == ("FAILED_PRECONDITION", "TAKEN_MEANWHILE")
        assert SECRET not in repr(answer)


def test_a_database_that_does_not_answer_is_unavailable(running: Echo, raising: Any) -> None:
    raising(sqlalchemy.exc.OperationalError(f"select {SECRET}", {}, Exception(SECRET)))
    answer = say(running, text="喂")
    assert (answer.code, answer.reason) == ("UNAVAILABLE", "STORAGE_UNAVAILABLE")
    assert SECRET not in repr(answer)


def test_a_call_ends_when_its_caller_stops_waiting(running: Echo) -> None:
    held = threading.Event()
    running.servicer.act = lambda request: held.wait(5)
    before = time.monotonic()
    answer = refused(lambda: running.stub.Say(pb.SayRequest(text="喂"), metadata=running.as_(), timeout=0.2))
    held.set()
    running.servicer.act = lambda request: None
    assert answer.code == "DEADLINE_EXCEEDED"
    assert time.monotonic() - before < 2


def test_work_nobody_waits_for_any_more_is_not_begun() -> None:
    with echo(grpc_workers=1) as running:
        held, seen = threading.Event(), []
        running.servicer.act = lambda request: (seen.append(request.text), held.wait(5))
        first = running.stub.Say.future(pb.SayRequest(text="first"), metadata=running.as_(), timeout=5)
        while not seen:
            time.sleep(0.01)
        late = refused(lambda: running.stub.Say(pb.SayRequest(text="late"), metadata=running.as_(), timeout=0.2))
        held.set()
        first.result()
        running.stub.Say(pb.SayRequest(text="last"), metadata=running.as_())
    assert late.code == "DEADLINE_EXCEEDED"
    assert seen == ["first", "last"]


def test_what_is_left_of_a_deadline_is_passed_on_minus_a_margin(running: Echo) -> None:
    held = threading.Event()
    running.servicer.act = lambda request: held.wait(5)
    stub = pb_grpc.EchoServiceStub(channel(f"127.0.0.1:{running.listening.port}"))
    before = time.monotonic()
    with within(0.3):
        answer = refused(lambda: stub.Say(pb.SayRequest(text="喂"), metadata=running.as_(), timeout=20))
    held.set()
    running.servicer.act = lambda request: None
    assert answer.code == "DEADLINE_EXCEEDED"
    assert time.monotonic() - before < 5


def test_a_call_made_for_another_one_is_given_less_than_what_is_left() -> None:
    with within(1.0):
        assert 0.5 < (time_limit(20.0) or 0) <= 1.0 - MARGIN_SECONDS
        assert time_limit(0.1) == 0.1
    assert time_limit(None) is None
    assert time_limit(None, 30.0) == 30.0
    with within(0.0):
        assert time_limit(20.0) == 0.0
