"""What is known of the directory: who somebody is, which post they held on a day, and who led a unit then."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

import sqlalchemy as sa

from chassis.auth import covers
from chassis.errors import Conflict
from chassis.store import Copy, Tx
from services.accountability.domain.case import Case, Party
from services.accountability.rules.words import Post, Role, SubjectKind

_HIGHEST_FIRST = (Post.UNIT_HEAD, Post.DEPUTY_IN_CHARGE, Post.LEADING_GROUP, Post.SECTION_HEAD, Post.HANDLER)


def person(tx: Tx, official_id: str, role: Role | None, on: date, case_unit: str) -> Party | None:
    """A person as a party, with the post held on that day; None if the directory has not announced the person."""
    copy = tx.copy("official", official_id)
    if not copy.known:
        return None
    return Party(
        tx.new_id(),
        official_id,
        copy.unit_path,
        SubjectKind(copy.body["kind"]),
        post_of(tx, official_id, on, case_unit),
        role,
        str(copy.body.get("management_line", "")),
    )


def unit(tx: Tx, unit_path: str) -> Party:
    """A unit as a party."""
    return Party(tx.new_id(), "", unit_path, SubjectKind.UNIT, Post.NO_POST, Role.UNIT, "")


def post_of(tx: Tx, official_id: str, on: date, case_unit: str) -> Post:
    """The post held on a day: one in the line of the unit it happened in before any other, the highest of those."""
    theirs = _field(tx, "official_id") == official_id
    held = [post for post in _posts(tx, theirs) if _holds(post, on)]
    in_line = [post for post in held if case_unit == post.unit_path or case_unit.startswith(f"{post.unit_path}/")]
    kinds = {Post(post.body["kind"]) for post in (in_line or held)}
    return next((kind for kind in _HIGHEST_FIRST if kind in kinds), Post.HANDLER)


def leader(tx: Tx, unit_path: str, kind: Post, on: date) -> str:
    """Who held this post over a unit on a day: the nearest up the path; a deputy in whose care it is before others."""
    copies = tx.store.schema["copies"]
    care = {copy.id for copy in tx.copies("unit", copies.c.unit_path.in_(list(_upwards(unit_path))))}
    for path in _upwards(unit_path):
        held = [post for post in _posts(tx, copies.c.unit_path == path) if post.body["kind"] == kind and _holds(post, on)]
        in_care = [post for post in held if care & set(post.body.get("section_ids", ()))]
        general = [post for post in held if not post.body.get("section_ids")]
        for post in in_care or general:
            return str(post.body["official_id"])
    return ""


def head(tx: Tx, unit_path: str, on: date) -> str:
    """Who headed the unit itself on a day: its section head, else its unit head; empty if nobody is known."""
    copies = tx.store.schema["copies"]
    held = [post for post in _posts(tx, copies.c.unit_path == unit_path) if _holds(post, on)]
    for kind in (Post.SECTION_HEAD, Post.UNIT_HEAD):
        for post in held:
            if post.body["kind"] == kind:
                return str(post.body["official_id"])
    return ""


def unit_names(tx: Tx, case: Case) -> list[str]:
    """The names of the units of a case's parties and of those above them, below the case's jurisdiction."""
    paths = {path for party in case.parties for path in _upwards(party.unit_path)} | set(_upwards(case.unit_path))
    copies = tx.store.schema["copies"]
    below = [path for path in paths if path.startswith(f"{case.jurisdiction_path}/")]
    return [copy.name for copy in tx.copies("unit", copies.c.unit_path.in_(sorted(below))) if copy.name]


def unit_within(tx: Tx, unit_path: str) -> Copy:
    """A unit the caller may touch. Raises Conflict UNIT_NOT_KNOWN for any other, known to the directory or not."""
    rows = tx.caller.rows
    for unit in tx.copies("unit", tx.store.schema["copies"].c.unit_path == unit_path):
        within = any(covers(own, unit.jurisdiction_path) for own in rows.jurisdictions)
        if unit.known and (rows.everything or within or any(covers(own, unit_path) for own in rows.units)):
            return unit
    raise Conflict("UNIT_NOT_KNOWN", "unit_path", unit=unit_path)


def _posts(tx: Tx, condition: sa.ColumnElement[bool]) -> list[Copy]:
    return [post for post in tx.copies("post", condition) if post.known]


def _field(tx: Tx, name: str) -> sa.ColumnElement[str]:
    text: sa.ColumnElement[str] = sa.type_coerce(tx.store.schema["copies"].c.body, sa.JSON)[name].as_string()
    return text


def _holds(post: Copy, on: date) -> bool:
    day, until = on.isoformat(), post.body.get("valid_to", "")
    return bool(post.body["valid_from"] <= day and (not until or day < until))


def _upwards(path: str) -> Iterator[str]:
    while path:
        yield path
        path = path.rpartition("/")[0]
