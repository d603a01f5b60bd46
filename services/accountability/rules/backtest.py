"""The back-test: a closed case's facts asked of another version, held beside what was said when the case was proposed.

Only rows of the same instrument are compared, by the weight `versions` weighs rules with. What other instruments said of
the case, and what was decided in the end, is no matter of the draft.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from chassis.columns import plain_converter
from services.accountability.rules.faults import InputMissing
from services.accountability.rules.judge import Question, Table
from services.accountability.rules.measures import Catalogue
from services.accountability.rules.versions import measures_weight, row_weight
from services.accountability.rules.words import SubjectKind

Weight = tuple[int, ...]


class Verdict(StrEnum):
    """How a version answers a party's facts beside the answer the case was proposed on."""

    SAME = "same"
    HEAVIER = "heavier"
    LIGHTER = "lighter"
    NOT_COVERED = "not_covered"
    INPUT_MISSING = "input_missing"


@dataclass(frozen=True, slots=True)
class ClosedCase:
    """A closed case as it is stored: its questions and the answers about its parties, as plain JSON values."""

    id: str
    number: str
    questions: Sequence[Mapping[str, Any]]
    answers: Sequence[Mapping[str, Any]]


@dataclass(frozen=True, slots=True)
class Replayed:
    """One party of a closed case under the version: the verdict, and the rows that fired then and now."""

    case_id: str
    case_number: str
    party_id: str
    verdict: Verdict
    rows_before: tuple[str, ...]
    rows_after: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a back-test is, and what the cases since the report before showed: all that differ, or all."""

    done: int
    total: int
    counts: Counter[Verdict]
    differences: tuple[Replayed, ...]
    last_case_id: str


class BackTest:
    """One version against what earlier versions of its instrument said."""

    def __init__(self, table: Table, earlier_version_ids: frozenset[str], catalogue: Catalogue) -> None:
        self._table = table
        self._earlier = earlier_version_ids
        self._catalogue = catalogue
        self._typed = plain_converter()

    def replay(self, case: ClosedCase) -> list[Replayed]:
        """Every party of the case."""
        asked: dict[str, list[Mapping[str, Any]]] = {}
        for question in case.questions:
            asked.setdefault(question["party_id"], []).append(question)
        answers = {answer["party_id"]: answer for answer in case.answers}
        return [self._party(case, party, questions, answers.get(party)) for party, questions in asked.items()]

    def _party(
        self, case: ClosedCase, party: str, questions: Sequence[Mapping[str, Any]], answer: Mapping[str, Any] | None
    ) -> Replayed:
        kind = SubjectKind(questions[0]["subject_kind"])
        fired = [said["row"] for said in answer["fired"] if said["version_id"] in self._earlier] if answer else []
        then = max([self._stored_weight(row, kind) for row in fired], default=())
        before = tuple(dict.fromkeys([row["id"] for row in fired]))
        now: Weight = ()
        after: dict[str, None] = {}
        try:
            for question in questions:
                for looked in self._table.ask(self._typed.structure(question, Question)).fired:
                    now = max(now, row_weight(looked, kind, self._catalogue))
                    after[looked.row.id] = None
        except InputMissing as missing:
            row = (missing.params["row"],)
            return Replayed(case.id, case.number, party, Verdict.INPUT_MISSING, before, row)
        return Replayed(case.id, case.number, party, _verdict(then, now), before, tuple(after))

    def _stored_weight(self, row: Mapping[str, Any], kind: SubjectKind) -> Weight:
        known = [key for key in row["choose"] if key in self._catalogue.measures]  # a measure may have been given up since
        return measures_weight(known, row["at_least"] + len(row["always"]), kind, self._catalogue)


def _verdict(then: Weight, now: Weight) -> Verdict:
    if now == then:
        return Verdict.SAME
    if not now:
        return Verdict.NOT_COVERED
    return Verdict.HEAVIER if now > then else Verdict.LIGHTER
