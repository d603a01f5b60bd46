"""Tracks: what needs time is undertaken with a day of effect, what is beyond one's power is reported upwards and listed."""

from __future__ import annotations

from typing import Any

from zhengfeng.complaints.v1 import complaint_pb2 as pb
from zhengfeng.complaints.v1 import events_pb2, undertakings_pb2, upwards_pb2

from tests.service.complaints.city import CLERK, CLOSING, HOUSING, HOUSING_HEAD, LEADER, OFFICE, REPORT, WATER, City

SAID = {"text": "年内加装叫号机，增加两个窗口。", "effect_by": "2026-12-01"}
OPEN, KEPT = undertakings_pb2.UNDERTAKING_STATE_OPEN, undertakings_pb2.UNDERTAKING_STATE_KEPT
BROKEN = undertakings_pb2.UNDERTAKING_STATE_BROKEN


def on(one: undertakings_pb2.Undertaking) -> dict[str, Any]:
    return {"undertaking_id": one.undertaking_id, "expected_version": one.version}


def listed(city: City, as_: Any, **wanted: Any) -> list[undertakings_pb2.Undertaking]:
    return list(city.do("ListUndertakings", as_, **wanted).undertakings)


def on_key_track(city: City) -> Any:
    """A key problem of the year that its unit has reported on and its head has signed."""
    how = {"way": pb.WAY_ASSIGNED, "track": pb.TRACK_KEY, "unit_path": "/qinghe/housing"}
    submitted = city.do("SubmitForApproval", CLERK, on=city.registered(), **how)
    sent = city.do("Dispatch", CLERK, on=city.do("ApproveDisposal", OFFICE, on=submitted, approved=True))
    reported = city.do("Report", HOUSING, on=city.do("SignFor", HOUSING, on=sent), text="需分步改造。", **REPORT)
    return city.do("SignReport", HOUSING_HEAD, on=reported)


def test_an_undertaking_runs_to_its_day_of_effect_with_lights_on_the_units_and_the_offices_list(city: City) -> None:
    one = city.do("Undertake", HOUSING, on=city.dispatched(), **SAID).undertaking
    assert (one.state, one.light, one.effect_by, one.text) == (OPEN, pb.LIGHT_GREEN, "2026-12-01", SAID["text"])
    for day, light in (("2026-11-26", pb.LIGHT_YELLOW), ("2026-12-02", pb.LIGHT_RED)):
        city.go_to(f"{day}T09:00")
        city.door.run_timer("undertakings")
        for reader in (HOUSING, OFFICE):
            assert [found.light for found in listed(city, reader, light=light)] == [light]
    assert listed(city, WATER) == []
    [late] = city.facts(events_pb2.UndertakingLate)
    assert late.undertaking_late.effect_by == "2026-12-01"
    city.door.run_timer("undertakings")
    assert len(city.facts(events_pb2.UndertakingLate)) == 1


def test_its_effect_is_assessed_by_somebody_else_and_its_complainant_reads_of_both(city: City) -> None:
    lying = city.dispatched()
    one = city.do("Undertake", HOUSING, on=lying, **SAID).undertaking
    again = city.refused("Undertake", HOUSING, on=city.seen(lying), **SAID)
    assert again.reason == "UNDERTAKING_OPEN"
    self_made = city.do("GetUndertaking", HOUSING, undertaking_id=one.undertaking_id).undertaking
    assert self_made == one

    broken = city.do("SettleUndertaking", LEADER, **on(one), kept=False, result="只加了一个窗口。").undertaking
    assert city.refused("SettleUndertaking", LEADER, **on(broken), kept=False, result="x").reason == "UNDERTAKING_SETTLED"
    kept = city.do("SettleUndertaking", LEADER, **on(broken), kept=True, result="两个窗口都已开。").undertaking

    assert (broken.state, kept.state, kept.result) == (BROKEN, KEPT, "两个窗口都已开。")
    told = [step.text for step in city.do("FollowComplaint", None, receipt_code=city.last_receipt.receipt_code).steps]
    assert any(SAID["text"] in text for text in told) and "两个窗口都已开。" in told
    assert [fact.undertaking_settled.kept for fact in city.facts(events_pb2.UndertakingSettled)] == [False, True]
    assert SAID["text"].encode() not in city.dump()


def test_an_undertaking_has_a_day_that_is_ahead_and_not_too_far(city: City) -> None:
    lying = city.dispatched()
    assert city.refused("Undertake", HOUSING, on=lying, **{**SAID, "effect_by": "2026-11-16"}).reason == "DAY_PAST"
    far = city.refused("Undertake", HOUSING, on=lying, **{**SAID, "effect_by": "2028-01-01"})
    assert (far.reason, far.field) == ("UNDERTAKING_TOO_LONG", "effect_by")
    mine = city.do("Undertake", OFFICE, on=lying, **SAID).undertaking
    assert city.refused("SettleUndertaking", OFFICE, **on(mine), kept=True, result="好").reason == "SAME_PERSON"


def test_a_key_problem_is_closed_only_with_an_undertaking_or_a_report_upwards_and_archived_once_assessed(city: City) -> None:
    first, second = on_key_track(city), on_key_track(city)
    assert city.refused("Close", OFFICE, on=first, **CLOSING).reason == "TRACK_UNANSWERED"
    one = city.do("Undertake", HOUSING, on=first, **SAID).undertaking
    closed = city.do("Close", OFFICE, on=city.seen(first), **CLOSING)
    assert city.refused("Archive", CLERK, on=closed).reason == "UNDERTAKING_OPEN"
    assert listed(city, HOUSING, state=OPEN) == [one]  # closing does not end it

    city.do("ReportUpwards", OFFICE, on=second, reported_to="市政府", text="涉及全市机构编制。")
    assert city.do("Close", OFFICE, on=city.seen(second), **CLOSING).stage == pb.STAGE_CLOSED


def test_what_is_beyond_its_power_stands_on_the_years_list_with_its_receipt(city: City) -> None:
    lying = city.dispatched()
    sent = city.do("ReportUpwards", OFFICE, on=lying, reported_to="市政府", text="涉及全市机构编制。").upward_report
    at = {"upward_report_id": sent.upward_report_id, "expected_version": sent.version}
    assert city.refused("ReportUpwards", OFFICE, on=city.seen(lying), reported_to="省", text="x").reason == "UPWARDS_BEFORE"
    early = city.refused("RecordUpwardReceipt", CLERK, **at, receipt_number="府收88", received_on="2026-11-15")
    ahead = city.refused("RecordUpwardReceipt", CLERK, **at, receipt_number="府收88", received_on="2026-11-17")
    assert (early.reason, ahead.reason) == ("DAY_PAST", "DAY_AHEAD")

    got = city.do("RecordUpwardReceipt", CLERK, **at, receipt_number="府收88", received_on="2026-11-16").upward_report

    [row] = city.do("ListUpwardReports", LEADER, year=2026).upward_reports
    assert row == got == city.do("GetUpwardReport", LEADER, upward_report_id=got.upward_report_id).upward_report
    assert (row.reported_to, row.receipt_number, row.title, row.text) == (
        "市政府",
        "府收88",
        "办证窗口无人值守",
        "涉及全市机构编制。",
    )
    assert row.state == upwards_pb2.UPWARD_REPORT_STATE_RECEIVED
    assert not city.do("ListUpwardReports", LEADER, year=2025).upward_reports
    assert "涉及全市机构编制".encode() not in city.dump()
    again = {**at, "expected_version": got.version}
    twice = city.refused("RecordUpwardReceipt", CLERK, **again, receipt_number="9", received_on="2026-11-16")
    assert twice.reason == "UPWARDS_RECEIVED_BEFORE"
