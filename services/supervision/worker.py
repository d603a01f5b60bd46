"""What supervision hears and does by itself, as two plain tables."""

from __future__ import annotations

from zhengfeng.complaints.v1 import events_pb2 as complaints
from zhengfeng.directory.v1 import events_pb2 as directory
from zhengfeng.evaluation.v1 import events_pb2 as evaluation

from chassis.copying import copied
from chassis.facts import Every, Hears, Timer

HEARS: Hears = {
    **copied({directory.UnitChanged: "unit", directory.KeyRotated: "key"}),
    directory.CalendarYearLoaded: lambda u, tx, fact, heard: u.limits.load_calendar(tx, fact, heard),
    evaluation.RatedUnsatisfied: lambda u, tx, fact, heard: u.key_list.rated_unsatisfied(
        tx, fact.campaign_id, fact.kind, heard
    ),
    complaints.ComplaintOverdue: lambda u, tx, fact, heard: u.key_list.complaint_overdue(tx, heard),
}

EVERY: Every = {
    "lights": Timer(seconds=30, run=lambda u: u.limits.turn_lights()),
    "calendar": Timer(seconds=3600, run=lambda u: u.limits.watch_calendar()),
}
