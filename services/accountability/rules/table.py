"""The table itself: an instrument's version with its rows, conditions and circumstances, as frozen data."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date

from services.accountability.rules.words import CircumstanceEffect, Track


@dataclass(frozen=True, slots=True)
class Instrument:
    """A regulation: who issued it, under which number, for which jurisdiction and below (empty: everywhere)."""

    key: str
    title: str
    issuer: str
    number: str
    jurisdiction_path: str


@dataclass(frozen=True, slots=True)
class Condition:
    """A cell: the column must meet `operator` with `operands`. `months` is the window of a count."""

    column: str
    operator: str
    operands: tuple[str, ...]
    months: int = 0

    @property
    def demanded(self) -> str:
        """The demand in the words of the table."""
        window = f" in {self.months} months" if self.months else ""
        return f"{self.operator} {', '.join(self.operands)}{window}"


@dataclass(frozen=True, slots=True)
class Conduct:
    """A word for what somebody did, declared by the pack that uses it.

    `no_rule` are the severities the instrument leaves without a row on purpose, for example where a law asks for more.
    """

    word: str
    zh: str
    en: str
    no_rule: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Circumstance:
    """A mitigating or aggravating circumstance, the article it rests on, and what it does to the range."""

    word: str
    column: str
    effect: CircumstanceEffect
    article: str
    zh: str
    en: str
    source: str


@dataclass(frozen=True, slots=True)
class RuleRow:
    """One row: for such conduct under these conditions a decider picks `at_least` to `at_most` of `choose`.

    `off` says why a row is off: it is read, checked and shown like any other, and never fires. Empty for one that is on.
    """

    id: str
    article: str
    title_zh: str
    title_en: str
    conduct: tuple[str, ...]
    conditions: tuple[Condition, ...]
    track: Track
    choose: tuple[str, ...]
    at_least: int
    at_most: int
    always: tuple[str, ...]
    effect_months: dict[str, int]
    who_else: tuple[str, ...]
    competent: str
    appeal: str
    source: str
    off: str = ""

    @property
    def unverified(self) -> bool:
        """Whether its text was only partly available when the row was written."""
        return self.source.startswith("(unverified)")


@dataclass(frozen=True, slots=True)
class Golden:
    """A case as a lawyer would put it, and what the table must say: the rows that fire, what may be chosen, how many.

    `earlier` holds, for each measure decided before, how many months before the conduct that was; `off` the rows that
    would fire too if they were on.
    """

    zh: str
    en: str
    conduct: str
    severity: str
    consequence: str
    role: str
    post: str
    subject_kind: str
    mitigating: tuple[str, ...]
    aggravating: tuple[str, ...]
    trigger: tuple[str, ...]
    earlier: tuple[int, ...]
    fires: tuple[str, ...]
    offers: tuple[str, ...]
    at_least: int
    off: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Pack:
    """One version of an instrument, as its bytes say. `sha256` is the identity that is approved."""

    instrument: Instrument
    label: str
    valid_from: date
    valid_to: date | None
    conducts: tuple[Conduct, ...]
    circumstances: tuple[Circumstance, ...]
    rows: tuple[RuleRow, ...]
    sha256: str = field(default="")
    goldens: tuple[Golden, ...] = ()

    @property
    def conduct_words(self) -> frozenset[str]:
        """Every conduct word the pack declares."""
        return frozenset(conduct.word for conduct in self.conducts)

    @property
    def circumstance_words(self) -> frozenset[str]:
        """Every circumstance word the pack declares."""
        return frozenset(circumstance.word for circumstance in self.circumstances)

    def row(self, id: str) -> RuleRow:
        """The row of that id. Raises KeyError if there is none."""
        for row in self.rows:
            if row.id == id:
                return row
        raise KeyError(id)
