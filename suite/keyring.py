"""`zhengfeng keys`: what an operator does with the keys of complaints.

Rotating makes a new key beside the old ones and changes nothing that is stored; resealing brings what is stored to the new
key; retiring deletes the old keys once nothing needs them, and with that makes older backups of the database unreadable.
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import Annotated

import typer
from nacl.public import PrivateKey
from rich.progress import Progress

from suite.members import Opened, default_folder
from suite.options import Folder, Postgres, console, open_all, say

KEY_BYTES = 32
keys_app = typer.Typer(help="Keys of complaints: rotating, keepers, re-sealing, retiring.", no_args_is_help=True)


def _complaints(folder: Path, postgres: str) -> Opened:
    return open_all(folder, postgres)["complaints"]


@keys_app.command("show")
def show(folder: Folder = default_folder(), postgres: Postgres = "") -> None:
    """Says which wrapping key is the newest and whom identities are sealed to."""
    sealing = _complaints(folder, postgres).usecases.sealing
    say(f"wrapping key: {sealing.number}")
    for keeper in sealing.keepers:
        say(f"identities are sealed to {keeper}")


@keys_app.command("rotate")
def rotate(folder: Folder = default_folder(), postgres: Postgres = "") -> None:
    """Makes a new wrapping key, which seals from now on; what is stored stays under the old one until it is re-sealed."""
    opened = _complaints(folder, postgres)
    number = opened.usecases.sealing.number + 1
    _write(opened.config.keys_dir / f"records.{number}", os.urandom(KEY_BYTES))
    say(f"wrapping key {number} made; go on with: zhengfeng keys reseal")


@keys_app.command("add-keeper")
def add_keeper(
    public: Annotated[Path | None, typer.Option(help="Their public key, 32 bytes; a pair is made here if left out.")] = None,
    folder: Folder = default_folder(),
    postgres: Postgres = "",
) -> None:
    """Adds somebody identities are sealed to. What is stored opens for them once it is re-sealed."""
    from services.complaints.storage.recipients import HOLDER, key_id

    keys = _complaints(folder, postgres).config.keys_dir
    private = None if public else PrivateKey.generate()
    content = public.read_bytes() if public else bytes(private.public_key) if private else b""
    if len(content) != KEY_BYTES:
        raise typer.BadParameter("a public key is 32 bytes", param_hint="--public")
    name = f"{HOLDER}.{key_id(content).hex()}"
    if private:
        _write(keys / f"{name}.private", bytes(private))
    _write(keys / f"{name}.public", content)
    say(f"keeper {key_id(content).hex()} added; go on with: zhengfeng keys reseal")


@keys_app.command("drop-keeper")
def drop_keeper(
    keeper: Annotated[str, typer.Argument(help="The key id, as `keys show` prints it.")],
    folder: Folder = default_folder(),
    postgres: Postgres = "",
) -> None:
    """Seals to somebody no longer; their private key, if it lies here, still opens what is not re-sealed yet."""
    from services.complaints.storage.recipients import HOLDER, key_id

    keys = _complaints(folder, postgres).config.keys_dir
    public = {key_id(path.read_bytes()).hex(): path for path in keys.glob(f"{HOLDER}*.public")}
    if keeper not in public or len(public) == 1:
        raise typer.BadParameter("no such keeper, or the only one", param_hint="KEEPER")
    public[keeper].rename(public[keeper].with_suffix(".left"))
    say(f"keeper {keeper} dropped; go on with: zhengfeng keys reseal")


@keys_app.command("reseal")
def reseal(folder: Folder = default_folder(), postgres: Postgres = "") -> None:
    """Brings everything stored to the newest key and the present keepers. Stopped by Ctrl-C, it goes on the next time."""
    sealing = _complaints(folder, postgres).usecases.sealing
    changed = 0
    with Progress(console=console) as progress:
        task = progress.add_task("re-sealing", total=sealing.count())
        for batch in sealing.reseal():
            changed += batch.changed
            progress.update(task, advance=batch.seen)
    say(f"{changed} complaints re-sealed under key {sealing.number} for {len(sealing.keepers)} keepers")


@keys_app.command("retire")
def retire(
    yes: Annotated[bool, typer.Option("--yes", help="Really delete them: older backups cannot be read any more.")] = False,
    folder: Folder = default_folder(),
    postgres: Postgres = "",
) -> None:
    """Deletes wrapping keys nothing stored needs, once everything is re-sealed."""
    opened = _complaints(folder, postgres)
    sealing = opened.usecases.sealing
    if any(batch.changed for batch in sealing.reseal()):
        say("something was still under an older key and has been re-sealed")
    old = [path for path in opened.config.keys_dir.glob("records.*") if int(path.suffix[1:]) < sealing.number]
    for path in old if yes else ():
        path.unlink()
    say(f"{len(old)} older keys {'deleted' if yes else 'would be deleted; say --yes'}")


def _write(path: Path, content: bytes) -> None:
    """A new file only its owner may read; one that is there already is never replaced."""
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
        file.write(content)
