"""Training from the command line: what was learned from, and the score on complaints that were not seen."""

from __future__ import annotations

from typing import Annotated

import typer
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn
from rich.table import Table

from chassis.auth import Caller, Rows
from chassis.errors import Refusal
from suite.members import default_folder
from suite.options import Folder, Postgres, console, open_all, say

train_app = typer.Typer(help="Trains what suggests: on this installation's own records.", no_args_is_help=True)
OPERATOR = Caller("operator", frozenset({"operator", "system_admin"}), rows=Rows(everything=True), act="TrainByCommand")


@train_app.callback()
def train() -> None:
    """Trains what suggests: on this installation's own records."""


@train_app.command("complaints")
def train_complaints(
    jurisdiction: Annotated[str, typer.Option(help="The place whose settled complaints are learned from.")] = "/qinghe",
    folder: Folder = default_folder(),
    postgres: Postgres = "",
) -> None:
    """Trains suggestions of category and unit on settled complaints, and puts the new model in use.

    The model holds weights of hashed words, no words. A running suite asks it from the next suggestion on.
    """
    cases = open_all(folder, postgres)["complaints"].usecases.suggestions
    try:
        with Progress(TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), console=console) as progress:
            bars = {name: progress.add_task(name, total=None) for name in ("words", "parts")}
            model = cases.train(
                OPERATOR, jurisdiction, lambda name, done, of: progress.update(bars[name], completed=done, total=of)
            )
    except Refusal as wrong:
        say(str(wrong))
        raise typer.Exit(1) from None
    table = Table("learned", "labels", "complaints", "macro-F1 unseen", "plain TF-IDF + linear SVM")
    for one in model.scores:
        table.add_row(one.target, str(one.classes), str(one.rows), _percent(one.macro_f1), _percent(one.baseline))
    console.print(table)
    say(f"model {model.number} of {jurisdiction} is in use: {model.rows} complaints, {model.digest[:16]}")


def _percent(per_mille: int) -> str:
    return f"{per_mille / 10:.1f} %"
