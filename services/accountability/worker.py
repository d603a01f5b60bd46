"""What accountability hears and does by itself, as two plain tables."""

from __future__ import annotations

from zhengfeng.complaints.v1 import events_pb2 as complaints
from zhengfeng.directory.v1 import events_pb2 as directory
from zhengfeng.evaluation.v1 import events_pb2 as evaluation
from zhengfeng.supervision.v1 import events_pb2 as supervision

from chassis.copying import copied, copy_of
from chassis.facts import Every, Hears, Timer
from services.accountability.wire import clues

HEARS: Hears = {
    **copied({directory.UnitChanged: "unit", directory.OfficialChanged: "official", directory.PostChanged: "post"}),
    **copied({directory.KeyRotated: "key"}),
    directory.CalendarYearLoaded: lambda u, tx, fact, heard: (
        u.appeals.hear_calendar(tx) if tx.keep_copy(copy_of("calendar_year", fact, heard)) else None
    ),
    complaints.ComplaintClosed: lambda u, tx, fact, heard: u.intake.take_in(tx, clues.proven_complaint(fact, heard)),
    complaints.SecondHandlingOpened: lambda u, tx, fact, heard: u.intake.take_in(tx, clues.second_handling(heard)),
    complaints.ComplaintReferred: lambda u, tx, fact, heard: u.intake.take_in(tx, clues.referred_complaint(fact, heard)),
    supervision.ReferredToAccountability: lambda u, tx, fact, heard: u.intake.take_in(
        tx, clues.referred_finding(fact, heard)
    ),
    supervision.FindingOverdue: lambda u, tx, fact, heard: u.intake.take_in(tx, clues.overdue_finding(fact, heard)),
    evaluation.RankedLast: lambda u, tx, fact, heard: u.intake.take_in(tx, clues.ranked_last(fact, heard)),
    evaluation.RatedUnsatisfied: lambda u, tx, fact, heard: u.intake.take_in(tx, clues.rated_unsatisfied(fact, heard)),
}

EVERY: Every = {
    "rules": Timer(seconds=600, run=lambda u: u.rules.keep_time()),
    "watch": Timer(seconds=600, run=lambda u: u.watchers.sweep()),
    "effects": Timer(seconds=600, run=lambda u: u.lifting.end_periods()),
}
