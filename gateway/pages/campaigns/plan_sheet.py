"""The plan's form as its template draws it: what is written, what was found, what came out, shares in per cent."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from gateway.pages.campaigns import picking
from gateway.pages.campaigns.plan_form import GRADES, GROUPS, QUESTIONS, RATERS, SCALE, TARIFF, TIES, Row, Written
from gateway.pages.frame.choices import Choices
from gateway.pages.frame.formats import percent
from gateway.pages.frame.forms import Field, Option
from gateway.pages.frame.visit import Visit

COLUMNS = {
    QUESTIONS: ("name", "weight"),
    SCALE: ("name", "points", "satisfied"),
    RATERS: ("name", "weight", "quota", "rates"),
    TIES: ("question", "dimension"),
    GRADES: ("name", "from", "unsatisfied"),
    TARIFF: ("cause", "measure", "points", "cap", "source"),
}
"""The columns of each list, in the order in which people read them."""


@dataclass
class Sheet:
    """Lives for one request."""

    visit: Visit
    fields: Mapping[str, Field]
    written: Written
    place: str
    template: Mapping[str, Any] | None = None
    campaign: Mapping[str, Any] | None = None
    frozen: bool = False
    """Whether ballots may be cast already: then what stands on them is not changed any more."""
    search: picking.Search | None = None
    found: Sequence[picking.Found] | None = None
    opened: str = ""
    tried: Any = None
    campaigns: Sequence[Mapping[str, Any]] = ()
    places: Sequence[Option] = ()
    names: dict[str, str] = field(default_factory=dict)

    async def learn(self) -> None:
        """What the page has to know beside what is written."""
        answer = await self.visit.part("evaluation.ListCampaigns", page_size=100)
        done = ("CAMPAIGN_STATE_COUNTED", "CAMPAIGN_STATE_RELEASED", "CAMPAIGN_STATE_FINAL")
        self.campaigns = [one for one in (answer["campaigns"] if answer else ()) if one["state"] in done]
        await self.visit.learn({"jurisdiction_path": self.place})
        choices = Choices(self.visit)
        self.places = [*await choices.places(), *await choices.units()]
        self.names = {
            one["campaign_id"]: f"{one['number']} {one['title']}" for one in (answer["campaigns"] if answer else ())
        }

    def one(self, name: str) -> Field:
        """A field with what was typed and what is wrong with it."""
        found = self.fields[name]
        options = [one for one in self.places if one.value.count("/") <= 2] if name.endswith("jurisdiction_path") else ()
        shown = replace(found, kind="choice", options=options) if options else found
        value: Any = self.written.plain[name]
        return replace(shown, value=value, errors=tuple(self.written.faults.get(name, ())))

    def columns(self, name: str) -> list[Field]:
        """The columns of a list; who rates what is asked only where there are several groups."""
        by_name = {column.name: column for column in self.fields[name].columns}
        several = len(self.written.rows[GROUPS]) > 1
        return [self._with_list(name, by_name[one]) for one in COLUMNS[name] if one != "rates" or several]

    def _with_list(self, name: str, column: Field) -> Field:
        if column.name == "dimension":
            return replace(column, options=[Option(row["key"], row["name"]) for row in self.written.rows[QUESTIONS]])
        if column.name == "measure":
            return replace(column, options=Choices(self.visit).words("measure"))
        if column.name == "rates":
            return replace(column, options=self.groups())
        return column

    def groups(self) -> list[Option]:
        """The groups of objects by their keys."""
        return [Option(one["key"], one["name"] or one["key"]) for one in self.written.rows[GROUPS]]

    def rows(self, name: str) -> list[Row]:
        return self.written.rows[name]

    def faults(self, name: str) -> list[str]:
        return self.written.faults.get(name, [])

    def share(self, name: str, row: Row) -> str:
        """A row's share of all weights of its list, in per cent; empty while it is none."""
        weight, whole = _weight(row), sum(_weight(one) for one in self.written.rows[name])
        return percent(weight, whole)

    def shares_by_group(self) -> list[tuple[str, list[tuple[str, str]]]]:
        """What each rater group weighs in each object group; told once where it is the same in all."""
        told = [(one["name"], self._shares_in(one["key"])) for one in self.written.rows[GROUPS]]
        alike = all(shares == told[0][1] for _, shares in told) if told else True
        return [("", told[0][1] if told else self._shares_in(""))] if alike else told

    def _shares_in(self, group: str) -> list[tuple[str, str]]:
        rating = [one for one in self.written.rows[RATERS] if not one["rates"] or not group or group in one["rates"]]
        whole = sum(_weight(one) for one in rating)
        return [(one["name"], percent(_weight(one), whole)) for one in rating]

    @property
    def awaits_round(self) -> bool:
        """Whether groups are taken from a round before."""
        return any(one["taken.number"] for one in self.written.rows[GROUPS])

    @property
    def objects(self) -> int:
        return sum(len(one["objects"]) for one in self.written.rows[GROUPS])

    def on_ballot(self) -> set[tuple[str, str]]:
        """Who stands on it already."""
        return {one.subject for group in self.written.rows[GROUPS] for one in group["objects"]}

    def faulty(self) -> list[tuple[str, str, str]]:
        """Where a fault stands, what it is called there, and the fault: for the list at the top."""
        return [(anchor(name), self._called(name), told) for name, all_of in self.written.faults.items() for told in all_of]

    def _called(self, name: str) -> str:
        if name in self.fields:
            return self.fields[name].label
        for list_name, rows in self.written.rows.items():
            if name.startswith(f"{list_name}."):
                place, _, column = name.removeprefix(f"{list_name}.").partition(".")
                labels = {one.name: one.label for one in self.fields[list_name].columns}
                row = rows[int(place)].get("name") or str(int(place) + 1)
                return " · ".join(filter(None, (self.fields[list_name].label, row, labels.get(column, ""))))
        return ""


def anchor(name: str) -> str:
    """The id of a field."""
    return name.replace(".", "-")


def _weight(row: Row) -> int:
    text = str(row["weight"])
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else 0
