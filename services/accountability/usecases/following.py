"""The limits that run in a case, kept whenever it changes: a sweep then reads those that have passed, and nothing else."""

from __future__ import annotations

from datetime import date

from chassis.store import Tx
from services.accountability.domain.appeals import FIRST
from services.accountability.domain.case import Case
from services.accountability.domain.flags import Limits, dues
from services.accountability.domain.intake import Ground
from services.accountability.domain.states import BEFORE_FILING, UNDECIDED, AppealState
from services.accountability.rules.measures import OFFICE
from services.accountability.storage import cases, watch


def follow(tx: Tx, case: Case) -> None:
    """Writes which limits run in the case as it now stands."""
    watch.watch(tx, case.id, running(tx, case))


def running(tx: Tx, case: Case) -> dict[str, date]:
    """The limits that run in a case, each with the first day on which it has passed."""
    grounds = watch.grounds_of(tx, case) if case.state in BEFORE_FILING else frozenset[Ground]()
    place = case.jurisdiction_path
    limits = Limits(tx.setting("watch.clue_days", place), tx.setting("watch.serve_days", place))
    return dues(case, grounds, {} if case.state in UNDECIDED else _appeals(tx, case), limits)


def _appeals(tx: Tx, case: Case) -> dict[str, date]:
    """By when the office has to decide the appeals against its own decisions; what others decide late is not its failing."""
    own = [one for one in cases.appeals_of(tx, case.id) if one.organ == OFFICE and one.instance == FIRST]
    return {one.id: one.decide_by for one in own if one.state is AppealState.FILED and one.decide_by is not None}
