"""Words to search by: Chinese text as pairs of neighbouring characters, everything else as whole words.

Each word is hashed under a key before it is stored, so that the index reveals no text. Pairs rather than dictionary words
because nobody has to agree on where a Chinese word ends for a search to find it.
"""

from __future__ import annotations

import re
import unicodedata

MOST = 4000  # distinct words of one complaint; a text of 10,000 characters has about so many
_HAN = "\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
_RUNS = re.compile(f"[{_HAN}]+|[^\\W_{_HAN}]+")
_FIRST_HAN = re.compile(f"[{_HAN}]")


def index_words(*texts: str) -> frozenset[str]:
    """The words under which the texts are found. A single character counts too, so that a search for one finds it."""
    found: dict[str, None] = {}
    for text in texts:
        for run in runs(text):
            if han(run):
                found.update(dict.fromkeys(run))
                found.update(dict.fromkeys(pairs(run)))
            else:
                found[run] = None
    return frozenset(list(found)[:MOST])


def query_words(text: str) -> frozenset[str]:
    """The words all of which have to be in a complaint for `text` to find it."""
    words: set[str] = set()
    for run in runs(text):
        words.update((pairs(run) or [run]) if han(run) else [run])
    return frozenset(words)


def runs(text: str) -> list[str]:
    """The text in one writing, cut into runs of Chinese characters and words of other scripts."""
    return _RUNS.findall(unicodedata.normalize("NFKC", text).casefold())


def han(run: str) -> bool:
    """Whether a run is of Chinese characters."""
    return _FIRST_HAN.match(run) is not None


def pairs(run: str) -> list[str]:
    """The pairs of neighbouring characters of a run."""
    return [run[at : at + 2] for at in range(len(run) - 1)]
