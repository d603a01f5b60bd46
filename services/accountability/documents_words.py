"""The words of documents for what a case holds as data, and a party as a document speaks of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from papers.documents import chinese_day, chinese_number
from services.accountability.domain.case import Case, EstablishedFact, Party
from services.accountability.domain.documents import Letterhead, Wanted
from services.accountability.domain.effects import Effect
from services.accountability.domain.proposal import Recommendation
from services.accountability.rules.measures import Catalogue
from services.accountability.rules.propose import PartyAnswer
from services.accountability.rules.words import Consequence, Post, Role, Severity

UNNAMED = "×××"
POSTS: Mapping[Post, str] = {
    Post.HANDLER: "承办人员",
    Post.SECTION_HEAD: "科室负责人",
    Post.DEPUTY_IN_CHARGE: "分管负责人",
    Post.UNIT_HEAD: "主要负责人",
    Post.LEADING_GROUP: "领导班子成员",
    Post.NO_POST: "未任职务",
}
ROLES: Mapping[Role, str] = {
    Role.DIRECT: "直接责任",
    Role.MAIN_LEADER: "主要领导责任",
    Role.IMPORTANT_LEADER: "重要领导责任",
    Role.UNIT: "单位责任",
}
SEVERITIES: Mapping[Severity, str] = {
    Severity.MINOR: "情节轻微",
    Severity.ORDINARY: "情节一般",
    Severity.HEAVIER: "情节较重",
    Severity.SERIOUS: "情节严重",
    Severity.ESPECIALLY_SERIOUS: "情节特别严重",
}
CONSEQUENCES: Mapping[Consequence, str] = {
    Consequence.NONE: "未造成后果",
    Consequence.SLIGHT: "后果轻微",
    Consequence.BAD_EFFECT: "造成不良影响",
    Consequence.LOSS: "造成损失",
    Consequence.HEAVY_LOSS: "造成重大损失",
}


@dataclass(frozen=True, slots=True)
class Source:
    """An instrument as documents name it, with the conduct words it declares, and the day from which it is cited."""

    version_id: str
    title: str
    number: str
    conducts: Mapping[str, str]
    valid_from: date
    valid_to: date | None

    @property
    def cited(self) -> str:
        """Title and number."""
        return f"《{self.title}》（{self.number}）" if self.number else f"《{self.title}》"

    def covers(self, fact: EstablishedFact) -> bool:
        """Whether it knew this conduct on its day."""
        within = self.valid_from <= fact.day and (self.valid_to is None or fact.day < self.valid_to)
        return within and fact.conduct in self.conducts


@dataclass(frozen=True, slots=True)
class Ground:
    """Everything a document may draw on, found beforehand; writing it asks nobody."""

    case: Case
    party: Party | None
    wanted: Wanted
    letterhead: Letterhead
    catalogue: Catalogue
    sources: Sequence[Source]
    statements: Mapping[str, str]
    unit_names: Mapping[str, str]
    answer: PartyAnswer | None
    recommendation: Recommendation | None
    effects: Sequence[Effect]
    route: tuple[Mapping[str, int], Mapping[str, int]] | None
    decision_number: str
    proposed: Sequence[PartyAnswer] = ()

    @property
    def about(self) -> Party:
        """The party the document is about."""
        if self.party is None:
            raise ValueError("this kind of document is about a party")
        return self.party

    def name(self, party: Party) -> str:
        """The party's name; three crosses in a draft where nobody gave it."""
        if not party.official_id:
            return self.unit(party)
        known = self.wanted.names.get(party.id)
        return known.name if known else UNNAMED

    def post(self, party: Party) -> str:
        """The post as it is called, or its kind."""
        known = self.wanted.names.get(party.id)
        return (known.post if known else "") or POSTS[party.post]

    def unit(self, party: Party) -> str:
        """The unit's name as the directory announced it."""
        return self.unit_names.get(party.unit_path) or UNNAMED

    def conduct(self, word: str) -> str:
        """The conduct in the words of the first instrument that declares it."""
        return next((source.conducts[word] for source in self.sources if word in source.conducts), "违反工作纪律")

    def measures(self, keys: Sequence[str]) -> str:
        """Measures, heaviest first as they are kept."""
        return "、".join(self.catalogue.measures[key].zh for key in keys)

    def basis(self, party: Party) -> str:
        """The articles that fired, by instrument; before the rules were asked the instruments that know the conduct."""
        articles: dict[str, list[str]] = {source.cited: [] for source in self.sources if _asked(source, party)}
        if self.answer is not None and self.answer.fired:
            by_id = {source.version_id: source for source in self.sources}
            articles = {}
            for said in self.answer.fired:
                if said.version_id in by_id:
                    found = articles.setdefault(by_id[said.version_id].cited, [])
                    found += [] if said.row.article in found else [said.row.article]
        return "，".join(f"{cited}{'、'.join(found)}" for cited, found in articles.items())


def _asked(source: Source, party: Party) -> bool:
    return any(source.covers(fact) for fact in party.facts)


def period(length: Mapping[str, int]) -> str:
    """十五日, 一个月."""
    months, days = length.get("months", 0), length.get("days", 0)
    return f"{chinese_number(months)}个月" if months else f"{chinese_number(days)}日"


def lasting(effect: Effect) -> str:
    """From when to when a measure bars something; its last day is the one before it ends."""
    if effect.ends_on is None:
        return ""
    last = date.fromordinal(effect.ends_on.toordinal() - 1)
    return f"影响期自{chinese_day(effect.starts_on)}起至{chinese_day(last)}止"
