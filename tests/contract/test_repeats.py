"""Requests sent again, five at once, or under a clock that steps back: each story ends as if nothing had happened."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import grpc
import pytest
from google.protobuf.message import Message

from chassis.auth import Caller
from chassis.clock import SettableClock
from tests.conftest import MONDAY_MORNING
from tests.contract.furnish import furnish
from tests.contract.refusals import check_refusal
from tests.contract.rpcs import Rpc
from tests.contract.world import World
from tests.databases import Databases
from tests.doors import refusal

AT_ONCE = 5
STEP = timedelta(minutes=10)


class Hurried(World):
    """Sends every command five times at once."""

    def call(self, rpc: Rpc, request: Message, as_: Caller | None, **metadata: str) -> list[Message]:
        """All five answers must be the same."""
        if not rpc.takes("request_id"):
            return super().call(rpc, request, as_, **metadata)
        call = super().call
        with ThreadPoolExecutor(AT_ONCE) as senders:
            sent = [senders.submit(call, rpc, request, as_, **metadata) for _ in range(AT_ONCE)]
        answers = [one.result() for one in sent]
        assert [answer for answer in answers if answer != answers[0]] == [], rpc.name
        return answers[0]


class Wavering(World):
    """Sets its clock back ten minutes after every other call, and on again after the next."""

    def call(self, rpc: Rpc, request: Message, as_: Caller | None, **metadata: str) -> list[Message]:
        """A call, then a step of the clock."""
        answers = super().call(rpc, request, as_, **metadata)
        self.behind = not getattr(self, "behind", False)
        self.clock.advance(-STEP if self.behind else STEP)
        return answers


@pytest.fixture(params=[Hurried, Wavering], ids=["five-at-once", "clock-steps-back"])
def troubled(
    request: pytest.FixtureRequest, session_databases: Databases, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[World]:
    """The same stories in a world where something is always wrong."""
    databases = session_databases.apart()
    made = request.param(databases, SettableClock(MONDAY_MORNING), tmp_path_factory.mktemp("troubled"))
    yield made
    made.close()
    databases.forget()


def test_the_stories_end_the_same_however_they_are_sent(world: World, troubled: World) -> None:
    furnish(troubled)

    assert troubled.begun == world.begun


def test_a_request_is_answered_again_as_the_first_time_and_refused_with_another_body(world: World) -> None:
    for rpc, request, caller, answer in world.commands:
        assert world.call(rpc, request, caller) == answer, rpc.name
        with pytest.raises(grpc.RpcError) as refused:
            world.call(rpc, another_body(request), caller)
        check_refusal(refused.value)
        why = refusal(refused.value)
        assert (why.reason, why.field) == ("REQUEST_ID_REUSED", "request_id"), (rpc.name, why)


def another_body(request: Message) -> Message:
    """The same request id with something else in it that the contract accepts."""
    other = type(request)()
    other.CopyFrom(request)
    for name in ("expected_version", "year", "hours"):
        if name in request.DESCRIPTOR.fields_by_name:
            setattr(other, name, getattr(request, name) + 1)
            return other
    text = next(name for name in _texts(request))
    setattr(other, text, getattr(other, text) + "改")
    return other


def _texts(request: Message) -> Iterator[str]:
    for field, value in request.ListFields():
        if isinstance(value, str) and field.name != "request_id":
            yield field.name
