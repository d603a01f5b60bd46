"""Whatever is sent, the answer is an answer or a refusal that names field and reason, and a refusal changes nothing."""

from __future__ import annotations

import grpc
import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from tests.contract.garble import garbled
from tests.contract.refusals import check_refusal
from tests.contract.rpcs import Rpc, every_rpc
from tests.contract.strangers import requests, rightful
from tests.contract.tables import moved
from tests.contract.world import World

UNARY = [rpc for rpc in every_rpc() if not rpc.streams]
EACH = pytest.mark.parametrize("rpc", UNARY, ids=lambda rpc: rpc.name)


def bounded(examples: int) -> settings:
    """The same requests at every run, so many of each rpc."""
    return settings(
        max_examples=examples,
        deadline=None,
        derandomize=True,
        database=None,
        phases=[Phase.generate],  # what fails is small as it is, and shrinking it takes minutes
        suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture, HealthCheck.data_too_large],
    )


@EACH
@bounded(6)
@given(data=st.data())
def test_a_bad_request_is_refused_with_field_and_reason_and_changes_nothing(
    world: World, rpc: Rpc, data: st.DataObject
) -> None:
    _send_garbled(world, rpc, data)


@pytest.mark.prove
@EACH
@bounded(60)
@given(data=st.data())
def test_many_bad_requests_are_refused_with_field_and_reason_and_change_nothing(
    world: World, rpc: Rpc, data: st.DataObject
) -> None:
    _send_garbled(world, rpc, data)


def _send_garbled(world: World, rpc: Rpc, data: st.DataObject) -> None:
    district = world.districts["donghe"]
    bad = data.draw(garbled(next(requests(world, rpc, district))))
    who = data.draw(st.sampled_from(rightful(rpc, district)[:3]))
    tables = world.tables[rpc.service]
    before = tables.rows()
    answer = world.answer(rpc, bad, who, x_client=str(data.draw(st.uuids())))
    if isinstance(answer, grpc.RpcError):
        check_refusal(answer)
        assert moved(before, tables.rows()) == []
