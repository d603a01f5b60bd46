"""What an operator asks of services, running or not: parked or missing facts, the audit chain, files in and out."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer
from rich.table import Table

from chassis.audit import first_broken
from chassis.store import Store
from suite.members import Opened, default_folder
from suite.options import Folder, Postgres, console, known, open_all, say

facts_app = typer.Typer(help="Facts between services: what is parked, and trying it again.", no_args_is_help=True)
import_app = typer.Typer(help="Takes in files: the directory's workbook, complaints of other systems.", no_args_is_help=True)
export_app = typer.Typer(help="Writes files: the directory's workbook.", no_args_is_help=True)


def audit(folder: Folder = default_folder(), postgres: Postgres = "") -> None:
    """Follows every audit chain from its first line, then holds the logs that are only added to against it.

    Ends with 1 and names the line if one was changed, removed or put in.
    """
    broken = 0
    opened = open_all(folder, postgres)
    for name, store in _stores(opened):
        line = first_broken(store)
        say(f"{name}: {'the chain holds' if line is None else f'broken at line {line}'}")
        broken += line is not None
    found = opened["complaints"].usecases.identity.untouched()
    for fault in found.faults:
        say(f"complaints: {fault.log}: line {fault.line_id} {fault.kind}")
    say(f"complaints: {found.lines} lines of the identity log and of the record of erasures, {len(found.faults)} faults")
    broken += len(found.faults)
    if broken:
        raise typer.Exit(1)


def _stores(services: dict[str, Opened]) -> list[tuple[str, Store]]:
    """Every database with an audit trail: one a service, and the register of raters, which is kept apart."""
    found = [(name, opened.store) for name, opened in services.items()]
    return [*found, ("register", services["evaluation"].usecases.register)]


def replay(
    source: Annotated[str, typer.Argument(help="The service whose facts are sent again.")],
    to: Annotated[str, typer.Option("--to", help="The service that hears them.")],
    folder: Folder = default_folder(),
    postgres: Postgres = "",
) -> None:
    """Sends what SOURCE has announced to one listener again, to refill its copies; newer copies are kept."""
    from suite.replaying import replay as send_again

    known(source)
    known(to)
    opened = open_all(folder, postgres)
    say(f"{send_again(opened[source], opened[to])} facts of {source} sent to {to}")


@facts_app.command("parked")
def facts_parked(folder: Folder = default_folder(), postgres: Postgres = "") -> None:
    """Lists facts that failed too often, by service."""
    table = Table("service", "fact", "about", "attempts", "error", "received", "id")
    for name, opened in open_all(folder, postgres).items():
        for fact in opened.inbox().parked():
            kind = fact.type.rpartition(".")[2]
            received = fact.received_at.isoformat(timespec="seconds")
            table.add_row(name, kind, fact.subject_id, str(fact.attempts), fact.error, received, fact.event_id)
    console.print(table if table.row_count else "nothing is parked")


@facts_app.command("retry")
def facts_retry(
    event_id: Annotated[str, typer.Argument(help="One fact; all parked ones if left out.")] = "",
    folder: Folder = default_folder(),
    postgres: Postgres = "",
) -> None:
    """Makes parked facts due again; the worker applies them."""
    retried = sum(opened.inbox().retry_parked(event_id) for opened in open_all(folder, postgres).values())
    say(f"{retried} facts will be tried again")


@import_app.command("complaints")
def import_complaints(
    path: Annotated[Path, typer.Argument(exists=True, dir_okay=False, help="A CSV file, packed with gzip or not.")],
    jurisdiction: Annotated[str, typer.Option(help="The place whose ledger takes them, for example /qinghe.")] = "/qinghe",
    profile: Annotated[str, typer.Option(help="How the file is read; found by its columns if left out.")] = "",
    preview: Annotated[bool, typer.Option("--preview", help="Only say what would change.")] = False,
    report: Annotated[Path, typer.Option(help="Where rejected rows are listed.")] = Path("rejected.csv"),
    folder: Folder = default_folder(),
    postgres: Postgres = "",
) -> None:
    """Takes in history: previewed, with progress; stopped by Ctrl-C it goes on there the next time."""
    from suite.files import take_complaints

    complaints = open_all(folder, postgres)["complaints"]
    take_complaints(complaints, path, jurisdiction, profile, preview, report, folder, console)


@import_app.command("directory")
def import_directory(
    path: Annotated[Path, typer.Argument(exists=True, dir_okay=False, help="The workbook, as exported.")],
    preview: Annotated[bool, typer.Option("--preview", help="Only say what would change.")] = False,
    folder: Folder = default_folder(),
    postgres: Postgres = "",
) -> None:
    """Takes in units, officials, posts, service items and duty lists: all of the workbook or nothing."""
    from suite.files import take_directory

    take_directory(open_all(folder, postgres)["directory"].usecases.workbooks, path, preview, console)


@export_app.command("directory")
def export_directory(
    path: Annotated[Path, typer.Argument(help="Where the workbook is written.")],
    under: Annotated[str, typer.Option(help="Only this place or unit and what lies below.")] = "",
    folder: Folder = default_folder(),
    postgres: Postgres = "",
) -> None:
    """Writes the directory as a workbook; taking it in again changes nothing."""
    from suite.files import OPERATOR

    content, _ = open_all(folder, postgres)["directory"].usecases.workbooks.give(OPERATOR, under)
    path.write_bytes(content)
    say(f"{path}: {len(content)} bytes")
