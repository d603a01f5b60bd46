"""A year of a fictional prefecture, in bulk: cases filed, people under measures, and what must not be counted.

The rows are those the use cases write, made by the same domain functions; only the way there is short.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime

from chassis.auth import Caller
from chassis.clock import day_start
from chassis.store import Tx
from services.accountability.domain.case import Case, EstablishedFact, Party
from services.accountability.domain.effects import effect
from services.accountability.domain.facts import Origin
from services.accountability.domain.states import CaseState, EffectState
from services.accountability.rules.words import Consequence, Post, Role, Severity, SubjectKind
from services.accountability.storage import cases
from services.accountability.storage.tables import CASES, EFFECTS
from tests.doors import Door
from tests.service.accountability.scene import CITY, SECTION, fixed_id

OFFICE_ORGAN = "office"
# The columns of the table, and what "other" is made of here.
COLUMNS = {
    "criticism_education": 31,
    "written_self_criticism": 13,
    "circulated_criticism": 9,
    "efficiency_caution": 4,
    "transfer_from_post": 3,
    "discharge": 4,
    "other": 15,
}
OTHERS = ("admonition_talk", "off_post_training", "no_commendation", "stood_down", "bonus_cut")
FILED, HANDLED, SANCTIONED, CIRCULATED = 121, 87, 71, 79
FEBRUARY = date(2026, 2, 3)


@dataclass
class Person:
    """Somebody with the measures of one case, and the place of the case they are in."""

    name: str
    measures: tuple[str, ...]
    case: int = 0


@dataclass
class Year:
    """What the year holds: `told` are the decided cases that can be circulated."""

    door: Door
    told: list[str] = field(default_factory=list)

    def write(self) -> Year:
        """121 filed cases, 111 of them with the year's 139 people, and all that must not be counted."""
        people = _people()
        # The first 87 people answer in cases that complaints opened: 69 of them, the rest in 42 cases of inspections.
        for place, person in enumerate(people):
            person.case = place % 69 if place < HANDLED else 69 + (place - HANDLED) % 42
        with self.door.store.begin(Caller.service("accountability")) as tx:
            for number in range(FILED):
                own = [person for person in people if person.case == number]
                service = "complaints" if number < 69 or number >= 111 else "supervision"
                case_id = self.case(tx, f"case {number}", own, service)
                self.told += [case_id] if own else []
            self._not_counted(tx, people)
        return self

    def case(
        self,
        tx: Tx,
        name: str,
        people: list[Person],
        service: str,
        on: date = FEBRUARY,
        jurisdiction: str = CITY,
        filed: bool = True,
    ) -> str:
        """One case with its effects; one in which nobody answers was dropped."""
        at = day_start(on)
        catalogue = self.door.usecases.rules.desk.catalogue(tx, CITY)
        state = CaseState.CLOSED if people else CaseState.DROPPED if filed else CaseState.CLUE
        unit = SECTION if jurisdiction == CITY else f"{jurisdiction}/water"
        made = Case(
            fixed_id(name),
            1,
            unit,
            jurisdiction,
            f"问责〔{on.year}〕{name}",
            state,
            (Origin(service, fixed_id(f"origin of {name}"), ""),),
            "slow_handling",
            tuple(_party(one, unit, catalogue.heaviest_first(one.measures)) for one in people),
            at,
            filed_at=at if filed else None,
            decided_at=at if people else None,
        )
        tx.add(CASES, made)
        cases.link(tx, made)
        for party in made.parties:
            for key in party.measures:
                tx.add(EFFECTS, effect(tx.new_id(), made, party, key, OFFICE_ORGAN, None, on, catalogue))
        return made.id

    def _not_counted(self, tx: Tx, people: list[Person]) -> None:
        """Last year, next year, another prefecture, a clue, a unit, and what an appeal revoked."""
        heavy = [Person("somebody else", ("discharge", "dismissal"))]
        for name, on, place in (("before", date(2025, 12, 31), CITY), ("after", date(2027, 1, 1), CITY)):
            self.case(tx, name, heavy, "complaints", on, place)
        self.case(tx, "elsewhere", heavy, "complaints", FEBRUARY, "/another")
        self.case(tx, "clue", [], "complaints", FEBRUARY, filed=False)
        catalogue = self.door.usecases.rules.desk.catalogue(tx, CITY)
        decided = tx.get(CASES, fixed_id("case 0"))
        unit = replace(_party(people[0], SECTION, ()), official_id="", subject_kind=SubjectKind.UNIT)
        of_unit = effect(tx.new_id(), decided, unit, "rectification_ordered", OFFICE_ORGAN, None, FEBRUARY, catalogue)
        tx.add(EFFECTS, of_unit)
        gone = effect(tx.new_id(), decided, decided.parties[0], "discharge", OFFICE_ORGAN, None, FEBRUARY, catalogue)
        tx.add(EFFECTS, replace(gone, state=EffectState.REVOKED))


def _people() -> list[Person]:
    """79 people of the table, the first of whom were sanctioned too; then those who only were. 139 in all.

    Whoever is counted in a column also has something lighter, where there is anything lighter.
    """
    people = []
    for column, count in COLUMNS.items():
        for place in range(count):
            heaviest = OTHERS[place % len(OTHERS)] if column == "other" else column
            lighter = () if heaviest == "criticism_education" else ("criticism_education",)
            people.append(Person(f"{column} {place}", (heaviest, *lighter)))
    both = 11
    for person in people[:both]:
        person.measures = (*person.measures, "warning")
    sanctions = ("warning", "demerit", "major_demerit", "removal_from_post")
    people += [Person(f"sanctioned {n}", (sanctions[n % len(sanctions)],)) for n in range(SANCTIONED - both)]
    return people


def _party(person: Person, unit: str, measures: tuple[str, ...]) -> Party:
    fact = EstablishedFact(
        fixed_id(f"fact {person.name}"),
        "slow_handling",
        date(2025, 11, 3),
        Severity.ORDINARY,
        Consequence.SLIGHT,
        (),
        (),
        (),
        "first",
        datetime(2026, 1, 5, tzinfo=UTC),
    )
    who = fixed_id(f"person {person.name}")
    kind, post = SubjectKind.CIVIL_SERVANT, Post.HANDLER
    return Party(fixed_id(f"party {person.name}"), who, unit, kind, post, Role.DIRECT, "", facts=(fact,), measures=measures)
