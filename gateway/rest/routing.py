"""Finds the rpc that a method and a path mean. Built once from the http rules of the contracts.

`/v1/complaints/{complaint_id}:accept` splits into segments and a verb after the last colon, so a lookup is a
dictionary access by (method, number of segments, verb) and a comparison of few candidates: it does not slow
down with the number of rpcs.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from urllib.parse import unquote

from gateway.contracts import Rpc

_FIELD = re.compile(r"\{([a-z0-9_.]+)(?:=[^}]*)?\}")


@dataclass(frozen=True, slots=True)
class Route:
    """One rpc's path, taken apart: a literal or None for each segment, and the names of the open ones."""

    rpc: Rpc
    method: str
    literals: tuple[str | None, ...]
    names: tuple[str, ...]
    verb: str

    @classmethod
    def of(cls, rpc: Rpc) -> Route:
        path, verb = _split_verb(rpc.path)
        segments = path.strip("/").split("/")
        fields = [_FIELD.fullmatch(segment) for segment in segments]
        return cls(
            rpc=rpc,
            method="PUT" if rpc.client_streaming else rpc.verb,
            literals=tuple(None if found else segment for found, segment in zip(fields, segments, strict=True)),
            names=tuple(found.group(1) for found in fields if found),
            verb=verb,
        )

    def match(self, segments: list[str]) -> dict[str, str] | None:
        taken = []
        for literal, segment in zip(self.literals, segments, strict=True):
            if literal is None:
                taken.append(unquote(segment))
            elif literal != segment:
                return None
        return dict(zip(self.names, taken, strict=True))


class Routes:
    """All routes under /api."""

    def __init__(self, rpcs: Iterable[Rpc]) -> None:
        self.all = [Route.of(rpc) for rpc in rpcs if rpc.path]
        self._by_shape: dict[tuple[str, int, str], list[Route]] = {}
        self._methods: dict[tuple[int, str], list[Route]] = {}
        for route in sorted(self.all, key=lambda r: sum(part is None for part in r.literals)):
            shape = (len(route.literals), route.verb)
            self._by_shape.setdefault((route.method, *shape), []).append(route)
            self._methods.setdefault(shape, []).append(route)

    def find(self, method: str, path: str) -> tuple[Rpc, Mapping[str, str]] | None:
        path, verb = _split_verb(path)
        segments = path.strip("/").split("/")
        for route in self._by_shape.get((method, len(segments), verb), ()):
            fields = route.match(segments)
            if fields is not None:
                return route.rpc, fields
        return None

    def methods(self, path: str) -> list[str]:
        """The methods a path knows: what a 405 lists under Allow."""
        path, verb = _split_verb(path)
        segments = path.strip("/").split("/")
        routes = self._methods.get((len(segments), verb), ())
        return sorted({route.method for route in routes if route.match(segments) is not None})


def _split_verb(path: str) -> tuple[str, str]:
    head, slash, last = path.rpartition("/")
    last, _, verb = last.partition(":") if not last.startswith("{") else _split_template(last)
    return f"{head}{slash}{last}", verb


def _split_template(last: str) -> tuple[str, str, str]:
    inside, brace, after = last.partition("}")
    return inside + brace, "", after.removeprefix(":")
