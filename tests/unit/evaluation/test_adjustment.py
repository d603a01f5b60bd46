"""The ledger: what is entered, exempt, restored, and what it costs under a tariff."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from fractions import Fraction

import pytest

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
from services.evaluation.domain.formula import Cause, PointsRule
from tests.unit.evaluation.plans import TARIFF

HOUSING = "/qinghe/housing"
RECORD = Record("case", 3, "/qinghe", 2026, datetime(2026, 5, 1, tzinfo=UTC), (Origin("accountability", "case", "1"),))


def entry(cause: Cause = Cause.MEASURE, measure: str = "") -> Adjustment:
    """An entry against housing."""
    return enter("id", RECORD, Against(cause, HOUSING, measure))


def later(version: int) -> Record:
    """The same record at another version."""
    return replace(RECORD, version=version)


@pytest.mark.parametrize(
    ("corrected", "held", "reason"),
    [(True, True, "SELF_CORRECTED"), (True, False, "NOBODY_HELD_TO_ACCOUNT"), (False, True, ""), (False, False, "")],
)
def test_an_entry_counts_unless_the_unit_corrected_it_itself_and_held_people_to_account(
    corrected: bool, held: bool, reason: str
) -> None:
    [against] = against_complaint(Cause.COMPLAINT_ESTABLISHED, HOUSING)
    weighed = enter("1", RECORD, against).weigh(corrected, held)
    assert (weighed.state is AdjustmentState.EXEMPT, weighed.reason) == (corrected and held, reason)
    assert weighed.weigh(corrected, held) is weighed
    assert against_complaint(None, HOUSING) == []


def test_what_was_restored_is_not_weighed_again() -> None:
    restored = entry().restore(4)
    assert restored.weigh(corrected=True, held=True) is restored


def test_what_an_upheld_objection_gave_back_stays_given_back() -> None:
    _, [again] = changes([entry().object()], later(4), [Against(Cause.MEASURE, HOUSING)])
    assert (again.state, again.reason) == (AdjustmentState.RESTORED, "OBJECTION_UPHELD")


def test_nor_is_it_forgotten_when_the_record_is_revoked_and_renewed_by_appeal() -> None:
    said = [Against(Cause.MEASURE, HOUSING)]
    _, [revoked] = changes([entry().object()], later(4), [])
    _, [renewed] = changes([revoked], later(5), said)
    assert (renewed.state, renewed.reason) == (AdjustmentState.RESTORED, "OBJECTION_UPHELD")


def test_commended_work_gives_points_up_to_its_own_caps() -> None:
    tariff = replace(TARIFF, rules=(*TARIFF.rules, PointsRule(Cause.COMMENDED, Fraction(2), "(ours)")), on_cap=Fraction(3))
    result = deduct(tariff, [entry(Cause.COMMENDED), entry(Cause.COMMENDED), entry(Cause.FINDING)])
    assert (result.points, result.on, len(result.charges)) == (1, 3, 3)


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
    entries = [entry().weigh(corrected=True, held=True), entry().restore(9), entry(Cause.POOR_MONTH)]
    assert deduct(TARIFF, entries).points == 0
    assert deduct(TARIFF, entries).charges == ()
