"""The menu: which pages there are and whose they are. An entry shows where its rpc is open to the visitor."""

from __future__ import annotations

from dataclasses import dataclass
from fnmatch import fnmatchcase


@dataclass(frozen=True, slots=True)
class Entry:
    """One page of the menu: where it leads, its word, the rpc whose access decides who sees it, the group it stands in.

    `beside` are pages that belong to it though their address begins with another's: `/campaigns/*/cards*`.
    """

    path: str
    word: str
    rpc: str = ""
    group: str = ""
    signed_in: bool = True
    beside: str = ""


@dataclass(frozen=True, slots=True)
class Group:
    """Pages that belong together: the word of the menu, and the pages this visitor has there."""

    word: str
    entries: tuple[Entry, ...]

    def here(self, path: str) -> Entry | None:
        """The page of the menu to which the one at this address belongs, if it stands in this group."""
        beside = (one for one in self.entries if one.beside and fnmatchcase(path, one.beside))
        under = (one for one in self.entries if path == one.path or path.startswith(f"{one.path}/"))
        return next(beside, None) or next(under, None)


def grouped(entries: list[Entry]) -> list[Group]:
    """The groups in the order of their first pages; a page without a group is one of its own."""
    words = dict.fromkeys(one.group or one.word for one in entries)
    return [Group(word, tuple(one for one in entries if (one.group or one.word) == word)) for word in words]
