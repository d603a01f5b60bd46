"""What the record of retention must not do: forget a complaint whose rule changed, or erase what somebody still works on."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from zhengfeng.accountability.v1 import events_pb2 as accountability
from zhengfeng.common.v1 import origin_pb2

from chassis.settings import Setting
from tests.service.complaints.city import CLERK, HOUSING, LEADER, OFFICE, City
from tests.service.complaints.test_feedback import OTHER
from tests.service.complaints.test_retention import ANONYMISED, ERASED, declined, run, steps

CASE = "0199aaaa-0000-7000-8000-00000000c0de"


def rules(city: City, *rows: dict[str, Any], place: str = "") -> None:
    """Other rules than those of the pack from a day on."""
    city.door.store.settings.load([Setting(place, "retention.rules", list(rows), date(2027, 1, 1), None, "test")])


def rule(id: str, anonymise: int, erase: int, **narrowed: Any) -> dict[str, Any]:
    """A rule's row."""
    return {"id": id, "zh": id, "en": id, "anonymise_years": anonymise, "erase_years": erase, **narrowed}


def hear(city: City, version: int, case_id: str = CASE, **fact: Any) -> None:
    """What accountability tells of a case."""
    told = {"version": version, "subject_id": case_id, "jurisdiction_path": "/qinghe", "number": "问责〔2028〕1号"}
    city.door.hear(accountability.AccountabilityEvent(**told, **fact))


def origin(on: Any) -> origin_pb2.Origin:
    """A complaint as what a case came from."""
    return origin_pb2.Origin(service="complaints", subject_id=on.complaint_id, number=on.number)


def holds(city: City, **wanted: Any) -> list[Any]:
    """The holds the office sees."""
    return list(city.do("ListHolds", OFFICE, **wanted).retention_holds)


def test_a_rule_that_was_renamed_goes_on_erasing_under_its_new_name(city: City) -> None:
    done = declined(city)
    run(city, "2028-11-17")
    rules(city, rule("not_taken_up_any_more", 2, 5, stages=["not_accepted"]))
    run(city, "2031-11-17")
    assert steps(city) == [(done.number, ERASED, "not_taken_up_any_more"), (done.number, ANONYMISED, "not_taken_up")]


def test_a_rule_put_before_the_one_it_stood_under_holds_at_once(city: City) -> None:
    done = declined(city)
    run(city, "2028-11-17")
    rules(city, rule("sooner", 2, 3, stages=["not_accepted"]), rule("not_taken_up", 2, 10))
    run(city, "2029-11-17")
    assert steps(city, retention_step=ERASED) == [(done.number, ERASED, "sooner")]


def test_a_place_with_a_shorter_rule_is_not_kept_waiting_for_the_longer_of_everywhere(city: City) -> None:
    done = declined(city)
    rules(city, rule("one_year", 1, 1), place="/qinghe")
    run(city, "2027-11-17")
    assert steps(city) == [(done.number, ANONYMISED, "one_year")]


def test_what_no_rule_speaks_of_is_counted_and_listed(city: City) -> None:
    done = declined(city)
    rules(city, rule("superior", 1, 3, channels=["superior"]))
    run(city, "2029-11-17")
    assert steps(city) == []
    assert city.door.usecases.retention.sweep() == {"complaints_without_retention_rule": 1, "complaints_not_erased": 0}
    [listed] = city.do("ListUnruled", OFFICE).unruled
    assert (listed.number, listed.closed_at.ToDatetime().year) == (done.number, 2026)
    rules(city, rule("superior", 1, 3, channels=["superior"]), rule("rest", 2, 3))
    run(city, "2029-11-18")
    assert (len(steps(city)), list(city.do("ListUnruled", OFFICE).unruled)) == (1, [])


def test_a_hold_keeps_it_until_its_last_day_and_says_why_to_those_who_may_read_it(city: City) -> None:
    done = declined(city)
    city.do("HoldComplaint", LEADER, complaint_id=done.complaint_id, reason="行政诉讼审理中", until="2029-06-30")
    run(city, "2029-06-30")
    assert steps(city) == []
    [hold] = holds(city, complaint_id=done.complaint_id)
    assert (hold.reason, hold.until, hold.placed_by, hold.ended_by) == ("行政诉讼审理中", "2029-06-30", "leader", "")
    assert "行政诉讼审理中".encode() not in city.dump()
    run(city, "2029-07-01")
    assert steps(city) == [(done.number, ANONYMISED, "not_taken_up")]


def test_a_hold_is_ended_once_by_who_may_and_another_day_is_another_hold(city: City) -> None:
    done = declined(city)
    on = {"complaint_id": done.complaint_id, "reason": "复议"}
    past = city.refused("HoldComplaint", OFFICE, **on, until="2026-11-15")
    assert (past.reason, past.field) == ("HOLD_DAY_PAST", "until")
    assert city.refused("HoldComplaint", HOUSING, **on, until="2029-01-01").reason == "ROLE_NOT_ALLOWED"
    hold = city.do("HoldComplaint", OFFICE, **on, until="2035-01-01").retention_hold
    which = {"retention_hold_id": hold.retention_hold_id}
    ended = city.do("EndHold", LEADER, **which, expected_version=hold.version).retention_hold
    assert (ended.ended_by, holds(city, holding=True)) == ("leader", [])
    assert city.refused("EndHold", LEADER, **which, expected_version=ended.version).reason == "HOLD_ENDED"
    for day in ("2028-11-17", "2036-11-17"):
        run(city, day)
    assert [step for _, step, _ in steps(city)] == [ERASED, ANONYMISED]
    assert city.refused("HoldComplaint", OFFICE, **on, until="2040-01-01").reason == "NOTHING_TO_HOLD"


def test_a_hold_on_one_of_a_matter_keeps_all_of_it(city: City) -> None:
    other = city.seen(city.filed(title="同一件事"))
    into = city.accepted()
    merged = city.do("Merge", CLERK, on=other, into_complaint_id=into.complaint_id)
    city.do("WithdrawComplaint", None, receipt_code=city.last_receipt.receipt_code, reason="已解决")
    city.do("HoldComplaint", OFFICE, complaint_id=merged.complaint_id, reason="复议", until="2030-01-01")
    run(city, "2029-01-01")
    assert steps(city) == []


def test_a_complaint_an_accountability_case_came_from_is_kept_until_the_case_is_closed(city: City) -> None:
    done = declined(city)
    hear(city, 1, case_opened=accountability.CaseOpened(origin=origin(done)))
    run(city, "2037-01-01")
    assert steps(city) == []
    [hold] = holds(city)
    assert (hold.case_number, hold.until) == ("问责〔2028〕1号", "")
    early = city.refused("EndHold", LEADER, retention_hold_id=hold.retention_hold_id, expected_version=1)
    assert early.reason == "HOLD_OF_CASE"
    hear(city, 9, case_closed=accountability.CaseClosed(outcome="decided"))
    run(city, "2037-01-02")
    assert len(steps(city)) == 1


@pytest.mark.parametrize("closed_first", [False, True])
def test_a_case_joined_to_another_keeps_it_until_that_one_is_closed(city: City, closed_first: bool) -> None:
    done, main = declined(city), CASE.replace("c0de", "0000")
    hear(city, 1, case_opened=accountability.CaseOpened(origin=origin(done)))
    hear(city, 2, case_closed=accountability.CaseClosed(outcome="joined"))
    hear(city, 5, main, decided=accountability.Decided(outcome="decided", origins=[origin(done)]))
    run(city, "2037-01-01")
    assert steps(city) == []
    hear(city, 6, main, case_closed=accountability.CaseClosed(outcome="decided"))
    if closed_first:
        hear(city, 7, main, decision_changed=accountability.DecisionChanged(outcome="changed", origins=[origin(done)]))
    run(city, "2037-01-02")
    assert len(steps(city)) == 1


def test_a_wish_for_second_handling_nobody_has_answered_keeps_it(city: City) -> None:
    closed = city.closed()
    code = city.last_receipt.receipt_code
    city.do("AskForSecondHandling", None, receipt_code=code, reason="没有改")
    run(city, "2032-01-01")
    assert steps(city) == []
    [asked] = city.do("ListSecondRequests", OFFICE, complaint_id=closed.complaint_id).second_requests
    which = {"second_request_id": asked.second_request_id, "expected_version": asked.version}
    city.do("DecideSecondHandling", OTHER, **which, granted=False, reason="已整改")
    run(city, "2032-01-02")
    assert steps(city) == [(closed.number, ANONYMISED, "proven")]
