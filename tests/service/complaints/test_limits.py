"""Clocks: yellow one working day before, red at the limit, paused and extended by entry, pending while a year is unknown."""

from __future__ import annotations

import sqlalchemy as sa
from zhengfeng.complaints.v1 import complaint_pb2 as pb
from zhengfeng.complaints.v1 import events_pb2

from services.complaints.storage import COMPLAINTS
from tests.service.complaints.city import CLERK, HOUSING, LEADER, OFFICE, City, calendar_of


def test_a_light_is_yellow_one_working_day_before_and_red_at_the_limit(city: City) -> None:
    accepted = city.accepted()
    assert (accepted.due_on, accepted.light) == ("2026-12-28", pb.LIGHT_GREEN)
    city.go_to("2026-12-24 23:59")
    assert city.seen(accepted).light == pb.LIGHT_GREEN
    city.go_to("2026-12-25 00:00")
    assert city.seen(accepted).light == pb.LIGHT_YELLOW
    city.go_to("2026-12-28 23:59")
    assert city.seen(accepted).light == pb.LIGHT_YELLOW
    city.go_to("2026-12-29 00:00")
    assert city.seen(accepted).light == pb.LIGHT_RED


def test_a_light_that_turned_is_announced_once(city: City) -> None:
    accepted = city.accepted()
    for moment in ("2026-12-25 00:00", "2026-12-25 00:01", "2026-12-29 00:00", "2026-12-29 00:01"):
        city.go_to(moment)
    told = [event.light_changed.light for event in city.facts(events_pb2.ComplaintLightChanged)]
    assert told == ["yellow", "red"]
    [over] = city.facts(events_pb2.ComplaintOverdue)
    assert (over.subject_id, over.overdue.clock) == (accepted.complaint_id, "handle")
    assert over.overdue.due_at.ToJsonString() == "2026-12-28T16:00:00Z"


def test_lights_that_turned_unseen_are_told_by_where_they_stand(city: City) -> None:
    city.accepted()
    city.go_to("2026-12-30 00:00")
    assert [event.light_changed.light for event in city.facts(events_pb2.ComplaintLightChanged)] == ["red"]
    assert len(city.facts(events_pb2.ComplaintOverdue)) == 1


def test_the_clock_of_acceptance_stops_when_the_one_of_handling_starts(city: City) -> None:
    clocks = city.seen(city.accepted()).clocks
    assert [(clock.step, clock.running, clock.budget) for clock in clocks] == [
        ("accept", False, "5 working_days"),
        ("handle", True, "30 working_days"),
    ]


def test_a_closed_complaint_turns_no_light_any_more(city: City) -> None:
    city.closed()
    city.go_to("2027-06-01 00:00")
    assert not city.facts(events_pb2.ComplaintLightChanged)


def test_a_pause_is_an_entry_that_moves_the_end(city: City) -> None:
    accepted = city.accepted()
    paused = city.do("Pause", OFFICE, on=accepted, reason="expert_appraisal", legal_basis="行政许可法第四十五条")
    assert (paused.paused, paused.due_on, paused.light) == (True, "", pb.LIGHT_GREEN)
    city.go_to("2026-12-29 09:00")
    assert city.seen(paused).light == pb.LIGHT_GREEN
    again = {"reason": "court", "legal_basis": "同上"}
    assert city.refused("Pause", OFFICE, on=paused, **again).reason == "ALREADY_PAUSED"
    resumed = city.do("Resume", OFFICE, on=paused)
    assert not resumed.paused
    assert resumed.due_pending == "calendar 2027 not loaded"
    assert city.refused("Resume", OFFICE, on=resumed).reason == "NOT_PAUSED"


def test_an_end_in_a_year_not_loaded_is_pending_until_the_year_is(city: City) -> None:
    city.go_to("2026-12-21 09:00")
    accepted = city.accepted()
    assert accepted.stage == pb.STAGE_ACCEPTED
    assert (accepted.due_on, accepted.due_pending, accepted.light) == ("", "calendar 2027 not loaded", pb.LIGHT_PENDING)
    city.door.hear(calendar_of(2027))
    city.go_to("2026-12-21 09:01")
    known = city.seen(accepted)
    assert (known.due_on, known.due_pending, known.light) == ("2027-02-01", "", pb.LIGHT_GREEN)
    assert not city.facts(events_pb2.ComplaintLightChanged)


def test_a_corrected_year_moves_the_limits_that_end_in_it(city: City) -> None:
    accepted = city.accepted()
    corrected = calendar_of(2026)
    corrected.version = 2
    corrected.calendar_year_loaded.off_days.append("2026-12-24")
    city.door.hear(corrected)
    city.go_to("2026-11-16 09:01")
    assert city.seen(accepted).due_on == "2026-12-29"
    assert not city.facts(events_pb2.ComplaintLightChanged)


def test_a_corrected_year_moves_the_limits_that_only_run_through_it(city: City) -> None:
    city.door.hear(calendar_of(2027))
    city.go_to("2026-12-14 09:00")
    accepted = city.accepted()
    before = accepted.due_on
    corrected = calendar_of(2026)
    corrected.version = 2
    corrected.calendar_year_loaded.off_days.append("2026-12-24")
    city.door.hear(corrected)
    city.go_to("2026-12-14 09:01")
    assert (before, city.seen(accepted).due_on) == ("2027-01-25", "2027-01-26")


def test_a_complaint_whose_light_cannot_be_turned_keeps_nobody_else_waiting(city: City) -> None:
    broken, whole = city.accepted(), city.accepted()
    table = COMPLAINTS.table
    with city.door.store.engine.begin() as connection:
        spoil = sa.update(table).where(table.c.id == broken.complaint_id)
        connection.execute(spoil.values(clocks=sa.text("""'[{"step": "handle"}]'""")))

    city.go_to("2026-12-31 00:00")

    assert city.seen(whole).light == pb.LIGHT_RED


def test_an_extension_is_asked_for_by_one_and_granted_by_another(city: City) -> None:
    signed_for = city.do("SignFor", HOUSING, on=city.dispatched())
    too_long = city.refused("RequestExtension", HOUSING, on=signed_for, days=31, reason="需异地取证")
    assert (too_long.reason, too_long.field) == ("EXTENSION_TOO_LONG", "days")
    asked = city.do("RequestExtension", HOUSING, on=signed_for, days=3, reason="需异地取证")
    assert asked.extension_asked == 3
    assert city.refused("RequestExtension", HOUSING, on=asked, days=1, reason="再加").reason == "EXTENSION_OPEN"
    granted = city.do("DecideExtension", LEADER, on=asked, granted=True)
    assert (granted.due_on, granted.extension_asked) == ("2026-12-31", 0)
    assert city.refused("DecideExtension", LEADER, on=granted, granted=True).reason == "NO_EXTENSION_ASKED"


def test_nobody_decides_on_the_extension_they_asked_for(city: City) -> None:
    signed_for = city.do("SignFor", HOUSING, on=city.dispatched())
    asked = city.do("RequestExtension", OFFICE, on=signed_for, days=3, reason="需异地取证")
    assert city.refused("DecideExtension", OFFICE, on=asked, granted=True).reason == "SAME_PERSON"


def test_an_extension_comes_too_late_after_the_limit(city: City) -> None:
    signed_for = city.do("SignFor", HOUSING, on=city.dispatched())
    city.go_to("2026-12-29 00:00")
    late = city.refused("RequestExtension", HOUSING, on=city.seen(signed_for), days=3, reason="来不及")
    assert late.reason == "EXTENSION_TOO_LATE"


def test_an_extension_turns_a_yellow_light_green_again_and_says_so(city: City) -> None:
    signed_for = city.do("SignFor", HOUSING, on=city.dispatched())
    city.go_to("2026-12-28 09:00")
    asked = city.do("RequestExtension", HOUSING, on=city.seen(signed_for), days=3, reason="需异地取证")
    assert city.do("DecideExtension", LEADER, on=asked, granted=True).light == pb.LIGHT_GREEN
    assert [event.light_changed.light for event in city.facts(events_pb2.ComplaintLightChanged)] == ["yellow", "green"]


def test_a_clerk_may_accept_under_another_regime(city: City) -> None:
    receipt = city.filed()
    accept = {"complaint_id": receipt.complaint_id, "expected_version": 1}
    assert city.refused("AcceptComplaint", CLERK, **accept, regime="none").reason == "REGIME_UNKNOWN"
    petition = city.do("AcceptComplaint", CLERK, **accept, regime="petition")
    assert (petition.regime, petition.due_pending, petition.due_on) == ("petition", "", "2027-01-15")
