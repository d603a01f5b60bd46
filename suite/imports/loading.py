"""Loading a file: previewed or for good, in batches, stoppable between any two and resumed where it stopped.

A batch is one transaction of the complaints service, and a row is known by its number in the earlier system. So a batch
whose answer was lost is sent again without harm, and the same file a second time changes nothing.
"""

from __future__ import annotations

import csv
import hashlib
import json
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path

from services.complaints.domain.history import PastComplaint
from services.complaints.domain.views import RowAnswer
from suite.imports import reading
from suite.imports.profiles import Profile, profile_for
from suite.imports.reading import Row

BATCH = 500
Send = Callable[[str, Sequence[PastComplaint], bool], list[RowAnswer]]
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


@dataclass(frozen=True)
class Loading:
    """What is to be loaded and how.

    `send` takes source, rows and preview and answers each row: the use case, or an rpc. `folder` keeps the point at which
    a stopped load goes on, and `ledger` says into which one: what lies in one is not in another. `progress` is told rows
    done and rows in all; `stop` is asked between batches.
    """

    path: Path
    jurisdiction_path: str
    send: Send
    folder: Path
    profile: str = ""
    ledger: str = ""
    preview: bool = False
    report: Path | None = None
    progress: Callable[[int, int], None] = lambda _done, _of: None
    stop: Callable[[], bool] = lambda: False


@dataclass
class Outcome:
    """What a load did so far: rows read, answers by kind, and whether it came to the end."""

    rows: int = 0
    results: Counter[str] = field(default_factory=Counter)
    resumed_after: int = 0
    finished: bool = False


def load(loading: Loading) -> Outcome:
    """Loads the file. Raises NoProfile or Unreadable for a file that is none of those known."""
    profile = profile_for(reading.header(loading.path), loading.profile)
    point = _Point(loading, profile)
    outcome = point.read()
    total = reading.count(loading.path)
    rows = reading.rows(loading.path, profile, loading.jurisdiction_path, after=outcome.rows)
    previewed: dict[str, bytes] = {}
    with _Report(loading.report, resumed=outcome.rows > 0) as report:
        loading.progress(outcome.rows, total)
        for batch in _batches(rows):
            if loading.stop():
                return outcome
            rejected, answers = _send(loading, profile, batch, previewed)
            report.write(rejected)
            outcome.results.update(answers)
            outcome.rows = batch[-1].number
            point.write(outcome)
            loading.progress(outcome.rows, total)
    outcome.finished = True
    point.clear()
    return outcome


def _send(
    loading: Loading, profile: Profile, batch: Sequence[Row], previewed: dict[str, bytes]
) -> tuple[list[tuple[Row, str, str]], list[str]]:
    """Sends the rows that can be read; answers those rejected with field and reason, and what became of each row."""
    readable = [(row, row.past) for row in batch if row.past is not None]
    rejected = [(row, row.field, row.reason) for row in batch if row.past is None]
    results = ["refused"] * len(rejected)
    answers = loading.send(profile.source, [past for _, past in readable], loading.preview) if readable else []
    for (row, past), answer in zip(readable, answers, strict=True):
        result = _as_if_written(answer.result, past, previewed) if loading.preview else answer.result
        results.append(result)
        if result == "refused":
            rejected.append((row, answer.field, answer.reason))
    return rejected, results


def _as_if_written(result: str, past: PastComplaint, previewed: dict[str, bytes]) -> str:
    """A preview writes nothing, so a row that comes twice in the file is told by what has been previewed before."""
    earlier = previewed.get(past.source_number)
    if result != "refused":
        previewed[past.source_number] = past.digest()
    if earlier is None or result == "refused":
        return result
    return "unchanged" if earlier == past.digest() else "updated"


def _batches(rows: Iterator[Row]) -> Iterator[list[Row]]:
    while batch := list(islice(rows, BATCH)):
        yield batch


class _Point:
    """Where a stopped load goes on: a small file named after the content, the profile, the place and the ledger."""

    def __init__(self, loading: Loading, profile: Profile) -> None:
        place = loading.jurisdiction_path.strip("/").replace("/", "-")
        ledger = hashlib.sha256(loading.ledger.encode()).hexdigest()[:8]
        name = f"{reading.fingerprint(loading.path)[:32]}.{profile.name}.{place}.{ledger}.json"
        self._path = None if loading.preview else loading.folder / name

    def read(self) -> Outcome:
        if self._path is None or not self._path.exists():
            return Outcome()
        kept = json.loads(self._path.read_text(encoding="utf-8"))
        return Outcome(kept["rows"], Counter(kept["results"]), resumed_after=kept["rows"])

    def write(self, outcome: Outcome) -> None:
        if self._path is None:
            return
        self._path.parent.mkdir(parents=True, exist_ok=True)
        aside = self._path.with_suffix(".new")
        aside.write_text(json.dumps({"rows": outcome.rows, "results": outcome.results}), encoding="utf-8")
        aside.replace(self._path)

    def clear(self) -> None:
        if self._path is not None:
            self._path.unlink(missing_ok=True)


class _Report:
    """One line for each rejected row, in a file people open with a spreadsheet; nothing in it is taken for a formula."""

    def __init__(self, path: Path | None, resumed: bool) -> None:
        self._file = path.open("a" if resumed else "w", encoding="utf-8-sig", newline="") if path else None
        if self._file is not None and self._file.tell() == 0:
            csv.writer(self._file).writerow(["row", "number", "field", "reason"])

    def __enter__(self) -> _Report:
        return self

    def __exit__(self, *_: object) -> None:
        if self._file is not None:
            self._file.close()

    def write(self, rejected: Sequence[tuple[Row, str, str]]) -> None:
        if self._file is None:
            return
        lines = [[row.number, _plain(row.source_number), name, _plain(reason)] for row, name, reason in rejected]
        csv.writer(self._file).writerows(lines)
        self._file.flush()


def _plain(text: str) -> str:
    return f"'{text}" if text.startswith(_FORMULA) else text
