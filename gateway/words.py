"""Every label and sentence of the gateway, in Chinese and English, from TOML files beside the pages.

A row is `key = { zh = "…", en = "…" }` or a table of such rows (`[stage] RECEIVED = …` is `stage.RECEIVED`).
A missing key is an error and never an empty space: tests walk every template for it.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

LANGUAGES = ("zh", "en")


class MissingWord(KeyError):
    """A page asked for a label that no catalogue has."""


class Words:
    """The catalogues of all page families together; one key is written in one place only."""

    def __init__(self, rows: Mapping[str, Mapping[str, str]]) -> None:
        self._rows = rows

    @classmethod
    def load(cls, files: Iterable[Path]) -> Words:
        rows: dict[str, Mapping[str, str]] = {}
        for file in files:
            for key, row in _rows("", tomllib.loads(file.read_text(encoding="utf-8"))):
                if key in rows:
                    raise ValueError(f"{file}: {key} is written twice")
                if set(row) != set(LANGUAGES):
                    raise ValueError(f"{file}: {key} needs zh and en and nothing else")
                rows[key] = row
        return cls(rows)

    def text(self, key: str, language: str, /, **params: object) -> str:
        try:
            sentence = self._rows[key][language]
        except KeyError:
            raise MissingWord(key) from None
        return sentence.format_map({name: str(value) for name, value in params.items()}) if params else sentence

    def has(self, key: str) -> bool:
        return key in self._rows

    def below(self, prefix: str) -> list[str]:
        """The keys of a list, in the order they are written."""
        return [key for key in self._rows if key.startswith(prefix)]

    def refusal(self, reason: str, status: int, language: str) -> str:
        """The sentence for a refusal that came without one: by its reason, else by its kind."""
        for key in (f"refusal.{reason}", f"status.{status}"):
            if key in self._rows:
                return self.text(key, language)
        return self.text("status.500", language)


def _rows(prefix: str, table: Mapping[str, Any]) -> Iterator[tuple[str, Mapping[str, str]]]:
    for key, value in table.items():
        name = f"{prefix}{key}"
        if all(isinstance(inner, str) for inner in value.values()):
            yield name, value
        else:
            yield from _rows(f"{name}.", value)
