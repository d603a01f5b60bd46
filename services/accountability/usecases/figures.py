"""The yearly table of measures by kind, the figures beside it, and what stands behind each."""

from __future__ import annotations

from chassis.auth import Caller
from chassis.store import Tx
from services.accountability.domain.figures import Figure, FigureRow, MeasureTable, Period, TableForm, read_form
from services.accountability.storage import figures
from services.accountability.usecases.desk import Desk

_SETTING = "statistics.measure_table"


class Figures:
    """Counts."""

    def __init__(self, desk: Desk) -> None:
        self.desk = desk

    def table(self, caller: Caller, period: Period) -> MeasureTable:
        """The table and the four figures beside it."""
        with self.desk.store.read(caller) as tx:
            form = self._form(tx)
            persons = dict.fromkeys((one.key for one in form.columns), 0)
            for measure, count in figures.persons_by_measure(tx, form, period).items():
                persons[form.column_of(measure)] += count
            beside: list[Figure] = [figure for figure in Figure if figure is not Figure.PERSONS_BY_MEASURE]
            counted = {figure: figures.count(tx, form, period, figure) for figure in beside}
        return MeasureTable(tuple((one, persons[one.key]) for one in form.columns), counted)

    def behind(
        self, caller: Caller, figure: Figure, column: str, period: Period, size: int, token: str
    ) -> tuple[tuple[FigureRow, ...], str]:
        """The persons or cases a figure counts."""
        with self.desk.store.read(caller) as tx:
            page = figures.rows(tx, self._form(tx), period, figure, column, size, token)
        return tuple(figures.row(one) for one in page.rows), page.next_token

    def _form(self, tx: Tx) -> TableForm:
        """The form of the caller's jurisdiction."""
        place = min(tx.caller.rows.jurisdictions, default="")
        return read_form(tx.setting(_SETTING, place), self.desk.catalogue(tx, place))
