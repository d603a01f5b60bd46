"""Truth and results as CSV, and what a reader's result is worth: right, asked, silently wrong, not read.

Truth and result have a line a row:

    picture,serial,sheet,side,row,answer,...     answer: the number of the box from 1, 0 for nothing, "untold" for people
    picture,serial,sheet,side,row,verdict,answer verdict: sure or ask; a picture that is not there was not read

`untold` can only be read rightly by asking.
"""

from __future__ import annotations

import csv
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from services.evaluation.cards.bench_set.filling import UNTOLD
from services.evaluation.cards.bench_set.making import MadeCard
from services.evaluation.cards.reading.look import NotRead, Seen

TRUTH = ("picture", "level", "serial", "sheet", "side", "row", "answer", "kind", "manner")
RESULT = ("picture", "serial", "sheet", "side", "row", "verdict", "answer", "doubt")
UNTOLD_WORD = "untold"
Line = Mapping[str, str]


@dataclass(slots=True)
class Score:
    """How a level was read; all count rows, but `cards` and `serials` (cards whose serial was read rightly)."""

    rows: int = 0
    right: int = 0
    asked: int = 0
    wrong: int = 0
    unread: int = 0
    cards: int = 0
    serials: int = 0
    wrong_lines: list[str] = field(default_factory=list)
    doubts: Counter[str] = field(default_factory=Counter)

    @property
    def asked_share(self) -> float:
        """Share of rows that people have to key, those of cards that were not read among them."""
        return (self.asked + self.unread) / max(self.rows, 1)

    def add(self, truth: Line, result: Line | None) -> None:
        """One row of the truth and what the reader said."""
        self.rows += 1
        if result is None:
            self.unread += 1
        elif result["serial"] == truth["serial"] and result["verdict"] == "ask":
            self.asked += 1
            self.doubts[result.get("doubt", "")] += 1
        elif result["serial"] == truth["serial"] and result["answer"] == truth["answer"]:
            self.right += 1
        else:
            self.wrong += 1
            self.wrong_lines.append(f"{truth['picture']} row {truth['row']}: {truth['answer']}, read {result['answer']}")


def truth_lines(card: MadeCard) -> Iterator[dict[str, str]]:
    """The truth of a card."""
    for row in card.rows:
        answer = UNTOLD_WORD if row.box == UNTOLD else str(row.box + 1)
        yield dict(
            zip(
                TRUTH,
                _texts(card.name, card.level, card.serial, card.sheet, card.side, row.row, answer, row.kind, row.manner),
                strict=True,
            )
        )


def result_lines(picture: str, seen: Iterable[Seen | NotRead]) -> Iterator[dict[str, str]]:
    """What our reader says of a picture."""
    for one in seen:
        if isinstance(one, Seen):
            said = one.printed
            for row in one.rows:
                verdict = "sure" if row.sure else "ask"
                yield dict(
                    zip(
                        RESULT,
                        _texts(picture, said.serial, said.sheet, said.side, row.row, verdict, row.box + 1, row.doubt.value),
                        strict=True,
                    )
                )


def score(truth: Iterable[Line], result: Iterable[Line]) -> dict[str, Score]:
    """The score by level. A row of the result that no truth knows counts as wrong, at level "?"."""
    said = {_key(line): line for line in result}
    scores: dict[str, Score] = {}
    cards: dict[tuple[str, str, str], bool] = {}
    for line in truth:
        found = said.pop(_key(line), None)
        scores.setdefault(line["level"], Score()).add(line, found)
        card = (line["level"], line["picture"], line["serial"])
        cards[card] = cards.get(card, False) or (found is not None and found["serial"] == line["serial"])
    for (level, _, _), read in cards.items():
        scores[level].cards += 1
        scores[level].serials += read
    if said:
        scores["?"] = Score(rows=len(said), wrong=len(said), wrong_lines=[f"{key}: nowhere in the truth" for key in said])
    return scores


def written(path: Path, fields: tuple[str, ...], lines: Iterable[Line]) -> None:
    """Lines as CSV."""
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, fields)
        writer.writeheader()
        writer.writerows(lines)


def read(path: Path) -> list[dict[str, str]]:
    """CSV as lines."""
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def _key(line: Line) -> tuple[str, ...]:
    return line["picture"], line["sheet"], line["side"], line["row"]


def _texts(*values: object) -> list[str]:
    return [str(value) for value in values]
