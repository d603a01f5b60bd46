"""The `zhengfeng` command: what an operator types. Each command does one thing and says what it did."""

from __future__ import annotations

import gc
import logging
import signal
import threading
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from chassis.logs import configure_logging
from chassis.process import leave_the_grown_alone
from suite import cards, keyring, operating, training
from suite.members import GRPC_PORT, SERVICES, default_folder
from suite.options import Amqp, Folder, GrpcPort, HttpPort, Postgres, console, open_all, say, the_clock

if TYPE_CHECKING:
    from suite.demo.load import Demonstration
    from suite.embedded import Embedded

app = typer.Typer(
    help="正风 Zhengfeng: supervision of conduct and efficiency.", no_args_is_help=True, pretty_exceptions_enable=False
)
app.add_typer(operating.facts_app, name="facts")
app.add_typer(operating.import_app, name="import")
app.add_typer(operating.export_app, name="export")
app.add_typer(training.train_app, name="train")
app.add_typer(keyring.keys_app, name="keys")
app.add_typer(cards.cards_app, name="cards")

SHOWN_CODES = 4


def totp_now(secret: str) -> str:
    """The six digits that hold now."""
    from services.directory.domain.factors import code, from_base32, step_at

    return code(from_base32(secret), step_at(the_clock().now()))


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
def recount(
    file: Annotated[Path, typer.Argument(help="A published box, as downloaded from the results page.")],
    receipt: Annotated[list[str] | None, typer.Option(help="A receipt or head that was kept: text or file.")] = None,
    receipts: Annotated[list[str] | None, typer.Option(help="A folder of receipts.")] = None,
    key: Annotated[str, typer.Option(help="The public key the heads must be signed with, in hexadecimal.")] = "",
    language: Annotated[str, typer.Option(help="zh or en.")] = "zh",
) -> None:
    """Counts a published box again, from the first ballot to the last line, without any server; exits 1 at any fault."""
    from suite.recount import telling

    if language not in telling.LANGUAGES:
        raise typer.BadParameter("zh or en", param_hint="--language")
    raise typer.Exit(telling.recount(file, [*(receipt or ()), *(receipts or ())], key, language, typer.echo))


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

    found_administrators(open_all(folder, postgres)["directory"].usecases, jurisdiction, console)


@app.command()
def code(secret: Annotated[str, typer.Argument(help="Base 32; the demonstration's if left out.")] = "") -> None:
    """Prints the six digits of a second factor that hold now (RFC 6238), for whoever has no authenticator at hand."""
    from services.directory.domain.factors import base32
    from suite.demo.accounts import TOTP_SECRET

    say(totp_now(secret or base32(TOTP_SECRET)))


app.command()(operating.replay)
app.command()(operating.audit)


def _run_embedded(folder: Path, http_port: int, grpc_port: int, with_demo: bool) -> None:
    from suite.embedded import Embedded
    from suite.page_server import PageServer

    say(f"data: {folder}")
    configure_logging("suite", "embedded", logging.WARNING)
    gc.disable()  # nearly all that starting makes stays: walking it again and again took a third of the time
    try:
        embedded = Embedded(folder, the_clock(), grpc_port)
    except RuntimeError as wrong:
        say(f"calls could not be answered on port {grpc_port}: is it taken? ({wrong})")
        raise typer.Exit(1) from None
    embedded.answer()
    if with_demo:
        leave_the_grown_alone()
    shown = _loaded(embedded) if with_demo else None
    pages = PageServer(dict.fromkeys(SERVICES, f"127.0.0.1:{embedded.listening.port}"), http_port, the_clock())
    try:
        pages.start()  # before timers and couriers, who would share the processor with whoever waits for the first page
    except RuntimeError as wrong:
        say(str(wrong))
        embedded.stop()
        raise typer.Exit(1) from None
    embedded.start()
    leave_the_grown_alone()
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
