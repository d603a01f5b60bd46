"""The `zhengfeng` command: what an operator types. Each command does one thing and says what it did."""

from __future__ import annotations

import logging
import signal
import threading
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Console
from rich.table import Table

from chassis.clock import Clock, SystemClock, settled_clock
from chassis.logs import configure_logging
from suite.members import GRPC_PORT, SERVICES, Opened, default_folder, embedded_config, open_service

if TYPE_CHECKING:
    from suite.demo.load import Demonstration
    from suite.embedded import Embedded

app = typer.Typer(
    help="正风 Zhengfeng: supervision of conduct and efficiency.", no_args_is_help=True, pretty_exceptions_enable=False
)
facts_app = typer.Typer(help="Facts between services: what is parked, and trying it again.", no_args_is_help=True)
import_app = typer.Typer(help="Takes in files: the directory's workbook, complaints of other systems.", no_args_is_help=True)
export_app = typer.Typer(help="Writes files: the directory's workbook.", no_args_is_help=True)
app.add_typer(facts_app, name="facts")
app.add_typer(import_app, name="import")
app.add_typer(export_app, name="export")

SHOWN_CODES = 4
console = Console(highlight=False)
Folder = Annotated[Path, typer.Option("--data", help="The folder with databases and keys.", envvar="ZHENGFENG_DATA")]
HttpPort = Annotated[int, typer.Option("--http-port", help="The port pages and REST are served on.")]
Postgres = Annotated[str, typer.Option("--postgres", help="URL of a PostgreSQL owner.", envvar="ZHENGFENG_POSTGRES")]
Amqp = Annotated[str, typer.Option("--amqp", help="URL of a RabbitMQ virtual host.", envvar="ZHENGFENG_AMQP")]
GrpcPort = Annotated[int, typer.Option("--grpc-port", help="The port of all services in the embedded default.")]


def the_clock() -> Clock:
    """The machine's clock, or that moved by CLOCK_OFFSET_SECONDS."""
    return settled_clock() or SystemClock()


def totp_now(secret: str) -> str:
    """The six digits that hold now."""
    from services.directory.domain.factors import code, from_base32, step_at

    return code(from_base32(secret), step_at(the_clock().now()))


def say(text: str) -> None:
    """One line of progress."""
    console.print(text, markup=False, soft_wrap=True)


@app.command()
def version() -> None:
    """Prints the version."""
    from importlib.metadata import PackageNotFoundError, version

    try:
        say(version("zhengfeng"))
    except PackageNotFoundError:
        say(_version_of_checkout())


@app.command()
def run(folder: Folder = default_folder(), http_port: HttpPort = 8080, grpc_port: GrpcPort = GRPC_PORT) -> None:
    """Starts everything on this machine with the demonstration city; data is kept for the next time."""
    _run_embedded(folder, http_port, grpc_port, with_demo=True)


@app.command()
def up(
    folder: Folder = default_folder(),
    http_port: HttpPort = 8080,
    grpc_port: GrpcPort = GRPC_PORT,
    postgres: Postgres = "",
    amqp: Amqp = "",
    processes: Annotated[int, typer.Option(help="gRPC processes per service, with --postgres.")] = 1,
    demo: Annotated[bool, typer.Option(help="Load the demonstration city.")] = False,
) -> None:
    """Starts the suite: in one process on SQLite, or with --postgres and --amqp as separate processes under a supervisor."""
    if bool(postgres) != bool(amqp) or (postgres and demo):
        raise typer.BadParameter("--postgres and --amqp go together, and --demo only without them")
    if postgres:
        from suite.separate import run_separate

        run_separate(postgres, amqp, folder, http_port, processes, say)
        return
    _run_embedded(folder, http_port, grpc_port, with_demo=demo)


@app.command()
def migrate(
    folder: Folder = default_folder(),
    postgres: Postgres = "",
    amqp: Amqp = "",
) -> None:
    """Brings all databases to the newest revision and writes the shipped settings; repeating it changes nothing."""
    from suite.separate import migrate_all

    migrate_all(folder, postgres, say, amqp)


@app.command()
def demo(folder: Folder = default_folder()) -> None:
    """Loads the demonstration city into the embedded default; what is there already is kept."""
    from suite.embedded import Embedded

    embedded = Embedded(folder, the_clock(), grpc_port=0)
    embedded.answer()
    _show(_loaded(embedded))
    embedded.stop()


@app.command()
def found(
    jurisdiction: Annotated[str, typer.Argument(help="The path of the whole installation, e.g. /qinghe.")],
    folder: Folder = default_folder(),
    postgres: Postgres = "",
) -> None:
    """Opens a new installation: makes the accounts of the three administrators and prints their credentials once."""
    from suite.founding import found as found_administrators

    found_administrators(_open_all(folder, postgres)["directory"].usecases, jurisdiction, console)


@app.command()
def code(secret: Annotated[str, typer.Argument(help="Base 32; the demonstration's if left out.")] = "") -> None:
    """Prints the six digits of a second factor that hold now (RFC 6238), for whoever has no authenticator at hand."""
    from services.directory.domain.factors import base32
    from suite.demo.accounts import TOTP_SECRET

    say(totp_now(secret or base32(TOTP_SECRET)))


@app.command()
def replay(
    source: Annotated[str, typer.Argument(help="The service whose facts are sent again.")],
    to: Annotated[str, typer.Option("--to", help="The service that hears them.")],
    folder: Folder = default_folder(),
    postgres: Postgres = "",
) -> None:
    """Sends what SOURCE has announced to one listener again, to refill its copies; newer copies are kept."""
    from suite.replaying import replay as send_again

    _known(source)
    _known(to)
    opened = _open_all(folder, postgres)
    say(f"{send_again(opened[source], opened[to])} facts of {source} sent to {to}")


@facts_app.command("parked")
def facts_parked(folder: Folder = default_folder(), postgres: Postgres = "") -> None:
    """Lists facts that failed too often, by service."""
    table = Table("service", "fact", "about", "attempts", "error", "received", "id")
    for name, opened in _open_all(folder, postgres).items():
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
    retried = sum(opened.inbox().retry_parked(event_id) for opened in _open_all(folder, postgres).values())
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

    complaints = _open_all(folder, postgres)["complaints"]
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

    take_directory(_open_all(folder, postgres)["directory"].usecases.workbooks, path, preview, console)


@export_app.command("directory")
def export_directory(
    path: Annotated[Path, typer.Argument(help="Where the workbook is written.")],
    under: Annotated[str, typer.Option(help="Only this place or unit and what lies below.")] = "",
    folder: Folder = default_folder(),
    postgres: Postgres = "",
) -> None:
    """Writes the directory as a workbook; taking it in again changes nothing."""
    from suite.files import OPERATOR

    content, _ = _open_all(folder, postgres)["directory"].usecases.workbooks.give(OPERATOR, under)
    path.write_bytes(content)
    say(f"{path}: {len(content)} bytes")


def _known(service: str) -> None:
    if service not in SERVICES:
        raise typer.BadParameter(f"no service {service!r}; there are {', '.join(SERVICES)}")


def _open_all(folder: Path, postgres: str) -> dict[str, Opened]:
    """All services, on the PostgreSQL server if its owner's URL is given, else on the folder's files."""
    from suite.separate import owner_config

    clock = the_clock()
    configs = [owner_config(name, postgres, folder) if postgres else embedded_config(name, folder) for name in SERVICES]
    return {config.service: open_service(config, clock) for config in configs}


def _run_embedded(folder: Path, http_port: int, grpc_port: int, with_demo: bool) -> None:
    from suite.embedded import Embedded
    from suite.page_server import PageServer

    say(f"data: {folder}")
    configure_logging("suite", "embedded", logging.WARNING)
    embedded = Embedded(folder, the_clock(), grpc_port)
    embedded.answer()
    shown = _loaded(embedded) if with_demo else None
    embedded.start()
    pages = PageServer(dict.fromkeys(SERVICES, f"127.0.0.1:{embedded.listening.port}"), http_port, the_clock())
    try:
        pages.start()
    except RuntimeError as wrong:
        say(str(wrong))
        embedded.stop()
        raise typer.Exit(1) from None
    if shown:
        _show(shown)
    say(f"ready: http://127.0.0.1:{pages.port}")
    _wait_for_stop()
    say("stopping")
    pages.stop()
    embedded.stop()
    say("stopped")


def _loaded(embedded: Embedded) -> Demonstration:
    """The demonstration, loaded or there already; ends the command where its folder cannot show it."""
    from suite.demo.load import Unfit, load_demo

    try:
        return load_demo(embedded, say)
    except Unfit as wrong:
        say(str(wrong))
        embedded.stop()
        raise typer.Exit(1) from None


def _show(demonstration: Demonstration) -> None:
    """Prints who may sign in, with what, and ballot codes that are still unused."""
    first = demonstration.accounts[0]
    say("演示账号 demonstration accounts (one password and one second factor for all):")
    say(f"  密码 password: {first.password}")
    say(f"  二次验证 TOTP secret: {first.totp_secret}   now {totp_now(first.totp_secret)}; later: zhengfeng code")
    for account in demonstration.accounts:
        say(f"  {account.user_name:28} {' '.join(account.roles)}")
    say("评议码 ballot codes not used yet: " + "  ".join(demonstration.ballot_codes[:SHOWN_CODES]))


def _wait_for_stop() -> None:
    stopped = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stopped.set())
    stopped.wait()


def _version_of_checkout() -> str:
    import tomllib

    project = tomllib.loads((Path(__file__).parents[1] / "pyproject.toml").read_text(encoding="utf-8"))
    return str(project["project"]["version"])
