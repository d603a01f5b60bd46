"""Cards from the command line: drawn cards to measure readers on, our reading of them, and what any reading is worth."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated

import typer
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn
from rich.table import Table

from suite.options import console, say

cards_app = typer.Typer(help="Reads cards, and measures how well.", no_args_is_help=True)
GEOMETRY, TRUTH, RESULT, PLACES = "geometry.json", "truth.csv", "result.csv", "places.json"
PICTURES = {".jpg", ".jpeg", ".png", ".tif", ".tiff", ".pdf"}
Seed = Annotated[int, typer.Option(help="The same seed makes the same pictures.")]


@cards_app.callback()
def cards() -> None:
    """Reads cards, and measures how well."""


@cards_app.command("bench-set")
def bench_set(
    folder: Annotated[Path, typer.Argument(help="Where the set is written.")],
    number: Annotated[int, typer.Option("--cards", help="Cards of each level.")] = 100,
    level: Annotated[list[int] | None, typer.Option(help="1 good scan, 2 bad scan, 3 photograph, 4 other damage.")] = None,
    seed: Seed = 1,
    form: Annotated[str, typer.Option(help="The form of the pack that the card is designed on.")] = "A4",
) -> None:
    """Writes pictures, geometry.json (millimetres), places.json (pixels) and truth.csv of filled and damaged cards."""
    from services.evaluation.cards.bench_set.damage import LEVELS
    from services.evaluation.cards.bench_set.making import make
    from services.evaluation.cards.bench_set.pixels import places
    from services.evaluation.cards.bench_set.questionnaire import bench_geometry
    from services.evaluation.cards.bench_set.scoring import TRUTH as FIELDS
    from services.evaluation.cards.bench_set.scoring import truth_lines, written
    from services.evaluation.cards.geometry import to_json

    levels = level or list(LEVELS)
    if not set(levels) <= set(LEVELS):
        raise typer.BadParameter(f"one of {LEVELS}", param_hint="--level")
    folder.mkdir(parents=True, exist_ok=True)
    lines: list[dict[str, str]] = []
    geometry, pixels = bench_geometry(form), {}
    with _bar() as progress:
        task = progress.add_task("cards", total=number * len(levels))
        for one in levels:
            for card in make(geometry, number, one, seed):
                (folder / card.name).write_bytes(card.picture)
                lines += truth_lines(card)
                pixels[card.name] = places(geometry, card)
                progress.advance(task)
    (folder / GEOMETRY).write_text(to_json(geometry), encoding="utf-8")
    (folder / PLACES).write_text(json.dumps(pixels), encoding="utf-8")
    written(folder / TRUTH, FIELDS, lines)
    say(f"{len(pixels)} cards, {len(lines)} rows in {folder}")


@cards_app.command("read")
def read(
    folder: Annotated[Path, typer.Argument(help="A folder of pictures with the geometry.json they were printed by.")],
    result: Annotated[Path | None, typer.Option(help="Where the reading is written; result.csv of the folder.")] = None,
) -> None:
    """Reads all pictures of a folder into a CSV with a line a row: sure or ask, and the number of the box."""
    from services.evaluation.cards import serial
    from services.evaluation.cards.bench_set.scoring import RESULT as FIELDS
    from services.evaluation.cards.bench_set.scoring import result_lines, written
    from services.evaluation.cards.geometry import from_json
    from services.evaluation.cards.reading.look import NotRead, look
    from services.evaluation.cards.reading.pages import RefusedPage, pages
    from services.evaluation.cards.reading.thresholds import shipped

    geometry, thresholds, refused = from_json((folder / GEOMETRY).read_text(encoding="utf-8")), shipped(), 0
    lines: list[dict[str, str]] = []
    known = {serial.mark(geometry.digest()): geometry}
    with _bar() as progress:
        for path in progress.track(sorted(each for each in folder.iterdir() if each.suffix.lower() in PICTURES)):
            for page in pages(path.read_bytes(), thresholds.limits, path.name):
                seen = page if isinstance(page, RefusedPage) else look(page.grey, known, thresholds)
                for one in [seen] if isinstance(seen, RefusedPage) else seen:
                    if isinstance(one, RefusedPage | NotRead):
                        refused += 1
                        say(f"{path.name}: {one.reason}")
                lines += [] if isinstance(seen, RefusedPage) else result_lines(path.name, seen)
    written(result or folder / RESULT, FIELDS, lines)
    say(f"{len(lines)} rows, {refused} refused")


@cards_app.command("score")
def score(
    truth: Annotated[Path, typer.Argument(help="truth.csv of a set.")],
    result: Annotated[Path, typer.Argument(help="Any reader's result: picture,serial,sheet,side,row,verdict,answer.")],
    show: Annotated[int, typer.Option(help="How many wrong rows are shown.")] = 20,
) -> None:
    """Says by level how many rows were read rightly, asked, silently wrong, not read; exits 1 if any was wrong."""
    from services.evaluation.cards.bench_set import scoring

    scores = scoring.score(scoring.read(truth), scoring.read(result))
    table = Table("level", "rows", "right", "asked", "silently wrong", "not read", "asked or not read", "serials read")
    for level, one in sorted(scores.items()):
        shares = f"{one.asked_share:.2%}", f"{one.serials} of {one.cards}"
        table.add_row(level, *(str(count) for count in (one.rows, one.right, one.asked, one.wrong, one.unread)), *shares)
    console.print(table)
    wrong = [line for one in scores.values() for line in one.wrong_lines]
    for line in wrong[:show]:
        say(line)
    raise typer.Exit(1 if wrong else 0)


@cards_app.command("curve")
def curve(
    picture: Annotated[Path, typer.Argument(help="Where the curve is written, as SVG.")],
    number: Annotated[int, typer.Option("--cards", help="Cards of each level.")] = 50,
    seed: Seed = 3,
) -> None:
    """Draws how many rows are asked and how many are wrong as the thresholds move, for each level."""
    from services.evaluation.cards.bench_set.curves import drawn, level_curves

    picture.write_text(drawn(level_curves(number, seed, say)), encoding="utf-8")
    say(f"{picture}")


@cards_app.command("fit")
def fit(
    number: Annotated[int, typer.Option("--cards", help="Cards of each of levels 1 to 3.")] = 100, seed: Seed = 2
) -> None:
    """Prints weights of evidence learned from a fresh set: the line of the pack cards_reading.toml."""
    from services.evaluation.cards.bench_set.curves import training
    from services.evaluation.cards.bench_set.fitting import fitted

    say(f"weights = {list(fitted(training(number, seed)))}")


@cards_app.command("learn")
def learn(
    weights: Annotated[Path, typer.Argument(help="Where the network's weights are written (.npz).")],
    number: Annotated[
        int, typer.Option("--cards", help="Cards of each of levels 1 to 3, and twice as many filled strangely.")
    ] = 250,
    rounds: Annotated[int, typer.Option(help="How often the network goes through all boxes.")] = 12,
    seed: Seed = 77,
    begun: Annotated[bool, typer.Option("--begun", help="Go on with the weights that are there, in smaller steps.")] = False,
) -> None:
    """Teaches the network that looks at boxes on a fresh set: some minutes a round on two cores."""
    import numpy as np

    from services.evaluation.cards.bench_set import learning
    from services.evaluation.cards.reading.network import named, names

    with _bar() as progress:
        cards = learning.cards(number, seed)
        lesson = learning.lesson(progress.track(cards, total=learning.many(number), description="cards"))
    before = named(dict(np.load(weights))) if begun else None
    np.savez_compressed(weights, **names(learning.taught(lesson, rounds, seed, say, before)))  # type: ignore[arg-type]
    say(f"{len(lesson.labels)} boxes; {weights}")


def _bar() -> Progress:
    return Progress(
        TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn(), console=console
    )
