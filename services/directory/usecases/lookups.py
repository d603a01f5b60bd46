"""Asking the directory: lists, single things, who held what, who stood above, names.

The structure of an administration is open to whoever may call the rpc at all, so these look-ups see every row; what is not
open (accounts, sessions) is asked elsewhere.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date
from enum import Enum
from typing import Any, TypeVar

import sqlalchemy as sa

from chassis.auth import Caller, Rows
from chassis.db import Resource
from chassis.errors import NotFound
from chassis.store import Store, Tx
from services.directory.domain import people
from services.directory.domain.items import DutyItem, DutyList
from services.directory.domain.people import Official, Post, PostKind
from services.directory.storage import (
    ACCOUNTS,
    DUTY_ITEMS,
    DUTY_LISTS,
    JURISDICTIONS,
    OFFICIALS,
    POSTS,
    SERVICE_ITEMS,
    UNITS,
    as_of,
    listing,
    read,
)

T = TypeVar("T")
Held = tuple[Post, Official]
_UUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.IGNORECASE)


def open_to(caller: Caller) -> Caller:
    """The caller with every row in sight: for what is open to whoever may ask."""
    return replace(caller, rows=Rows(everything=True))


class Lookups:
    """What one can ask."""

    def __init__(self, store: Store) -> None:
        self.store = store

    def page(
        self,
        caller: Caller,
        resource: Resource[T],
        size: int,
        token: str,
        under: str = "",
        kinds: Sequence[Enum] = (),
        text: str = "",
        on: date | None = None,
        official_id: str = "",
    ) -> tuple[list[T], str]:
        """A page of a plain resource and the next page's token."""
        query, by = listing(resource, under, kinds, text, on)
        if official_id:
            query = query.where(resource.table.c.official_id == official_id)
        with self.store.read(open_to(caller)) as tx:
            found = tx.page(query, by, size, token, descending=False)
            return [read(resource, row) for row in found.rows], found.next_token

    def get(self, caller: Caller, resource: Resource[T], id: str, on: date | None = None) -> T:
        """One thing as last known, or as it was on the day. Raises NotFound."""
        with self.store.read(open_to(caller)) as tx:
            thing = tx.get(resource, id)
            if on is None:
                return thing
            past = as_of(tx, resource, [id], on)
            if id not in past:
                raise NotFound(f"{_shout(resource.cls.__name__)}_NOT_FOUND", "on")
            return past[id]

    def duty_list(self, caller: Caller, id: str, on: date | None) -> tuple[DutyList, list[DutyItem]]:
        """A duty list with its items, as last known or as on the day. Raises NotFound."""
        found = self.get(caller, DUTY_LISTS, id, on)
        table = DUTY_ITEMS.table
        with self.store.read(open_to(caller)) as tx:
            rows = tx.rows(sa.select(table).where(table.c.list_code == found.code).order_by(table.c.code))
            items = [DUTY_ITEMS.value(row) for row in rows]
            if on is None:
                return found, items
            past = as_of(tx, DUTY_ITEMS, [item.id for item in items], on)
            return found, [past[item.id] for item in items if item.id in past]

    def who_held(self, caller: Caller, unit_path: str, kinds: Sequence[PostKind], on: date) -> list[Held]:
        """Who held posts of these kinds in the unit on the day. Raises NotFound UNIT_NOT_FOUND for an unknown unit."""
        with self.store.read(open_to(caller)) as tx:
            if tx.find(UNITS, UNITS.table.c.unit_path == unit_path) is None:
                raise NotFound("UNIT_NOT_FOUND", "unit_path")
            posts = people.who_held(self._posts(tx, POSTS.table.c.unit_path == unit_path), unit_path, kinds, on)
            return self._with_people(tx, posts, on)

    def leaders_of(self, caller: Caller, official_id: str, on: date) -> list[Held]:
        """Who stood above the official on the day, nearest first. Raises NotFound OFFICIAL_NOT_FOUND."""
        with self.store.read(open_to(caller)) as tx:
            official = tx.get(OFFICIALS, official_id)
            own = self._posts(tx, POSTS.table.c.official_id == official.id)
            paths = {path for post in own for path in people.units_above(post.unit_path)}
            posts = self._posts(tx, POSTS.table.c.unit_path.in_(paths))
            return self._with_people(tx, people.leaders(own, posts, on), on)

    def names(
        self, caller: Caller, paths: Sequence[str], officials: Sequence[str], accounts: Sequence[str], items: Sequence[str]
    ) -> dict[str, str]:
        """The names behind paths and ids; unknown ones are left out."""
        with self.store.read(open_to(caller)) as tx:
            asked = (
                (JURISDICTIONS, "jurisdiction_path", "name", paths),
                (UNITS, "unit_path", "name", paths),
                (OFFICIALS, "id", "name", ids_among(officials)),
                (ACCOUNTS, "id", "display_name", ids_among(accounts)),
                (SERVICE_ITEMS, "id", "name", ids_among(items)),
            )
            found: dict[str, str] = {}
            for resource, key, name, wanted in asked:
                found |= _named(tx, resource, key, name, wanted)
            return found

    @staticmethod
    def _posts(tx: Tx, condition: sa.ColumnElement[bool]) -> list[Post]:
        return [POSTS.value(row) for row in tx.rows(sa.select(POSTS.table).where(condition))]

    @staticmethod
    def _with_people(tx: Tx, posts: Sequence[Post], on: date) -> list[Held]:
        """Each post with its holder as the holder was then, or as first known if the post is older than the entry."""
        ids = {post.official_id for post in posts}
        then = as_of(tx, OFFICIALS, ids, on)
        rows = tx.rows(sa.select(OFFICIALS.table).where(OFFICIALS.table.c.id.in_(ids - set(then))))
        then |= {row.id: OFFICIALS.value(row) for row in rows}
        return [(post, then[post.official_id]) for post in posts]


def _named(tx: Tx, resource: Resource[Any], key: str, name: str, wanted: Sequence[str]) -> dict[str, str]:
    if not wanted:
        return {}
    table = resource.table
    rows = tx.rows(sa.select(table.c[key].label("key"), table.c[name].label("name")).where(table.c[key].in_(wanted)))
    return {row.key: row.name for row in rows}


def ids_among(texts: Iterable[str]) -> list[str]:
    """Those that can be ids at all: PostgreSQL compares a UUID column with nothing else."""
    return [text for text in texts if _UUID.fullmatch(text)]


def _shout(name: str) -> str:
    return "".join("_" + letter if letter.isupper() else letter for letter in name).lstrip("_").upper()
