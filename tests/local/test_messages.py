"""Real messages of citizens in Chinese are taken in whole, and each is found again by its own words."""

from __future__ import annotations

import csv
from collections import Counter
from collections.abc import Callable
from pathlib import Path

from chassis.auth import Caller
from chassis.clock import SettableClock
from suite.imports import Loading, load
from tests.doors import Door
from tests.service.complaints.city import OFFICE, City


def test_chinese_messages_are_taken_in_and_found_by_their_words(
    data: Path, door: Callable[[str], Door], clock: SettableClock, tmp_path: Path
) -> None:
    city = City(door("complaints"), clock)
    path = data / "messages_cn_dev.csv"
    with path.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    caller = Caller.service("complaints", "import")

    outcome = load(
        Loading(
            path,
            "/qinghe",
            lambda source, past, preview: city.door.usecases.history.load(caller, source, past, preview),
            tmp_path / "points",
        )
    )

    assert (outcome.rows, outcome.results, outcome.finished) == (len(rows), Counter(added=len(rows)), True)
    for row in rows[::100]:
        found = city.do("ListComplaints", OFFICE, filter={"text": row["留言主题"]}, page_size=500).complaints
        assert row["留言编号"] in {each.source_number for each in found}
