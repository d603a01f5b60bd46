"""One page for each record: what it is, what can be done, its words, and where it leads."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from starlette.responses import Response

from gateway.pages.frame.acts import RecordKind, offered
from gateway.pages.frame.visit import Visit
from gateway.pages.publishing.kinds import STATES


def of(kind: RecordKind) -> Callable[[Visit], Awaitable[Response]]:
    """The page of a kind of record."""

    async def record(visit: Visit) -> Response:
        found = await kind.read(visit)
        await visit.learn(found)
        ref = visit.ref("ref")
        template = f"publishing/{kind.key.replace('-', '_').removesuffix('s')}.html"
        return visit.site.page(
            visit,
            template,
            record=found,
            kind=kind,
            ref=ref,
            state=STATES[kind.key],
            offers=offered(visit, kind, found, ref),
        )

    record.__qualname__ = f"record_{kind.key}"
    return record
