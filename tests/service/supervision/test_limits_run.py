"""Limits on the ledger: pauses, calendars that are missing, what the timer reads."""

from __future__ import annotations

import pytest
import sqlalchemy as sa
from zhengfeng.directory.v1 import events_pb2 as directory
from zhengfeng.supervision.v1 import events_pb2, finding_acts_pb2, finding_lists_pb2, finding_pb2

from services.supervision.storage.reading import turning
from services.supervision.storage.tables import FINDINGS
from tests.service.supervision.city import DISTRICT_OFFICE, HOUSING, OFFICE, WATER, City, calendar_of, which


def pause(city: City, finding: finding_pb2.Finding) -> finding_pb2.Finding:
    request = finding_acts_pb2.PauseLimitRequest(reason="等待鉴定", basis="行政许可法第四十五条", **which(finding))
    return city.door.call(city.findings.PauseLimit, request, OFFICE).finding


def resume(city: City, finding: finding_pb2.Finding) -> finding_pb2.Finding:
    request = finding_acts_pb2.ResumeLimitRequest(**which(finding))
    return city.door.call(city.findings.ResumeLimit, request, OFFICE).finding


def test_a_pause_pushes_the_end_by_its_working_days(city: City) -> None:
    told = city.noticed()
    city.go_to("2026-11-18 09:00")
    paused = pause(city, told)
    assert (paused.clock.paused, paused.clock.due_on) == (True, "")
    city.go_to("2026-12-20 09:00")
    assert city.finding(told, OFFICE).light == finding_pb2.LIGHT_GREEN, "a stopped clock warns nobody"

    city.go_to("2026-12-21 09:00")
    resumed = resume(city, city.finding(told, OFFICE))

    assert resumed.clock.due_on == "2026-12-31"
    assert not city.door.announced(events_pb2.FindingOverdue)


def test_a_limit_that_is_over_cannot_be_paused(city: City) -> None:
    told = city.noticed()
    city.go_to("2026-12-01 09:00")

    request = finding_acts_pb2.PauseLimitRequest(reason="r", basis="b", **which(city.finding(told, OFFICE)))

    assert city.refused(city.findings.PauseLimit, request, OFFICE).reason == "LIMIT_OVER"


def test_a_year_not_loaded_leaves_the_end_pending_and_loading_it_gives_the_day(
    city: City, capsys: pytest.CaptureFixture[str]
) -> None:
    finding = city.found(from_day="2026-11-16", to_day="2026-12-31")
    city.go_to("2026-12-25 09:00")
    told = city.noticed(finding)
    assert (told.clock.pending, told.light) == ("calendar 2027 not loaded", finding_pb2.LIGHT_PENDING)
    [issued] = city.door.announced(events_pb2.NoticeIssued)
    assert not issued.notice_issued.HasField("due_at")
    capsys.readouterr()
    city.door.run_timer("calendar")
    assert "calendar 2027 not loaded" in capsys.readouterr().out, "operators are alarmed"

    loaded = directory.CalendarYearLoaded(year=2027, off_days=["2027-01-01"], source="test")
    city.door.hear(directory.DirectoryEvent(subject_id="2027", version=1, calendar_year_loaded=loaded))

    counted = city.finding(told, OFFICE)
    assert (counted.clock.due_on, counted.light) == ("2027-01-11", finding_pb2.LIGHT_GREEN)
    city.go_to("2027-01-12 00:00")
    assert city.finding(told, OFFICE).light == finding_pb2.LIGHT_RED


def test_a_correction_of_the_calendar_moves_the_ends_that_still_run(city: City) -> None:
    told = city.noticed()
    corrected = calendar_of(2026)
    corrected.version = 2
    corrected.calendar_year_loaded.off_days.append("2026-11-20")

    city.door.hear(corrected)

    assert city.finding(told, OFFICE).clock.due_on == "2026-12-01"


def test_the_end_explains_itself_day_by_day(city: City) -> None:
    told = city.noticed()
    request = finding_lists_pb2.ExplainLimitRequest(finding_id=told.finding_id)

    days = city.door.call(city.findings.ExplainLimit, request, HOUSING).days

    assert (days[0].day, days[0].why, days[0].counted) == ("2026-11-16", "start", False)
    assert [day.why for day in days if day.day in ("2026-11-21", "2026-11-22")] == ["weekend", "weekend"]
    assert (days[-1].day, days[-1].used) == ("2026-11-30", 10)


def test_the_timer_reads_only_what_is_due(city: City) -> None:
    engine = city.door.store.engine
    explain = {"postgresql": "EXPLAIN", "sqlite": "EXPLAIN QUERY PLAN"}[engine.dialect.name]

    with engine.connect() as connection:
        if engine.dialect.name == "postgresql":  # which for a handful of rows would rather read them all
            connection.exec_driver_sql("SET enable_seqscan = off")
            connection.exec_driver_sql("SET enable_sort = off")

        @sa.event.listens_for(connection, "before_cursor_execute", retval=True)
        def explained(_connection: object, _cursor: object, statement: str, parameters: object, *_: object) -> object:
            return f"{explain} {statement}", parameters

        plan = str(connection.execute(turning(city.clock.now(), 200)).cursor.fetchall())

    assert "findings_turning" in plan


def test_an_act_on_an_old_version_changes_nothing(city: City) -> None:
    told = city.noticed()
    city.submitted(told)

    stale = finding_acts_pb2.AnswerNoticeRequest(text="迟到的答复", **which(told))

    assert city.refused(city.findings.AnswerNotice, stale, HOUSING).reason == "STALE_VERSION"


def test_the_same_request_is_carried_out_once(city: City) -> None:
    finding = city.found()
    request = finding_acts_pb2.IssueNoticeRequest(
        request_id="notice-1", kind="rectification", text="限期整改", **which(finding)
    )

    first = city.door.call(city.findings.IssueNotice, request, OFFICE).finding
    again = city.door.call(city.findings.IssueNotice, request, OFFICE).finding

    assert (first.version, first.notice.number) == (again.version, again.notice.number)
    assert len(city.door.announced(events_pb2.NoticeIssued)) == 1
    other = finding_acts_pb2.IssueNoticeRequest(request_id="notice-1", kind="advice", text="另一份", **which(finding))
    assert city.refused(city.findings.IssueNotice, other, OFFICE).reason == "REQUEST_ID_REUSED"


def test_numbers_of_notices_have_no_gaps(city: City) -> None:
    finding = city.found()
    unknown = finding_acts_pb2.IssueNoticeRequest(kind="love_letter", text="x", **which(finding))
    assert city.refused(city.findings.IssueNotice, unknown, OFFICE).reason == "NOTICE_KIND_UNKNOWN"
    told = city.noticed(finding)
    twice = finding_acts_pb2.IssueNoticeRequest(kind="rectification", text="再发", **which(told))
    assert city.refused(city.findings.IssueNotice, twice, OFFICE).reason == "FINDING_STAGE_UNFIT"

    numbers = [told.notice.number, city.noticed(city.found()).notice.number]

    assert numbers == ["整改通知书〔2026〕1号", "整改通知书〔2026〕2号"]


def test_rows_of_another_unit_or_district_do_not_exist(city: City) -> None:
    told = city.noticed()
    answer = finding_acts_pb2.AnswerNoticeRequest(text="不是我们", **which(told))
    close = finding_acts_pb2.CloseFindingRequest(**which(told))

    assert city.refused(city.findings.AnswerNotice, answer, WATER).reason == "FINDING_NOT_FOUND"
    assert city.refused(city.findings.CloseFinding, close, DISTRICT_OFFICE).reason == "FINDING_NOT_FOUND"
    assert city.refused(city.findings.CloseFinding, close, HOUSING).reason == "ROLE_NOT_ALLOWED"


def test_the_ledger_is_filtered_and_paged(city: City) -> None:
    told = [city.noticed() for _ in range(3)]
    city.submitted(told[0])

    assert {f.number for f in city.listed(OFFICE, misconduct="slow")} == {f.number for f in told}
    assert not city.listed(OFFICE, misconduct="lavish")
    assert [f.number for f in city.listed(OFFICE, stage=finding_pb2.FINDING_STAGE_SUBMITTED)] == [told[0].number]
    assert len(city.listed(OFFICE, unit_path="/qinghe/housing", open=True)) == 3
    assert not city.listed(OFFICE, unit_path="/qinghe/hous")
    assert not city.listed(OFFICE, overdue=True)
    assert [f.number for f in city.listed(OFFICE, number=told[1].number)] == [told[1].number]
    first = city.door.call(
        city.findings.ListFindings,
        finding_lists_pb2.ListFindingsRequest(page_size=1, sort=finding_lists_pb2.FINDING_SORT_DUE),
        OFFICE,
    )
    rest = finding_lists_pb2.ListFindingsRequest(
        page_size=1, sort=finding_lists_pb2.FINDING_SORT_DUE, page_token=first.next_page_token
    )
    second = city.door.call(city.findings.ListFindings, rest, OFFICE)
    assert [len(first.findings), len(second.findings), second.next_page_token] == [1, 1, ""], "one's limit has stopped"


def test_a_page_shows_what_its_reader_may_do_next(city: City) -> None:
    told = city.noticed()

    assert list(city.finding(told, HOUSING).next) == ["AnswerNotice", "SubmitRectification"]
    assert list(city.finding(told, OFFICE).next) == ["ReferToAccountability", "PauseLimit"]


def test_a_finding_that_cannot_be_turned_keeps_nobody_else_waiting(city: City) -> None:
    broken, whole = city.noticed(), city.noticed()
    with city.door.store.engine.begin() as connection:
        spoil = sa.update(FINDINGS.table).where(FINDINGS.table.c.id == broken.finding_id)
        connection.execute(spoil.values(clock=None))

    city.go_to("2026-12-01 00:00")

    assert city.finding(whole, OFFICE).light == finding_pb2.LIGHT_RED
    assert city.finding(broken, OFFICE).light == finding_pb2.LIGHT_GREEN


def test_the_timer_turns_more_than_one_batch(city: City, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("services.supervision.usecases.limits.BATCH", 2)
    told = [city.noticed() for _ in range(5)]

    city.go_to("2026-12-01 00:00")

    assert {city.finding(one, OFFICE).light for one in told} == {finding_pb2.LIGHT_RED}
