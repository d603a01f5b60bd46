"""The menu: which pages there are and whose they are. An entry shows where its rpc is open to the visitor."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of the menu: where it leads, its word, and the rpc whose access decides who sees it."""

    path: str
    word: str
    rpc: str = ""
    signed_in: bool = True
