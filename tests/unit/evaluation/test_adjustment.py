"""The ledger: what is entered, exempt, restored, and what it costs under a tariff."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from fractions import Fraction

from services.evaluation.domain.adjustment import (
    Adjustment,
    AdjustmentState,
    Against,
    HeldToAccount,
    Origin,
    Record,
    against_complaint,
    against_month,
    against_parties,
    changes,
    deduct,
    enter,
)
from services.evaluation.domain.formula import Cause
from tests.unit.evaluation.plans import TARIFF

HOUSING = "/qinghe/housing"
RECORD = Record("case", 3, "/qinghe", 2026, datetime(2026, 5, 1, tzinfo=UTC), (Origin("accountability", "case", "1"),))


def entry(cause: Cause = Cause.MEASURE, measure: str = "", exempt: bool = False) -> Adjustment:
    """An entry against housing."""
    return enter("id", RECORD, Against(cause, HOUSING, measure, exempt=exempt))


def later(version: int) -> Record:
    """The same record at another version."""
    return replace(RECORD, version=version)


def test_an_established_complaint_counts_unless_the_unit_corrected_it_itself() -> None:
    [counts] = against_complaint(Cause.COMPLAINT_ESTABLISHED, HOUSING, corrected=False)
    [exempt] = against_complaint(Cause.COMPLAINT_ESTABLISHED, HOUSING, corrected=True)
    assert enter("1", RECORD, counts).state is AdjustmentState.COUNTS
    assert enter("2", RECORD, exempt).state is AdjustmentState.EXEMPT
    assert against_complaint(None, HOUSING, corrected=False) == []


def test_a_decision_counts_each_party_once_by_its_heaviest_measure() -> None:
    parties = [
        HeldToAccount(HOUSING, "p1", ("warning", "written_self_criticism")),
        HeldToAccount(HOUSING, "p2", ("criticism_education",)),
        HeldToAccount(HOUSING, "p3", ()),
    ]
    assert [(one.party, one.measure) for one in against_parties("decided", parties)] == [
        ("p1", "warning"),
        ("p2", "criticism_education"),
    ]
    for outcome in ("revoked", "transferred", "tolerated", "cleared", "dropped"):
        assert against_parties(outcome, parties) == []


def test_a_month_counts_only_below_the_line() -> None:
    assert against_month(HOUSING, Fraction(60), Fraction(60)) == []
    assert against_month(HOUSING, Fraction("59.9"), Fraction(60)) == [Against(Cause.POOR_MONTH, HOUSING)]


def test_a_fact_heard_twice_or_out_of_turn_changes_nothing() -> None:
    said = [Against(Cause.MEASURE, HOUSING)]
    assert changes([entry()], RECORD, said) == ([], [])
    assert changes([entry()], later(2), []) == ([], [])


def test_a_revoked_record_restores_and_a_renewed_one_counts_again() -> None:
    _, [restored] = changes([entry()], later(4), [])
    assert (restored.state, restored.version) == (AdjustmentState.RESTORED, 2)
    fresh, [again] = changes([restored], later(5), [Against(Cause.MEASURE, HOUSING)])
    assert (fresh, again.state, again.version) == ([], AdjustmentState.COUNTS, 3)


def test_a_changed_measure_restores_the_old_entry_and_enters_the_new() -> None:
    lighter = Against(Cause.MEASURE, HOUSING, "efficiency_caution")
    fresh, [old] = changes([entry(measure="warning")], later(4), [lighter])
    assert (fresh, old.state) == ([lighter], AdjustmentState.RESTORED)


def test_a_measure_costs_by_its_own_row_and_else_by_the_general_one() -> None:
    assert deduct(TARIFF, [entry(measure="warning")]).points == 10
    assert deduct(TARIFF, [entry(measure="public_apology")]).points == 1


def test_each_cause_and_the_whole_stop_at_their_caps() -> None:
    complaints = [entry(Cause.COMPLAINT_ESTABLISHED)] * 5
    warnings = [entry(measure="warning")] * 3
    assert deduct(TARIFF, complaints).points == 6
    assert deduct(TARIFF, complaints + warnings).points == 20
    assert len(deduct(TARIFF, complaints + warnings).charges) == 8


def test_exempt_and_restored_entries_and_causes_without_a_row_cost_nothing() -> None:
    entries = [entry(exempt=True), entry().restore(9), entry(Cause.POOR_MONTH)]
    assert deduct(TARIFF, entries).points == 0
    assert deduct(TARIFF, entries).charges == ()
