"""What a card asks, as the campaign's plan says it: its rows in their order, and the answers with the keys they are on."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from gateway.pages.frame.visit import Visit

DONT_KNOW, NOTHING = 255, 0
NO_GRADE = 256  # what the contract refuses: sent where nothing was chosen
DONT_KNOW_KEY, BLANK_KEY, UNCLEAR_KEY = "0", "-", "+"
KEYS = 9
SHOW_ALL = 500


@dataclass(frozen=True, slots=True)
class Answer:
    """One answer to a row: what is sent for it, its word, and the key it is on."""

    grade: int
    word: str
    key: str
    kind: str = "grade"


async def campaign_of(visit: Visit) -> dict[str, Any]:
    """The campaign of the page's address."""
    found: dict[str, Any] = (await visit.ask("evaluation.GetCampaign", campaign_id=visit.ref("ref")))["campaign"]
    return found


def answers(visit: Visit, plan: Mapping[str, Any]) -> list[Answer]:
    """The grades from left to right as they stand on the card, then what else a row may show."""
    made = [Answer(at, one["name"], str(at) if at <= KEYS else "") for at, one in enumerate(plan["scale"], start=1)]
    if plan["dont_know"]:
        made.append(Answer(DONT_KNOW, visit.t("dont_know"), DONT_KNOW_KEY))
    blank = Answer(NOTHING, visit.t("cards_blank"), BLANK_KEY, "blank")
    return [*made, blank, Answer(NOTHING, visit.t("cards_unclear"), UNCLEAR_KEY, "unclear")]


def word_of(visit: Visit, plan: Mapping[str, Any], grade: int) -> str:
    """What a mark says."""
    if grade == DONT_KNOW:
        return visit.t("dont_know")
    scale = plan["scale"]
    return str(scale[grade - 1]["name"]) if 0 < grade <= len(scale) else visit.t("cards_nothing")


def questions(plan: Mapping[str, Any]) -> list[tuple[str, str]]:
    """Object and question of each row of the ballot, in its order."""
    objects = [one for group in plan["object_groups"] for one in group["objects"]]
    return [(one["name"], asked["name"]) for one in objects for asked in plan["dimensions"]]


def group_names(plan: Mapping[str, Any]) -> dict[str, str]:
    """The rater groups by key."""
    return {one["key"]: one["name"] for one in plan["rater_groups"]}


def rated(plan: Mapping[str, Any], rater_group: str) -> list[dict[str, Any]]:
    """The object groups that the card of a rater group asks about; all where the group is not known."""
    rates: Sequence[str] = next((one["rates"] for one in plan["rater_groups"] if one["key"] == rater_group), ())
    return [one for one in plan["object_groups"] if not rates or one["key"] in rates]
