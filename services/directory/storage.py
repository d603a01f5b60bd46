"""Tables and queries. A plain resource's columns are read off its dataclass; who may see which row is `Tx.visible`.

`revisions` holds every statement about a plain resource with its days, so that "as it was on that day" is one look-up;
posts are terms themselves and need none.
"""

from __future__ import annotations

import dataclasses
import types
import typing
from collections.abc import Iterable, Sequence
from datetime import date, datetime
from enum import Enum
from typing import Any, TypeVar

import sqlalchemy as sa
from sqlalchemy import Column, Index, Table, Text, UniqueConstraint

from chassis.clock import Clock
from chassis.columns import plain_converter
from chassis.config import Config
from chassis.db import Bytes, Choice, Doc, Id, Instant, Path, Resource, Schema, open_engine
from chassis.store import Store, Tx
from services.directory import wire
from services.directory.domain.accounts import Account
from services.directory.domain.calendar import CalendarYear
from services.directory.domain.factors import Credential
from services.directory.domain.items import DutyItem, DutyList, ServiceItem
from services.directory.domain.people import Official, Post
from services.directory.domain.sessions import SavedView, Session
from services.directory.domain.tokens import TokenKey
from services.directory.domain.tree import Jurisdiction, Unit

T = TypeVar("T")
SCHEMA = Schema("directory")
_BESIDE = {"id", "version", "unit_path", "jurisdiction_path"}


def plain(cls: type[T], name: str, *further: sa.schema.SchemaItem) -> Resource[T]:
    """Declares the table of a dataclass from the types of its fields."""
    kinds = typing.get_type_hints(cls)
    columns = [_column(field, kinds[field]) for field in kinds if field not in _BESIDE]
    return SCHEMA.resource(cls, name, *columns, *further)


def _column(name: str, kind: Any) -> Column[Any]:
    options = typing.get_args(kind) if isinstance(kind, types.UnionType) else ()
    optional = type(None) in options
    kind = next(part for part in options if part is not type(None)) if optional else kind
    return Column(name, _type(name, kind), nullable=optional)


def _type(name: str, kind: Any) -> Any:
    if typing.get_origin(kind) is tuple or dataclasses.is_dataclass(kind):
        return Doc(kind)
    if issubclass(kind, Enum):
        return Choice(kind)
    if kind is str:
        return Path() if name.endswith("_path") else Text()
    return {date: sa.Date(), datetime: Instant(), bool: sa.Boolean(), int: sa.BigInteger(), bytes: Bytes()}[kind]


JURISDICTIONS = plain(Jurisdiction, "jurisdictions", UniqueConstraint("jurisdiction_path"))
UNITS = plain(Unit, "units", UniqueConstraint("unit_path"))
OFFICIALS = plain(
    Official, "officials", UniqueConstraint("staff_number"), Index("officials_unit", "unit_path", "staff_number")
)
POSTS = plain(Post, "posts", Index("posts_unit", "unit_path"), Index("posts_official", "official_id"))
SERVICE_ITEMS = plain(ServiceItem, "service_items", UniqueConstraint("code"))
DUTY_LISTS = plain(DutyList, "duty_lists", UniqueConstraint("code"))
DUTY_ITEMS = plain(DutyItem, "duty_items", UniqueConstraint("code"), Index("duty_items_list", "list_code"))
CALENDAR_YEARS = plain(CalendarYear, "calendar_years", UniqueConstraint("year"))
ACCOUNTS = plain(Account, "accounts", UniqueConstraint("user_name"), Index("accounts_official", "official_id"))
CREDENTIALS = plain(Credential, "credentials", UniqueConstraint("name_hash"))
SESSIONS = plain(Session, "sessions", UniqueConstraint("secret_hash"), Index("sessions_account", "account_id"))
VIEWS = plain(SavedView, "saved_views", UniqueConstraint("account_id", "page", "name"))
TOKEN_KEYS = plain(TokenKey, "token_keys")

# What is listed by: the last column is unique.
SORTED_BY: dict[str, tuple[str, ...]] = {
    "jurisdictions": ("jurisdiction_path",),
    "units": ("unit_path",),
    "officials": ("staff_number",),
    "posts": ("unit_path", "id"),
    "service_items": ("code",),
    "duty_lists": ("code",),
    "duty_items": ("code",),
}

REVISIONS: Table = SCHEMA.table(
    "revisions",
    Column("resource", Text, primary_key=True),
    Column("subject_id", Id(), primary_key=True),
    Column("version", sa.Integer, primary_key=True),
    Column("sort", Path(), nullable=False),
    Column("name", Text, nullable=False),
    Column("kind", Text, nullable=False),
    Column("unit_path", Path(), nullable=False),
    Column("jurisdiction_path", Path(), nullable=False),
    Column("valid_from", sa.Date, nullable=False),
    Column("valid_to", sa.Date),
    Column("body", Doc(dict), nullable=False),
    Index("revisions_sort", "resource", "sort"),
)
ATTEMPTS: Table = SCHEMA.table(
    "attempts",
    Column("name_hash", Bytes(), primary_key=True),
    Column("failures", sa.Integer, nullable=False),
    Column("locked_until", Instant()),
    Column("last_at", Instant(), nullable=False),
)
_CONVERTER = plain_converter()


def databases(config: Config) -> list[tuple[str, Schema, sa.Engine]]:
    """The one database of this service."""
    return [("directory", SCHEMA, open_engine(config.database_url, config.pool_size))]


def open_store(config: Config, clock: Clock, traceparent: Any = lambda: "") -> Store:
    """The store on the configured database."""
    engine = open_engine(config.database_url, config.pool_size)
    return Store(engine, SCHEMA, clock, wire.encode_fact, traceparent)


def below(table: Table, path: str) -> sa.ColumnElement[bool]:
    """Rows at or under a path, of a unit or of a jurisdiction; every row for an empty path."""
    if not path:
        return sa.true()
    columns = (table.c.unit_path, table.c.jurisdiction_path)
    return sa.or_(*(sa.or_(c == path, sa.and_(c >= f"{path}/", c < f"{path}0")) for c in columns))


def naming(role: str) -> sa.ColumnElement[bool]:
    """Accounts whose grants name the role, whenever it holds or held: on which day, `Account.roles` says."""
    return sa.cast(ACCOUNTS.table.c.grants, Text).contains(f'"{role}"', autoescape=True)


def holding(table: Table, on: date) -> sa.ColumnElement[bool]:
    """Rows that hold on the day."""
    return sa.and_(table.c.valid_from <= on, sa.or_(table.c.valid_to.is_(None), table.c.valid_to > on))


def listing(
    resource: Resource[Any], under: str = "", kinds: Sequence[Enum] = (), text: str = "", on: date | None = None
) -> tuple[sa.Select[Any], list[sa.ColumnElement[Any]]]:
    """The query for a page of a plain resource, and what it is sorted by: as last known, or as it was on the day `on`."""
    past = on is not None and resource is not POSTS
    table = REVISIONS if past else resource.table
    query = sa.select(table).where(below(table, under))
    if past:
        query = query.where(table.c.resource == resource.name)
    if on is not None:
        query = query.where(holding(table, on))
    if kinds:
        query = query.where(table.c.kind.in_([kind.value if past else kind for kind in kinds]))
    if text:
        query = query.where(table.c.name.contains(text, autoescape=True))
    return query, [table.c.sort] if past else [table.c[name] for name in SORTED_BY[resource.name]]


def read(resource: Resource[T], row: sa.Row[Any]) -> T:
    """The thing a row of `listing` holds."""
    if "body" in row._mapping:
        return _CONVERTER.structure(row.body, resource.cls)
    return resource.value(row)


def as_of(tx: Tx, resource: Resource[T], ids: Iterable[str], on: date) -> dict[str, T]:
    """The things as they were on the day, by id; one that was not there then is left out."""
    table = REVISIONS
    query = sa.select(table).where(table.c.resource == resource.name, table.c.subject_id.in_(list(ids)), holding(table, on))
    return {row.subject_id: read(resource, row) for row in tx.rows(query)}


def revision(resource: Resource[Any], thing: Any) -> dict[str, Any]:
    """The row that remembers this statement."""
    kind = getattr(thing, "kind", None)
    return {
        "resource": resource.name,
        "subject_id": thing.id,
        "version": thing.version,
        "sort": getattr(thing, SORTED_BY[resource.name][-1]),
        "name": thing.name,
        "kind": kind.value if kind is not None else "",
        "unit_path": thing.unit_path,
        "jurisdiction_path": thing.jurisdiction_path,
        "valid_from": thing.valid_from,
        "valid_to": thing.valid_to,
        "body": _CONVERTER.unstructure(thing),
    }


def end_revision(resource: Resource[Any], thing: Any) -> sa.Update:
    """Ends the statement before `thing` on the day `thing` begins."""
    table = REVISIONS
    return (
        sa.update(table)
        .where(table.c.resource == resource.name, table.c.subject_id == thing.id, table.c.version == thing.version - 1)
        .where(sa.or_(table.c.valid_to.is_(None), table.c.valid_to > thing.valid_from))
        .values(valid_to=thing.valid_from)
    )


def wait_for_turn(tx: Tx) -> None:
    """Lets one workbook be applied at a time: what it changes follows from what the one before has left behind."""
    if tx.dialect.name == "postgresql":  # SQLite has one writer anyway
        tx.execute(sa.text(f"LOCK TABLE {JURISDICTIONS.name} IN SHARE ROW EXCLUSIVE MODE"))
