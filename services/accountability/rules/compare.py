"""Looking at packs before they are approved: what differs between two versions, and what deserves a second look."""

from __future__ import annotations

from dataclasses import dataclass, fields

from services.accountability.rules.faults import Fault
from services.accountability.rules.measures import Catalogue
from services.accountability.rules.table import Pack, RuleRow
from services.accountability.rules.words import SubjectKind


@dataclass(frozen=True, slots=True)
class Change:
    """A row that differs: added, removed or changed, and in which cells."""

    row: str
    change: str
    cells: tuple[str, ...]
    before: RuleRow | None
    after: RuleRow | None


def compare(before: Pack, after: Pack) -> tuple[Change, ...]:
    """The rows that differ, by id: first those of the old version in its order, then the new ones."""
    old, new = {row.id: row for row in before.rows}, {row.id: row for row in after.rows}
    changes = []
    for id in (*old, *(id for id in new if id not in old)):
        if id not in new:
            changes.append(Change(id, "removed", (), old[id], None))
        elif id not in old:
            changes.append(Change(id, "added", (), None, new[id]))
        elif old[id] != new[id]:
            changes.append(Change(id, "changed", _differing(old[id], new[id]), old[id], new[id]))
    return tuple(changes)


def _differing(before: RuleRow, after: RuleRow) -> tuple[str, ...]:
    plain = [field.name for field in fields(RuleRow) if field.name != "conditions"]
    cells = [name for name in plain if getattr(before, name) != getattr(after, name)]
    differing = set(before.conditions) ^ set(after.conditions)
    return (*cells, *sorted({condition.column for condition in differing}))


def second_looks(pack: Pack, catalogue: Catalogue) -> tuple[Fault, ...]:
    """Warnings: rows with the same conditions on one track, and rows no measure of which is lawful for any of its kinds."""
    warnings: list[Fault] = []
    seen: dict[tuple[object, ...], str] = {}
    for row in pack.rows:
        for word in row.conduct:
            key = (word, row.track, frozenset(row.conditions))
            if key in seen:
                warnings.append(Fault(row.id, "conduct", "SAME_CONDITIONS", {"other": seen[key]}, error=False))
            seen.setdefault(key, row.id)
        if not any(kind in catalogue.measures[key].lawful_for for kind in kinds_of(row) for key in row.choose):
            warnings.append(Fault(row.id, "choose", "NEVER_LAWFUL", error=False))
    declared = pack.conduct_words - {word for row in pack.rows for word in row.conduct}
    warnings += [Fault("", f"conduct.{word}", "CONDUCT_WITHOUT_ROW", error=False) for word in sorted(declared)]
    return tuple(warnings)


def kinds_of(row: RuleRow) -> tuple[SubjectKind, ...]:
    """The kinds of subject a row can apply to."""
    for condition in row.conditions:
        if condition.column == "subject_kind":
            return tuple(map(SubjectKind, condition.operands))
    return tuple(SubjectKind)
