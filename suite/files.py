"""Files taken in by the command: shows what would change, how far it is, what was rejected and why."""

from __future__ import annotations

import signal
from collections.abc import Sequence
from functools import partial
from pathlib import Path
from typing import Any

import typer
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn
from rich.table import Table
from sqlalchemy.engine import make_url

from chassis.auth import Caller, Rows
from chassis.errors import Refusal
from suite.imports.loading import Loading, Outcome, load
from suite.imports.profiles import NoProfile
from suite.imports.reading import Unreadable
from suite.members import Opened

OPERATOR = Caller("operator", frozenset({"operator", "system_admin"}), rows=Rows(everything=True), act="ImportByCommand")
SHOWN_ROWS = 20


def take_complaints(
    complaints: Opened,
    path: Path,
    jurisdiction: str,
    profile: str,
    preview: bool,
    report: Path,
    folder: Path,
    console: Console,
) -> None:
    """Loads a file of complaints; Ctrl-C ends it after the batch in hand and the next call goes on there."""
    stopped: list[int] = []
    signal.signal(signal.SIGINT, lambda number, _frame: stopped.append(number))
    with _progress(console) as progress:
        bar = progress.add_task("complaints", total=None)
        loading = Loading(
            path=path,
            jurisdiction_path=jurisdiction,
            send=partial(complaints.usecases.history.load, OPERATOR),
            folder=folder / "imports",
            profile=profile,
            ledger=make_url(complaints.config.database_url).render_as_string(hide_password=True),
            preview=preview,
            report=report,
            progress=lambda done, total: progress.update(bar, completed=done, total=total),
            stop=lambda: bool(stopped),
        )
        try:
            outcome = load(loading)
        except (NoProfile, Unreadable, Refusal) as wrong:
            console.print(f"{path}: {wrong}", markup=False)
            raise typer.Exit(1) from None
    _tell(outcome, preview, report, console)
    if not outcome.finished:
        raise typer.Exit(130)


def take_directory(workbooks: Any, path: Path, preview: bool, console: Console) -> None:
    """Takes the directory's workbook, or says row by row why not."""
    try:
        report = workbooks.take(OPERATOR, path.read_bytes(), apply=not preview)
    except Refusal as refusal:
        console.print(f"{path}: {refusal}", markup=False)
        raise typer.Exit(1) from None
    verb = "taken" if report.applied else "would change"
    console.print(
        f"{verb}: {report.added} added, {report.changed} changed, {report.unchanged} as they were, {report.refused} refused",
        markup=False,
    )
    if report.refused or preview:
        console.print(_rows(report.rows))
    if report.refused:
        raise typer.Exit(1)


def _tell(outcome: Outcome, preview: bool, report: Path, console: Console) -> None:
    if outcome.resumed_after:
        console.print(f"went on after row {outcome.resumed_after}", markup=False)
    counts = ", ".join(f"{count} {result}" for result, count in sorted(outcome.results.items()))
    console.print(f"{'would be' if preview else 'done'}: {outcome.rows} rows read: {counts}", markup=False)
    if outcome.results.get("refused") or outcome.results.get("rejected"):
        console.print(f"rejected rows: {report}", markup=False)
    if not outcome.finished:
        console.print("stopped; the same command goes on from here", markup=False)


def _rows(rows: Sequence[Any]) -> Table:
    """Refused rows first: they are what somebody has to mend."""
    ordered = sorted(rows, key=lambda row: row.refusal is None)
    table = Table("sheet", "row", "key", "what")
    for row in ordered[:SHOWN_ROWS]:
        changes = "; ".join(f"{header}: {before or '-'} > {after or '-'}" for header, before, after in row.changes)
        table.add_row(row.sheet, str(row.number), row.key, str(row.refusal) if row.refusal else f"{row.act.value} {changes}")
    if len(rows) > SHOWN_ROWS:
        table.add_row("…", f"{len(rows) - SHOWN_ROWS} more", "", "")
    return table


def _progress(console: Console) -> Progress:
    return Progress(
        TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn(), console=console
    )
