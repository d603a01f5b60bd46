"""What time turns, in chunks: each chunk a transaction, so that a timer holds few rows and holds them briefly."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from chassis.db import database_away
from chassis.errors import Stale
from chassis.logs import log

CHUNK = 100


def in_chunks(due: Callable[[int], Sequence[str]], turn: Callable[[Sequence[str]], int], fault_event: str) -> int:
    """Asks for so many ids that are due and turns them together, until there are no more; says how many were turned.

    Where a chunk fails each is turned by itself, so that one that cannot be turned, or that somebody acts on at this
    moment, keeps nobody else waiting: it is logged as `fault_event` and tried again at the next run.
    """
    turned, before = 0, list[str]()
    while (ids := list(due(CHUNK))) and ids != before:
        done = _together(ids, turn, fault_event)
        turned += done
        if not done or len(ids) < CHUNK:
            break
        before = ids
    return turned


def _together(ids: Sequence[str], turn: Callable[[Sequence[str]], int], fault_event: str) -> int:
    try:
        return turn(ids)
    except Exception as fault:
        if database_away(fault):
            raise
        return sum(_alone(id, turn, fault_event) for id in ids)


def _alone(id: str, turn: Callable[[Sequence[str]], int], fault_event: str) -> int:
    try:
        return turn([id])
    except Stale:
        return 0  # somebody acted on it meanwhile; what is still due is due at the next run
    except Exception as fault:
        if database_away(fault):
            raise
        log().error(fault_event, exc_info=fault)
        return 0
