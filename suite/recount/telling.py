"""The command: what it is given, and how it says what it found."""

from __future__ import annotations

import argparse
import sys
import tomllib
from collections.abc import Callable, Sequence
from importlib.resources import files
from pathlib import Path

from suite.recount.checking import check, faults
from suite.recount.opening import Unreadable
from suite.recount.receipts import kept

LANGUAGES = ("zh", "en")
Say = Callable[[str], None]


def main(arguments: Sequence[str]) -> int:
    """Reads the arguments and recounts."""
    reader = argparse.ArgumentParser(prog="recount", description="Recounts a published box.")
    reader.add_argument("file", type=Path)
    reader.add_argument("--receipt", action="append", default=[], metavar="FILE_OR_TEXT")
    reader.add_argument("--receipts", action="append", default=[], metavar="FOLDER")
    reader.add_argument("--key", default="", metavar="HEX")
    reader.add_argument("--language", choices=LANGUAGES, default=LANGUAGES[0])
    given = reader.parse_args(arguments)
    return recount(given.file, [*given.receipt, *given.receipts], given.key, given.language, _print)


def recount(file: Path, receipts: Sequence[str], key: str, language: str, say: Say) -> int:
    """Recounts a file and says what was found; 0 where everything agrees, else 1."""
    words = tomllib.loads((files("suite.recount") / "words.toml").read_text("utf-8"))

    def told(word: str, **details: object) -> str:
        return str(words[word][language]).format(**details)

    try:
        pinned = _key(key)
        findings = []
        for finding in check(file, kept(receipts), pinned, _progress):
            findings.append(finding)
            say(("✓ " if finding.good else "✗ ") + told(finding.word, **finding.details))
    except Unreadable as wrong:
        say("✗ " + told("not_read", why=told(wrong.reason, **wrong.details)))
        return 1
    number = faults(findings)
    say(told("faults_found", number=number) if number else told("all_agree"))
    return 1 if number else 0


def _key(text: str) -> bytes:
    try:
        return bytes.fromhex(text)
    except ValueError as wrong:
        raise Unreadable("no_key") from wrong


def _progress(done: int, whole: int) -> None:
    """How far a long file is, on one line that is written over; nothing where nobody watches."""
    if sys.stderr.isatty():
        sys.stderr.write(f"\r{done:,} / {whole:,}" + ("\n" if done == whole else ""))
        sys.stderr.flush()


def _print(line: str) -> None:
    sys.stdout.write(line + "\n")
