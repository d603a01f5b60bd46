"""What evaluation hears and what it does by itself."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from typing import Any

from zhengfeng.accountability.v1 import events_pb2 as accountability_pb2
from zhengfeng.complaints.v1 import events_pb2 as complaints_pb2
from zhengfeng.directory.v1 import events_pb2 as directory_pb2
from zhengfeng.supervision.v1 import events_pb2 as supervision_pb2

from chassis import audit
from chassis.copying import copied
from chassis.facts import Every, Heard, Hears, Timer
from chassis.store import Tx
from services.evaluation.domain.formula import Cause
from services.evaluation.domain.year import Part
from services.evaluation.usecases import UseCases
from services.evaluation.wire import facts as wire
from services.evaluation.wire import years

COMPLAINT = (Cause.COMPLAINT_ESTABLISHED, Cause.COMPLAINT_PARTLY)


def _decision(usecases: UseCases, tx: Tx, fact: Any, heard: Heard) -> None:
    record = wire.record(heard, *fact.origins)
    usecases.hearing.decide(tx, record, wire.decision(fact, heard))
    if fact.outcome == "cleared":
        usecases.hearing.clear(tx, record, heard.unit_path)


def _scored_month(usecases: UseCases, tx: Tx, fact: Any, heard: Heard) -> None:
    record = wire.month(fact, heard)
    below = usecases.hearing.poor_month_below(tx, record)
    usecases.hearing.adjust(tx, record, (Cause.POOR_MONTH,), wire.poor_month(fact, heard, below))


def _complaint_overdue(usecases: UseCases, tx: Tx, fact: Any, heard: Heard) -> None:
    record = wire.part(wire.record(heard), fact.clock)
    own = usecases.hearing.is_own_clock(tx, record, fact.clock)
    usecases.hearing.adjust(tx, record, (Cause.COMPLAINT_OVERDUE,), wire.complaint_overdue(heard, own))


def _yearly(part: Part, what: str) -> Callable[[UseCases, Tx, Any, Heard], None]:
    """Notes for the year that a record was closed or ran over its limit."""
    return lambda usecases, tx, _fact, heard: usecases.years.hear(tx, years.heard_input(heard, part, what))


def _both(*handlers: Callable[[Any, Any, Any, Heard], object] | None) -> Callable[[UseCases, Tx, Any, Heard], None]:
    """One fact, heard for the ledger and for the year in the same transaction."""

    def handle(usecases: UseCases, tx: Tx, fact: Any, heard: Heard) -> None:
        for handler in handlers:
            if handler is not None:
                handler(usecases, tx, fact, heard)

    return handle


LEDGER: Hears = {
    **copied({directory_pb2.UnitChanged: "unit", directory_pb2.KeyRotated: "key"}),
    **copied({directory_pb2.OfficialChanged: "official", directory_pb2.PostChanged: "post"}),
    **copied({directory_pb2.JurisdictionChanged: "jurisdiction"}),
    complaints_pb2.ComplaintClosed: lambda usecases, tx, fact, heard: usecases.hearing.close(
        tx, wire.record(heard), COMPLAINT, wire.complaint_closed(fact, heard), wire.corrected_on(fact, heard)
    ),
    complaints_pb2.ComplaintOverdue: _complaint_overdue,
    supervision_pb2.FindingClosed: lambda usecases, tx, fact, heard: usecases.hearing.close(
        tx, wire.record(heard), (Cause.FINDING,), wire.finding_closed(heard), wire.corrected_on(fact, heard)
    ),
    supervision_pb2.MonitoredItemOverdue: lambda usecases, tx, _fact, heard: usecases.hearing.adjust(
        tx, wire.record(heard), (Cause.ITEM_OVERDUE,), wire.item_overdue(heard)
    ),
    supervision_pb2.FindingOverdue: lambda usecases, tx, fact, heard: usecases.hearing.adjust(
        tx, wire.record(heard), (Cause.FINDING_OVERDUE,), wire.finding_overdue(fact, heard)
    ),
    supervision_pb2.UnitMonthScored: _scored_month,
    accountability_pb2.Decided: _decision,
    accountability_pb2.DecisionChanged: _decision,
}

# What the composite of the year rests on, beside the ledger.
YEARLY: Hears = {
    supervision_pb2.UnitMonthScored: lambda usecases, tx, fact, heard: usecases.years.hear(tx, years.month(fact, heard)),
    supervision_pb2.FindingClosed: _yearly(Part.KEY_TASKS, "closed"),
    supervision_pb2.FindingOverdue: _yearly(Part.KEY_TASKS, "overdue"),
    complaints_pb2.ComplaintClosed: lambda usecases, tx, fact, heard: usecases.years.hear(
        tx, years.closed_input(fact, heard)
    ),
    complaints_pb2.ComplaintOverdue: _yearly(Part.RECTIFICATION, "overdue"),
    complaints_pb2.ReviewPublished: lambda usecases, tx, fact, heard: usecases.years.hear_sample(
        tx, years.sampled(fact, heard)
    ),
    complaints_pb2.HandlingRated: lambda usecases, tx, fact, heard: usecases.years.hear(
        tx, years.heard_input(heard, Part.RECTIFICATION, "rated", Fraction(fact.grade))
    ),
}
HEARS: Hears = {kind: _both(LEDGER.get(kind), YEARLY.get(kind)) for kind in {**LEDGER, **YEARLY}}

EVERY: Every = {
    # Who ends the last page or row counts what is complete; this finds what a process left that was killed in between.
    "cards": Timer(seconds=60, run=lambda usecases: usecases.card_counting.sweep()),
    "heads": Timer(seconds=10, run=lambda usecases: usecases.ballots.sign_heads()),
    # The register is a database of its own; what is done for the box by itself has to be asked for here.
    "register audit seal": Timer(seconds=60, run=lambda usecases: audit.seal(usecases.register)),
    "register requests": Timer(
        seconds=3600, run=lambda usecases: audit.forget_requests(usecases.register, usecases.store.settings)
    ),
}
