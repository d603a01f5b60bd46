"""The demonstration city: the same everywhere, whole, and of nobody."""

from __future__ import annotations

import hashlib
import re
from collections import Counter
from itertools import islice

from papers.sheets_read import Bounds, read_workbook
from services.directory.domain.accounts import ADMINISTRATORS
from services.directory.domain.dated import PATH
from services.directory.workbook.forms import FORMS
from suite.demo.accounts import wanted_accounts
from suite.demo.city import build_rows, build_workbook, bureaus, read_city
from suite.demo.names import invented_names

ROWS = build_rows().sheets


def test_the_city_is_the_same_every_time() -> None:
    digests = {hashlib.sha256(build_workbook()).hexdigest() for _ in range(2)}

    assert len(digests) == 1


def test_the_workbook_reads_without_a_fault() -> None:
    sheets = {form.name: rows for form, rows in read_workbook(build_workbook(), FORMS, Bounds())}

    assert [fault for rows in sheets.values() for row in rows for fault in row.faults] == []
    assert {name: len(rows) for name, rows in sheets.items()} == {name: len(rows) for name, rows in ROWS.items()}


def test_the_city_has_some_forty_bureaus_with_sections_and_windows_and_four_hundred_officials() -> None:
    kinds = Counter(row["kind"] for row in ROWS["单位"])

    assert 38 <= len(bureaus(read_city())) <= 45
    assert kinds["section"] > 80
    assert kinds["window"] >= 20
    assert len(ROWS["工作人员"]) == 400
    assert Counter(row["kind"] for row in ROWS["辖区"]) == {"city": 1, "district": 2, "town": 4}


def test_every_official_holds_a_post_and_every_name_is_one_persons() -> None:
    numbers = {row["staff_number"] for row in ROWS["工作人员"]}
    names = [row["name"] for row in ROWS["工作人员"]]

    assert {row["staff_number"] for row in ROWS["岗位"]} == numbers
    assert len(set(names)) == len(names)
    assert any(ord(letter) > 0xFFFF for name in names for letter in str(name))


def test_paths_are_slugs() -> None:
    assert all(re.fullmatch(PATH, str(row["unit_path"])) for row in ROWS["单位"])


def test_every_bureau_has_a_head_today_and_every_section_too() -> None:
    today = {(row["unit_path"], row["kind"]) for row in ROWS["岗位"] if row["valid_to"] is None}

    assert all((bureau.path, "unit_head") in today for bureau in bureaus(read_city()))
    parts = [row["unit_path"] for row in ROWS["单位"] if row["kind"] in ("section", "window")]
    assert all((path, "section_head") in today for path in parts)


def test_every_role_of_people_has_an_account_and_no_account_two_administrators() -> None:
    wanted = wanted_accounts()
    held = {role for account in wanted for role in account.roles}

    people = (
        "clerk office leader unit_clerk unit_head identity_keeper publisher supervisor delegate point investigator decider "
        "reviewer approver rule_author organiser registrar checker auditor personnel operator "
        "system_admin security_admin audit_admin"
    )
    assert held == set(people.split())
    assert all(len(ADMINISTRATORS & set(account.roles)) < 2 for account in wanted)
    assert len({account.user_name for account in wanted}) == len(wanted)


def test_names_are_drawn_by_a_seed_and_never_twice() -> None:
    first, second = (list(islice(invented_names(("沈𣲘",)), 500)) for _ in range(2))

    assert first == second
    assert len(set(first)) == 500
