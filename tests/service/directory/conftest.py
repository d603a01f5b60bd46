"""A small town behind the front door: one bureau with a section, its people over the years, accounts."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any

import pytest
from zhengfeng.common.v1 import access_pb2
from zhengfeng.directory.v1 import (
    accounts_pb2,
    accounts_pb2_grpc,
    calendar_pb2_grpc,
    items_pb2_grpc,
    officials_pb2_grpc,
    sessions_pb2,
    sessions_pb2_grpc,
    units_pb2_grpc,
    workbook_pb2,
    workbook_pb2_grpc,
)

from chassis.auth import Caller
from chassis.clock import SettableClock, new_id
from papers.sheets import Cell
from papers.sheets_write import workbook_bytes
from services.directory.domain.factors import code, from_base32, step_at
from services.directory.workbook.forms import SHEETS
from tests.doors import Door, Refused, caller

Rows = dict[str, list[dict[str, Cell]]]
START = date(2019, 3, 1)


def town() -> Rows:
    """The rows of the town's workbook by sheet."""
    housing, section = "/qinghe/housing", "/qinghe/housing/approvals"
    post = {"title": "", "in_charge_of": ""}
    return {
        "辖区": [
            {"jurisdiction_path": "/qinghe", "name": "清河市", "kind": "city", "valid_from": START},
            {"jurisdiction_path": "/qinghe/donghe", "name": "东河区", "kind": "district", "valid_from": START},
        ],
        "单位": [
            {
                "unit_path": housing,
                "jurisdiction_path": "/qinghe",
                "name": "清河市住房和城乡建设局",
                "kind": "bureau",
                "valid_from": START,
            },
            {
                "unit_path": section,
                "jurisdiction_path": "/qinghe",
                "name": "行政审批科",
                "kind": "section",
                "valid_from": START,
            },
            {
                "unit_path": "/qinghe/donghe/civil-affairs",
                "jurisdiction_path": "/qinghe/donghe",
                "name": "东河区民政局",
                "kind": "bureau",
                "valid_from": START,
            },
        ],
        "工作人员": [
            {"staff_number": f"QH{number}", "name": name, "kind": "civil_servant", "unit_path": path, "valid_from": START}
            for number, name, path in (
                (1, "沈𣲘", housing),
                (2, "柳映舟", housing),
                (3, "江澄", housing),
                (4, "龚䶮", section),
                (5, "岑野", section),
            )
        ],
        "岗位": [
            {
                "staff_number": "QH1",
                "unit_path": housing,
                "kind": "unit_head",
                "valid_from": START,
                "valid_to": date(2024, 5, 1),
                **post,
            },
            {"staff_number": "QH2", "unit_path": housing, "kind": "unit_head", "valid_from": date(2024, 5, 1), **post},
            {
                "staff_number": "QH3",
                "unit_path": housing,
                "kind": "deputy_in_charge",
                "valid_from": START,
                "title": "副局长",
                "in_charge_of": section,
            },
            {"staff_number": "QH4", "unit_path": section, "kind": "section_head", "valid_from": START, **post},
            {"staff_number": "QH5", "unit_path": section, "kind": "handler", "valid_from": START, **post},
        ],
        "清单": [{"code": "L-1", "unit_path": housing, "name": "责任清单", "kind": "duties", "valid_from": START}],
        "清单事项": [{"code": "L-1-01", "list_code": "L-1", "name": "按时办结", "valid_from": START}],
        "办事事项": [
            {
                "code": "S-1",
                "unit_path": section,
                "name": "施工许可",
                "kind": "promised",
                "legal_days": 7,
                "promised_days": 3,
                "tacit_approval": False,
                "valid_from": START,
            }
        ],
    }


def workbook(rows: Rows) -> bytes:
    """The rows as a file."""
    sheets = [
        (sheet.form, [[row.get(column.name) for column in sheet.form.columns] for row in rows[sheet.form.name]])
        for sheet in SHEETS
        if sheet.form.name in rows
    ]
    return workbook_bytes(sheets, datetime(2026, 1, 1, tzinfo=UTC))


SYSTEM = caller("system_admin", jurisdiction="/qinghe")
SECURITY = caller("security_admin", jurisdiction="/qinghe")
CLERK = caller("clerk", jurisdiction="/qinghe")


@dataclass
class Signed:
    """Somebody's account with what they sign in with."""

    account: Any
    password: str
    secret: bytes

    @property
    def caller(self) -> Caller:
        """The person as their token would name them."""
        return Caller(self.account.account_id, frozenset(), (), tuple(self.account.jurisdiction_paths))


class Town:
    """The directory's door with the stubs at hand."""

    def __init__(self, door: Door, clock: SettableClock) -> None:
        self.door = door
        self.clock = clock
        self.units = door.stub(units_pb2_grpc.UnitServiceStub)
        self.officials = door.stub(officials_pb2_grpc.OfficialServiceStub)
        self.items = door.stub(items_pb2_grpc.ItemServiceStub)
        self.calendars = door.stub(calendar_pb2_grpc.CalendarServiceStub)
        self.accounts = door.stub(accounts_pb2_grpc.AccountServiceStub)
        self.sessions = door.stub(sessions_pb2_grpc.SessionServiceStub)
        self.workbooks = door.stub(workbook_pb2_grpc.WorkbookServiceStub)

    def take(self, content: bytes, apply: bool = True, as_: Caller = SYSTEM, request_id: str = "") -> Any:
        """Imports a workbook."""
        request = workbook_pb2.ImportDirectoryRequest(workbook=content, apply=apply, request_id=request_id)
        return self.door.call(self.workbooks.ImportDirectory, request, as_)

    def account(self, user_name: str, *roles: str, official_id: str = "", jurisdiction: str = "/qinghe") -> Signed:
        """Creates an account and grants the roles."""
        request = accounts_pb2.CreateAccountRequest(
            request_id=new_id(self.clock),
            user_name=user_name,
            display_name=user_name,
            jurisdiction_path=jurisdiction,
            official_id=official_id,
        )
        made = self.door.call(self.accounts.CreateAccount, request, SYSTEM)
        account = made.account
        for role in roles:
            account = self.grant(account, role)
        return Signed(account, made.credentials.password, from_base32(made.credentials.totp_secret))

    def grant(self, account: Any, role: str) -> Any:
        """Grants a role."""
        return self.door.call(self.accounts.GrantRole, self.granting(account, role), SECURITY).account

    @staticmethod
    def granting(account: Any, role: str) -> accounts_pb2.GrantRoleRequest:
        """The request to grant a role."""
        return accounts_pb2.GrantRoleRequest(
            account_id=account.account_id,
            expected_version=account.version,
            role=access_pb2.Role.Value(f"ROLE_{role.upper()}"),
        )

    def code(self, secret: bytes) -> str:
        """What an authenticator shows now."""
        return code(secret, step_at(self.clock.now()))

    def signing_in(self, who: Signed, password: str = "", totp_code: str = "") -> sessions_pb2.SignInRequest:
        """The request to sign in, right unless told otherwise."""
        return sessions_pb2.SignInRequest(
            user_name=who.account.user_name,
            password=password or who.password,
            totp_code=totp_code or self.code(who.secret),
            device="test",
        )

    def sign_in(self, who: Signed) -> Any:
        """Signs in."""
        return self.door.call(self.sessions.SignIn, self.signing_in(who))

    def refused_sign_in(self, who: Signed, **wrong: str) -> Refused:
        """How signing in is refused."""
        return self.door.refused(self.sessions.SignIn, self.signing_in(who, **wrong))

    def has_ended(self, secret: str) -> bool:
        """Whether the session gives no more tokens."""
        request = sessions_pb2.RefreshSessionRequest(session_secret=secret)
        return self.door.refused(self.sessions.RefreshSession, request).reason == "SESSION_ENDED"


@pytest.fixture
def bare(door: Callable[[str], Door], clock: SettableClock) -> Town:
    """The door of an empty directory."""
    return Town(door("directory"), clock)


@pytest.fixture
def qinghe(bare: Town) -> Town:
    """The town, loaded."""
    assert bare.take(workbook(town())).applied
    return bare
