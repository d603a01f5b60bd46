"""What people change about themselves: password, second factor, saved views."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from zhengfeng.directory.v1 import sessions_pb2

from services.directory.domain.factors import from_base32
from tests.service.directory.conftest import Signed, Town

HALF_MINUTE = timedelta(seconds=30)


@pytest.fixture
def clerk(qinghe: Town) -> Signed:
    return qinghe.account("clerk.one", "clerk")


def test_a_changed_password_counts_at_once_and_ends_the_sessions(qinghe: Town, clerk: Signed) -> None:
    secret = qinghe.sign_in(clerk).session_secret
    change = sessions_pb2.ChangePasswordRequest(old_password=clerk.password, new_password="清河-River-2026")
    qinghe.door.call(qinghe.sessions.ChangePassword, change, clerk.caller)

    qinghe.clock.advance(HALF_MINUTE)
    assert qinghe.has_ended(secret)
    assert qinghe.refused_sign_in(clerk).reason == "SIGN_IN_REFUSED"
    signed_in = qinghe.sign_in(Signed(clerk.account, "清河-River-2026", clerk.secret))
    assert not signed_in.person.must_change_password


@pytest.mark.parametrize(
    ("old", "new", "reason"),
    [("wrong", "清河-River-2026", "WRONG_PASSWORD"), ("", "short", "PASSWORD_TOO_WEAK"), ("", "", "PASSWORD_UNCHANGED")],
)
def test_a_password_change_is_refused_by_name(qinghe: Town, clerk: Signed, old: str, new: str, reason: str) -> None:
    old, new = old or clerk.password, new or clerk.password
    request = sessions_pb2.ChangePasswordRequest(old_password=old, new_password=new)

    assert qinghe.door.refused(qinghe.sessions.ChangePassword, request, clerk.caller).reason == reason


def test_wrong_passwords_at_a_change_lock_too(qinghe: Town, clerk: Signed) -> None:
    request = sessions_pb2.ChangePasswordRequest(old_password="wrong", new_password="清河-River-2026")
    for _ in range(5):
        qinghe.door.refused(qinghe.sessions.ChangePassword, request, clerk.caller)

    assert qinghe.refused_sign_in(clerk).reason == "SIGN_IN_REFUSED"


def test_a_new_second_factor_counts_only_once_it_is_confirmed(qinghe: Town, clerk: Signed) -> None:
    enrol = sessions_pb2.EnrolTotpRequest(password=clerk.password)
    secret = from_base32(qinghe.door.call(qinghe.sessions.EnrolTotp, enrol, clerk.caller).totp_secret)
    assert qinghe.sign_in(clerk).session_secret

    wrong = sessions_pb2.ConfirmTotpRequest(totp_code="000000")
    assert qinghe.door.refused(qinghe.sessions.ConfirmTotp, wrong, clerk.caller).reason == "WRONG_CODE"
    confirm = sessions_pb2.ConfirmTotpRequest(totp_code=qinghe.code(secret))
    qinghe.door.call(qinghe.sessions.ConfirmTotp, confirm, clerk.caller)

    qinghe.clock.advance(HALF_MINUTE)
    assert qinghe.refused_sign_in(clerk).reason == "SIGN_IN_REFUSED"
    assert qinghe.sign_in(Signed(clerk.account, clerk.password, secret)).session_secret


def test_nothing_to_confirm_is_refused(qinghe: Town, clerk: Signed) -> None:
    confirm = sessions_pb2.ConfirmTotpRequest(totp_code="000000")

    assert qinghe.door.refused(qinghe.sessions.ConfirmTotp, confirm, clerk.caller).reason == "TOTP_NOT_STARTED"


def test_views_are_kept_replaced_listed_and_dropped_by_their_owner_alone(qinghe: Town, clerk: Signed) -> None:
    other = qinghe.account("other")

    def save(query: str) -> Any:
        request = sessions_pb2.SaveViewRequest(page="complaints", name="我的红灯", query=query)
        return qinghe.door.call(qinghe.sessions.SaveView, request, clerk.caller).view

    def views(who: Signed, page: str = "") -> list[str]:
        request = sessions_pb2.ListViewsRequest(page=page)
        return [view.query for view in qinghe.door.call(qinghe.sessions.ListViews, request, who.caller).views]

    first, second = save("light=red"), save("light=red&unit=/qinghe/housing")
    assert (first.view_id, second.version) == (second.view_id, 2)
    assert views(clerk) == ["light=red&unit=/qinghe/housing"]
    assert (views(clerk, "cases"), views(other)) == ([], [])
    drop = sessions_pb2.DeleteViewRequest(view_id=first.view_id)
    assert qinghe.door.refused(qinghe.sessions.DeleteView, drop, other.caller).reason == "SAVED_VIEW_NOT_FOUND"
    qinghe.door.call(qinghe.sessions.DeleteView, drop, clerk.caller)
    assert views(clerk) == []
