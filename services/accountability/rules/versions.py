"""Which version of an instrument judges a conduct: the old rule, unless the new one is lighter or knows no breach.

政务处分法 article 67 states it for sanctions: no breach under the rule of then means none; a breach under it is judged
by it, unless the rule of now is lighter or none. Local rules follow it here too (ours). Both answers are kept.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from services.accountability.rules.judge import Looked, Question, Table, fired
from services.accountability.rules.measures import Catalogue
from services.accountability.rules.words import SubjectKind


@dataclass(frozen=True, slots=True)
class Version:
    """A version that was approved: its id, the days it holds (`valid_to` is the first day it no longer does)."""

    id: str
    instrument_key: str
    label: str
    sha256: str
    author: str
    valid_from: date
    valid_to: date | None
    table: Table

    def holds_on(self, day: date) -> bool:
        """Whether it is in force on a day."""
        return self.valid_from <= day and (self.valid_to is None or day < self.valid_to)


@dataclass(frozen=True, slots=True)
class Judged:
    """One fact under one instrument: the version that judges, what it says, and what the other would have said."""

    instrument_key: str
    question: Question
    then: Version | None
    now: Version | None
    used: Version | None
    looked: tuple[Looked, ...]
    reason: str
    params: tuple[tuple[str, str], ...]


def in_force(versions: Iterable[Version], day: date) -> Version | None:
    """The one version of an instrument in force on a day; the latest first day wins."""
    holding = [version for version in versions if version.holds_on(day)]
    return max(holding, key=lambda version: version.valid_from, default=None)


def judge(versions: Sequence[Version], question: Question, today: date, catalogue: Catalogue) -> Judged:
    """Judges one fact under the versions of one instrument."""
    then, now = in_force(versions, question.day), in_force(versions, today)
    said_then = then.table.ask(question) if then else ()
    said_now = said_then if now is then else (now.table.ask(question) if now else ())
    heavy_then, heavy_now = weight(said_then, question, catalogue), weight(said_now, question, catalogue)
    if any(version and question.conduct in version.table.pack.conduct_words for version in (then, now)):
        used, reason = _pick(then, now, heavy_then, heavy_now)
    else:
        used, reason = None, "NOT_COVERED" if then else "NO_RULE_THEN"
    params = (
        ("then", then.label if then else ""),
        ("now", now.label if now else ""),
        ("rows_then", ", ".join(one.row.id for one in fired(said_then))),
        ("rows_now", ", ".join(one.row.id for one in fired(said_now))),
    )
    looked = said_now if used is now and used is not then else said_then
    return Judged(versions[0].instrument_key, question, then, now, used, looked if used else (), reason, params)


def _pick(
    then: Version | None, now: Version | None, heavy_then: tuple[int, ...], heavy_now: tuple[int, ...]
) -> tuple[Version | None, str]:
    if then is None:
        return None, "NO_RULE_THEN"
    if now is then:
        return then, "SAME_VERSION"
    if not heavy_then:
        return then, "NO_BREACH_THEN"
    if now is None:
        return None, "RULE_REPEALED"
    if not heavy_now:
        return now, "NEW_RULE_KNOWS_NONE"
    return (now, "NEW_RULE_LIGHTER") if heavy_now < heavy_then else (then, "OLD_RULE_NOT_HEAVIER")


def weight(looked: Iterable[Looked], question: Question, catalogue: Catalogue) -> tuple[int, ...]:
    """How heavy the rows that fired are: that of the heaviest; nothing if none fired."""
    return max((row_weight(one, question.subject_kind, catalogue) for one in fired(looked)), default=())


def row_weight(one: Looked, kind: SubjectKind | None, catalogue: Catalogue) -> tuple[int, ...]:
    """A row's weight for a kind of subject: its heaviest lawful measure, then its lightest, then how many it demands."""
    choose = [key for key in one.row.choose if kind in catalogue.measures[key].lawful_for]
    if not choose:
        return (0, 0, 0)
    ranks = [catalogue.measures[key].rank for key in choose]
    return max(ranks), min(ranks), one.row.at_least + len(one.row.always)
