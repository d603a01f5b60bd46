"""The second story: a point reports, an inspection finds, a notice goes out, the limit passes, the matter is referred."""

from __future__ import annotations

import re
from datetime import timedelta

from tests.e2e.people import FIRST, Person, Town

UNIT = "/qinghe/natural-resources"
REPORTED = "登记窗口长时间无人"
FOUND = "登记窗口脱岗一小时"
BEYOND_THE_LIMIT = timedelta(days=30)  # ten working days to answer, ten more until it is referred


def test_a_missed_limit_turns_red_and_is_referred(town: Town) -> None:
    report = report_from_point(town)
    finding = notify(town, report)
    town.deployment.go_on(BEYOND_THE_LIMIT)
    town.forget()

    office = town.person("office")
    office.wait_for(finding, "红灯")
    office.wait_for("/cases", str(number_of(office, finding)))


def report_from_point(town: Town) -> str:
    """The point reports under its own account; the report's address for the office."""
    point = town.person("point")
    point.open("/point-reports/new")
    point.fill(about_unit_path=UNIT, title=REPORTED, text="十点到十一点窗口无人。", occurred_at="2026-11-13T10:30")
    point.submit()
    office = town.person("office")
    return office.row("/point-reports", REPORTED)


def notify(town: Town, report: str) -> str:
    """The office makes a finding of it and sends a notice; the finding's address."""
    office = town.person("office")
    office.act(
        report,
        "RecordPointFinding",
        unit_path=UNIT,
        misconduct=FIRST,
        title=FOUND,
        text="经核对监控，情况属实。",
    )
    finding = office.row("/findings", FOUND)
    office.act(finding, "IssueNotice", kind=FIRST, text="请在期限内答复并整改。")
    return finding


def number_of(office: Person, finding: str) -> str:
    """The number people know the finding by."""
    office.open(finding)
    found = re.search("问题〔[0-9]{4}〕[0-9]+号", office.text())
    assert found, office.text()
    return found.group()
