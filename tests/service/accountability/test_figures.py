"""The yearly table of measures in the form of a prefecture's report, and the five figures that are never one another."""

from __future__ import annotations

import io
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any

import openpyxl
import pytest
from google.protobuf.json_format import MessageToDict
from zhengfeng.accountability.v1 import aftermath_pb2, circular_pb2, circular_pb2_grpc, documents_pb2, figures_pb2_grpc
from zhengfeng.accountability.v1 import figures_pb2 as pb

from chassis.clock import SettableClock
from gateway import pages
from gateway.pages.cases.statistics import workbook_of
from services.accountability.domain.figures import read_form
from tests.doors import caller
from tests.service.accountability.scene import ANOTHER_DECIDER, CITY, CLERK, DECIDER, OFFICE, REVIEWER, Scene
from tests.service.accountability.year import CIRCULATED, COLUMNS, FILED, HANDLED, SANCTIONED, Year

PERIOD = {"from_day": "2026-01-01", "to_day": "2026-12-31"}
BESIDE = {
    pb.FIGURE_CASES_CIRCULATED: CIRCULATED,
    pb.FIGURE_CASES_FILED: FILED,
    pb.FIGURE_HANDLED_AFTER_COMPLAINTS: HANDLED,
    pb.FIGURE_SANCTIONED: SANCTIONED,
}


def figures(scene: Scene) -> Any:
    return scene.door.stub(figures_pb2_grpc.FiguresServiceStub)


def table(scene: Scene, **period: str) -> pb.MeasureTableResponse:
    request = pb.MeasureTableRequest(**{**PERIOD, **period})
    answer: pb.MeasureTableResponse = scene.door.call(figures(scene).MeasureTable, request, OFFICE)
    return answer


def behind(scene: Scene, figure: int, column: str = "", size: int = 50) -> list[pb.FigureRow]:
    """Every page of what a figure counts."""
    rows, token = [], ""
    while True:
        request = pb.ListFigureRequest(figure=figure, column=column, **PERIOD, page_size=size, page_token=token)
        answer = scene.door.call(figures(scene).ListFigure, request, OFFICE)
        rows, token = [*rows, *answer.rows], answer.next_page_token
        if not token:
            return rows


def in_words(language: str, key: str, **told: object) -> str:
    """A word of the pages."""
    return pages.words().text(key, language, **told)


def circulate(scene: Scene, year: Year, case_ids: list[str]) -> None:
    """One circular of these cases, drafted, reviewed and published."""
    call, circulars = scene.door.call, scene.door.stub(circular_pb2_grpc.CircularsServiceStub)
    cases = [scene.get(case_id) for case_id in case_ids]
    names = [
        documents_pb2.PartyName(party_id=party.id, name=f"赵某{place}")
        for case in cases
        for place, party in enumerate(case.parties)
    ]
    entries = [circular_pb2.CircularEntry(case_id=case_id) for case_id in case_ids]
    request = circular_pb2.DraftCircularRequest(title="关于典型问题的通报", entries=entries, names=names)
    made = call(circulars.DraftCircular, request, OFFICE).circular
    review = circular_pb2.ReviewCircularRequest(circular_id=made.id, expected_version=1, passed=True, opinion="同意")
    call(circulars.ReviewCircular, review, REVIEWER)
    publish = circular_pb2.PublishCircularRequest(circular_id=made.id, expected_version=2, names=names)
    call(circulars.PublishCircular, publish, OFFICE)


@pytest.fixture
def year(scene: Scene) -> Year:
    """The year, with 79 cases circulated in four circulars, one case in two of them; one more circular stays a draft."""
    made = Year(scene.door).write()
    for start in range(0, CIRCULATED, 20):
        circulate(scene, made, made.told[start : min(start + 20, CIRCULATED)])
    circulate(scene, made, made.told[:2])
    entries = [circular_pb2.CircularEntry(case_id=made.told[-1])]
    draft = circular_pb2.DraftCircularRequest(title="还没有发布", entries=entries)
    scene.door.call(scene.door.stub(circular_pb2_grpc.CircularsServiceStub).DraftCircular, draft, OFFICE)
    return made


def test_the_year_is_31_13_9_4_3_4_15_and_the_five_figures_are_five_figures(scene: Scene, year: Year) -> None:
    found = table(scene)
    assert {one.key: one.persons for one in found.columns} == COLUMNS
    assert [one.persons for one in found.columns] == [31, 13, 9, 4, 3, 4, 15] and found.persons == 79
    beside = (found.cases_circulated, found.cases_filed, found.handled_after_complaints, found.sanctioned)
    assert beside == (79, 121, 87, 71)


def test_every_figure_opens_exactly_what_it_counts(scene: Scene, year: Year) -> None:
    people = []
    for column, persons in COLUMNS.items():
        rows = behind(scene, pb.FIGURE_PERSONS_BY_MEASURE, column, size=7)
        assert len(rows) == persons, column
        people += [row.official_id for row in rows]
    assert len(set(people)) == len(people) == 79
    assert {row.official_id for row in behind(scene, pb.FIGURE_PERSONS_BY_MEASURE)} == set(people)
    for figure, count in BESIDE.items():
        rows = behind(scene, figure)
        assert len(rows) == count, pb.Figure.Name(figure)
        assert len({row.official_id or row.case_id for row in rows}) == count
        assert all(row.case_number and row.on.startswith("2026-") for row in rows)


def test_the_table_goes_home_as_a_workbook_that_says_the_same(scene: Scene, year: Year) -> None:
    answer = MessageToDict(table(scene), preserving_proto_field_name=True, always_print_fields_with_no_presence=True)
    for language, other in (("zh", "其他处理"), ("en", "Other measures")):
        content = workbook_of(answer, PERIOD, language, partial(in_words, language), datetime(2026, 12, 31, tzinfo=UTC))
        sheet = openpyxl.load_workbook(io.BytesIO(content)).active
        lines = [[cell.value for cell in row] for row in sheet.iter_rows(min_row=2)]
        assert [line[1] for line in lines[:8]] == [31, 13, 9, 4, 3, 4, 15, 79]
        assert lines[6][0] == other
        assert [line[1] for line in lines[8:]] == [79, 121, 87, 71]


def test_nobody_sees_figures_of_another_prefecture(scene: Scene, year: Year) -> None:
    neighbour = caller("office", jurisdiction="/another")
    found = scene.door.call(figures(scene).MeasureTable, pb.MeasureTableRequest(**PERIOD), neighbour)
    assert (found.persons, found.cases_filed, found.cases_circulated, found.sanctioned) == (1, 1, 0, 1)


def test_what_an_appeal_revoked_is_not_counted_and_what_it_changed_counts_as_what_holds(scene: Scene) -> None:
    """Through the life of one case: decided, appealed, made lighter, and in another case taken away."""
    case = scene.served(scene.decided("efficiency_caution"))
    assert _filled(table(scene)) == {"efficiency_caution": 1}
    _appealed(scene, case, aftermath_pb2.APPEAL_STATE_CHANGED, ["written_self_criticism"])
    found = table(scene)
    assert _filled(found) == {"written_self_criticism": 1}
    assert (found.handled_after_complaints, found.sanctioned, found.cases_filed) == (1, 0, 1)
    (row,) = behind(scene, pb.FIGURE_PERSONS_BY_MEASURE)
    assert (row.case_id, row.official_id, row.measure) == (case.id, CLERK, "written_self_criticism")


def test_a_revoked_measure_counts_nobody(scene: Scene) -> None:
    case = scene.served(scene.decided("efficiency_caution"))
    _appealed(scene, case, aftermath_pb2.APPEAL_STATE_REVOKED, [])
    found = table(scene)
    assert not _filled(found) and found.handled_after_complaints == 0 and found.cases_filed == 1


def test_only_the_days_of_the_period_count(scene: Scene, clock: SettableClock) -> None:
    scene.decided("efficiency_caution")
    clock.advance(timedelta(days=1))
    day, next_day = "2026-11-16", "2026-11-17"
    assert table(scene, from_day=day, to_day=day).persons == 1
    assert table(scene, from_day=next_day, to_day=next_day).persons == 0
    backwards = pb.MeasureTableRequest(from_day=next_day, to_day=day)
    assert scene.door.refused(figures(scene).MeasureTable, backwards, OFFICE).reason == "PERIOD_BACKWARDS"


def test_a_column_the_table_does_not_have_is_refused(scene: Scene) -> None:
    request = pb.ListFigureRequest(figure=pb.FIGURE_PERSONS_BY_MEASURE, column="party_column", **PERIOD)
    refused = scene.door.refused(figures(scene).ListFigure, request, OFFICE)
    assert (refused.reason, refused.field) == ("NO_SUCH_COLUMN", "column")


def test_a_form_that_names_an_unknown_measure_is_refused_loudly(scene: Scene) -> None:
    with scene.door.store.read(DECIDER) as tx:
        catalogue = scene.door.usecases.rules.desk.catalogue(tx, CITY)
        setting = tx.setting("statistics.measure_table", CITY)
    for wrong in ("warning", "no_such_measure", "criticism_education"):
        bad = {**setting, "columns": [*setting["columns"], {"key": "odd", "zh": "", "en": "", "measures": [wrong]}]}
        with pytest.raises(ValueError, match=wrong):
            read_form(bad, catalogue)


def _filled(found: pb.MeasureTableResponse) -> dict[str, int]:
    return {one.key: one.persons for one in found.columns if one.persons}


def _appealed(scene: Scene, case: Any, outcome: int, measures: list[str]) -> None:
    filing = aftermath_pb2.FileAppealRequest(
        case_id=case.id, expected_version=case.version, party_id=case.parties[0].id, grounds="处理过重"
    )
    appeal = scene.door.call(scene.aftermath.FileAppeal, filing, OFFICE).appeal
    request = aftermath_pb2.DecideAppealRequest(
        appeal_id=appeal.id, expected_version=1, outcome=outcome, measures=measures, reason="情节较轻"
    )
    scene.door.call(scene.aftermath.DecideAppeal, request, ANOTHER_DECIDER)
