"""Who is not known is told nothing: forged, altered, expired and missing tokens on every rpc that asks for one."""

from __future__ import annotations

import base64
import json
from datetime import timedelta

import grpc
import pytest
from nacl.signing import SigningKey

from chassis.auth import Caller, sign_token
from tests.contract.refusals import check_refusal
from tests.contract.rpcs import Rpc, every_rpc
from tests.contract.strangers import EVERY_ROLE, requests
from tests.contract.world import CITY, World
from tests.doors import refusal

GUARDED = [rpc for rpc in every_rpc() if not rpc.access.public and not rpc.access.by_code]
ANYBODY = Caller("anybody", EVERY_ROLE, (CITY,), (CITY,))


@pytest.mark.parametrize("rpc", GUARDED, ids=lambda rpc: rpc.name)
def test_a_token_that_is_not_ours_or_too_old_opens_nothing(world: World, rpc: Rpc) -> None:
    request = next(requests(world, rpc, world.districts["donghe"]))
    door, before = world.doors[rpc.service], world.tables[rpc.service].rows()
    for token, reason in tokens(world, rpc).items():
        with pytest.raises(grpc.RpcError) as refused:
            rpc.call(door.channel, request, [("authorization", token)] if token else [])
        check_refusal(refused.value)
        assert refused.value.code() == grpc.StatusCode.UNAUTHENTICATED
        assert refusal(refused.value).reason == reason, token
    assert world.tables[rpc.service].rows() == before


def tokens(world: World, rpc: Rpc) -> dict[str, str]:
    """Tokens that must not open a door, each with the reason that is given."""
    now, good = world.clock.now(), world.doors[rpc.service].token(ANYBODY)
    header, claims, signature = good.split(".")
    more = json.loads(base64.urlsafe_b64decode(claims + "=="))
    more["roles"], more["exp"] = sorted(EVERY_ROLE), more["exp"] + 3600
    altered = base64.urlsafe_b64encode(json.dumps(more).encode()).rstrip(b"=").decode()
    unsigned = base64.urlsafe_b64encode(b'{"alg":"none","kid":"tests"}').rstrip(b"=").decode()
    forged = sign_token(SigningKey.generate(), "tests", ANYBODY, now)
    invalid = (
        f"Bearer {forged}",
        f"Bearer {header}.{altered}.{signature}",
        f"Bearer {unsigned}.{claims}.",
        f"Bearer {good[:-8]}",
        f"Basic {good}",
        "Bearer",
        "Bearer " + "a" * 6000,
    )
    old = world.doors[rpc.service].token(ANYBODY, timedelta(minutes=11))
    return {"": "TOKEN_MISSING", f"Bearer {old}": "TOKEN_EXPIRED", **dict.fromkeys(invalid, "TOKEN_INVALID")}
