"""The watchers of the demonstration: two bureaus file what they decided themselves, one of them late; one filed nothing."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

from zhengfeng.accountability.v1 import flag_pb2, watch_pb2
from zhengfeng.directory.v1 import officials_pb2

from suite.acting import Stage
from suite.demo.days import Days

CITY = "/qinghe"
FILED = (
    # unit, section, measures, days since the decision, number, what it was for
    ("civil-affairs", "window", ("written_self_criticism",), 3, "清民发〔2026〕41号", "窗口未一次性告知，群众两次往返。"),
    ("urban-management", "enforcement", ("criticism_education",), 34, "清城发〔2026〕28号", "执法中态度生硬，被当场投诉。"),
)
SEEN = "办理报告称已对责任人作出处理，督办部门没有收到备案。"


def watch_the_watchers(stage: Stage, days: Days, settle: Callable[[], object], say: Callable[[str], None]) -> None:
    """One filing in time, one late, and one found never to have come."""
    today = days.today()
    for slug, section, measures, ago, number, what_for in FILED:
        head = stage.as_(f"head.{slug}")
        unit = f"{CITY}/{slug}"
        asked = officials_pb2.ListOfficialsRequest(under=f"{unit}/{section}", page_size=1)
        told = {"unit_path": unit, "official_id": head(asked).officials[0].official_id, "measures": measures}
        decided_on = (today - timedelta(days=ago)).isoformat()
        head(watch_pb2.FileOwnHandlingRequest(**told, decided_on=decided_on, document_number=number, statement=what_for))
    on_day, silent = (today - timedelta(days=12)).isoformat(), f"{CITY}/water-supply"
    kind = flag_pb2.FLAG_KIND_NOT_FILED
    stage.as_("supervisor")(watch_pb2.RaiseFlagRequest(kind=kind, unit_path=silent, on_day=on_day, evidence=SEEN))
    settle()
    say("watchers: two own handlings filed, one of them late; one found never to have been filed")
