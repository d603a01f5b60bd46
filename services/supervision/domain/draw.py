"""The random draw: from a published seed, so that nobody can steer it and everybody can repeat it.

Each candidate's ticket is SHA-256 over the UTF-8 text `seed`, line feed, `target` or `inspector`, line feed, name. The
smallest tickets as hex text are drawn. `printf 'SEED\\ntarget\\n/qinghe/housing' | sha256sum` is all it takes to check.
"""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Iterable

TARGET, INSPECTOR = "target", "inspector"


def ticket(seed: str, kind: str, name: str) -> str:
    """A candidate's ticket as 64 hex digits."""
    return hashlib.sha256(f"{seed}\n{kind}\n{name}".encode()).hexdigest()


def draw(seed: str, kind: str, pool: Iterable[str], wanted: int, passed_over: Collection[str] = ()) -> tuple[str, ...]:
    """The `wanted` names with the smallest tickets, in that order; fewer if the pool does not hold as many."""
    ranked = sorted((ticket(seed, kind, name), name) for name in set(pool) - set(passed_over))
    return tuple(name for _, name in ranked[:wanted])
