"""Suggestions on real messages: half of them are learned from, the other half is asked about, and a plain baseline too."""

from __future__ import annotations

import csv
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from chassis.auth import Caller
from chassis.clock import SettableClock
from services.complaints.learning.features import Text
from services.complaints.learning.training import plain
from suite.imports import Loading, load
from tests.doors import Door
from tests.service.complaints.city import OFFICE, City

TITLE, TEXT, LABEL = "留言主题", "留言详情", "label"
LONGEST_TITLE, LONGEST_TEXT = 100, 10_000


def test_suggestions_on_the_half_held_out_are_at_least_as_good_as_a_plain_baseline(
    data: Path, door: Callable[[str], Door], clock: SettableClock, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    city = City(door("complaints"), clock)
    with (data / "messages_cn_dev.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    seen, unseen = rows[::2], rows[1::2]
    _loaded(city, seen, tmp_path)
    model = city.door.usecases.suggestions.train(Caller.service("complaints", "train"), "/qinghe", lambda *_: None)

    ours = np.array([_asked(city, row) for row in unseen])
    labels = np.array([row[LABEL] for row in unseen])
    baseline = plain(_texts(seen), np.array([row[LABEL] for row in seen]), _texts(unseen))

    score, beside = _macro_f1(labels, ours), _macro_f1(labels, baseline)
    with capsys.disabled():
        sys.stdout.write(
            f"\nmacro-F1 on {len(unseen)} held-out messages: ours {score:.3f}, plain TF-IDF + linear SVM {beside:.3f}; "
            f"as the model said of itself: {model.scores[0].macro_f1 / 1000:.3f}\n"
        )
    assert score >= beside


def _loaded(city: City, rows: list[dict[str, str]], folder: Path) -> None:
    path = folder / "messages.csv"
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)
    caller = Caller.service("complaints", "import")

    def send(source: str, past: Any, preview: bool) -> Any:
        return city.door.usecases.history.load(caller, source, past, preview)

    assert load(Loading(path, "/qinghe", send, folder / "points")).finished


def _asked(city: City, row: dict[str, str]) -> str:
    said = {"title": row[TITLE][:LONGEST_TITLE], "text": row[TEXT][:LONGEST_TEXT]}
    found = city.do("SuggestRouting", OFFICE, jurisdiction_path="/qinghe", **said)
    return str(found.categories[0].value)


def _texts(rows: list[dict[str, str]]) -> list[Text]:
    return [Text(row[TITLE], row[TEXT]) for row in rows]


def _macro_f1(labels: Any, found: Any) -> float:
    from sklearn.metrics import f1_score

    return float(f1_score(labels, found, average="macro"))
