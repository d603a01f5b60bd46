"""A plan made from a template, for whoever has no earlier campaign to plan after. Its units come from the directory."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from gateway.pages.frame.choices import AT_ONCE
from gateway.pages.frame.visit import Visit

FILE = Path(__file__).with_name("templates.toml")
MARK = "template:"
"""What stands before a template's key where an earlier campaign's id may stand."""


@dataclass(frozen=True, slots=True)
class Pickable:
    """Units that may be rated, of one kind and therefore in one group."""

    key: str
    name: str
    units: Sequence[Mapping[str, Any]]


@cache
def _file() -> Mapping[str, Any]:
    return tomllib.loads(FILE.read_text(encoding="utf-8"))


def templates(visit: Visit) -> list[tuple[str, str]]:
    """Each template's mark and name."""
    return [(f"{MARK}{one['key']}", one["name"][visit.language]) for one in _file()["template"]]


async def pickable(visit: Visit) -> list[Pickable]:
    """The units right below the highest place the visitor sees, by group; a unit of another kind is rated elsewhere."""
    answer = await visit.part("directory.ListUnits", page_size=AT_ONCE)
    units = answer["units"] if answer else []
    place = min((unit["jurisdiction_path"] for unit in units), key=len, default="")
    top = [one for one in units if one["jurisdiction_path"] == place and one["unit_path"].rpartition("/")[0] == place]
    groups = _file()["object_group"]
    found = [Pickable(one["key"], one["name"], [u for u in top if u["kind"] in one["kinds"]]) for one in groups]
    return [one for one in found if one.units]


def plan_from(visit: Visit, mark: str, groups: Sequence[Pickable]) -> dict[str, Any]:
    """The template's questions and raters, and the units that were picked."""
    template = next(one for one in _file()["template"] if f"{MARK}{one['key']}" == mark)
    picked = {str(one) for one in visit.form.getlist("units")}
    rated = [
        {"key": one.key, "name": one.name, "objects": objects}
        for one in groups
        if (objects := [{"unit_id": unit["unit_id"]} for unit in one.units if unit["unit_id"] in picked])
    ]
    places = {unit["jurisdiction_path"] for one in groups for unit in one.units}
    return {
        "jurisdiction_path": min(places, key=len, default=""),
        "object_groups": rated,
        "dimensions": template["dimensions"],
        "rater_groups": template["rater_groups"],
        "dont_know": True,
    }
