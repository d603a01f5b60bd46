"""The whole question: every party's facts under every instrument that covers the case.

`propose` gives an answer that holds everything its explanation needs and nothing that has to be looked up again.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from chassis.errors import Conflict, Invalid
from services.accountability.rules.combination import combined_ranges, from_the_ledger
from services.accountability.rules.faults import InputMissing
from services.accountability.rules.judge import Cell, Question
from services.accountability.rules.measures import Catalogue
from services.accountability.rules.ranges import Range, Reason
from services.accountability.rules.table import RuleRow
from services.accountability.rules.versions import Judged, Version, judge
from services.accountability.rules.words import Post


@dataclass(frozen=True, slots=True)
class RowSaid:
    """A row that fired or nearly did, whole, with the cells that tell why."""

    version_id: str
    row: RuleRow
    fact_id: str
    cells: tuple[Cell, ...]


@dataclass(frozen=True, slots=True)
class VersionUsed:
    """Which version of an instrument judged a fact, and why. Empty ids: there was none."""

    instrument_key: str
    fact_id: str
    version_id: str
    label: str
    sha256: str
    then_id: str
    now_id: str
    reason: Reason


@dataclass(frozen=True, slots=True)
class PartyAnswer:
    """What the rules answer for one party."""

    party_id: str
    ranges: tuple[Range, ...]
    fired: tuple[RowSaid, ...]
    near_misses: tuple[RowSaid, ...]
    versions: tuple[VersionUsed, ...]
    who_else: tuple[str, ...]
    reasons: tuple[Reason, ...]


def propose(
    questions: Sequence[Question], versions: Sequence[Version], today: date, catalogue: Catalogue, posts: Iterable[Post]
) -> tuple[PartyAnswer, ...]:
    """One answer per party, in the order of the questions. `posts` are those that already answer in the case.

    Raises Conflict NO_RULES_IN_FORCE without any version, Invalid UNKNOWN_CONDUCT or UNKNOWN_CIRCUMSTANCE for a word that
    no instrument knows, InputMissing for a fact that does not say what a row asks.
    """
    instruments: dict[str, list[Version]] = {}
    for version in versions:
        instruments.setdefault(version.instrument_key, []).append(version)
    if not instruments:
        raise Conflict("NO_RULES_IN_FORCE")
    for question in questions:
        _known_words(question, versions)
    by_party: dict[str, list[Judged]] = {}
    ordered = [instruments[key] for key in sorted(instruments)]
    ledger: dict[str, list[Reason]] = {}
    for asked in questions:
        question, told = _ledger(asked, versions, catalogue, today)
        ledger.setdefault(asked.party_id, []).extend(told)
        said = [judge(instrument, question, today, catalogue) for instrument in ordered]
        by_party.setdefault(question.party_id, []).extend(said)
    present = frozenset(posts)
    return tuple([_answer(party, by_party[party], ledger[party], catalogue, present, today) for party in by_party])


def _ledger(
    asked: Question, versions: Sequence[Version], catalogue: Catalogue, today: date
) -> tuple[Question, Sequence[Reason]]:
    """A question as the ledger completes it. Who was never held to account and claims nothing asks it nothing."""
    if not asked.running and not asked.aggravating:
        return asked, ()
    known = frozenset[str]().union(*[version.table.circumstance_words for version in versions])
    return from_the_ledger(asked, catalogue, today, known)


def _known_words(question: Question, versions: Sequence[Version]) -> None:
    if all(question.conduct not in version.table.conduct_words for version in versions):
        raise Invalid("UNKNOWN_CONDUCT", "conduct", word=question.conduct)
    said = (question.mitigating or frozenset()) | (question.aggravating or frozenset())
    if said:
        known = frozenset[str]().union(*[version.table.circumstance_words for version in versions])
        for word in sorted(said - known):
            raise Invalid("UNKNOWN_CIRCUMSTANCE", "mitigating", word=word)


def _answer(
    party: str,
    judged: list[Judged],
    ledger: list[Reason],
    catalogue: Catalogue,
    present: frozenset[Post],
    today: date,
) -> PartyAnswer:
    kind = judged[0].question.subject_kind
    if kind is None:
        raise InputMissing("", "subject_kind", party)
    found = combined_ranges(judged, kind, catalogue, today)
    fired, near = [], []
    for one in judged:
        version, fact = one.used.id if one.used else "", one.question.fact_id
        fired += [RowSaid(version, looked.row, fact, looked.cells) for looked in one.said.fired]
        near += [RowSaid(version, looked.row, fact, looked.unmet) for looked in one.said.near]
    who_else = tuple(dict.fromkeys([post for said in fired for post in said.row.who_else]))
    reasons = [*ledger]
    reasons += [Reason("WHO_ELSE_MISSING", {"post": post}) for post in who_else if post not in present]
    if not found:
        reasons.append(Reason("NO_ROW_FIRED", {}))
    return PartyAnswer(
        party,
        found,
        tuple(fired),
        tuple(near),
        tuple([_used(one) for one in judged]),
        who_else,
        tuple(reasons),
    )


def _used(judged: Judged) -> VersionUsed:
    used = judged.used
    return VersionUsed(
        judged.instrument_key,
        judged.question.fact_id,
        used.id if used else "",
        used.label if used else "",
        used.sha256 if used else "",
        judged.then.id if judged.then else "",
        judged.now.id if judged.now else "",
        Reason(judged.reason, judged.params),
    )
