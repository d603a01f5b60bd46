"""Roles: dated, never to oneself, and the three administrators are three people."""

from datetime import UTC, date, datetime
from itertools import permutations

import pytest

from chassis.errors import Conflict, Invalid, NotAllowed
from services.directory.domain.accounts import ADMINISTRATORS, Account, Grant, check_founding, check_password

TODAY = date(2026, 11, 16)


def account(*roles: str, id: str = "a", official_id: str = "o") -> Account:
    grants = tuple(Grant(role, date(2026, 1, 1), None, "x") for role in roles)
    return Account(id, 1, "", "/q", "name", "Name", official_id, grants, (), ("/q",), None)


def grant(role: str, valid_from: date = TODAY, valid_to: date | None = None, by: str = "security") -> Grant:
    return Grant(role, valid_from, valid_to, by)


@pytest.mark.parametrize(("held", "wanted"), list(permutations(sorted(ADMINISTRATORS), 2)))
def test_two_administrators_are_never_one_account(held: str, wanted: str) -> None:
    with pytest.raises(Conflict) as refused:
        account(held).grant(grant(wanted), [])

    assert refused.value.reason == "ADMINISTRATORS_MAY_NOT_COMBINE"


def test_two_administrators_are_never_one_person_with_two_accounts() -> None:
    with pytest.raises(Conflict):
        account("clerk", id="b").grant(grant("audit_admin"), [account("system_admin")])


def test_an_administrator_may_become_another_once_the_first_role_has_ended() -> None:
    ended = account("system_admin").revoke("system_admin", "security", TODAY)

    assert ended.grant(grant("audit_admin"), []).roles(TODAY) == {"audit_admin"}


def test_a_role_granted_for_later_clashes_too() -> None:
    later = account().grant(grant("system_admin", date(2027, 1, 1)), [])

    with pytest.raises(Conflict):
        later.grant(grant("security_admin"), [])


def test_an_account_is_not_founded_with_two_administrators() -> None:
    with pytest.raises(Conflict):
        check_founding(account("system_admin", "clerk", "audit_admin"))


def test_nobody_changes_their_own_roles() -> None:
    with pytest.raises(NotAllowed) as refused:
        account(id="security").grant(grant("clerk"), [])

    assert refused.value.reason == "NOT_TO_ONESELF"


def test_a_role_holds_from_its_day_until_the_day_before_its_end() -> None:
    held = account().grant(grant("clerk", date(2026, 12, 1), date(2027, 1, 1)), [])

    days = (date(2026, 11, 30), date(2026, 12, 1), date(2026, 12, 31), date(2027, 1, 1))
    assert ["clerk" in held.roles(day) for day in days] == [False, True, True, False]


def test_a_revoked_role_is_gone_today_and_a_closed_account_has_none() -> None:
    assert account("clerk", "office").revoke("clerk", "security", TODAY).roles(TODAY) == {"office"}
    assert account("clerk").close("system", datetime(2026, 11, 16, tzinfo=UTC)).roles(TODAY) == frozenset()


def test_a_role_that_is_not_held_cannot_be_revoked() -> None:
    with pytest.raises(Conflict) as refused:
        account("office").revoke("clerk", "security", TODAY)

    assert refused.value.reason == "ROLE_NOT_GRANTED"


@pytest.mark.parametrize("weak", ["Short-1", "alllowercaseletters", "12345678901", "Name-2026-name!"])
def test_a_weak_password_is_refused(weak: str) -> None:
    with pytest.raises(Invalid):
        check_password(weak, "name", shortest=10, kinds=3)


def test_a_strong_password_passes() -> None:
    check_password("清河-River-2026", "name", shortest=10, kinds=3)
