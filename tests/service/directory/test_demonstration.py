"""The demonstration city, loaded: once, whole, and people sign in."""

from __future__ import annotations

from zhengfeng.directory.v1 import officials_pb2, sessions_pb2, units_pb2, workbook_pb2

from services.directory.domain.factors import from_base32
from suite.demo.load import load_directory
from tests.service.directory.conftest import CLERK, SYSTEM, Town


def test_the_city_is_loaded_once_and_kept(bare: Town) -> None:
    said: list[str] = []
    accounts = load_directory(bare.door.usecases, said.append)
    facts = len(bare.door.announced())

    assert load_directory(bare.door.usecases, said.append) == accounts
    assert len(bare.door.announced()) == facts
    assert any("there already" in line for line in said)
    export = bare.door.call(bare.workbooks.ExportDirectory, workbook_pb2.ExportDirectoryRequest(), SYSTEM).workbook
    again = bare.take(export, apply=False)
    assert (again.added, again.changed, again.refused) == (0, 0, 0)
    assert again.unchanged > 1300


def test_people_of_the_city_sign_in_and_reach_their_unit(bare: Town) -> None:
    account = next(one for one in load_directory(bare.door.usecases, lambda _: None) if one.user_name == "head.housing")

    request = sessions_pb2.SignInRequest(
        user_name=account.user_name, password=account.password, totp_code=bare.code(from_base32(account.totp_secret))
    )
    person = bare.door.call(bare.sessions.SignIn, request).person

    assert (list(person.roles), list(person.unit_paths)) == (["unit_head"], ["/qinghe/housing"])
    assert not person.must_change_password
    held = officials_pb2.WhoHeldRequest(
        unit_path="/qinghe/housing", kinds=[officials_pb2.POST_KIND_UNIT_HEAD], on="2026-11-16"
    )
    (head,) = bare.door.call(bare.officials.WhoHeld, held, CLERK).held
    assert head.official.official_id == person.official_id
    units = bare.door.call(bare.units.ListUnits, units_pb2.ListUnitsRequest(under="/qinghe/donghe")).units
    assert "东河区民政局" in {unit.name for unit in units}
