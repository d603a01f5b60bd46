"""The dry run of a plan: floor and ceiling, what an empty group does, and a drawn result with how far it can be trusted."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from itertools import groupby
from typing import Any

from starlette.responses import Response

from gateway.pages.frame.formats import score
from gateway.pages.frame.visit import Visit
from gateway.refusals import Refused

SHARES = ("lowest", "apart", "dont_know")
AS_PLANNED = "VARIANT_AS_PLANNED"


@dataclass(frozen=True, slots=True)
class EmptyGroup:
    """What each group weighs with all there, and when one stays empty."""

    name: str
    where: str
    no_score: bool
    weights: Sequence[tuple[str, str, str]]
    """Group, share before, share after."""


@dataclass(frozen=True, slots=True)
class Tried:
    """A simulation as the page shows it."""

    simulation: Mapping[str, Any]
    names: Mapping[str, str]
    empty: Sequence[EmptyGroup]
    groups: Sequence[tuple[str, Sequence[Mapping[str, Any]], Mapping[str, Any] | None]]
    """Each object group: its name, its drawn rows, what all runs say of it."""

    @property
    def drawn(self) -> Mapping[str, Any] | None:
        found: Mapping[str, Any] | None = self.simulation["drawn"]
        return found


async def dry_run(visit: Visit, plan: Mapping[str, Any]) -> Tried:
    """Asks for a draw with as many raters as were typed; a group left empty has its quota."""
    draw = {"raters": _raters(visit, plan), **_shares(visit)}
    seed = str(visit.form.get("draw.seed", ""))
    if seed.isdigit():
        draw["seed"] = seed
    answer = await visit.ask("evaluation.SimulateCampaign", plan=plan, draw=draw)
    return tried(answer["simulation"])


def _raters(visit: Visit, plan: Mapping[str, Any]) -> list[dict[str, str]]:
    typed = {one["key"]: str(visit.form.get(f"draw.raters.{one['key']}", "")).strip() for one in plan["rater_groups"]}
    return [{"rater_group": key, "raters": text} for key, text in typed.items() if text.isascii() and text.isdigit()]


def _shares(visit: Visit) -> dict[str, str]:
    """Per cent as people type them, as shares of one."""
    texts = {name: str(visit.form.get(f"draw.{name}", "")).strip() for name in SHARES}
    return {name: f"{Decimal(text) / 100:f}" for name, text in texts.items() if text.replace(".", "", 1).isdecimal()}


def tried(simulation: Mapping[str, Any]) -> Tried:
    """The answer by names instead of keys."""
    plan = simulation["plan"] or {"rater_groups": [], "object_groups": []}
    names = {one["key"]: one["name"] for part in ("rater_groups", "object_groups") for one in plan[part]}
    return Tried(simulation, names, _empty(simulation, plan, names), _groups(simulation, names))


def _empty(simulation: Mapping[str, Any], plan: Mapping[str, Any], names: Mapping[str, str]) -> list[EmptyGroup]:
    return [
        EmptyGroup(
            name=names.get(one["empty_group"], one["empty_group"]),
            where="、".join(names.get(key, key) for key in one["object_groups"]),
            no_score=one["no_score"] or not any(weight["share"] != "0" for weight in one["weights"]),
            weights=_before_and_after(one, plan, names),
        )
        for one in simulation["empty_groups"]
    ]


def _before_and_after(
    one: Mapping[str, Any], plan: Mapping[str, Any], names: Mapping[str, str]
) -> list[tuple[str, str, str]]:
    after = {weight["rater_group"]: weight["share"] for weight in one["weights"]}
    rating = [g for g in plan["rater_groups"] if not g["rates"] or set(g["rates"]) & set(one["object_groups"])]
    whole = sum(int(group["weight"]) for group in rating) or 1
    return [
        (
            names[group["key"]],
            in_percent(Fraction(int(group["weight"]), whole)),
            in_percent(Fraction(after.get(group["key"], "0"))) if not one["no_score"] else "",
        )
        for group in rating
    ]


def _groups(simulation: Mapping[str, Any], names: Mapping[str, str]) -> list[Any]:
    drawn = simulation["drawn"]
    if not drawn:
        return []
    planned = next((one for one in drawn["variants"] if one["variant"] == AS_PLANNED), None)
    said = {one["object_group"]: one for one in planned["groups"]} if planned else {}
    by_group = groupby(drawn["rows"], key=lambda row: row["object_group"])
    return [(names.get(key, key), list(rows), said.get(key)) for key, rows in by_group]


def in_percent(share: Fraction) -> str:
    return f"{score(str(share * 100), 1)}%"


async def simulate(visit: Visit) -> Response:
    """The dry run of a campaign that is written down already."""
    ref = visit.ref("ref")
    campaign = (await visit.ask("evaluation.GetCampaign", campaign_id=ref))["campaign"]
    found, sentence = None, ""
    try:
        found = await dry_run(visit, campaign["plan"])
    except Refused as wrong:
        sentence = wrong.sentence or visit.site.words.refusal(wrong.reason, wrong.status, visit.language)
    return visit.site.page(visit, "campaigns/simulate.html", campaign=campaign, ref=ref, tried=found, sentence=sentence)
