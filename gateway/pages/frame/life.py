"""The life cycle as a line: what is past with its day and who, what is now, what lies ahead."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from gateway.pages.frame.visit import Visit

Step = tuple[str, str, str, str]
"""Word, state (past, now, ahead), moment, who."""


def line(visit: Visit, kind: str, order: Sequence[str], current: str, passed: Mapping[str, tuple[str, str]]) -> list[Step]:
    """`order` is the main road; `passed` tells when a stage was reached and by whom. A side road ends the line."""
    if current not in order:
        road = [stage for stage in order if stage in passed]
        return [*(_step(visit, kind, one, "past", passed) for one in road), _step(visit, kind, current, "now", passed)]
    at = order.index(current)
    states = ["past" if i < at else "now" if i == at else "ahead" for i in range(len(order))]
    return [_step(visit, kind, one, state, passed) for one, state in zip(order, states, strict=True)]


def _step(visit: Visit, kind: str, stage: str, state: str, passed: Mapping[str, tuple[str, str]]) -> Step:
    at, by = passed.get(stage, ("", "")) if state != "ahead" else ("", "")
    return visit.label(kind, stage), state, at, visit.person(by) if by else ""


def passed_by(entries: Sequence[Mapping[str, str]], field: str) -> dict[str, tuple[str, str]]:
    """When each stage was reached first, from a timeline whose entries name the stage they led to."""
    reached: dict[str, tuple[str, str]] = {}
    for one in entries:
        reached.setdefault(one[field], (one["at"], one["by"]))
    return reached
