"""Getting the next things ready while somebody works on the present ones."""

from __future__ import annotations

from collections import deque
from collections.abc import Generator, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextvars import copy_context
from itertools import islice
from time import sleep
from typing import TypeVar

T = TypeVar("T")


def ahead(items: Iterator[T], most: int) -> Generator[list[T], None, None]:
    """The same items, fetched in a thread of its own, at most `most` ahead; all that are ready come together.

    What goes wrong is told after all that came before it. Whoever stops early does not wait for the item that is being
    fetched: a sender may be slow.
    """
    context, fetching = copy_context(), ThreadPoolExecutor(max_workers=1)

    def fetch() -> tuple[T, ...]:
        item = tuple(islice(items, 1))
        sleep(0)  # lets whoever works on the present ones go first: left alone, the interpreter takes five milliseconds
        return item

    coming: deque[Future[tuple[T, ...]]] = deque(fetching.submit(context.run, fetch) for _ in range(most))

    def taken() -> list[T]:
        item = coming.popleft().result()
        coming.append(fetching.submit(context.run, fetch))
        return list(item)

    try:
        while ready := taken():
            while len(ready) < most and coming[0].done() and not coming[0].exception() and (item := taken()):
                ready += item
            yield ready
    finally:
        fetching.shutdown(wait=False, cancel_futures=True)
