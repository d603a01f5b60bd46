"""A finding moves only along its table, and its limit does by itself what the pack says."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chassis.errors import Conflict, Invalid, NotAllowed, Refusal
from services.supervision.domain import facts
from services.supervision.domain.finding import Change, Finding
from services.supervision.domain.limits import read_timing
from services.supervision.domain.recording import next_acts
from services.supervision.domain.words import FINDING_NEXT, FindingStage, FoundBy, Turn
from tests.unit.supervision.ledger import CALENDAR, KIND, MONDAY, SHIPPED, TIMING, at, noticed, recorded, rectified
from workdays import Calendar, Light


def acts(finding: Finding, now: datetime) -> dict[str, object]:
    """Every act there is, as a function of nothing."""
    return {
        "IssueNotice": lambda: finding.issue_notice("n", KIND, "t", "office", now, TIMING),
        "AnswerNotice": lambda: finding.answer("t", "housing", now, KIND, TIMING),
        "SubmitRectification": lambda: finding.submit(rectified(now), TIMING),
        "VerifyRectification": lambda: finding.verify(True, "o", "office", now, KIND, TIMING),
        "SendBack": lambda: finding.verify(False, "o", "office", now, KIND, TIMING),
        "CloseFinding": lambda: finding.close(now),
        "ReferToAccountability": lambda: finding.refer("r", (), "office", now),
        "PauseLimit": lambda: finding.pause("r", "b", now, TIMING),
        "ResumeLimit": lambda: finding.resume(now, TIMING),
        "ConfirmFinding": lambda: finding.confirm("inspector-2"),
    }


def swept(finding: Finding, now: datetime) -> tuple[Finding, list[Change]]:
    """What the timer makes of it by `now`."""
    changes: list[Change] = []
    while finding.next_turn_at is not None and finding.next_turn_at <= now:
        changes.append(finding.turn(now, TIMING))
        finding = changes[-1].finding
    return finding, changes


@settings(max_examples=150, deadline=None)
@given(
    st.lists(st.tuples(st.sampled_from(sorted(acts(recorded(), MONDAY))), st.integers(0, 15)), max_size=14), st.booleans()
)
def test_whatever_is_tried_the_finding_stays_on_its_table(tries: list[tuple[str, int]], own: bool) -> None:
    finding = recorded(found_by=FoundBy.SELF if own else FoundBy.POINT)
    now = MONDAY
    referrals = 0
    for act, days in tries:
        now += timedelta(days=days)
        if now >= at("2026-12-20 00:00"):
            break
        finding, changes = swept(finding, now)
        before = finding
        offered = next_acts(finding, {"office", "unit_clerk", "supervisor"}, "inspector-2")
        try:
            change = acts(finding, now)[act]()  # type: ignore[operator]
        except Refusal:
            named = {"SendBack": "VerifyRectification"}.get(act, act)
            assert named not in offered, f"{named} is offered at {finding.stage} and refused"
            change = Change(finding, act)
        finding = change.finding
        assert finding.stage is before.stage or finding.stage in FINDING_NEXT[before.stage]
        assert finding.version - before.version in (0, 1)
        referrals += sum(isinstance(f, facts.ReferredToAccountability) for c in (*changes, change) for f in c.facts)
        assert referrals <= 1
        assert (finding.next_turn_at is None) or finding.clock is not None
        for fact in change.facts:
            assert fact.subject.version == finding.version


def test_every_stage_but_the_last_leads_somewhere_and_all_are_reached() -> None:
    reached = {FindingStage.RECORDED} | {stage for stages in FINDING_NEXT.values() for stage in stages}

    assert reached == set(FindingStage)
    assert [stage for stage, further in FINDING_NEXT.items() if not further] == [FindingStage.CLOSED]


def test_the_light_turns_and_the_pack_s_steps_follow_in_order() -> None:
    _, changes = swept(noticed(), at("2026-12-18 09:00"))

    assert [change.act for change in changes] == ["turned_yellow", "turned_red", "reminded", "escalated", "referred"]
    told = [type(fact).__name__ for change in changes for fact in change.facts]
    assert told == ["FindingLightChanged", "FindingOverdue", "FindingLightChanged", "ReferredToAccountability"]


def test_each_step_comes_at_its_own_working_day() -> None:
    finding = noticed()
    moments = []
    while finding.next_turn_at is not None:
        moments.append((finding.next_turn, finding.next_turn_at))
        finding = finding.turn(finding.next_turn_at, TIMING).finding

    assert moments == [
        (Turn.YELLOW, at("2026-11-27 00:00")),
        (Turn.RED, at("2026-12-01 00:00")),
        (Turn.REMIND, at("2026-12-01 00:00")),
        (Turn.ESCALATE, at("2026-12-07 00:00")),
        (Turn.REFER, at("2026-12-14 00:00")),
    ]


def test_a_worker_that_slept_past_the_end_catches_up_without_leaving_a_step_out() -> None:
    awake, changes = swept(noticed(), at("2026-12-01 00:00"))

    assert awake.light is Light.RED
    assert awake.overdue_at == at("2026-12-01 00:00")
    assert [change.act for change in changes] == ["turned_yellow", "turned_red", "reminded"]


def test_what_is_done_in_time_never_turns_red() -> None:
    done = noticed().submit(rectified(at("2026-11-27 10:00")), TIMING).finding

    assert (done.light, done.next_turn_at) == (Light.GREEN, None)


def test_what_was_missed_stays_red_until_there_is_a_new_limit() -> None:
    missed, _ = swept(noticed(), at("2026-12-02 09:00"))
    late = missed.submit(rectified(at("2026-12-02 10:00")), TIMING).finding
    again = late.verify(False, "未到位", "office", at("2026-12-03 10:00"), KIND, TIMING).finding

    assert (late.light, again.light) == (Light.RED, Light.GREEN)
    assert again.overdue_at is not None, "that a limit was missed stays on record"


def test_the_limit_to_rectify_counts_from_the_notice_and_keeps_what_was_paused() -> None:
    paused = noticed().pause("等待鉴定", "第四十五条", at("2026-11-17 09:00"), TIMING).finding
    resumed = paused.resume(at("2026-11-20 09:00"), TIMING).finding

    answered = resumed.answer("整改", "housing", at("2026-11-23 09:00"), KIND, TIMING).finding

    assert answered.clock is not None
    assert answered.clock.started_at == MONDAY
    assert answered.due_at == at("2026-12-31 00:00") + timedelta(days=1), "30 working days and 3 paused ones"


def test_a_pause_takes_a_warning_back_and_announces_the_light() -> None:
    yellow, _ = swept(noticed(), at("2026-11-27 09:00"))

    paused = yellow.pause("等待鉴定", "第四十五条", at("2026-11-27 10:00"), TIMING)

    assert paused.finding.light is Light.GREEN
    assert [fact.light for fact in paused.facts if isinstance(fact, facts.FindingLightChanged)] == ["green"]


def test_without_a_calendar_the_notice_goes_out_and_its_end_is_pending() -> None:
    bare = read_timing(Calendar(), SHIPPED["finding.warn_before"], SHIPPED["finding.after_end"])

    told = recorded().issue_notice("n", KIND, "t", "office", MONDAY, bare)
    counted = told.finding.retime(MONDAY, TIMING).finding

    assert (told.finding.light, told.finding.pending_year, told.finding.due_at) == (Light.PENDING, 2026, None)
    assert (counted.light, counted.pending_year) == (Light.GREEN, None)


def test_a_referral_day_beyond_the_calendar_waits_for_it() -> None:
    told = noticed(when=at("2026-12-10 09:00"))
    red, _ = swept(told, at("2026-12-31 09:00"))

    assert red.escalated_at is not None
    assert (red.light, red.next_turn, red.next_turn_at, red.pending_year) == (Light.RED, Turn.REFER, None, 2027)


def test_an_inspections_finding_waits_for_a_second_pair_of_eyes() -> None:
    alone = recorded(found_by=FoundBy.INSPECTION, inspection_id="i")

    with pytest.raises(Conflict, match="FINDING_NOT_CONFIRMED"):
        alone.issue_notice("n", KIND, "t", "office", MONDAY, TIMING)
    with pytest.raises(NotAllowed, match="SAME_PERSON"):
        alone.confirm("inspector-1")
    assert noticed(alone.confirm("inspector-2").finding).stage is FindingStage.NOTIFIED


def test_under_seal_nothing_is_announced_until_release() -> None:
    sealed = recorded(found_by=FoundBy.INSPECTION, inspection_id="i", sealed=True)

    assert sealed.recorded().facts == ()
    with pytest.raises(Conflict, match="INSPECTION_STILL_SEALED"):
        sealed.confirm("inspector-2").finding.refer("r", (), "office", MONDAY)
    [fact] = sealed.confirm("inspector-2").finding.release().facts
    assert isinstance(fact, facts.FindingRecorded)


def test_a_finding_from_the_future_or_of_no_known_kind_is_refused() -> None:
    with pytest.raises(Invalid, match="OCCURRED_IN_FUTURE"):
        recorded(occurred_at=MONDAY + timedelta(seconds=1))
    with pytest.raises(Invalid, match="MISCONDUCT_UNKNOWN"):
        recorded(misconduct=("slow", "bad_hair"))
    with pytest.raises(Invalid, match="RECTIFIED_IN_FUTURE"):
        noticed().submit(replace(rectified(), rectified_on=at("2026-11-17 00:00").date()), TIMING)


def test_a_pack_whose_steps_are_out_of_order_is_refused_loudly() -> None:
    with pytest.raises(ValueError, match="in order"):
        read_timing(CALENDAR, SHIPPED["finding.warn_before"], [*reversed(SHIPPED["finding.after_end"])])
