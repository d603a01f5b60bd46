"""Where objects of a campaign are found: units of the directory by kind, officials by post, leading groups, districts.

The directory is asked by path, so that what is found stands as the tree does.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from gateway.pages.campaigns.rated import Rated
from gateway.pages.frame.choices import AT_ONCE
from gateway.pages.frame.forms import Option
from gateway.pages.frame.visit import Visit

SHOWN = 1000
UNITS, POSTS, LEADERS, DISTRICTS = "unit", "post", "leading", "district"
OBJECT_KINDS = {
    "OBJECT_KIND_OFFICIAL": POSTS,
    "OBJECT_KIND_LEADING_GROUP": LEADERS,
    "OBJECT_KIND_DISTRICT": DISTRICTS,
}


@dataclass(frozen=True, slots=True)
class Found:
    """One that may be rated, as a list shows it."""

    rated: Rated
    word: str
    depth: int = 0


@dataclass(frozen=True, slots=True)
class Search:
    """What is looked for: `unit:BUREAU`, `post:UNIT_HEAD`, `leading`, `district`; below a path; part of a name."""

    kind: str = UNITS
    under: str = ""
    text: str = ""

    @property
    def narrowed(self) -> str:
        """The kind of unit or post alone, if one was named."""
        return self.kind.partition(":")[2]


def kinds(visit: Visit) -> list[Option]:
    """Everything that may be looked for."""
    enums = visit.site.contracts.enum_values
    units = [
        Option(f"{UNITS}:{one.removeprefix('UNIT_KIND_')}", visit.label("UnitKind", one), 1)
        for one in enums("zhengfeng.directory.v1.UnitKind")
    ]
    posts = [
        Option(f"{POSTS}:{one.removeprefix('POST_KIND_')}", visit.label("PostKind", one), 1)
        for one in enums("zhengfeng.directory.v1.PostKind")
    ]
    return [
        Option(UNITS, visit.t("pick.units")),
        *units,
        Option(POSTS, visit.t("pick.posts")),
        *posts,
        Option(LEADERS, visit.t("pick.leading")),
        Option(DISTRICTS, visit.t("pick.districts")),
    ]


async def place_of(visit: Visit) -> str:
    """The highest place the visitor works for; where the session names none, the highest there is."""
    own = [str(one) for one in visit.session.claims.get("jurisdictions", ())] if visit.session else []
    if own:
        return min(own, key=len)
    answer = await visit.part("directory.ListUnits", page_size=AT_ONCE)
    return min((unit["jurisdiction_path"] for unit in answer["units"]) if answer else (), key=len, default="")


async def search(visit: Visit, wanted: Search) -> list[Found]:
    """Everything that fits, in the order of the tree."""
    kind = wanted.kind.partition(":")[0]
    if kind == POSTS:
        return await _officials(visit, wanted)
    if kind == DISTRICTS:
        return await _districts(visit, wanted)
    units = await units_under(visit, wanted)
    if kind == LEADERS:
        own = [one for one in units if not one["parent_id"]]
        return [_leading_group(visit, one) for one in own]
    roots = {one["unit_path"] for one in units}
    return [Found(_unit(one), one["name"], _depth(one["unit_path"], roots)) for one in units]


def _unit(unit: Mapping[str, Any]) -> Rated:
    return Rated(unit_id=unit["unit_id"], name=unit["name"], unit_path=unit["unit_path"])


def _leading_group(visit: Visit, unit: Mapping[str, Any]) -> Found:
    name = visit.t("leading_group_of", unit=unit["name"])
    return Found(Rated("OBJECT_KIND_LEADING_GROUP", unit["unit_id"], "", unit["unit_path"], name), name)


def _depth(path: str, roots: Iterable[str]) -> int:
    return 1 if path.rpartition("/")[0] in roots else 0


async def units_under(visit: Visit, wanted: Search, on: str = "") -> list[dict[str, Any]]:
    """Units by path, as many as are shown."""
    asked: dict[str, Any] = {"page_size": AT_ONCE, "under": wanted.under, "text": wanted.text}
    if wanted.kind.startswith(f"{UNITS}:"):
        asked["kinds"] = [f"UNIT_KIND_{wanted.narrowed}"]
    return await _all(visit, "directory.ListUnits", "units", {**asked, "on": on or visit.today.isoformat()})


async def _all(visit: Visit, rpc: str, rows: str, asked: Mapping[str, Any]) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = []
    token = ""
    while len(found) < SHOWN:
        answer = await visit.part(rpc, **asked, page_token=token)
        if answer is None:
            break
        found += answer[rows]
        token = answer["next_page_token"]
        if not token:
            break
    return found


async def _officials(visit: Visit, wanted: Search) -> list[Found]:
    """Who holds such a post today, by name and post; a person stands under one post only."""
    asked: dict[str, Any] = {"page_size": AT_ONCE, "under": wanted.under, "on": visit.today.isoformat()}
    if wanted.narrowed:
        asked["kinds"] = [f"POST_KIND_{wanted.narrowed}"]
    posts = await _all(visit, "directory.ListPosts", "posts", asked)
    units = {one["unit_path"]: one for one in await units_under(visit, Search(under=wanted.under))}
    await visit.learn({"official_ids": [post["official_id"] for post in posts]})
    found = [_holder(visit, post, units[post["unit_path"]]) for post in posts if post["unit_path"] in units]
    return [one for one in found if wanted.text in one.word]


def _holder(visit: Visit, post: Mapping[str, Any], unit: Mapping[str, Any]) -> Found:
    name = visit.name(post["official_id"])
    called = f"{name}（{unit['short_name'] or unit['name']}{post['title']}）"
    return Found(
        Rated("OBJECT_KIND_OFFICIAL", unit["unit_id"], post["official_id"], unit["unit_path"], called[:120]), called
    )


async def _districts(visit: Visit, wanted: Search) -> list[Found]:
    asked = {"page_size": AT_ONCE, "under": wanted.under, "on": visit.today.isoformat()}
    places = await _all(visit, "directory.ListJurisdictions", "jurisdictions", asked)
    return [
        Found(Rated("OBJECT_KIND_DISTRICT", unit_path=one["jurisdiction_path"], name=one["name"]), one["name"])
        for one in places
        if one["kind"] == "JURISDICTION_KIND_DISTRICT" and wanted.text in one["name"]
    ]


def search_of(group: Mapping[str, Any], place: str) -> Search:
    """Where the objects of a template's group are to be looked for."""
    kind = OBJECT_KINDS.get(group["kind"], UNITS)
    named: Sequence[str] = group["post_kinds"] if kind == POSTS else group["unit_kinds"] if kind == UNITS else ()
    return Search(f"{kind}:{named[0].upper()}" if len(named) == 1 else kind, place)


async def all_of(visit: Visit, group: Mapping[str, Any], place: str) -> list[Rated]:
    """All objects of the kinds a template's group names, of the place itself and not of those below it."""
    kind = OBJECT_KINDS.get(group["kind"], UNITS)
    named = group["post_kinds"] if kind == POSTS else group["unit_kinds"] if kind == UNITS else ()
    searches = [Search(f"{kind}:{one.upper()}", place) for one in named] or [Search(kind, place)]
    found = [one.rated for wanted in searches for one in await search(visit, wanted)]
    below = await _places_below(visit, place) if kind != DISTRICTS else ()
    own = [one for one in found if not any(f"{one.unit_path}/".startswith(f"{path}/") for path in below)]
    return list({one.subject: one for one in own}.values())


async def _places_below(visit: Visit, place: str) -> list[str]:
    places = await _all(visit, "directory.ListJurisdictions", "jurisdictions", {"page_size": AT_ONCE, "under": place})
    return [one["jurisdiction_path"] for one in places if one["jurisdiction_path"] != place]
