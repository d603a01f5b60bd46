"""What is asked every few seconds, or with every page, is answered from an index and does not grow with what came in."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest
import sqlalchemy as sa
from zhengfeng.evaluation.v1 import card_audit_pb2

from tests.doors import Door
from tests.service.evaluation.card_scene import AUDITOR, LI, WANG, CardCity, filled


@pytest.fixture
def city(door: Callable[[str], Door]) -> CardCity:
    return CardCity(door("evaluation"))


@contextmanager
def asked(city: CardCity) -> Iterator[list[tuple[str, Any]]]:
    """What the box is asked meanwhile, with its values."""
    told: list[tuple[str, Any]] = []

    def note(_connection: Any, _cursor: Any, statement: str, values: Any, *_rest: Any) -> None:
        if statement.startswith("SELECT"):
            told.append((statement, values))

    engine = city.door.store.engine
    sa.event.listen(engine, "before_cursor_execute", note)
    try:
        yield told
    finally:
        sa.event.remove(engine, "before_cursor_execute", note)


def way(city: CardCity, statement: str, values: Any) -> str:
    """How the database finds what it is asked; small tables too by an index where one serves."""
    with city.door.store.engine.connect() as connection:
        postgresql = connection.dialect.name == "postgresql"
        if postgresql:
            connection.exec_driver_sql("SET LOCAL enable_seqscan = off")
        explain = "EXPLAIN " if postgresql else "EXPLAIN QUERY PLAN "
        return "\n".join(str(row) for row in connection.exec_driver_sql(explain + statement, values))


def test_how_far_reading_has_come_is_told_from_indexes_and_without_reading_the_plan_again(city: CardCity) -> None:
    campaign, design, papers = city.on_paper(1)
    city.scan(campaign, *filled(design, papers[0]), *filled(design, papers[0]))
    city.progress(campaign)

    with asked(city) as told:
        progress = city.progress(campaign)

    assert (progress.sides_in_last_minute, [one.number for one in progress.faults]) == (1, [1])
    ways = dict.fromkeys(("card_sides_read", "card_sides_faults", "scans_state"), 0)
    for statement, values in told:
        found = way(city, statement, values)
        for index in ways:
            ways[index] += index in found
    assert set(ways.values()) == {1}, ways
    assert not any("plan" in statement for statement, _ in told)


def test_the_entry_error_is_added_up_where_the_keyings_lie(city: CardCity) -> None:
    campaign, design, papers = city.on_paper(1)
    city.scan(campaign, *filled(design, papers[0], faint=[0]))
    for who, grade in ((LI, 1), (WANG, 1)):
        city.key(city.asked(campaign, who)[0], grade, who)

    with asked(city) as told:
        request = card_audit_pb2.GetEntryErrorRequest(campaign_id=campaign.campaign_id)
        error = city.door.call(city.audit.GetEntryError, request, AUDITOR).error

    assert (error.agreed.of, error.agreed.number) == (1, 1)
    [statement] = [statement for statement, _ in told if "card_doubts" in statement]
    assert "sum(" in statement and "GROUP BY" in statement


def test_rows_of_many_cards_are_listed_with_as_few_queries_as_those_of_one(city: CardCity) -> None:
    campaign, design, papers = city.on_paper(6)
    city.scan(campaign, *filled(design, papers[0], faint=[0]))
    with asked(city) as of_one:
        assert all(row.side_ids and row.strip_ids for row in city.asked(campaign, LI))
    city.scan(campaign, *(side for paper in papers[1:] for side in filled(design, paper, faint=[0])), name="more.tif")

    with asked(city) as of_many:
        assert len(city.asked(campaign, LI)) == 6
    assert len(of_many) == len(of_one)
    assert not any("card_sides.rows" in statement for statement, _ in of_many), "what was read of them is not fetched"
