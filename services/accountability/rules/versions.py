"""Which version of an instrument judges a conduct: the old rule, unless the new one is lighter or knows no breach.

政务处分法 article 67 states it for sanctions: no breach under the rule of then means none; a breach under it is judged
by it, unless the rule of now is lighter or none. Local rules follow it here too (ours). Both answers are kept.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from services.accountability.rules.judge import NOTHING, Looked, Question, Said, Table
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
    said: Said
    reason: str
    params: dict[str, str]


def in_force(versions: Iterable[Version], day: date) -> Version | None:
    """The one version of an instrument in force on a day; the latest first day wins."""
    latest: Version | None = None
    for version in versions:
        if version.holds_on(day) and (latest is None or version.valid_from > latest.valid_from):
            latest = version
    return latest


def judge(versions: Sequence[Version], question: Question, today: date, catalogue: Catalogue) -> Judged:
    """Judges one fact under the versions of one instrument."""
    then, now = in_force(versions, question.day), in_force(versions, today)
    said_then = then.table.ask(question) if then else NOTHING
    said_now = said_then if now is then else (now.table.ask(question) if now else NOTHING)
    used, reason = _pick(then, now, said_then, said_now, question, catalogue)
    rows_then = _rows(said_then)
    params = {
        "then": then.label if then else "",
        "now": now.label if now else "",
        "rows_then": rows_then,
        "rows_now": rows_then if now is then else _rows(said_now),
    }
    if reason in ("ONLY_OFF_THEN", "ONLY_OFF_NOW"):
        params["off"] = ", ".join([one.row.id for one in (said_now if said_then.fired else said_then).off])
    said = NOTHING if used is None else (said_now if used is now else said_then)
    return Judged(versions[0].instrument_key, question, then, now, used, said, reason, params)


def _pick(
    then: Version | None, now: Version | None, said_then: Said, said_now: Said, question: Question, catalogue: Catalogue
) -> tuple[Version | None, str]:
    """The version that judges, and the word for why."""
    if then is None:
        return None, "NO_RULE_THEN"
    if question.conduct not in then.table.conduct_words:
        known_now = now is not None and question.conduct in now.table.conduct_words
        return (then, "NO_BREACH_THEN") if known_now else (None, "NOT_COVERED")
    if now is then:
        return then, "SAME_VERSION"
    if not said_then.fired:
        return then, "ONLY_OFF_THEN" if said_then.off else "NO_BREACH_THEN"
    if now is None:
        return None, "RULE_REPEALED"
    if not said_now.fired:
        return now, "ONLY_OFF_NOW" if said_now.off else "NEW_RULE_KNOWS_NONE"
    lighter = weight(said_now, question, catalogue) < weight(said_then, question, catalogue)
    return (now, "NEW_RULE_LIGHTER") if lighter else (then, "OLD_RULE_NOT_HEAVIER")


def _rows(said: Said) -> str:
    return ", ".join([one.row.id for one in said.fired])


def weight(said: Said, question: Question, catalogue: Catalogue) -> tuple[int, ...]:
    """How heavy the rows that fired are: that of the heaviest; nothing if none fired."""
    return max([row_weight(one, question.subject_kind, catalogue) for one in said.fired], default=())


def row_weight(one: Looked, kind: SubjectKind | None, catalogue: Catalogue) -> tuple[int, ...]:
    """A row's weight for a kind of subject."""
    return measures_weight(one.row.choose, one.row.at_least + len(one.row.always), kind, catalogue)


def measures_weight(choose: Sequence[str], demanded: int, kind: SubjectKind | None, catalogue: Catalogue) -> tuple[int, ...]:
    """How heavy a choice is for a kind of subject: its heaviest lawful measure, its lightest, how many are demanded."""
    ranks = [catalogue.measures[key].rank for key in choose if kind in catalogue.measures[key].lawful_for]
    return (max(ranks), min(ranks), demanded) if ranks else (0, 0, 0)
