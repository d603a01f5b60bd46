"""A wrong code is like an unknown one, whoever presents it, and nobody may try for long."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import grpc
import pytest
from google.protobuf.message import Message

from chassis.auth import Caller
from tests.contract.refusals import check_refusal
from tests.contract.rpcs import Rpc, every_rpc
from tests.contract.strangers import EVERY_ROLE, requests
from tests.contract.tables import moved
from tests.contract.world import CITY, World
from tests.doors import Door, refusal

BY_CODE = [rpc for rpc in every_rpc() if rpc.access.by_code]
CODES = ("code", "receipt_code", "ticket", "session_secret", "password", "api_key")
WRONG = ("0000-0000-0000-0000-0000", "ZZZZZ-ZZZZZ-ZZZZZ-ZZZZZ", "'; DROP TABLE codes; --", "零" * 20, "x" * 40)
MOST = 6


@pytest.mark.parametrize("rpc", BY_CODE, ids=lambda rpc: rpc.name)
def test_a_wrong_code_is_refused_like_an_unknown_one_and_changes_nothing(world: World, rpc: Rpc) -> None:
    everyone = Caller("everyone", EVERY_ROLE, (CITY,), (CITY,))
    before = world.tables[rpc.service].rows()
    told = set()
    for wrong in WRONG:
        for caller in (None, everyone):
            answer = world.answer(rpc, presenting(world, rpc, wrong), caller, x_client=wrong.encode().hex())
            told.add(heard(answer))
    assert len(told) == 1, told
    assert moved(before, world.tables[rpc.service].rows()) == []


@pytest.mark.parametrize("rpc", BY_CODE, ids=lambda rpc: rpc.name)
def test_a_script_that_guesses_codes_is_stopped(world: World, rpc: Rpc, guarded: dict[str, Door]) -> None:
    door = guarded[rpc.service]
    answers = []
    for number in range(MOST + 1):
        try:
            rpc.call(
                door.channel,
                presenting(world, rpc, f"{number:020d}"),
                door.metadata(x_client=f"192.0.2.{BY_CODE.index(rpc) + 1}"),
            )
            answers.append("OK")
        except grpc.RpcError as refused:
            answers.append(heard(refused))
    assert "TOO_MANY_ATTEMPTS" not in answers[: MOST - 1]
    assert answers[-1] == "TOO_MANY_ATTEMPTS" or set(answers) == {"OK"}, "who hears nothing has nothing to guess"


def heard(answer: list[Message] | grpc.RpcError) -> str:
    """What somebody hears who presents a code: a reason without field, or that all is well and nothing else."""
    if isinstance(answer, grpc.RpcError):
        check_refusal(answer)
        why = refusal(answer)
        assert not why.field, why
        return why.reason
    assert [one for one in answer if one.ByteSize()] == [], "a wrong code was answered"
    return "OK"


@pytest.fixture(scope="module")
def guarded(world: World) -> Iterator[dict[str, Door]]:
    """Doors that let nobody guess more than a few times a minute."""
    configs = {name: world.doors[name].config for name in {rpc.service for rpc in BY_CODE}}
    doors = {name: Door(replace(one, code_failures_per_minute=MOST), world.clock) for name, one in configs.items()}
    yield doors
    for door in doors.values():
        door.close()


def presenting(world: World, rpc: Rpc, code: str) -> Message:
    """A request that presents this code."""
    request = next(requests(world, rpc, world.districts["donghe"]))
    [name] = [name for name in CODES if rpc.takes(name)]
    setattr(request, name, code)
    return request
