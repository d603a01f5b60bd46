"""What the buttons of the plan's form do: add a row, take one out, move it, put objects into a group or elsewhere.

Each button is a submit of the whole form, so that it works without scripts. Whatever a button cannot do leaves all as it is.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Any

from starlette.datastructures import FormData

from gateway.pages.campaigns.plan_form import GROUPS, KEYS, RATERS, Row, Written
from gateway.pages.campaigns.rated import Rated, objects_of

NEW_GROUP = "new"
MOST_NAME = 120  # what the contract takes for the name of an object
NOT_TAKEN = {"taken.object_group": "", "taken.end": "", "taken.number": ""}
"""A group whose objects are named, and not those of a round before."""


def edited(written: Written, do: str, sent: FormData, columns: Sequence[str], new_group: str) -> Written:
    """The plan after a button `act:list.place` was pressed. `columns` are those of the list it names."""
    act, _, target = do.partition(":")
    if act == "name" and target.isdigit():
        return _named(written, int(target), sent)
    name, _, place = target.rpartition(".") if act != "add" else (target, "", "")
    if act == "add" and target in written.rows:
        return _with(written, target, [*written.rows[target], blank(written, target, columns)])
    if act in ("move", "take") and target.isdigit():
        return _moved(written, int(target), sent, "" if act == "take" else str(sent.get(f"to.{target}", "")), new_group)
    rows = written.rows.get(name)
    if rows is None or not place.isdigit() or int(place) >= len(rows):
        return written
    at = int(place)
    if act == "drop":
        return _without_rates(_with(written, name, [*rows[:at], *rows[at + 1 :]]))
    step = {"up": -1, "down": 1}.get(act, 0)
    if step and 0 <= at + step < len(rows):
        changed = list(rows)
        changed[at], changed[at + step] = changed[at + step], changed[at]
        return _with(written, name, changed)
    return written


def _with(written: Written, name: str, rows: Iterable[Row]) -> Written:
    return replace(written, rows={**written.rows, name: list(rows)})


def blank(written: Written, name: str, columns: Sequence[str]) -> Row:
    """An empty row, with a key of its own where the list has keys."""
    row: Row = {column: [] if column == "rates" else "" for column in columns}
    if name in KEYS:
        row["key"] = next_key(KEYS[name], [one["key"] for one in written.rows[name]])
    if name == GROUPS:
        row["objects"] = []
    return row


def next_key(stem: str, taken: Sequence[str]) -> str:
    """The first `stem1`, `stem2` ... that nobody has."""
    number = 1
    while f"{stem}{number}" in taken:
        number += 1
    return f"{stem}{number}"


def put(written: Written, objects: Iterable[Rated], group_key: str, new_group: str) -> Written:
    """These objects into a group, or into a new one of that name; who stands on the ballot already stays where he is."""
    there = {one.subject for group in written.rows[GROUPS] for one in group["objects"]}
    fresh: list[Rated] = []
    for one in objects:
        if one.subject not in there:
            there.add(one.subject)
            fresh.append(one)
    if not fresh:
        return written
    groups = [dict(group) for group in written.rows[GROUPS]]
    target = next((group for group in groups if group["key"] == group_key), None)
    if target is None:
        key = next_key(KEYS[GROUPS], [group["key"] for group in groups])
        target = {"key": key, "name": new_group, "objects": [], **NOT_TAKEN}
        groups.append(target)
    target["objects"] = [*target["objects"], *fresh]
    return _with(written, GROUPS, groups)


def picked(sent: FormData, field: str) -> list[Rated]:
    """The objects ticked in a list of those found."""
    return [rated for text in sent.getlist(field) for rated in objects_of(f"[{text}]")]


def _moved(written: Written, place: int, sent: FormData, to: str, new_group: str) -> Written:
    """The ticked objects of a group into another one, or out."""
    groups = written.rows[GROUPS]
    if place >= len(groups):
        return written
    ticked = {int(text) for text in map(str, sent.getlist(f"tick.{place}")) if text.isdigit()}
    objects: list[Any] = groups[place]["objects"]
    gone = [one for at, one in enumerate(objects) if at in ticked]
    stay = {**groups[place], "objects": [one for at, one in enumerate(objects) if at not in ticked]}
    left = _with(written, GROUPS, [stay if at == place else group for at, group in enumerate(groups)])
    return put(left, gone, "" if to == NEW_GROUP else to, new_group) if to else left


def _named(written: Written, place: int, sent: FormData) -> Written:
    """The one object that is ticked under the name typed for it; with none or several ticked all stays as it is."""
    groups = written.rows[GROUPS]
    ticked = [int(text) for text in map(str, sent.getlist(f"tick.{place}")) if text.isdigit()]
    called = str(sent.get(f"called.{place}", "")).strip()[:MOST_NAME]
    if place >= len(groups) or len(ticked) != 1 or not called:
        return written
    objects = [replace(one, name=called) if at == ticked[0] else one for at, one in enumerate(groups[place]["objects"])]
    return _with(written, GROUPS, [{**one, "objects": objects} if at == place else one for at, one in enumerate(groups)])


def _without_rates(written: Written) -> Written:
    """Raters of a group of objects that is gone rate the others."""
    keys = {group["key"] for group in written.rows[GROUPS]}
    raters = [{**row, "rates": [key for key in row["rates"] if key in keys]} for row in written.rows[RATERS]]
    return _with(written, RATERS, raters)
