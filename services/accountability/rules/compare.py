"""Looking at packs before they are approved: what differs between two versions, and what deserves a second look."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, fields, replace
from operator import lt

from services.accountability.rules.faults import Fault
from services.accountability.rules.judge import Looked
from services.accountability.rules.measures import Catalogue
from services.accountability.rules.reach import Reach, contradiction, reach
from services.accountability.rules.sheets_words import CONSEQUENCE, SEVERITY, SUBJECT_KIND
from services.accountability.rules.table import Pack, RuleRow
from services.accountability.rules.versions import row_weight
from services.accountability.rules.words import ORDERED, Severity, SubjectKind

# The weight of a row for a kind of subject none of its measures is lawful for.
_NONE = (0, 0, 0)
_ORDERED_ZH = {"severity": SEVERITY, "consequence": CONSEQUENCE}


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
    """Warnings, by row and column: what a careful reader would ask the author about. None of them forbids the pack.

    A row that is off is looked at by itself, and what is found is marked; beside others it stands in nobody's way.
    """
    on = replace(pack, rows=tuple(row for row in pack.rows if not row.off))
    warnings = [*_same_conditions(on), *_against_each_other(on, catalogue)]
    for row in pack.rows:
        warnings += [replace(one, off=bool(row.off)) for one in _in_itself(row, catalogue)]
        if row.unverified and not row.off:
            warnings.append(_warning(row.id, "source", "UNVERIFIED_ROW_IS_ON"))
    declared = pack.conduct_words - {word for row in pack.rows for word in row.conduct}
    warnings += [_warning("", f"conduct.{word}", "CONDUCT_WITHOUT_ROW") for word in sorted(declared)]
    return (*warnings, *_gaps(on))


def _same_conditions(pack: Pack) -> Iterator[Fault]:
    seen: dict[tuple[object, ...], str] = {}
    for row in pack.rows:
        for word in row.conduct:
            key = (word, row.track, frozenset(row.conditions))
            if key in seen:
                yield _warning(row.id, "conduct", "SAME_CONDITIONS", other=seen[key])
            seen.setdefault(key, row.id)


def _in_itself(row: RuleRow, catalogue: Catalogue) -> Iterator[Fault]:
    """A row that can never be met, and measures that are not lawful for those it is about (政务处分法 articles 22, 23)."""
    kinds = kinds_of(row)
    column, other = contradiction(row)
    if column:
        yield _warning(row.id, column, "CONTRADICTION", other=other)
    if not any(kind in catalogue.measures[key].lawful_for for kind in kinds for key in row.choose):
        yield _warning(row.id, "choose", "NEVER_LAWFUL")
        return
    for field, key in [*(("choose", key) for key in row.choose), *(("always", key) for key in row.always)]:
        measure = catalogue.measures[key]
        # A row may name what only some of its subjects can be given: the range strikes the rest and says so.
        if not any(kind in measure.lawful_for for kind in kinds):
            said = _both("kinds", SUBJECT_KIND, kinds)
            yield _warning(row.id, field, "NOT_LAWFUL_FOR", measure_zh=measure.zh, measure_en=measure.en, **said)
    if any(condition.column == "subject_kind" for condition in row.conditions):
        bare = [kind for kind in kinds if not any(kind in catalogue.measures[key].lawful_for for key in row.choose)]
        if bare:
            yield _warning(row.id, "subject_kind", "KIND_WITHOUT_MEASURE", **_both("kinds", SUBJECT_KIND, bare))


def _against_each_other(pack: Pack, catalogue: Catalogue) -> Iterator[Fault]:
    """Rows of one track and conduct that fire together: which governs must be plain."""
    reached = {row.id: reach(row) for row in pack.rows}
    names = {one.word: (one.zh, one.en) for one in pack.conducts}
    for place, row in enumerate(pack.rows):
        for other in pack.rows[:place]:
            shared = [word for word in row.conduct if word in other.conduct] if row.track is other.track else []
            if not shared or reached[row.id] == reached[other.id]:
                continue
            where = {"zh": "、".join(names[word][0] for word in shared), "en": ", ".join(names[word][1] for word in shared)}
            yield from _pair(row, other, (reached[row.id], reached[other.id]), where, catalogue)


def _pair(
    row: RuleRow, other: RuleRow, reached: tuple[Reach, Reach], where: dict[str, str], catalogue: Catalogue
) -> Iterator[Fault]:
    mine, its = reached
    if not mine.together(its):
        return
    for inner, outer, held in ((row, other, mine.within(its)), (other, row, its.within(mine))):
        weights = [(_weight(inner, kind, catalogue), _weight(outer, kind, catalogue)) for kind in kinds_of(inner)]
        lighter = all(light < heavy or light == _NONE for light, heavy in weights) and any(
            map(lt, *zip(*weights, strict=True))
        )
        if held and lighter and set(inner.conduct) <= set(outer.conduct):
            yield _warning(inner.id, "conduct", "NEVER_GOVERNS", other=outer.id)
            return
    column = mine.crosses(its)
    if column:
        crossed = [word for word in ORDERED[column] if word in mine.values[column] & its.values[column]]
        yield _warning(row.id, column, "PARTLY_THE_SAME", other=other.id, **_both("words", _ORDERED_ZH[column], crossed))
        return
    both = set(kinds_of(row)) & set(kinds_of(other))
    even = any(_weight(row, kind, catalogue) == _weight(other, kind, catalogue) != _NONE for kind in both)
    if even and _consequence(row) != _consequence(other):
        yield _warning(row.id, "choose", "OVERLAP", other=other.id, **where)


def _gaps(pack: Pack) -> Iterator[Fault]:
    """Conduct a row is about, with severities no row covers: a matter of that severity would have no rule.

    A conduct word may say which it leaves out on purpose; one of those that a row covers after all is named as well.
    """
    covered: dict[str, set[str]] = {}
    for row in pack.rows:
        for word in row.conduct:
            covered.setdefault(word, set()).update(reach(row).values["severity"])
    for conduct in pack.conducts:
        found, where = covered.get(conduct.word), f"conduct.{conduct.word}"
        if found is None:
            continue
        missing = [word for word in Severity if word not in found and word not in conduct.no_rule]
        if missing:
            yield _warning("", where, "SEVERITY_GAP", **_both("severities", SEVERITY, missing))
        filled = [word for word in Severity if word in found and word in conduct.no_rule]
        if filled:
            yield _warning("", where, "NO_GAP_HERE", **_both("severities", SEVERITY, filled))


def _weight(row: RuleRow, kind: SubjectKind, catalogue: Catalogue) -> tuple[int, ...]:
    return row_weight(Looked(row, ()), kind, catalogue)


def _consequence(row: RuleRow) -> tuple[object, ...]:
    return row.choose, row.at_least, row.at_most, row.always, row.effect_months, row.who_else


def _both(name: str, zh: Mapping[str, str], words: Sequence[str]) -> dict[str, str]:
    """Words of the table for a sentence in either language."""
    return {
        f"{name}_zh": "、".join(zh[word] for word in words),
        f"{name}_en": ", ".join(word.replace("_", " ") for word in words),
    }


def _warning(row: str, field: str, reason: str, **params: str) -> Fault:
    return Fault(row, field, reason, params, error=False)


def kinds_of(row: RuleRow) -> tuple[SubjectKind, ...]:
    """The kinds of subject a row can apply to."""
    for condition in row.conditions:
        if condition.column == "subject_kind":
            return tuple(map(SubjectKind, condition.operands))
    return tuple(SubjectKind)
