"""Roads that lead away from the seven steps, and what a text hints at.

Which words hint at which road, whom to call and where to go are rows of packs/roads.toml. Danger to life is the one road
that does not replace the seven steps: the complaint goes on, and whoever is on duty is alerted at once.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from enum import Enum
from typing import Any

from chassis.errors import Conflict
from services.complaints.domain import clocks
from services.complaints.domain.clocks import RunningClock
from services.complaints.domain.complaint import Change, Complaint
from services.complaints.domain.facts import Fact, LightChanged, about
from services.complaints.domain.regimes import ACCEPT, Regime
from workdays import Calendar

DANGER, DISCIPLINE, SECRET = "danger", "discipline", "secret"
LEADER = "leader"


class DangerKind(Enum):
    """What the danger is."""

    SUICIDE = "suicide"
    VIOLENCE = "violence"
    CROWD = "crowd"
    OTHER = "other"


class DangerSource(Enum):
    """Who saw it."""

    WORDS = "words"
    FILER = "filer"
    STAFF = "staff"


@dataclass(frozen=True, slots=True)
class Road:
    """One road as it is told, and the words that hint at it, each with the kind it stands for where kinds differ."""

    id: str
    name_zh: str
    name_en: str
    what_zh: str
    what_en: str
    basis: str
    phones: tuple[str, ...]
    words: tuple[tuple[str, str], ...]
    unless: tuple[str, ...]

    @staticmethod
    def of(id: str, row: Mapping[str, Any]) -> Road:
        """Reads a pack row. Raises KeyError for one that lacks a part, never passes over it."""
        said = row.get("words", {})
        words = tuple((word, kind) for kind, words in said.items() for word in words)
        told = {name: str(row[name]) for name in ("name_zh", "name_en", "what_zh", "what_en", "basis")}
        return Road(id=id, phones=tuple(row["phones"]), words=words, unless=tuple(row.get("unless", ())), **told)

    def hinted_by(self, text: str, letters: frozenset[str]) -> tuple[str, ...]:
        """The kinds its words in the text stand for, in the order of the pack; `text` is bare, as `bare` leaves it.

        `letters` are those of the text: every filing asks, and most words' first character is in no text at all.
        """
        found = [(word, kind) for word, kind in self.words if word[0] in letters and word in text]
        if not found:
            return ()
        for phrase in self.unless:
            text = text.replace(phrase, "")
        return tuple(dict.fromkeys(kind for word, kind in found if word in text))


@dataclass(frozen=True, slots=True)
class Hints:
    """What a text sounds like: the roads, and the kinds of danger in it."""

    roads: tuple[Road, ...]
    dangers: tuple[DangerKind, ...] = ()

    def ids(self, marked: bool) -> tuple[str, ...]:
        """The roads by name, danger to life first where somebody marked it."""
        names = tuple(road.id for road in self.roads)
        return (DANGER, *names) if marked and DANGER not in names else names

    def hold(self, road: str) -> bool:
        """Whether the road is among them."""
        return any(one.id == road for one in self.roads)


def hints(roads: Sequence[Road], *texts: str) -> Hints:
    """The roads some text hints at, in the order given."""
    text = bare("\n".join(texts))
    letters = frozenset(text)
    found = {road.id: (road, kinds) for road in roads if (kinds := road.hinted_by(text, letters))}
    dangers = found[DANGER][1] if DANGER in found else ()
    return Hints(tuple(road for road, _ in found.values()), tuple(DangerKind(kind) for kind in dangers))


def bare(text: str) -> str:
    """The text without spaces and marks: somebody in despair may write 不 想 活 了."""
    return "".join(filter(str.isalnum, text.casefold()))


@dataclass(frozen=True, slots=True)
class DangerAlert:
    """One alert to whoever is on duty; it waits until somebody takes it."""

    id: str
    version: int
    unit_path: str
    jurisdiction_path: str
    complaint_id: str
    number: str
    kind: DangerKind
    source: DangerSource
    raised_by: str
    raised_at: datetime
    taken_by: str = ""
    taken_at: datetime | None = None

    def take(self, by: str, at: datetime) -> DangerAlert:
        """Somebody answers for it. Refused with DANGER_ALERT_TAKEN."""
        if self.taken_by:
            raise Conflict("DANGER_ALERT_TAKEN", number=self.number)
        return replace(self, version=self.version + 1, taken_by=by, taken_at=at)


@dataclass(frozen=True, slots=True, kw_only=True)
class DangerRaised(Fact):
    """Life may be in danger."""

    danger_alert_id: str
    kind: str
    source: str


def raised(complaint: Complaint, alert: DangerAlert) -> DangerRaised:
    """The fact of an alert."""
    kind, source = alert.kind.value, alert.source.value
    return DangerRaised(**about(complaint), danger_alert_id=alert.id, kind=kind, source=source)


@dataclass(frozen=True, slots=True)
class Duty:
    """Who has the duty on a day, and which addresses are theirs; with no account it is whoever leads the place."""

    day: date
    account: str
    contacts: tuple[str, ...]

    @staticmethod
    def of(day: date, row: Mapping[str, Any]) -> Duty:
        """Reads a row of the roster. Raises KeyError for one that lacks a part."""
        return Duty(day, str(row["account"]), tuple(map(str, row["contacts"])))

    @property
    def role(self) -> str:
        """The role that has the duty where nobody is named."""
        return "" if self.account else LEADER


def mark_danger(
    complaint: Complaint, alert: DangerAlert, note: str, urgent: Regime, calendar: Calendar, at: datetime, told: bool
) -> Change:
    """Somebody who works on it marks it: a line of its timeline, and the fact, unless the duty leader has been `told`.

    Where it still waits for acceptance, that limit begins anew under the urgent regime if it ends sooner so.
    """
    marked = complaint.change("MarkDanger")
    more: tuple[Fact, ...] = ()
    for fresh in urgent.clock(ACCEPT, at, calendar):
        if any(clock.running and clock.step == ACCEPT and _sooner(fresh, clock) for clock in complaint.clocks):
            marked = marked.timed((*clocks.stop(complaint.clocks, at, ACCEPT), fresh))
    if marked.light != complaint.light:
        more = (LightChanged(**about(marked), clock=ACCEPT, light=marked.light),)
    return Change(marked, "mark_danger", None if told else raised(marked, alert), note, more=more)


def _sooner(fresh: RunningClock, old: RunningClock) -> bool:
    return fresh.due_at is not None and (old.due_at is None or fresh.due_at < old.due_at)
