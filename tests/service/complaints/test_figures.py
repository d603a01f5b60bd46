"""Figures: what is kept by the timer says the same as counting row by row, and each figure opens exactly what it counts."""

from __future__ import annotations

import random
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from zhengfeng.complaints.v1 import complaint_pb2 as pb
from zhengfeng.complaints.v1 import figures_pb2

from chassis.auth import Caller, Rows
from chassis.clock import day_start
from services.complaints.domain.views import Figures, Filter
from services.complaints.storage import COMPLAINTS, figures, ledger
from services.complaints.storage.figures import COUNTED, FIGURES
from tests.doors import caller
from tests.service.complaints.city import CLERK, DONGHE, HOUSING_HEAD, LEADER, OFFICE, City, draft

KEYS = sorted(figures.KEYS)
PERIODS = (("", ""), ("2026-01-01", "2026-12-31"), ("2026-11-01", "2026-11-30"), ("2026-11-03", "2027-01-12"))
ACCUSED = caller("leader", jurisdiction="/qinghe", subject="accused", official_id="official-9")


def both(city: City, who: Caller, wanted: Filter, by: str) -> tuple[list[Figures] | None, list[Figures]]:
    """The kept figures and the slow count, in one moment."""
    with city.door.store.read(who) as tx:
        kept = figures.quick(tx, wanted, by)
        return kept, figures.slow(tx, ledger.conditions(tx, wanted), by, tx.now)


def at_the_door(who: Caller) -> Caller:
    """The caller with the rows the door gives."""
    return replace(who, rows=Rows(False, who.jurisdiction_paths, who.unit_paths))


def agree(city: City) -> int:
    """Checks every key, period and reader; says how many answers came from what is kept."""
    quick = 0
    for by in KEYS:
        for since, until in PERIODS:
            for who, more in (
                (OFFICE, {}),
                (DONGHE, {}),
                (HOUSING_HEAD, {}),
                (ACCUSED, {}),
                (OFFICE, {"matters_only": True}),
            ):
                wanted = Filter(**_period(since, until), **more)
                kept, slow = both(city, at_the_door(who), wanted, by)
                assert kept is None or kept == slow, (by, since, until, who.subject, more)
                quick += kept is not None
    return quick


def _period(since: str, until: str) -> dict[str, Any]:
    return {
        "received_from": day_start(date.fromisoformat(since)) if since else None,
        "received_before": day_start(date.fromisoformat(until) + timedelta(days=1)) if until else None,
    }


def something(city: City, chance: random.Random) -> None:
    """One thing that happens in the city."""
    place = chance.choice(("/qinghe", "/qinghe", "/qinghe/donghe"))
    category = chance.choice(("", "absent", "rude"))
    accused = chance.choice(("", "official-9"))
    match chance.randrange(7):
        case 0:
            city.filed(jurisdiction_path=place, accused_unit_path="", category=category)
        case 1:
            said = draft(jurisdiction_path="/qinghe", category=category, accused_official_id=accused)
            city.do("RegisterForCaller", CLERK, draft=said, channel=chance.choice((pb.CHANNEL_HOTLINE, pb.CHANNEL_LETTER)))
        case 2:
            city.dispatched()
        case 3:
            city.closed()
            city.do("RateHandling", None, receipt_code=city.last_receipt.receipt_code, grade=chance.choice((2, 5)))
        case 4:
            kept, other = city.accepted(), city.filed()
            city.do("Merge", CLERK, on=city.seen(other), into_complaint_id=kept.complaint_id)
        case 5:
            city.filed()
            city.do("WithdrawComplaint", None, receipt_code=city.last_receipt.receipt_code, reason="已经解决")
        case _:
            _imported(city, chance)


def _imported(city: City, chance: random.Random) -> None:
    """History, odd times and all: one closed before it was received, one received or closed in the future."""
    now = city.clock.now()
    received = now + timedelta(days=chance.choice((-400, -30, -1, 3)))
    fields = {
        "source_number": f"n{chance.randrange(10**9)}",
        "jurisdiction_path": "/qinghe",
        "title": "旧件",
        "text": "旧件",
        "channel": pb.CHANNEL_LETTER,
        "received_at": received,
        "deadline_at": received + timedelta(days=chance.choice((2, 40))),
    }
    if chance.random() < 0.5:
        fields["closed_at"] = received + timedelta(days=chance.choice((-1, 5, 60)))
    city.do("ImportComplaints", OFFICE, source="old-ledger", complaints=[fields])


@pytest.mark.parametrize("seed", [1, pytest.param(2, marks=pytest.mark.prove)])
def test_what_is_kept_says_what_counting_row_by_row_says(city: City, seed: int) -> None:
    chance = random.Random(seed)
    assert agree(city) == 0  # nothing is kept before the timer's first run
    city.door.run_timer("figures")
    for _ in range(5):
        for _ in range(2):
            something(city, chance)
        assert agree(city) > 0  # changes the timer has not seen are put right
        city.clock.advance(timedelta(days=chance.choice((0, 1, 9, 40))))
        agree(city)  # limits have passed
        if chance.random() < 0.7:
            city.door.run_timer("figures")
            agree(city)
        city.door.run_timer("lights")
    city.clock.advance(timedelta(days=70))
    city.door.run_timer("figures")
    assert agree(city) > 0


def test_what_came_in_by_another_way_is_found_by_walking(city: City) -> None:
    city.filed()
    city.closed()
    city.door.run_timer("figures")
    with city.door.store.engine.begin() as connection:
        connection.execute(sa.delete(COUNTED))
        connection.execute(sa.delete(FIGURES))
    city.clock.advance(timedelta(minutes=10))
    city.door.run_timer("figures")
    city.door.run_timer("figures")
    assert agree(city) > 0
    with city.door.store.engine.connect() as connection:
        counted = connection.execute(sa.select(sa.func.count()).select_from(COUNTED)).scalar()
        assert counted == connection.execute(sa.select(sa.func.count()).select_from(COMPLAINTS.table)).scalar()


def test_each_figure_opens_exactly_the_complaints_it_counts(city: City) -> None:
    city.closed()
    city.do("RateHandling", None, receipt_code=city.last_receipt.receipt_code, grade=5)
    kept, other = city.accepted(), city.filed()
    city.do("Merge", CLERK, on=city.seen(other), into_complaint_id=kept.complaint_id)
    city.do("RegisterForCaller", CLERK, draft=draft(category="rude"), channel=pb.CHANNEL_HOTLINE)
    city.dispatched()
    city.go_to("2027-01-04 09:00")
    city.door.run_timer("figures")
    names = [name.removeprefix("COMPLAINT_FIGURE_").lower() for name in figures_pb2.ComplaintFigure.keys()[1:]]
    for by in figures_pb2.StatisticsKey.values()[1:]:
        for only in (False, True):
            asked = {"received_from": "2026-11-01", "matters_only": only}
            answer = city.do("Statistics", LEADER, by=by, filter=asked)
            for row in answer.rows:
                for number, name in enumerate(names, start=1):
                    listed = city.do(
                        "ListComplaints", LEADER, filter={**asked, "counted_by": by, "key": row.key, "figure": number}
                    )
                    assert len(listed.complaints) == getattr(row, name), (by, row.key, name, only)


def test_nobody_counts_complaints_about_themselves(city: City) -> None:
    about = draft(accused_official_id="official-9")
    city.do("RegisterForCaller", CLERK, draft=about, channel=pb.CHANNEL_LETTER)
    city.filed()
    for _ in range(2):
        assert city.do("Statistics", LEADER, by=figures_pb2.STATISTICS_KEY_CHANNEL).total.received == 2
        assert city.do("Statistics", ACCUSED, by=figures_pb2.STATISTICS_KEY_CHANNEL).total.received == 1
        city.door.run_timer("figures")
