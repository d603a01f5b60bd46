"""Measuring a row: rounds of ours and of the ceiling in turn, medians, the table, results.json."""

from __future__ import annotations

import json
import os
import platform
import statistics
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from dataclasses import asdict, dataclass
from pathlib import Path

RESULTS = Path(__file__).with_name("results.json")


@dataclass(frozen=True, slots=True)
class Sides:
    """The two things that a row measures; each call is one round and returns its figure in the row's unit."""

    ours: Callable[[], float]
    ceiling: Callable[[], float] | None
    runs_each_round: Callable[[], None] = lambda: None
    notes: Callable[[], str] = lambda: ""


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the table. `must` is the ratio to reach, or the figure itself where there is no ceiling."""

    name: str
    what: str
    unit: str
    must: float
    prepare: Callable[[], AbstractContextManager[Sides]]
    rounds: int = 5
    lower_is_better: bool = False


@dataclass(frozen=True, slots=True)
class Result:
    """What a row showed, as it stands in results.json."""

    name: str
    ours: float
    ceiling: float | None
    ratio: float | None
    unit: str
    rounds: int
    machine: str
    must: float
    reached: bool
    notes: str


def machine() -> str:
    """The machine in a few words: processor, cores, memory, Python."""
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    return f"{_processor()}, {os.cpu_count()} cores, {memory:.0f} GiB, Python {platform.python_version()}"


def measure(row: Row) -> Result:
    """Run a row: one unmeasured round of each side, then `row.rounds` of each in turn."""
    with row.prepare() as sides:
        rounds = [_round(sides) for _ in range(row.rounds + 1)][1:]
        notes = sides.notes()
    ours = statistics.median(figure for figure, _ in rounds)
    ceilings = [figure for _, figure in rounds if figure is not None]
    ceiling = statistics.median(ceilings) if ceilings else None
    ratio = _ratio(ours, ceiling, row.lower_is_better)
    return Result(
        name=row.name,
        ours=_short(ours),
        ceiling=None if ceiling is None else _short(ceiling),
        ratio=None if ratio is None else _short(ratio),
        unit=row.unit,
        rounds=row.rounds,
        machine=machine(),
        must=row.must,
        reached=_reached(row, ours, ratio),
        notes=notes,
    )


def table(results: list[Result]) -> str:
    """The results as lines to read."""
    lines = [f"{'row':<12}{'ours':>14}{'ceiling':>14}  {'unit':<14}{'ratio':>8}{'must':>8}"]
    for result in results:
        ceiling = "" if result.ceiling is None else f"{result.ceiling:,}"
        ratio = "" if result.ratio is None else f"{result.ratio}"
        verdict = "" if result.reached else "   not reached"
        lines.append(
            f"{result.name:<12}{result.ours:>14,}{ceiling:>14}  {result.unit:<14}{ratio:>8}{result.must:>8}{verdict}"
        )
    lines += [f"  {result.name}: {result.notes}" for result in results if result.notes]
    return "\n".join(lines)


def keep(results: list[Result], path: Path = RESULTS) -> None:
    """Write the results into results.json; rows that were not run keep their last figures."""
    known = {entry["name"]: entry for entry in json.loads(path.read_text(encoding="utf-8"))} if path.exists() else {}
    known |= {result.name: asdict(result) for result in results}
    ordered = [known[name] for name in sorted(known)]
    path.write_text(json.dumps(ordered, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")


def _round(sides: Sides) -> tuple[float, float | None]:
    sides.runs_each_round()
    ours = sides.ours()
    if sides.ceiling is None:
        return ours, None
    sides.runs_each_round()
    return ours, sides.ceiling()


def _ratio(ours: float, ceiling: float | None, lower_is_better: bool) -> float | None:
    if ceiling is None:
        return None
    return ceiling / ours if lower_is_better else ours / ceiling


def _reached(row: Row, ours: float, ratio: float | None) -> bool:
    if ratio is not None:
        return ratio >= row.must
    return ours <= row.must if row.lower_is_better else ours >= row.must


def _short(figure: float) -> float:
    """Three significant digits: more would claim a precision that a shared machine does not have."""
    return float(f"{figure:.3g}")


def _processor() -> str:
    return next(_model_names(), platform.machine())


def _model_names() -> Iterator[str]:
    for line in Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines():
        if line.startswith("model name"):
            yield line.partition(":")[2].strip()
