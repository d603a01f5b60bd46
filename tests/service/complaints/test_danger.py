"""Where life is in danger: accepted under the urgent limit, and the leader on duty that day is told once."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
import sqlalchemy as sa
from zhengfeng.complaints.v1 import deliveries_pb2, events_pb2, notices_pb2, roads_pb2

from chassis.auth import Caller
from chassis.settings import Setting
from services.complaints.storage.outside import DELIVERIES
from tests.service.complaints.city import CLERK, DONGHE, LEADER, OFFICE, City

CROWD, VIOLENCE = roads_pb2.DANGER_KIND_CROWD, roads_pb2.DANGER_KIND_VIOLENCE


def limits(on: Any) -> list[tuple[str, str, bool]]:
    """Each clock with its regime, and whether it runs."""
    return [(clock.step, clock.regime, clock.running) for clock in on.clocks]


def on_duty(city: City, account: str, *contacts: str, since: date = date(2026, 11, 16)) -> None:
    """A row of the roster."""
    row = {"account": account, "contacts": list(contacts)}
    city.door.store.settings.load([Setting("/qinghe", "duty.leader", row, since, since, "test")])


def contact(city: City, phone: str) -> str:
    """A duty leader's address."""
    how = {"kind": notices_pb2.CONTACT_KIND_DUTY, "means": deliveries_pb2.DELIVERY_MEANS_SMS, "address": phone}
    made = city.do("AddContact", OFFICE, jurisdiction_path="/qinghe", **how).contact
    return str(made.contact_id)


def test_marking_danger_restarts_acceptance_under_the_urgent_limit(city: City) -> None:
    filed = city.seen(city.filed())
    assert (limits(filed), filed.due_on) == ([("accept", "efficiency", True)], "2026-11-23")
    city.go_to("2026-11-17 10:00")
    marked = city.do("MarkDanger", CLERK, on=city.seen(filed), kind=CROWD)
    assert limits(marked) == [("accept", "efficiency", False), ("accept", "urgent", True)]
    assert marked.due_on == "2026-11-18"
    explained = city.do("ExplainClocks", CLERK, complaint_id=filed.complaint_id)
    assert "紧急" in explained.clocks[-1].clock.basis
    again = city.do("MarkDanger", CLERK, on=marked, kind=VIOLENCE)
    assert (limits(again), again.due_on) == (limits(marked), "2026-11-18")
    accepted = city.do("AcceptComplaint", CLERK, on=again)
    assert limits(accepted)[-1] == ("handle", "efficiency", True)


def test_a_limit_that_runs_out_sooner_is_not_made_longer_by_danger(city: City) -> None:
    filed = city.filed()
    city.go_to("2026-11-23 18:00")
    marked = city.do("MarkDanger", CLERK, on=city.seen(filed), kind=CROWD)
    assert limits(marked) == [("accept", "efficiency", True)]


@pytest.mark.parametrize("how", [{"text": "我不想活了"}, {"danger": CROWD}])
def test_what_its_filer_says_is_danger_runs_under_it_from_the_beginning(city: City, how: dict[str, Any]) -> None:
    filed = city.seen(city.filed(**how))
    assert (limits(filed), filed.due_on) == ([("accept", "urgent", True)], "2026-11-17")


def test_after_acceptance_no_clock_is_touched(city: City) -> None:
    accepted = city.accepted()
    assert limits(city.do("MarkDanger", CLERK, on=accepted, kind=CROWD)) == limits(accepted)


def test_the_duty_leader_is_told_once_while_an_alert_waits(city: City) -> None:
    at = city.do("MarkDanger", CLERK, on=city.accepted(), kind=CROWD, request_id="once")
    city.do(
        "MarkDanger", CLERK, complaint_id=at.complaint_id, expected_version=at.version - 1, kind=CROWD, request_id="once"
    )
    at = city.do("MarkDanger", CLERK, on=at, kind=VIOLENCE)
    assert len(city.facts(events_pb2.DangerRaised)) == 1
    for alert in city.do("ListDangerAlerts", LEADER, waiting_only=True).danger_alerts:
        known = {"danger_alert_id": alert.danger_alert_id, "expected_version": alert.version}
        city.do("TakeDangerAlert", LEADER, **known)
    city.do("MarkDanger", CLERK, on=at, kind=CROWD)
    assert len(city.facts(events_pb2.DangerRaised)) == 2


def test_who_is_on_duty_is_a_row_for_the_day_and_else_whoever_leads(city: City) -> None:
    on_duty(city, "leader-wang")
    asked = {"jurisdiction_path": "/qinghe"}
    today = city.do("ShowDuty", CLERK, **asked).duty
    assert (today.day, today.account_id, today.role) == ("2026-11-16", "leader-wang", "")
    tomorrow = city.do("ShowDuty", CLERK, **asked, day="2026-11-17").duty
    assert (tomorrow.account_id, tomorrow.role) == ("", "leader")
    assert city.refused("ShowDuty", DONGHE, **asked).reason == "JURISDICTION_NOT_YOURS"
    assert city.refused("ShowDuty", CLERK, **asked, day="2026-02-30").reason == "DAY_INVALID"


def told(city: City) -> list[str]:
    """Whose address each notice of danger goes to."""
    city.door.usecases.sorting.sort()
    table = DELIVERIES.table
    with city.door.store.read(Caller.service("complaints")) as tx:
        return sorted(row.receiver for row in tx.rows(sa.select(table.c.receiver).where(table.c.kind == "danger")))


def test_todays_duty_leader_alone_is_written_to_and_every_address_where_the_roster_is_empty(city: City) -> None:
    first, second = contact(city, "13900000001"), contact(city, "13900000002")
    on_duty(city, "leader-wang", second)
    city.filed(danger=CROWD)
    assert told(city) == [second]
    city.go_to("2026-11-17 09:00")
    city.filed(danger=CROWD)
    assert told(city) == sorted([first, second, second])
