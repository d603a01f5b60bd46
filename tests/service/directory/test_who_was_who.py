"""The directory answers for any day: units, officials, posts as they were then."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from zhengfeng.directory.v1 import events_pb2, items_pb2, officials_pb2, units_pb2

from tests.service.directory.conftest import CLERK, Town, town, workbook


def heads(qinghe: Town, on: str, unit: str = "/qinghe/housing") -> list[str]:
    request = officials_pb2.WhoHeldRequest(unit_path=unit, kinds=[officials_pb2.POST_KIND_UNIT_HEAD], on=on)
    return [held.official.name for held in qinghe.door.call(qinghe.officials.WhoHeld, request, CLERK).held]


def official(qinghe: Town, name: str) -> Any:
    found = qinghe.door.call(qinghe.officials.ListOfficials, officials_pb2.ListOfficialsRequest(text=name), CLERK)
    (one,) = found.officials
    return one


def unit(qinghe: Town, path: str, on: str = "") -> Any:
    found = qinghe.door.call(qinghe.units.ListUnits, units_pb2.ListUnitsRequest(under=path, on=on))
    return next((one for one in found.units if one.unit_path == path), None)


def renamed(qinghe: Town, name: str, since: date, until: date | None = None) -> Any:
    rows = {"单位": [{**town()["单位"][0], "name": name, "valid_from": since, "valid_to": until}]}
    return qinghe.take(workbook(rows))


def test_who_headed_that_bureau_then_is_exact_at_the_boundary(qinghe: Town) -> None:
    assert heads(qinghe, "2024-04-30") == ["沈𣲘"]
    assert heads(qinghe, "2024-05-01") == ["柳映舟"]
    assert heads(qinghe, "2019-02-28") == []


def test_an_unknown_unit_is_refused_and_not_answered_with_nobody(qinghe: Town) -> None:
    request = officials_pb2.WhoHeldRequest(unit_path="/qinghe/nowhere", on="2024-05-01")

    assert qinghe.door.refused(qinghe.officials.WhoHeld, request, CLERK).reason == "UNIT_NOT_FOUND"


def test_a_day_no_calendar_has_is_refused(qinghe: Town) -> None:
    request = officials_pb2.WhoHeldRequest(unit_path="/qinghe/housing", on="2024-02-30")

    refused = qinghe.door.refused(qinghe.officials.WhoHeld, request, CLERK)
    assert (refused.reason, refused.field) == ("DAY_UNKNOWN", "on")


def test_leaders_are_told_nearest_first_for_the_day_asked(qinghe: Town) -> None:
    def leaders(on: str) -> list[str]:
        request = officials_pb2.LeadersOfRequest(official_id=official(qinghe, "岑野").official_id, on=on)
        return [held.official.name for held in qinghe.door.call(qinghe.officials.LeadersOf, request, CLERK).leaders]

    assert leaders("2024-04-30") == ["龚䶮", "江澄", "沈𣲘"]
    assert leaders("2024-05-01") == ["龚䶮", "江澄", "柳映舟"]


def test_a_renamed_unit_keeps_its_old_name_for_the_days_before(qinghe: Town) -> None:
    report = renamed(qinghe, "清河市住房和城市更新局", date(2026, 6, 1))
    assert (report.changed, report.applied) == (1, True)

    assert unit(qinghe, "/qinghe/housing").name == "清河市住房和城市更新局"
    assert unit(qinghe, "/qinghe/housing", on="2026-05-31").name == "清河市住房和城乡建设局"
    assert unit(qinghe, "/qinghe/housing", on="2026-06-01").name == "清河市住房和城市更新局"
    assert unit(qinghe, "/qinghe/housing", on="2019-02-28") is None


def test_a_correction_from_the_same_day_leaves_no_trace_of_the_wrong_name(qinghe: Town) -> None:
    renamed(qinghe, "错名", date(2026, 6, 1))
    renamed(qinghe, "清河市住房和城市更新局", date(2026, 6, 1))

    assert unit(qinghe, "/qinghe/housing", on="2026-06-01").name == "清河市住房和城市更新局"
    assert unit(qinghe, "/qinghe/housing", on="2026-05-31").name == "清河市住房和城乡建设局"


def test_a_closed_unit_is_gone_from_its_last_day_on(qinghe: Town) -> None:
    renamed(qinghe, "清河市住房和城乡建设局", date(2019, 3, 1), until=date(2026, 7, 1))

    known = unit(qinghe, "/qinghe/housing")
    assert known.valid_to == "2026-07-01"
    assert unit(qinghe, "/qinghe/housing", on="2026-06-30") is not None
    request = units_pb2.GetUnitRequest(unit_id=known.unit_id, on="2026-07-01")
    assert qinghe.door.refused(qinghe.units.GetUnit, request).reason == "UNIT_NOT_FOUND"


def test_a_change_before_the_last_one_is_refused(qinghe: Town) -> None:
    renamed(qinghe, "清河市住房和城市更新局", date(2026, 6, 1))

    (row,) = renamed(qinghe, "又一名", date(2025, 1, 1)).rows
    assert (row.reason, row.field) == ("CHANGE_BEFORE_THE_LAST", "生效日期")


def test_every_change_is_announced_with_its_version_and_without_a_persons_name(qinghe: Town) -> None:
    renamed(qinghe, "清河市住房和城市更新局", date(2026, 6, 1))

    units = [event for event in qinghe.door.announced(events_pb2.UnitChanged) if event.unit_path == "/qinghe/housing"]
    assert [(event.version, event.unit_changed.name) for event in units] == [
        (1, "清河市住房和城乡建设局"),
        (2, "清河市住房和城市更新局"),
    ]
    officials = qinghe.door.announced(events_pb2.OfficialChanged)
    assert len(officials) == 5
    assert not any("沈".encode() in event.SerializeToString() for event in officials)
    deputy = next(e for e in qinghe.door.announced(events_pb2.PostChanged) if e.post_changed.kind == "deputy_in_charge")
    assert list(deputy.post_changed.section_ids) == [unit(qinghe, "/qinghe/housing/approvals").unit_id]
    (item,) = qinghe.door.announced(events_pb2.ServiceItemChanged)
    assert (item.service_item_changed.legal_limit_days, item.service_item_changed.promised_limit_days) == (7, 3)


def test_names_are_given_for_paths_and_ids_and_unknown_ones_left_out(qinghe: Town) -> None:
    rare = official(qinghe, "沈𣲘")
    request = units_pb2.GetNamesRequest(
        paths=["/qinghe", "/qinghe/housing", "/nowhere"],
        official_ids=[rare.official_id, "not an id", "00000000-0000-7000-8000-000000000000"],
    )

    names = qinghe.door.call(qinghe.units.GetNames, request, CLERK).names
    assert dict(names) == {"/qinghe": "清河市", "/qinghe/housing": "清河市住房和城乡建设局", rare.official_id: "沈𣲘"}


def test_names_of_people_are_for_who_is_signed_in(qinghe: Town) -> None:
    assert qinghe.door.refused(qinghe.units.GetNames, units_pb2.GetNamesRequest(paths=["/qinghe"])).reason == "TOKEN_MISSING"
    assert (
        qinghe.door.refused(qinghe.officials.ListOfficials, officials_pb2.ListOfficialsRequest()).reason == "TOKEN_MISSING"
    )


@pytest.mark.parametrize("on", ["", "2026-11-16"])
def test_lists_page_by_key_and_leave_nothing_out(qinghe: Town, on: str) -> None:
    seen, token = [], ""
    while True:
        request = units_pb2.ListUnitsRequest(page_size=1, page_token=token, on=on)
        page = qinghe.door.call(qinghe.units.ListUnits, request)
        seen += [one.unit_path for one in page.units]
        token = page.next_page_token
        if not token:
            break

    assert seen == sorted(seen) == ["/qinghe/donghe/civil-affairs", "/qinghe/housing", "/qinghe/housing/approvals"]


def test_a_page_token_of_ones_own_making_is_refused(qinghe: Town) -> None:
    refused = qinghe.door.refused(qinghe.units.ListUnits, units_pb2.ListUnitsRequest(page_token="bm90aGluZw"))

    assert refused.reason == "PAGE_TOKEN_INVALID"


@pytest.mark.parametrize("on", ["", "2026-11-16"])
def test_lists_filter_by_path_kind_and_text(qinghe: Town, on: str) -> None:
    def paths(**wanted: Any) -> list[str]:
        return [
            u.unit_path for u in qinghe.door.call(qinghe.units.ListUnits, units_pb2.ListUnitsRequest(on=on, **wanted)).units
        ]

    assert paths(under="/qinghe/donghe") == ["/qinghe/donghe/civil-affairs"]
    assert paths(kinds=[units_pb2.UNIT_KIND_SECTION]) == ["/qinghe/housing/approvals"]
    assert paths(text="审批") == ["/qinghe/housing/approvals"]
    assert paths(text="%") == []


def test_a_duty_list_is_given_with_its_items(qinghe: Town) -> None:
    (known,) = qinghe.door.call(qinghe.items.ListDutyLists, items_pb2.ListDutyListsRequest()).duty_lists
    for on in ("", "2026-11-16"):
        request = items_pb2.GetDutyListRequest(duty_list_id=known.duty_list_id, on=on)
        found = qinghe.door.call(qinghe.items.GetDutyList, request)
        assert [(item.code, item.name) for item in found.items] == [("L-1-01", "按时办结")]


@pytest.mark.parametrize("id", ["", "x", "00000000-0000-7000-8000-000000000000", "zzzzzzzz-zzzz-zzzz-zzzz-zzzzzzzzzzzz"])
def test_an_unknown_id_is_refused_by_name(qinghe: Town, id: str) -> None:
    refused = qinghe.door.refused(qinghe.units.GetUnit, units_pb2.GetUnitRequest(unit_id=id))

    assert refused.reason == ("UNIT_NOT_FOUND" if id else "REQUEST_INVALID")
