"""`make prove`: the full figures, held against what was promised, written to docs/proof.md with machine and date.

`python -m tests.proof [faults] [ballots] [hall] [history] [rows] [rules] [print] [cards] [mailed] [full] [speed]` shows
some; the rest keeps its last lines.
"""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
from collections.abc import Callable, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

from bench.harness import RESULTS, machine
from chassis import process
from chassis.config import Config
from services.accountability.rules.golden import disagreements, uncovered
from services.evaluation.cards.bench_set.damage import LEVELS, UNSEEN
from tests.e2e.hall_run import DELEGATES
from tests.e2e.hall_run import run as whole_hall
from tests.faults.fault_run import Findings, run
from tests.servers import PostgreSQL
from tests.service.evaluation.full_box import OBJECTS, held
from tests.unit.accountability.table_of import CATALOGUE, SHIPPED, read
from tests.unit.evaluation import card_run
from tests.unit.evaluation.drawn_cards import scored

ROOT = Path(__file__).parents[1]
REPORT = ROOT / "docs" / "proof.md"
KEPT = ROOT / "docs" / "proof.json"
FILINGS, KILLS = 2_000, 2
CARDS, MINUTES = 10_000, 5
MILLION = 1_000_000
CARDS_OF_A_LEVEL, CARDS_SEED, MOST_ASKED, CORES = 500, 20270101, 0.05, 2


@dataclass(frozen=True, slots=True)
class Shown:
    """One line of the report."""

    what: str
    wanted: str
    found: str
    good: bool


@dataclass(frozen=True, slots=True)
class Part:
    """What one run showed, where and when."""

    title: str
    machine: str
    day: str
    lines: tuple[Shown, ...]


def faults() -> Sequence[Shown]:
    """Complaints filed and closed while every process is killed and both servers go down."""
    with tempfile.TemporaryDirectory(prefix="zhengfeng-proof-") as folder:
        found = run(FILINGS, Path(folder), kills=KILLS)
    return _of_faults(found)


def ballots() -> Sequence[Shown]:
    """A million ballots taken in, tallied and ranked, and the server killed ten times while ballots stream in."""
    with PostgreSQL(durable=True) as server:
        urls = {name: server.create_database(name) for name in ("evaluation", "register")}
        config = Config(
            "evaluation", urls["evaluation"], Path(server.folder) / "keys", Path(server.folder), create_keys=True
        )
        config = replace(config, extra_database_urls={"register": urls["register"]})
        process.migrate(config)
        found = held(config, MILLION)
    told = (
        f"{found.counted:,} counted, {found.places} ranked: taken in within {found.intake_seconds:.0f} s; "
        f"read, proved, tallied and ranked within {found.count_seconds:.1f} s; at most {found.megabytes} MB"
    )
    whole = (found.counted, found.places) == (MILLION, OBJECTS)
    killed = _passes("tests/service/evaluation/test_killed.py", "-m", "prove", "-k", "postgresql")
    return [
        Shown(f"{MILLION:,} ballots of a campaign of {OBJECTS} objects", "all counted, all ranked", told, whole),
        Shown("20,000 streamed ballots, kill -9 ten times", "acknowledged = counted = in the log", _verdict(killed), killed),
    ]


def history() -> Sequence[Shown]:
    """The service requests of another city, each judged on time or late as that city itself does."""
    passed = _passes("tests/service/complaints/test_history.py", "-m", "prove")
    told = "26,730 of 26,730" if passed else "not so: run the test"
    return [Shown("labels of the 311 sample as of 2016-01-13", "26,730 of 26,730, 0 rows lost", told, passed)]


def hall() -> Sequence[Shown]:
    """450 delegates rate 100 windows within a minute; when each ballot was on the screen, in Chromium."""
    with tempfile.TemporaryDirectory(prefix="zhengfeng-proof-") as folder:
        found = whole_hall(Path(folder))
    told = f"p99 {found.p99:.2f} s, longest {found.longest:.2f} s; a picture is {found.frame_bytes:,} bytes"
    whole = (found.ballots, found.shown) == (DELEGATES, DELEGATES)
    return [
        Shown(
            "ballots cast within a minute, and shown at the end", f"{DELEGATES}", f"{found.shown} of {found.ballots}", whole
        ),
        Shown("from a committed ballot to the hall screen", "p99 under 1 s", told, found.p99 < 1),
        Shown("complaints of the browser", "0", str(len(found.page_faults)), not found.page_faults),
    ]


def rows() -> Sequence[Shown]:
    """Every rpc called with a row of somebody else's, with tokens and codes that are none."""
    named = ("foreign_rows", "foreign_numbers", "tokens", "codes", "sealed_identity")
    passed = _passes(*(f"tests/contract/test_{name}.py" for name in named), "-n", "2", "--dist", "loadgroup")
    return [
        Shown(
            "every rpc tried with a foreign row, forged tokens, guessed codes",
            "refused, nothing changed",
            _verdict(passed),
            passed,
        )
    ]


def rules() -> Sequence[Shown]:
    """The shipped rules against their own examples, and every cell of them spoilt."""
    packs = [read(text) for text in SHIPPED.values()]
    count = sum(len(pack.rows) for pack in packs)
    shown = count - sum(len(uncovered(pack)) for pack in packs)
    cases = sum(len(pack.goldens) for pack in packs)
    wrong = sum(len(disagreements(pack, CATALOGUE)) for pack in packs)
    spoilt = _passes("tests/unit/accountability/test_every_cell.py", "-m", "prove or not prove")
    return [
        Shown("shipped rows with a golden case", "100 %", f"{shown} of {count}: {shown / count:.0%}", shown == count),
        Shown("golden cases the tables answer otherwise", "0", f"{wrong} of {cases}", wrong == 0),
        Shown("every cell of every shipped pack spoilt", "each fault reported, none silent", _verdict(spoilt), spoilt),
    ]


def cards() -> Sequence[Shown]:
    """Ten thousand review cards printed in parts."""
    with tempfile.TemporaryDirectory(prefix="zhengfeng-proof-") as folder:
        found = card_run.run(Path(folder), CARDS)
    told = f"{found.core_seconds:.0f} s of one core, {found.seconds:.0f} s in all, {found.megabytes:.0f} MB"
    quick, part = found.core_seconds < MINUTES * 60, card_run.PART
    read = f"{found.read} of {part}"
    return [
        Shown(
            f"{CARDS:,} A4 cards of 20 rows printed in parts of {part}", f"under {MINUTES} minutes of one core", told, quick
        ),
        Shown("a part made again", "the same bytes", _verdict(found.same), found.same),
        Shown("serials of a part read at 150 dpi", f"{part} of {part}", read, found.read == part),
    ]


def mailed_cards() -> Sequence[Shown]:
    """30,000 rows of drawn cards over three levels of damage, and 10,000 of a level that nothing was fitted to."""
    lines: list[Shown] = []
    many = len(LEVELS)
    with ProcessPoolExecutor(CORES) as cores:
        read = cores.map(scored, [CARDS_OF_A_LEVEL] * many, LEVELS, [CARDS_SEED] * many)
    levels = dict(zip(LEVELS, read, strict=True))
    for level, one in levels.items():
        unseen = " (not fitted to)" if level == UNSEEN else ""
        told = f"{one.rows:,} rows: {one.right:,} right, {one.asked:,} asked, {one.unread:,} not read; {one.wrong} wrong"
        name = f"cards of level {level}{unseen}"
        wrong = "".join(f"; {line}" for line in one.wrong_lines)
        lines.append(Shown(f"{name}: rows silently wrong", "0", told + wrong, one.wrong == 0))
        lines.append(Shown(f"{name}: serials read", f"{one.cards}", f"{one.serials}", one.serials == one.cards))
    seen = [one for level, one in levels.items() if level != UNSEEN]
    asked = sum(one.asked + one.unread for one in seen) / sum(one.rows for one in seen)
    each = ", ".join(f"level {level}: {one.asked_share:.1%}" for level, one in levels.items())
    lines.append(Shown("rows put to people", "at most 5 % of levels 1 to 3", f"{asked:.1%} ({each})", asked <= MOST_ASKED))
    return lines


def counted_cards() -> Sequence[Shown]:
    """Cards counted while readers are killed, and rows keyed by people who slip."""
    lines: list[Shown] = []
    for what, wanted, test in (
        ("2,000 cards, readers killed 40 times", "each counted once, none lost", "test_card_crash"),
        ("4,000 cards keyed by typists who slip in 2 %", "under 1 row in 10,000 wrong at the end", "test_double_keying"),
    ):
        passed = _passes(f"tests/service/evaluation/{test}.py", "-m", "prove", "-k", "full")
        lines.append(Shown(what, wanted, _verdict(passed), passed))
    return lines


def full() -> Sequence[Shown]:
    """The tests whose ordinary run is smaller: rpcs on both databases, stories on separate processes too, every cell."""
    passed = _passes(
        "-m", "prove", "-n", "2", "--dist", "loadgroup", "--no-loadscope-reorder", "--ignore", "tests/service/evaluation"
    )
    return [Shown("tests at their full size", "all pass", _verdict(passed), passed)]


def speed() -> Sequence[Shown]:
    """Every row of the bench."""
    subprocess.run([sys.executable, "-m", "bench"], cwd=ROOT, check=False)
    return [_of_speed(entry) for entry in json.loads(RESULTS.read_text(encoding="utf-8"))]


PARTS: dict[str, tuple[str, Callable[[], Sequence[Shown]]]] = {
    "faults": ("Faults", faults),
    "ballots": ("Ballots", ballots),
    "hall": ("Hall", hall),
    "history": ("Real input", history),
    "rows": ("Whose row is it", rows),
    "rules": ("Rules", rules),
    "print": ("Cards printed", cards),
    "cards": ("Mailed cards read", mailed_cards),
    "mailed": ("Mailed cards counted", counted_cards),
    "full": ("Tests at full size", full),
    "speed": ("Speed", speed),
}


def main(wanted: list[str]) -> int:
    """Show the parts and return 0 if everything is as promised."""
    kept = json.loads(KEPT.read_text(encoding="utf-8")) if KEPT.exists() else {}
    for name in wanted or list(PARTS):
        title, show = PARTS[name]
        part = Part(title, machine(), datetime.now(UTC).date().isoformat(), tuple(show()))
        kept[name] = asdict(part)
        KEPT.write_text(json.dumps(kept, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")
        REPORT.write_text(_report([kept[each] for each in PARTS if each in kept]), encoding="utf-8")
    sys.stdout.write(REPORT.read_text(encoding="utf-8"))
    return 0 if all(line["good"] for part in kept.values() for line in part["lines"]) else 1


def _of_faults(found: Findings) -> list[Shown]:
    filed = f"{found.filed:,} filed, {found.closed:,} closed, {found.faults} faults, {found.applied:,} facts applied"

    def zero(what: str, count: int) -> Shown:
        return Shown(what, "0", f"{count:,}", count == 0)

    return [
        Shown("complaints filed while everything is killed", f"{FILINGS:,}", filed, found.filed == FILINGS),
        zero("acknowledged complaints lost", len(found.lost)),
        zero("done twice", found.twice),
        zero("facts announced and not applied", found.missing),
        zero("healthy facts parked", found.parked),
        zero("wrong refusals", len(found.refusals)),
        zero("places where a sealed identity was found", len(found.leaks)),
    ]


def _of_speed(entry: dict[str, object]) -> Shown:
    ratio, unit = entry["ratio"], entry["unit"]
    beside = "" if ratio is None else f" beside a ceiling of {entry['ceiling']:,}: ratio {ratio}"
    notes = f" ({entry['notes']})" if entry["notes"] else ""
    wanted = f"{entry['must']} {unit}" if ratio is None else f"ratio {entry['must']}"
    return Shown(str(entry["name"]), wanted, f"{entry['ours']:,} {unit}{beside}{notes}", bool(entry["reached"]))


def _passes(*arguments: str) -> bool:
    return subprocess.run([sys.executable, "-m", "pytest", "-q", *arguments], cwd=ROOT, check=False).returncode == 0


def _verdict(passed: bool) -> str:
    return "as wanted" if passed else "not so: run the test"


def _report(parts: Sequence[dict[str, object]]) -> str:
    lines = ["# Proof", "", "Written by `make prove`; every figure was measured, none is promised.", ""]
    for part in parts:
        lines += [f"## {part['title']}", "", f"{part['day']}, {part['machine']}", ""]
        lines += ["| what | wanted | found | |", "|---|---|---|---|"]
        shown = part["lines"]
        assert isinstance(shown, list | tuple)
        lines += [f"| {_cells(line)} |" for line in shown]
        lines.append("")
    return "\n".join(lines)


def _cells(line: dict[str, object]) -> str:
    return " | ".join([str(line["what"]), str(line["wanted"]), str(line["found"]), "yes" if line["good"] else "**no**"])


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
