"""Which facts a row reaches, so that rows can be held against each other without asking them anything."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from services.accountability.rules.table import RuleRow
from services.accountability.rules.words import CHOICES, COUNT, ORDERED, SETS, Role, SubjectKind

_ENDLESS = 1_000_000
_NOTHING: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Reach:
    """The values each column lets through, what each set asks, and the counts with their window (0: any count)."""

    values: Mapping[str, frozenset[str]]
    sets: Mapping[tuple[str, str], frozenset[str]]
    least: int
    most: int
    months: int

    def asks(self, column: str, operator: str) -> frozenset[str]:
        """The words a set asks for."""
        return self.sets.get((column, operator), _NOTHING)

    def within(self, other: Reach) -> bool:
        """Whether the other fires on every fact this one fires on, conduct left aside."""
        values = all(self.values[column] <= other.values[column] for column in self.values)
        counted = not other.months or (self.months == other.months and other.least <= self.least and self.most <= other.most)
        return values and counted and all(self._set_within(other, column) for column in SETS)

    def together(self, other: Reach) -> bool:
        """Whether some fact lets both fire."""
        values = all(self.values[column] & other.values[column] for column in self.values)
        apart = self.months == other.months and (self.least > other.most or other.least > self.most)
        sets = all(self._set_beside(other, column) and other._set_beside(self, column) for column in SETS)
        return values and not apart and sets

    def crosses(self, other: Reach) -> str:
        """The one ordered column in which they differ and cross, neither holding the other; empty if there is none."""
        if self.sets != other.sets or (self.least, self.most, self.months) != (other.least, other.most, other.months):
            return ""
        differing = [column for column in self.values if self.values[column] != other.values[column]]
        if len(differing) != 1 or differing[0] not in ORDERED:
            return ""
        mine, its = self.values[differing[0]], other.values[differing[0]]
        return differing[0] if mine & its and not (mine <= its or its <= mine) else ""

    def _set_within(self, other: Reach, column: str) -> bool:
        any_of = other.asks(column, "any_of")
        own = self.asks(column, "any_of")
        met = not any_of or bool(own and own <= any_of) or bool(self.asks(column, "all_of") & any_of)
        return (
            met
            and other.asks(column, "all_of") <= self.asks(column, "all_of")
            and other.asks(column, "none_of") <= self.asks(column, "none_of")
        )

    def _set_beside(self, other: Reach, column: str) -> bool:
        barred = other.asks(column, "none_of")
        any_of = self.asks(column, "any_of")
        return not self.asks(column, "all_of") & barred and (not any_of or bool(any_of - barred))


def reach(row: RuleRow) -> Reach:
    """What a row reaches; a column without a condition lets everything through."""
    values = {column: frozenset(map(str, kind)) for column, kind in (ORDERED | CHOICES).items()}
    sets: dict[tuple[str, str], frozenset[str]] = {}
    least, most, months = 1, _ENDLESS, 0
    for one in row.conditions:
        if one.column in SETS:
            sets[one.column, one.operator] = frozenset(one.operands)
        elif one.column == COUNT:
            months = one.months
            least, most = (int(one.operands[0]), most) if one.operator == "at_least" else (least, int(one.operands[0]))
        else:
            values[one.column] = _let_through(one.column, one.operator, one.operands)
    return Reach(values, sets, least, most, months)


def contradiction(row: RuleRow) -> tuple[str, str]:
    """Two columns of a row, or one with itself, that can never be met together; empty if they can."""
    reached = reach(row)
    for column in SETS:
        any_of = reached.asks(column, "any_of")
        if any_of and any_of <= reached.asks(column, "none_of"):
            return column, column
    roles, kinds = reached.values["role"], reached.values["subject_kind"]
    only_unit_role, only_unit_kind = roles == {Role.UNIT.value}, kinds == {SubjectKind.UNIT.value}
    apart = (only_unit_role and SubjectKind.UNIT not in kinds) or (only_unit_kind and Role.UNIT not in roles)
    return ("role", "subject_kind") if apart else ("", "")


def _let_through(column: str, operator: str, operands: tuple[str, ...]) -> frozenset[str]:
    if operator == "is":
        return frozenset(operands)
    words = [str(word) for word in ORDERED[column]]
    start = words.index(operands[0]) if operator in ("from", "between") else 0
    end = words.index(operands[-1]) if operator in ("to", "between") else len(words) - 1
    return frozenset(words[start : end + 1])
