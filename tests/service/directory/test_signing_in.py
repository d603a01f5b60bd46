"""Signing in: two factors, one answer to everything wrong, sessions that end."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import grpc
import pytest
from zhengfeng.directory.v1 import accounts_pb2, sessions_pb2, units_pb2

from chassis.auth import verify_token
from tests.doors import Refused
from tests.service.directory.conftest import SECURITY, SYSTEM, Signed, Town

HALF_MINUTE = timedelta(seconds=30)


@pytest.fixture
def clerk(qinghe: Town) -> Signed:
    return qinghe.account("clerk.one", "clerk")


def stranger(qinghe: Town, user_name: str, who: Signed) -> Refused:
    request = qinghe.signing_in(who)
    request.user_name = user_name
    return qinghe.door.refused(qinghe.sessions.SignIn, request)


def test_password_and_code_open_a_session_whose_token_names_person_and_roles(qinghe: Town, clerk: Signed) -> None:
    signed_in = qinghe.sign_in(clerk)

    caller, expires = verify_token(signed_in.token.token, qinghe.door.usecases.public_keys, qinghe.clock.now())
    assert (caller.subject, caller.roles) == (clerk.account.account_id, {"clerk"})
    assert caller.jurisdiction_paths == ("/qinghe",)
    assert expires - qinghe.clock.now() == timedelta(minutes=10)
    me = qinghe.sessions.WhoAmI(
        sessions_pb2.WhoAmIRequest(), metadata=[("authorization", f"Bearer {signed_in.token.token}")]
    )
    assert (me.person.user_name, list(me.person.roles), me.person.must_change_password) == ("clerk.one", ["clerk"], True)


def test_the_user_name_is_not_case_sensitive(qinghe: Town, clerk: Signed) -> None:
    request = qinghe.signing_in(clerk)
    request.user_name = " Clerk.One "

    assert qinghe.door.call(qinghe.sessions.SignIn, request).session_secret


def test_whatever_is_wrong_the_answer_is_the_same(qinghe: Town, clerk: Signed) -> None:
    closed = qinghe.account("closed")
    qinghe.door.call(
        qinghe.accounts.CloseAccount,
        accounts_pb2.CloseAccountRequest(account_id=closed.account.account_id, expected_version=1),
        SYSTEM,
    )

    answers = {
        stranger(qinghe, "nobody", clerk),
        qinghe.refused_sign_in(clerk, password="wrong-Password-1"),
        qinghe.refused_sign_in(clerk, totp_code="000000"),
        qinghe.refused_sign_in(closed),
    }
    assert {(answer.code, answer.reason, answer.field) for answer in answers} == {
        (grpc.StatusCode.UNAUTHENTICATED, "SIGN_IN_REFUSED", "")
    }
    assert len(answers) == 1


def test_a_code_serves_once(qinghe: Town, clerk: Signed) -> None:
    qinghe.sign_in(clerk)

    assert qinghe.refused_sign_in(clerk).reason == "SIGN_IN_REFUSED"
    qinghe.clock.advance(HALF_MINUTE)
    assert qinghe.sign_in(clerk).session_secret


def test_five_failures_lock_and_the_right_password_is_refused_until_the_lock_ends(qinghe: Town, clerk: Signed) -> None:
    for _ in range(5):
        qinghe.refused_sign_in(clerk, password="wrong-Password-1")

    assert qinghe.refused_sign_in(clerk).reason == "SIGN_IN_REFUSED"
    qinghe.clock.advance(timedelta(minutes=15))
    assert qinghe.sign_in(clerk).session_secret


def test_four_failures_and_a_success_leave_no_failure_behind(qinghe: Town, clerk: Signed) -> None:
    for _ in range(2):
        for _ in range(4):
            qinghe.refused_sign_in(clerk, totp_code="000000")
        assert qinghe.sign_in(clerk).session_secret
        qinghe.clock.advance(HALF_MINUTE)


def test_guesses_made_at_once_are_counted_one_by_one(qinghe: Town, clerk: Signed) -> None:
    with ThreadPoolExecutor(4) as pool:
        list(pool.map(lambda _: qinghe.refused_sign_in(clerk, password="wrong-Password-1"), range(5)))

    assert qinghe.refused_sign_in(clerk).reason == "SIGN_IN_REFUSED"
    (locked,) = listed(qinghe, locked_only=True)
    assert locked.user_name == "clerk.one"


def test_an_unknown_name_leaves_the_same_traces_as_a_known_one(qinghe: Town, clerk: Signed) -> None:
    from services.directory.storage import ATTEMPTS

    qinghe.refused_sign_in(clerk, password="wrong-Password-1")
    stranger(qinghe, "nobody", clerk)

    with qinghe.door.store.engine.connect() as connection:
        rows = connection.execute(ATTEMPTS.select()).all()
    assert [(row.failures, row.locked_until) for row in rows] == [(1, None), (1, None)]


def listed(qinghe: Town, **wanted: Any) -> Any:
    return qinghe.door.call(qinghe.accounts.ListAccounts, accounts_pb2.ListAccountsRequest(**wanted), SECURITY).accounts


def test_a_lock_is_lifted_by_the_security_administrator(qinghe: Town, clerk: Signed) -> None:
    for _ in range(5):
        qinghe.refused_sign_in(clerk, password="wrong-Password-1")
    (account,) = listed(qinghe, locked_only=True)

    request = accounts_pb2.UnlockAccountRequest(account_id=account.account_id, expected_version=account.version)
    qinghe.door.call(qinghe.accounts.UnlockAccount, request, SECURITY)

    assert list(listed(qinghe, locked_only=True)) == []
    assert qinghe.sign_in(clerk).session_secret


def refreshed(qinghe: Town, secret: str) -> Any:
    return qinghe.door.call(qinghe.sessions.RefreshSession, sessions_pb2.RefreshSessionRequest(session_secret=secret))


def test_a_session_gives_fresh_tokens_with_the_roles_of_the_moment(qinghe: Town, clerk: Signed) -> None:
    secret = qinghe.sign_in(clerk).session_secret
    qinghe.grant(clerk.account, "office")

    assert list(refreshed(qinghe, secret).person.roles) == ["clerk", "office"]


def test_a_session_ends_by_signing_out_idleness_age_or_an_unknown_secret(qinghe: Town, clerk: Signed) -> None:
    secret = qinghe.sign_in(clerk).session_secret
    qinghe.door.call(qinghe.sessions.SignOut, sessions_pb2.SignOutRequest(session_secret=secret))
    assert qinghe.has_ended(secret)
    assert qinghe.has_ended("made up")

    qinghe.clock.advance(HALF_MINUTE)
    idle = qinghe.sign_in(clerk).session_secret
    qinghe.clock.advance(timedelta(minutes=30))
    assert qinghe.has_ended(idle)


def test_revoking_a_role_or_the_sessions_ends_them(qinghe: Town, clerk: Signed) -> None:
    secret = qinghe.sign_in(clerk).session_secret
    request = accounts_pb2.RevokeRoleRequest(
        account_id=clerk.account.account_id, expected_version=clerk.account.version, role="ROLE_CLERK"
    )
    qinghe.door.call(qinghe.accounts.RevokeRole, request, SECURITY)
    assert qinghe.has_ended(secret)

    qinghe.clock.advance(HALF_MINUTE)
    secret = qinghe.sign_in(clerk).session_secret
    mine = sessions_pb2.RevokeSessionsRequest(account_id=clerk.account.account_id)
    assert qinghe.door.call(qinghe.sessions.RevokeSessions, mine, clerk.caller).ended == 1
    assert qinghe.has_ended(secret)


def test_nobody_ends_somebody_elses_sessions(qinghe: Town, clerk: Signed) -> None:
    other = qinghe.account("other")
    request = sessions_pb2.RevokeSessionsRequest(account_id=clerk.account.account_id)

    assert qinghe.door.refused(qinghe.sessions.RevokeSessions, request, other.caller).reason == "ACCOUNT_NOT_FOUND"


def test_open_sessions_are_listed_to_their_owner_alone(qinghe: Town, clerk: Signed) -> None:
    qinghe.sign_in(clerk)
    other = qinghe.account("other")

    def sessions(who: Signed) -> list[str]:
        found = qinghe.door.call(qinghe.sessions.ListSessions, sessions_pb2.ListSessionsRequest(), who.caller)
        return [session.device for session in found.sessions]

    assert (sessions(clerk), sessions(other)) == (["test"], [])


def test_no_secret_lies_readable_in_the_database(qinghe: Town, clerk: Signed) -> None:
    signed_in = qinghe.sign_in(clerk)

    with qinghe.door.store.engine.connect() as connection:
        dump = "\n".join(
            repr(row)
            for table in qinghe.door.store.schema.metadata.tables.values()
            for row in connection.execute(table.select())
        )
    secrets = [clerk.password, clerk.secret.hex(), repr(clerk.secret), signed_in.session_secret, signed_in.token.token]
    assert [secret for secret in secrets if secret in dump] == []


def test_tokens_of_a_rotated_key_are_believed_and_the_old_key_is_retired_later(qinghe: Town, clerk: Signed) -> None:
    def believed(token: str) -> bool:
        try:
            verify_token(token, dict(qinghe.door.usecases.public_keys.items()), qinghe.clock.now())
        except Exception:
            return False
        return True

    secret = qinghe.sign_in(clerk).session_secret
    new = qinghe.door.call(qinghe.accounts.RotateKeys, accounts_pb2.RotateKeysRequest(request_id="rotate-1"), SECURITY)
    again = qinghe.door.call(qinghe.accounts.RotateKeys, accounts_pb2.RotateKeysRequest(request_id="rotate-1"), SECURITY)
    assert new.signing_key.key_id == again.signing_key.key_id
    old = refreshed(qinghe, secret).token.token
    qinghe.clock.advance(timedelta(minutes=6))
    young = refreshed(qinghe, secret).token.token

    assert believed(old) and believed(young)
    qinghe.clock.advance(timedelta(minutes=9))
    qinghe.door.run_timer("keys")
    assert not believed(old)
    assert believed(young)
    keys = qinghe.door.call(qinghe.accounts.ListKeys, accounts_pb2.ListKeysRequest()).signing_keys
    assert [key.key_id for key in keys] == [new.signing_key.key_id]
    facts = [event.key_rotated.retired for event in qinghe.door.announced() if event.HasField("key_rotated")]
    assert facts == [False, False, True]


def test_a_forged_token_is_refused_everywhere(qinghe: Town, clerk: Signed) -> None:
    token = qinghe.sign_in(clerk).token.token
    forged = token[:-4] + ("AAAA" if not token.endswith("AAAA") else "BBBB")

    with pytest.raises(grpc.RpcError) as refused:
        qinghe.units.GetNames(units_pb2.GetNamesRequest(), metadata=[("authorization", f"Bearer {forged}")])
    assert refused.value.code() is grpc.StatusCode.UNAUTHENTICATED
