"""What a model looks at: the words of a text and its short runs of characters, each as a number under a key.

Words are what jieba finds; runs of up to three characters catch what it cuts wrongly, such as names of units; those of the
title are looked at once more by themselves, because a title says what a text is about. Each is hashed under a key to one
of many buckets, so that whoever has the model without the key can ask it about no word.
"""

from __future__ import annotations

import threading
from collections import Counter
from dataclasses import dataclass
from functools import cache
from hashlib import blake2b
from typing import Any

import numpy as np
from numpy.typing import NDArray

from services.complaints.domain.words import han, runs

_BYTES = 8
_LONGEST_RUN = 3
_OF_TITLE = "\u0002"  # marks a word of the title: it counts once more, and as that

Blocks = tuple[Counter[str], ...]
Counts = tuple[tuple[NDArray[np.uint32], NDArray[np.float32]], ...]  # for each block the buckets met and how often
_CUTTER_LOCK = threading.Lock()


@dataclass(frozen=True, slots=True)
class Text:
    """What is looked at."""

    title: str
    text: str


def words(text: str) -> list[str]:
    """The words of a text, as jieba cuts them."""
    cutter = _cutter()
    found: list[str] = []
    for run in runs(text):
        found += cutter.lcut(run) if han(run) else [run]
    return found


def blocks(said: Text) -> Blocks:
    """The words of a text, its runs of characters, those of its title; each block is weighed on its own."""
    of_title, of_text = words(said.title), words(said.text)
    counted = Counter([*of_title, *of_text, *(_OF_TITLE + word for word in of_title)])
    title, text = _grams(said.title), _grams(said.text)
    return counted, title + text, title


def spoken(token: str) -> bool:
    """Whether a token of the first block is a word one can show as a reason."""
    return len(token) > 1 and not token.startswith(_OF_TITLE)


def _grams(text: str) -> Counter[str]:
    found: Counter[str] = Counter()
    for run in runs(text):
        if not han(run):
            found[run] += 1
            continue
        for length in range(1, _LONGEST_RUN + 1):
            found.update(run[at : at + length] for at in range(len(run) - length + 1))
    return found


class Buckets:
    """Numbers for words, under one key."""

    def __init__(self, key: bytes, bits: int) -> None:
        self._begun = blake2b(key=key, digest_size=_BYTES)
        self._shift = 8 * _BYTES - bits

    def of(self, block: int, token: str) -> int:
        """The bucket of a token of a block."""
        one = self._begun.copy()
        one.update(f"{block}{token}".encode())
        return int.from_bytes(one.digest(), "big") >> self._shift

    def counts(self, said: Text) -> Counts:
        """How often each bucket is met, block by block."""
        found = []
        for number, block in enumerate(blocks(said)):
            counted: dict[int, int] = {}
            for token, count in block.items():
                bucket = self.of(number, token)
                counted[bucket] = counted.get(bucket, 0) + count
            met = np.fromiter(counted.keys(), dtype=np.uint32, count=len(counted))
            found.append((met, np.fromiter(counted.values(), dtype=np.float32, count=len(counted))))
        return tuple(found)


def _cutter() -> Any:
    with _CUTTER_LOCK:
        return _made()


@cache
def _made() -> Any:
    """jieba with its dictionary read from its own package: it would else keep a copy in the machine's temporary folder and
    read that the next time, whoever wrote it."""
    import jieba

    cutter = jieba.Tokenizer()
    cutter.FREQ, cutter.total = cutter.gen_pfdict(cutter.get_dict_file())
    cutter.initialized = True
    return cutter
