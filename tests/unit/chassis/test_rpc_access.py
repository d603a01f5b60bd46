"""Who is let in, and with which rows."""

from __future__ import annotations

import base64
import json
from collections.abc import Iterator
from datetime import timedelta
from functools import partial

import pytest
from nacl.signing import SigningKey

from chassis.auth import Caller, sign_token
from tests.unit.chassis.echo import CLERK, Echo, echo, pb, refused


@pytest.fixture(scope="module")
def running() -> Iterator[Echo]:
    with echo(code_failures_per_minute=5) as service:
        yield service


SAY = pb.SayRequest(text="喂")


def bearer(token: str) -> list[tuple[str, str]]:
    return [("authorization", f"Bearer {token}")]


def encoded(part: object) -> str:
    return base64.urlsafe_b64encode(json.dumps(part).encode()).rstrip(b"=").decode()


def test_a_call_without_a_token_is_refused_where_roles_are_asked(running: Echo) -> None:
    answer = refused(lambda: running.stub.Say(SAY))
    assert (answer.code, answer.reason) == ("UNAUTHENTICATED", "TOKEN_MISSING")
    assert answer.sentences == {"zh-CN": "请先登录。", "en": "Sign in first."}


def test_a_token_signed_by_another_key_is_refused(running: Echo) -> None:
    forged = sign_token(SigningKey.generate(), "k1", CLERK, running.clock.now())
    answer = refused(lambda: running.stub.Say(SAY, metadata=bearer(forged)))
    assert (answer.code, answer.reason) == ("UNAUTHENTICATED", "TOKEN_INVALID")


def test_a_token_of_an_unknown_key_is_refused(running: Echo) -> None:
    stranger = sign_token(running.key, "k9", CLERK, running.clock.now())
    assert refused(lambda: running.stub.Say(SAY, metadata=bearer(stranger))).reason == "TOKEN_INVALID"


def test_claims_changed_after_signing_are_refused(running: Echo) -> None:
    header, claims, signature = sign_token(running.key, "k1", CLERK, running.clock.now()).split(".")
    raised = json.loads(base64.urlsafe_b64decode(claims + "=="))
    raised["roles"] = ["audit_admin"]
    forged = f"{header}.{encoded(raised)}.{signature}"
    assert refused(lambda: running.stub.Say(SAY, metadata=bearer(forged))).reason == "TOKEN_INVALID"


@pytest.mark.parametrize("algorithm", ["none", "None", "HS256", "", None, 7])
def test_a_token_of_another_algorithm_is_refused(running: Echo, algorithm: object) -> None:
    _, claims, signature = sign_token(running.key, "k1", CLERK, running.clock.now()).split(".")
    unsigned = f"{encoded({'alg': algorithm, 'kid': 'k1'})}.{claims}"
    for metadata in (bearer(f"{unsigned}."), bearer(f"{unsigned}.{signature}")):
        assert refused(partial(running.stub.Say, SAY, metadata=metadata)).reason == "TOKEN_INVALID"


RUBBISH = ["", ".", "..", "a.b.c", "é.ü.ß", "e30.e30.e30", "[" * 3000, encoded(["k"]) + ".e30.e30"]


@pytest.mark.parametrize("rubbish", RUBBISH)
def test_rubbish_for_a_token_is_refused_and_not_a_fault(running: Echo, rubbish: str) -> None:
    readable = rubbish.encode("ascii", "replace").decode()
    answer = refused(lambda: running.stub.Say(SAY, metadata=bearer(readable)))
    assert (answer.code, answer.reason) == ("UNAUTHENTICATED", "TOKEN_INVALID")


def test_nesting_beyond_reason_in_a_header_is_refused(running: Echo) -> None:
    nested = base64.urlsafe_b64encode(b"[" * 5000).decode().rstrip("=")
    assert refused(lambda: running.stub.Say(SAY, metadata=bearer(f"{nested}.e30.e30"))).reason == "TOKEN_INVALID"


def test_a_token_for_another_audience_is_refused(running: Echo) -> None:
    header, claims, _ = sign_token(running.key, "k1", CLERK, running.clock.now()).split(".")
    elsewhere = json.loads(base64.urlsafe_b64decode(claims + "==")) | {"aud": "elsewhere"}
    signed = f"{header}.{encoded(elsewhere)}"
    signature = base64.urlsafe_b64encode(running.key.sign(signed.encode()).signature).rstrip(b"=").decode()
    assert refused(lambda: running.stub.Say(SAY, metadata=bearer(f"{signed}.{signature}"))).reason == "TOKEN_INVALID"


def test_a_token_is_good_for_ten_minutes_also_when_it_was_seen_before(running: Echo) -> None:
    metadata = running.as_()
    assert running.stub.Say(SAY, metadata=metadata).subject == "u1"
    running.clock.advance(timedelta(minutes=9, seconds=59))
    assert running.stub.Say(SAY, metadata=metadata).subject == "u1"
    running.clock.advance(timedelta(seconds=1))
    assert refused(lambda: running.stub.Say(SAY, metadata=metadata)).reason == "TOKEN_EXPIRED"


def test_a_token_that_was_too_old_when_first_seen_is_refused(running: Echo) -> None:
    metadata = running.as_()
    running.clock.advance(timedelta(minutes=11))
    assert refused(lambda: running.stub.Say(SAY, metadata=metadata)).reason == "TOKEN_EXPIRED"


def test_another_role_is_refused(running: Echo) -> None:
    answer = refused(lambda: running.stub.Say(SAY, metadata=running.as_(Caller("u2", frozenset({"personnel"})))))
    assert (answer.code, answer.reason) == ("PERMISSION_DENIED", "ROLE_NOT_ALLOWED")


def test_each_role_opens_its_rows_and_no_others(running: Echo) -> None:
    paths = {"unit_paths": ("/qinghe/tax",), "jurisdiction_paths": ("/qinghe",)}

    def rows(*roles: str) -> tuple[bool, list[str], list[str]]:
        answer = running.stub.Say(SAY, metadata=running.as_(Caller("u3", frozenset(roles), **paths)))
        return answer.everything, list(answer.jurisdictions), list(answer.units)

    assert rows("clerk") == (False, ["/qinghe"], [])
    assert rows("unit_clerk") == (False, [], ["/qinghe/tax"])
    assert rows("clerk", "unit_clerk", "personnel") == (False, ["/qinghe"], ["/qinghe/tax"])
    assert rows("audit_admin", "clerk") == (True, [], [])


def test_anyone_signed_in_sees_their_own_rows(running: Echo) -> None:
    answer = running.stub.Whisper(SAY, metadata=running.as_(CLERK))
    assert (answer.everything, list(answer.units)) == (False, ["/qinghe/donghe/office"])
    assert refused(lambda: running.stub.Whisper(SAY)).reason == "TOKEN_MISSING"


def test_a_public_rpc_knows_who_calls_if_they_say_so_and_refuses_a_forgery(running: Echo) -> None:
    assert running.stub.Shout(SAY).subject == "anonymous"
    assert running.stub.Shout(SAY, metadata=running.as_()).subject == "u1"
    assert refused(lambda: running.stub.Shout(SAY, metadata=bearer("x.y.z"))).reason == "TOKEN_INVALID"


def test_an_rpc_without_an_access_option_keeps_the_server_from_starting() -> None:
    from google.protobuf import descriptor_pb2, descriptor_pool

    from chassis.rpc.access import Door

    file = descriptor_pb2.FileDescriptorProto(name="forgotten.proto", package="zhengfeng.forgotten.v1")
    file.message_type.add(name="Nothing")
    service = file.service.add(name="ForgottenService")
    nothing = ".zhengfeng.forgotten.v1.Nothing"
    service.method.add(name="Open", input_type=nothing, output_type=nothing)
    pool = descriptor_pool.DescriptorPool()
    pool.Add(file)
    method = pool.FindServiceByName("zhengfeng.forgotten.v1.ForgottenService").methods[0]
    with pytest.raises(ValueError, match="has no access option"):
        Door.of(method)
