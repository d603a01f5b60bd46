"""Requests sent again, five at once, or under a clock that steps back: each story ends as if nothing had happened.

These come first of all that share a world: what others try may change rows, what is repeated here may not.
"""

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
from tests.contract.fill import rules_of
from tests.contract.furnish import furnish
from tests.contract.known import records_of
from tests.contract.refusals import check_refusal
from tests.contract.rpcs import Rpc
from tests.contract.world import World
from tests.databases import Databases
from tests.doors import refusal

AT_ONCE = 5
GROWN_TOGETHER = "evaluation.batches"  # ballots that arrive together are put into the box together
STEP = timedelta(minutes=10)


class Impatient(World):
    """Sends every command five times at once."""

    def call(self, rpc: Rpc, request: Message, as_: Caller | None, **metadata: str) -> list[Message]:
        """All five answers must be the same."""
        if not rpc.takes("request_id") or rpc.streams:  # a stream under way is told to ask again
            return super().call(rpc, request, as_, **metadata)
        call = super().call
        with ThreadPoolExecutor(AT_ONCE) as senders:
            sent = [senders.submit(call, rpc, request, as_, **metadata) for _ in range(AT_ONCE)]
        answers = [one.result() for one in sent]
        assert not rpc.keyed or [answer for answer in answers if answer != answers[0]] == [], rpc.name
        return answers[0]


class Wavering(World):
    """Sets its clock back ten minutes after every other call, and on again after the next."""

    def call(self, rpc: Rpc, request: Message, as_: Caller | None, **metadata: str) -> list[Message]:
        """A call, then a step of the clock."""
        answers = super().call(rpc, request, as_, **metadata)
        self.behind = not getattr(self, "behind", False)
        self.clock.advance(-STEP if self.behind else STEP)
        return answers


@pytest.fixture(params=[Impatient, Wavering], ids=["five-at-once", "clock-steps-back"])
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

    expected = world.begun | {GROWN_TOGETHER: troubled.begun[GROWN_TOGETHER]}
    assert troubled.begun == expected


def test_a_request_is_answered_again_as_the_first_time_and_refused_with_another_body(world: World) -> None:
    for rpc, request, caller, answer in world.commands:
        if rpc.streams:
            continue
        assert told(world.call(rpc, request, caller)) == told(answer), rpc.name
        with pytest.raises(grpc.RpcError) as refused:
            world.call(rpc, another_body(request), caller)
        check_refusal(refused.value)
        why = refusal(refused.value)
        assert (why.reason, why.field) == ("REQUEST_ID_REUSED", "request_id"), (rpc.name, why)


def told(answer: list[Message]) -> list[object]:
    """The records an answer speaks of, each as it stood; what is counted beside them is counted anew."""
    return [record for message in answer for record in records_of(message)]


def another_body(request: Message) -> Message:
    """The same request id with something else in it that the contract accepts."""
    other = type(request)()
    other.CopyFrom(request)
    assert _altered(other), f"nothing of {request.DESCRIPTOR.name} can be altered"
    return other


def _altered(message: Message) -> bool:
    for field, value in message.ListFields():
        rules = rules_of(field)
        if field.name == "expected_version":
            message.expected_version = value + 1  # type: ignore[attr-defined]
            return True
        if isinstance(value, str) and field.name != "request_id" and not (rules.string.pattern or rules.string.uuid):
            setattr(message, field.name, value + "0")
            return True
        if isinstance(value, Message) and _altered(value):
            return True
        if field.name == "year":
            message.year = value + 1  # type: ignore[attr-defined]
            return True
    return False
