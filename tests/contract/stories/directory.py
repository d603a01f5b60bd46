"""The directory's part: units, officials with posts, a list, an item, an account with a session and a saved view."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

from zhengfeng.common.v1 import access_pb2

from chassis.auth import Caller
from papers.sheets_write import workbook_bytes
from services.directory.domain.factors import code, from_base32, step_at
from services.directory.workbook.forms import SHEETS
from tests.contract.world import CITY, District, World

START = date(2019, 3, 1)
# Staff by the last part of their number, each with a post; the last two work in the other unit.
STAFF = (
    ("head", "unit_head"),
    ("deputy", "deputy_in_charge"),
    ("handler", "handler"),
    ("left", "handler"),
    ("right", "handler"),
)
SYSTEM = Caller("system", frozenset({"system_admin"}), (), (CITY,))
SECURITY = Caller("security", frozenset({"security_admin"}), (), (CITY,))


def begin(world: World) -> None:
    """The calendar, the city, its two districts."""
    world.doors["directory"].usecases.calendars.seed(2025, 2026)
    for district in world.districts.values():
        taken = world.do("directory.ImportDirectory", district, SYSTEM, workbook=workbook(district), apply=True)
        assert taken.applied, taken
    world.carry()


def tell(world: World, district: District) -> None:
    """Looks everything up, founds an account and lets its owner sign in and save a view."""
    for rpc in ("ListUnits", "ListJurisdictions", "ListOfficials", "ListPosts", "ListServiceItems", "ListDutyLists"):
        world.do(f"directory.{rpc}", district, SYSTEM, under=district.path)
    for official in world.do("directory.ListOfficials", district, SYSTEM, under=district.path).officials:
        district.officials[official.staff_number.rpartition("-")[2]] = official.official_id
    where = {"unit_path": district.unit, "jurisdiction_path": district.path, "unit_paths": [], "jurisdiction_paths": []}
    user = f"clerk.{district.slug}"
    issued = world.do("directory.CreateAccount", district, SYSTEM, user_name=user, display_name=user, **where)
    granted = world.do(
        "directory.GrantRole",
        district,
        SECURITY,
        account_id=issued.account.account_id,
        expected_version=issued.account.version,
        role=access_pb2.ROLE_CLERK,
    )
    now = code(from_base32(issued.credentials.totp_secret), step_at(world.clock.now()))
    factors = {"user_name": user, "password": issued.credentials.password, "totp_code": now}
    world.do("directory.SignIn", district, None, device=district.mark, **factors)
    owner = district.somebody("clerk", subject=granted.account.account_id)
    world.do("directory.SaveView", district, owner, page="ledger", name=district.mark, query=f"text={district.mark}")
    world.do("directory.ListViews", district, owner)
    world.do("directory.ListSessions", district, owner)


def workbook(district: District, name: str = "") -> bytes:
    """The district's rows as the file people hand in; with a name, its units are called otherwise than before."""
    lists, housing = f"L-{district.slug}", {"unit_path": district.unit, "valid_from": START}
    place = {"jurisdiction_path": district.path, "valid_from": START}
    staff = [
        (f"{district.slug}-{name}", name, kind, district.other_unit if name in ("left", "right") else district.unit)
        for name, kind in STAFF
    ]
    rows: dict[str, list[dict[str, Any]]] = {
        "辖区": [
            {"jurisdiction_path": CITY, "name": "清河市", "kind": "city", "valid_from": START},
            {"name": district.slug, "kind": "district", **place},
        ],
        "单位": [
            {"unit_path": path, "name": f"{name or district.slug}局", "kind": kind, **place}
            for path, kind in (
                (district.unit, "bureau"),
                (district.other_unit, "bureau"),
                (f"{district.unit}/desk", "section"),
            )
        ],
        "工作人员": [
            {"staff_number": number, "name": name, "kind": "civil_servant", "unit_path": path, "valid_from": START}
            for number, name, _, path in staff
        ],
        "岗位": [
            {"staff_number": number, "unit_path": path, "kind": kind, "valid_from": START}
            for number, _, kind, path in staff
        ],
        "清单": [{"code": lists, "name": "责任清单", "kind": "duties", **housing}],
        "清单事项": [{"code": f"{lists}-1", "list_code": lists, "name": "按时", "valid_from": START}],
        "办事事项": [
            {
                "code": f"S-{district.slug}",
                "name": "许可",
                "kind": "promised",
                "legal_days": 7,
                "promised_days": 3,
                "tacit_approval": False,
                **housing,
            }
        ],
    }  # fmt: skip
    sheets = [
        (sheet.form, [[row.get(column.name) for column in sheet.form.columns] for row in rows[sheet.form.name]])
        for sheet in SHEETS
    ]
    return workbook_bytes(sheets, datetime(2026, 1, 1, tzinfo=UTC))
