"""Sentences in Chinese and English, by key. A missing key is an error and never an empty text."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

LANGUAGES = ("zh", "en")
OWN = Path(__file__).with_name("catalogue.toml")


class CatalogueError(Exception):
    """A catalogue lacks a language or says two things under one key; the text names where."""


@dataclass(frozen=True, slots=True)
class Catalogue:
    """The sentences of one service, together with those of the chassis."""

    texts: Mapping[str, Mapping[str, str]]

    @staticmethod
    def load(*paths: Path) -> Catalogue:
        """Reads `[KEY] zh = "..." en = "..."` tables. A service may say what the chassis says in words of its own.

        Raises CatalogueError naming every entry at fault.
        """
        own = tomllib.loads(OWN.read_text(encoding="utf-8"))
        texts: dict[str, Mapping[str, str]] = {}
        faults: list[str] = []
        for path in paths:
            for key, entry in tomllib.loads(path.read_text(encoding="utf-8")).items():
                faults += [f"{path.name}: {key} lacks {lang}" for lang in LANGUAGES if not entry.get(lang)]
                if texts.get(key, entry) != entry:
                    faults.append(f"{path.name}: {key} is already said otherwise")
                texts[key] = entry
        if faults:
            raise CatalogueError("; ".join(faults))
        return Catalogue({**own, **texts})

    def __contains__(self, key: str) -> bool:
        return key in self.texts

    def keys(self) -> Iterable[str]:
        """Every key."""
        return self.texts.keys()

    def text(self, key: str, language: str, /, **params: object) -> str:
        """The sentence in `zh` or `en` with its {params} filled in. Raises KeyError for an unknown key or parameter."""
        return self.texts[key][language].format_map(params)
