"""Accounts: issued once, roles granted by the security administrator, inside one's own reach."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from zhengfeng.common.v1 import access_pb2
from zhengfeng.directory.v1 import accounts_pb2, officials_pb2

from chassis.auth import Caller
from chassis.errors import Conflict
from services.directory import wire
from tests.doors import caller
from tests.service.directory.conftest import CLERK, SECURITY, SYSTEM, Signed, Town

OFFICE = caller("office", jurisdiction="/qinghe")


def creating(**changed: Any) -> accounts_pb2.CreateAccountRequest:
    asked = {"request_id": "create-1", "user_name": "clerk.one", "display_name": "受理员", "jurisdiction_path": "/qinghe"}
    return accounts_pb2.CreateAccountRequest(**{**asked, **changed})


def test_the_same_request_gives_the_same_account_and_secrets_and_another_body_is_refused(qinghe: Town) -> None:
    create = qinghe.accounts.CreateAccount
    first = qinghe.door.call(create, creating(), SYSTEM)

    assert qinghe.door.call(create, creating(), SYSTEM) == first
    assert qinghe.door.refused(create, creating(user_name="clerk.two"), SYSTEM).reason == "REQUEST_ID_REUSED"


@pytest.mark.parametrize(
    ("changed", "reason"),
    [
        ({"request_id": "create-2"}, "USER_NAME_TAKEN"),
        ({"request_id": "create-3", "user_name": "x1", "jurisdiction_path": "/elsewhere"}, "OUTSIDE_YOUR_REACH"),
        ({"request_id": "create-4", "user_name": "x1", "jurisdiction_path": "/qinghe/nowhere"}, "JURISDICTION_NOT_FOUND"),
        ({"request_id": "create-5", "user_name": "x1", "unit_path": "/qinghe/nowhere"}, "UNIT_NOT_FOUND"),
        ({"request_id": "create-6", "user_name": "x1", "official_id": "nobody"}, "OFFICIAL_NOT_FOUND"),
        ({"request_id": "create-7", "user_name": "X 1"}, "REQUEST_INVALID"),
        ({"request_id": "create-8", "user_name": "x1", "unit_paths": ["/elsewhere"]}, "OUTSIDE_YOUR_REACH"),
    ],
)
def test_an_account_is_refused_by_name(qinghe: Town, changed: dict[str, Any], reason: str) -> None:
    qinghe.door.call(qinghe.accounts.CreateAccount, creating(), SYSTEM)

    assert qinghe.door.refused(qinghe.accounts.CreateAccount, creating(**changed), SYSTEM).reason == reason


def test_only_the_security_administrator_grants_roles_and_only_the_system_administrator_makes_accounts(qinghe: Town) -> None:
    who = qinghe.account("clerk.one")
    granting = qinghe.granting(who.account, "clerk")

    for stranger in (SYSTEM, CLERK, caller("audit_admin", jurisdiction="/qinghe")):
        assert qinghe.door.refused(qinghe.accounts.GrantRole, granting, stranger).reason == "ROLE_NOT_ALLOWED"
    assert qinghe.door.refused(qinghe.accounts.CreateAccount, creating(), SECURITY).reason == "ROLE_NOT_ALLOWED"


def test_the_three_administrators_are_three_people(qinghe: Town) -> None:
    listed = qinghe.door.call(qinghe.officials.ListOfficials, officials_pb2.ListOfficialsRequest(), CLERK)
    official = listed.officials[0].official_id
    first = qinghe.account("first", "system_admin", official_id=official)
    second = qinghe.account("second", official_id=official)

    for account in (first.account, second.account):
        granting = qinghe.granting(account, "audit_admin")
        refused = qinghe.door.refused(qinghe.accounts.GrantRole, granting, SECURITY)
        assert (refused.reason, refused.field) == ("ADMINISTRATORS_MAY_NOT_COMBINE", "role")


def test_a_stale_version_changes_nothing(qinghe: Town) -> None:
    who = qinghe.account("clerk.one")
    qinghe.grant(who.account, "clerk")

    assert (
        qinghe.door.refused(qinghe.accounts.GrantRole, qinghe.granting(who.account, "office"), SECURITY).reason
        == "STALE_VERSION"
    )


def test_an_account_of_another_jurisdiction_is_not_found(qinghe: Town) -> None:
    who = qinghe.account("city.clerk")
    district = caller("security_admin", jurisdiction="/qinghe/donghe")

    assert (
        qinghe.door.refused(qinghe.accounts.GrantRole, qinghe.granting(who.account, "clerk"), district).reason
        == "ACCOUNT_NOT_FOUND"
    )
    get = accounts_pb2.GetAccountRequest(account_id=who.account.account_id)
    assert qinghe.door.refused(qinghe.accounts.GetAccount, get, district).reason == "ACCOUNT_NOT_FOUND"
    found = qinghe.door.call(qinghe.accounts.ListAccounts, accounts_pb2.ListAccountsRequest(), district)
    assert list(found.accounts) == []


def test_an_account_that_reaches_further_than_its_administrator_is_not_theirs_to_change(qinghe: Town) -> None:
    request = creating(jurisdiction_path="/qinghe/donghe", jurisdiction_paths=["/qinghe"])
    account = qinghe.door.call(qinghe.accounts.CreateAccount, request, SYSTEM).account
    district = caller("security_admin", jurisdiction="/qinghe/donghe")
    known = {"account_id": account.account_id, "expected_version": 1}

    for method, asked in (
        (qinghe.accounts.GrantRole, qinghe.granting(account, "office")),
        (qinghe.accounts.ReissueCredentials, accounts_pb2.ReissueCredentialsRequest(request_id="reissue-1", **known)),
        (qinghe.accounts.UnlockAccount, accounts_pb2.UnlockAccountRequest(**known)),
    ):
        assert qinghe.door.refused(method, asked, district).reason == "OUTSIDE_YOUR_REACH"


def test_reissued_credentials_replace_the_old_ones(qinghe: Town) -> None:
    who = qinghe.account("clerk.one", "clerk")
    request = accounts_pb2.ReissueCredentialsRequest(
        request_id="reissue-1", account_id=who.account.account_id, expected_version=who.account.version
    )
    first = qinghe.door.call(qinghe.accounts.ReissueCredentials, request, SECURITY)

    assert qinghe.door.call(qinghe.accounts.ReissueCredentials, request, SECURITY) == first
    assert first.credentials.password != who.password
    assert qinghe.door.refused(qinghe.sessions.SignIn, qinghe.signing_in(who)).reason == "SIGN_IN_REFUSED"


def test_accounts_are_listed_by_role_and_beginning_of_the_name(qinghe: Town) -> None:
    qinghe.account("clerk.one", "clerk")
    qinghe.account("office.one", "office")

    def names(**wanted: Any) -> list[str]:
        found = qinghe.door.call(qinghe.accounts.ListAccounts, accounts_pb2.ListAccountsRequest(**wanted), SECURITY)
        return [account.user_name for account in found.accounts]

    assert names() == ["clerk.one", "office.one"]
    assert names(role="clerk") == ["clerk.one"]
    assert names(text="off") == ["office.one"]


def test_colleagues_are_those_who_hold_the_role_here_today(qinghe: Town) -> None:
    official = qinghe.door.call(qinghe.officials.ListOfficials, officials_pb2.ListOfficialsRequest(), CLERK).officials[0]
    request = creating(user_name="x1", display_name="甲", official_id=official.official_id, unit_path="/qinghe/housing")
    here = qinghe.grant(qinghe.door.call(qinghe.accounts.CreateAccount, request, SYSTEM).account, "investigator")
    qinghe.account("elsewhere", "office")
    revoked, closed = (qinghe.account(name, "investigator").account for name in ("revoked", "closed"))
    known = {"account_id": revoked.account_id, "expected_version": revoked.version}
    revoking = accounts_pb2.RevokeRoleRequest(**known, role=access_pb2.ROLE_INVESTIGATOR)
    qinghe.door.call(qinghe.accounts.RevokeRole, revoking, SECURITY)
    known = {"account_id": closed.account_id, "expected_version": closed.version}
    qinghe.door.call(qinghe.accounts.CloseAccount, accounts_pb2.CloseAccountRequest(**known), SYSTEM)
    granting = qinghe.granting(qinghe.account("tomorrow").account, "investigator")
    granting.valid_from = (qinghe.clock.today() + timedelta(days=1)).isoformat()
    qinghe.door.call(qinghe.accounts.GrantRole, granting, SECURITY)

    (found,) = colleagues(qinghe, OFFICE).colleagues

    assert (found.account_id, found.display_name, found.official_id) == (here.account_id, "甲", official.official_id)
    assert (found.unit_path, found.unit_name) == ("/qinghe/housing", "清河市住房和城乡建设局")


def test_colleagues_come_page_by_page_and_only_from_ones_own_jurisdiction(qinghe: Town) -> None:
    for name in ("a3", "a1", "a2"):
        qinghe.account(name, "investigator")
    qinghe.account("b1", "investigator", jurisdiction="/qinghe/donghe")
    first = colleagues(qinghe, OFFICE, page_size=2)
    second = colleagues(qinghe, OFFICE, page_size=2, page_token=first.next_page_token)
    district = colleagues(qinghe, caller("office", jurisdiction="/qinghe/donghe"))

    names = [[one.display_name for one in page.colleagues] for page in (first, second, district)]
    assert names == [["a1", "a2"], ["a3", "b1"], ["b1"]]
    assert second.next_page_token == ""


def test_colleagues_are_asked_for_by_role_and_by_those_who_hand_out_work(qinghe: Town) -> None:
    ask, request = qinghe.accounts.ListColleagues, accounts_pb2.ListColleaguesRequest(role=access_pb2.ROLE_CLERK)

    assert qinghe.door.refused(ask, request, caller("unit_clerk", unit="/qinghe/housing")).reason == "ROLE_NOT_ALLOWED"
    assert qinghe.door.refused(ask, accounts_pb2.ListColleaguesRequest(), OFFICE).reason == "REQUEST_INVALID"


def colleagues(town: Town, as_: Caller, **page: Any) -> accounts_pb2.ListColleaguesResponse:
    request = accounts_pb2.ListColleaguesRequest(role=access_pb2.ROLE_INVESTIGATOR, **page)
    answer: accounts_pb2.ListColleaguesResponse = town.door.call(town.accounts.ListColleagues, request, as_)
    return answer


def test_an_installation_is_founded_once_with_three_people_who_must_change_their_passwords(bare: Town) -> None:
    accounts = bare.door.usecases.accounts
    founded = accounts.found_administrators("/qinghe")

    for issued in founded:
        who = Signed(wire.message(issued.account), issued.password, issued.totp_secret)
        assert bare.sign_in(who).person.must_change_password
    roles = sorted(role for issued in founded for role in issued.account.roles(bare.clock.today()))
    assert roles == ["audit_admin", "security_admin", "system_admin"]
    with pytest.raises(Conflict) as refused:
        accounts.found_administrators("/qinghe")
    assert refused.value.reason == "ALREADY_FOUNDED"
