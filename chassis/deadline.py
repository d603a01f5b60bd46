"""When the work being done must be finished: every call has an end, and passes on what is left of it.

The end is kept per call (a context variable), so that a call made on behalf of another one ends before it.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

from chassis.clock import monotonic

FOREVER = float("inf")
_ENDS: ContextVar[float] = ContextVar("ends", default=FOREVER)


def remaining() -> float:
    """Seconds left for the work at hand; infinite outside a call, negative when its time has run out."""
    return _ENDS.get() - monotonic()


def end_in(seconds: float) -> None:
    """The work at hand ends in so many seconds, or earlier if it had to already."""
    _ENDS.set(min(_ENDS.get(), monotonic() + seconds))


@contextmanager
def within(seconds: float) -> Iterator[None]:
    """What is done inside ends in so many seconds, or earlier if what surrounds it does."""
    token = _ENDS.set(min(_ENDS.get(), monotonic() + seconds))
    try:
        yield
    finally:
        _ENDS.reset(token)
