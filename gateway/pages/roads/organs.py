"""The organs outside a complaint may go to: those of its own place and of the places above, by name."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, Sequence

from gateway.pages.frame.acts import Record
from gateway.pages.frame.forms import Option
from gateway.pages.frame.visit import Visit

Organs = Callable[[Visit, Record], Awaitable[Mapping[str, Sequence[Option]]]]


def organs(word: str) -> Organs:
    """What to choose from; kept is the organ's name as it is in Chinese, because its filer is shown it for ever."""

    async def found(visit: Visit, record: Record) -> Mapping[str, Sequence[Option]]:
        parts = str(record["jurisdiction_path"]).strip("/").split("/")
        paths = ["/" + "/".join(parts[:length]) for length in range(len(parts), 0, -1)]
        await visit.learn([{"jurisdiction_path": path} for path in paths])
        places = [visit.name(path) for path in paths]
        kept = visit.site.words
        return {"organ": [Option(kept.text(word, "zh", place=place), visit.t(word, place=place)) for place in places]}

    return found
