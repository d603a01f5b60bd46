"""Getting the next thing ready while somebody works on the present one."""

from __future__ import annotations

from collections.abc import Generator, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextvars import copy_context
from itertools import islice
from typing import TypeVar

T = TypeVar("T")


def ahead(items: Iterator[T]) -> Generator[T, None, None]:
    """The same items, each fetched in a thread of its own while the one before it is in use; never more than one ahead.

    Whoever stops early does not wait for the item that is being fetched: a sender may be slow.
    """
    context, fetching = copy_context(), ThreadPoolExecutor(max_workers=1)

    def fetch() -> tuple[T, ...]:
        return tuple(islice(items, 1))

    try:
        coming = fetching.submit(context.run, fetch)
        while item := coming.result():
            coming = fetching.submit(context.run, fetch)
            yield item[0]
    finally:
        fetching.shutdown(wait=False, cancel_futures=True)
