"""Golden cases: what a lawyer expects the table to say, kept in the pack and approved with it.

    [[golden]]
    zh = "首次离岗，情节一般" · en = "..."
    facts = { conduct = "absent_from_post", severity = "ordinary", consequence = "none", role = "direct",
              post = "handler", subject_kind = "civil_servant",
              mitigating = [], aggravating = [], trigger = [], earlier = [2] }   # empty lists may be left out
    says = { fires = ["QH-08-1"], offers = ["criticism_education"], at_least = 1, off = [] }

`earlier` counts months back from the conduct to measures decided before. `says.offers` are the measures left to choose
from over all tracks, lightest first within each; `at_least` is the sum of how many must be chosen; `off` are the rows that
would fire if they were on, so that a row that is off is tried as well as any other. A golden case that the table answers
otherwise is a fault of the pack: nobody can approve a table that does not do what its own examples say.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date
from enum import StrEnum

from services.accountability.rules.faults import Fault, InputMissing
from services.accountability.rules.judge import Question, Table, months_before
from services.accountability.rules.measures import Catalogue
from services.accountability.rules.ranges import ranges
from services.accountability.rules.table import Golden, Pack
from services.accountability.rules.versions import Judged, Version
from services.accountability.rules.words import Consequence, Post, Role, Severity, SubjectKind

SAID_BY: dict[str, type[StrEnum]] = {
    "severity": Severity,
    "consequence": Consequence,
    "role": Role,
    "post": Post,
    "subject_kind": SubjectKind,
}


def disagreements(pack: Pack, catalogue: Catalogue) -> tuple[Fault, ...]:
    """Golden cases that the table answers otherwise, each with what it says instead."""
    return tuple(_disagreements(pack, catalogue))


def uncovered(pack: Pack) -> tuple[str, ...]:
    """The rows that no golden case expects to fire, or to fire if they were on."""
    fired = {row for golden in pack.goldens for row in (*golden.fires, *golden.off)}
    return tuple(row.id for row in pack.rows if row.id not in fired)


def answered(golden: Golden, table: Table, catalogue: Catalogue) -> Golden:
    """The case with what the table says of it. Raises InputMissing."""
    pack = table.pack
    asked = question(golden, pack.valid_from)
    said = table.ask(asked)
    version = Version("", "", pack.label, pack.sha256, "", pack.valid_from, pack.valid_to, table)
    judged = Judged("", asked, version, version, version, said, "", {})
    found = ranges([judged], SubjectKind(golden.subject_kind), catalogue)
    return replace(
        golden,
        fires=tuple(looked.row.id for looked in said.fired),
        offers=tuple(offer.measure for one in found for offer in one.offers),
        at_least=sum(one.at_least for one in found),
        off=tuple(looked.row.id for looked in said.off),
    )


def _disagreements(pack: Pack, catalogue: Catalogue) -> Iterator[Fault]:
    table = Table(pack)
    for place, golden in enumerate(pack.goldens, 1):
        where = f"golden.{place}"
        try:
            found = answered(golden, table, catalogue)
        except InputMissing as missing:
            yield Fault(missing.params["row"], where, "GOLDEN_LACKS_INPUT", {"case": golden.zh, "column": missing.field})
            continue
        answers: dict[str, tuple[Sequence[object], Sequence[object]]] = {
            "fires": (golden.fires, found.fires),
            "offers": (golden.offers, found.offers),
            "at_least": ([golden.at_least], [found.at_least]),
            "off": (golden.off, found.off),
        }
        for name, (wanted, says) in answers.items():
            if list(wanted) != list(says):
                shown = {"case": golden.zh, "wanted": _shown(wanted), "says": _shown(says)}
                yield Fault("", f"{where}.says.{name}", "GOLDEN_DISAGREES", shown)


def question(golden: Golden, day: date) -> Question:
    """The question a golden case puts to the table, as if its conduct had been on that day."""
    return Question(
        "golden",
        "golden",
        golden.conduct,
        day,
        Severity(golden.severity),
        Consequence(golden.consequence),
        Role(golden.role),
        Post(golden.post),
        SubjectKind(golden.subject_kind),
        frozenset(golden.mitigating),
        frozenset(golden.aggravating),
        frozenset(golden.trigger),
        tuple(months_before(day, months) for months in golden.earlier),
    )


def _shown(words: Sequence[object]) -> str:
    return ", ".join(map(str, words)) or "-"
