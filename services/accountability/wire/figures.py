"""The table of measures and what stands behind its figures, as messages."""

from __future__ import annotations

from zhengfeng.accountability.v1 import figures_pb2 as pb

from services.accountability.domain.figures import Figure, FigureRow, MeasureTable, Period
from services.accountability.wire.parts import day, read_day, word


def read_period(request: pb.MeasureTableRequest | pb.ListFigureRequest) -> Period:
    """The period asked for."""
    return Period(read_day(request.from_day, "from_day"), read_day(request.to_day, "to_day"))


def read_figure(value: int) -> Figure:
    """The figure asked for."""
    return word(Figure, pb.Figure, "FIGURE", value)


def table(found: MeasureTable) -> pb.MeasureTableResponse:
    """The table and the figures beside it."""
    return pb.MeasureTableResponse(
        columns=[
            pb.MeasureColumn(key=one.key, title_zh=one.zh, title_en=one.en, persons=persons)
            for one, persons in found.columns
        ],
        persons=found.persons,
        cases_circulated=found.beside[Figure.CASES_CIRCULATED],
        cases_filed=found.beside[Figure.CASES_FILED],
        handled_after_complaints=found.beside[Figure.HANDLED_AFTER_COMPLAINTS],
        sanctioned=found.beside[Figure.SANCTIONED],
    )


def row(found: FigureRow) -> pb.FigureRow:
    """One person or case behind a figure."""
    return pb.FigureRow(
        case_id=found.case_id,
        case_number=found.case_number,
        official_id=found.official_id,
        unit_path=found.unit_path,
        measure=found.measure,
        on=day(found.on),
    )
