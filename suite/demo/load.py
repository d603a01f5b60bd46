"""Loads the demonstration city through the use cases people use themselves; what is there already is kept."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from chassis.auth import Caller
from services.directory.domain.factors import base32
from services.directory.storage import ACCOUNTS, JURISDICTIONS, POSTS
from services.directory.usecases import UseCases
from suite.demo.accounts import PASSWORD, TOTP_SECRET, DemoAccount, Wanted, wanted_accounts
from suite.demo.campaign import kept_codes
from suite.demo.city import build_workbook
from suite.demo.days import Days
from suite.demo.life import WEEKS_AGO, bring_to_life, stage_of

Say = Callable[[str], None]
FIRST_YEAR, LAST_YEAR = 2004, 2026
_LOADER = Caller.service("directory", "LoadDemonstration")


@dataclass(frozen=True, slots=True)
class Demonstration:
    """What somebody needs to look around: who may sign in, and ballot codes nobody has used."""

    accounts: list[DemoAccount]
    ballot_codes: list[str]


class Unfit(Exception):
    """The folder cannot show the demonstration; the text says why and what to do."""


def load_demo(embedded: Any, say: Say) -> Demonstration:
    """Loads the city and its life into the embedded services, which answer but do not carry facts by themselves yet.

    Raises Unfit where an earlier load was broken off, and where somebody else's installation is: nobody adds accounts with
    a password that everybody knows to that.
    """
    directory = embedded.services["directory"].usecases
    if _begun(embedded).exists():
        raise Unfit(f"the demonstration was broken off while it was loaded; remove {embedded.folder} and start again")
    if _is_anothers(directory):
        raise Unfit(f"{embedded.folder} holds another installation; choose a folder for the demonstration with --data")
    accounts = load_directory(directory, say) if not _is_empty(directory) else _first_time(embedded, say)
    stage = stage_of(embedded.services, embedded.listening.port)
    codes = kept_codes(stage)
    stage.close()
    return Demonstration(accounts, codes)


def _first_time(embedded: Any, say: Say) -> list[DemoAccount]:
    directory = embedded.services["directory"].usecases
    days = Days(embedded.clock)
    _begun(embedded).touch()
    days.begin(WEEKS_AGO * 7)
    try:
        accounts = load_directory(directory, say)
        bring_to_life(embedded.services, embedded.listening.port, days, embedded.settle, say)
    finally:
        days.end()
    embedded.settle()
    _begun(embedded).unlink()
    return accounts


def _begun(embedded: Any) -> Path:
    """The file that stands in the folder until the demonstration is there whole."""
    path: Path = embedded.folder / "demonstration.begun"
    return path


def load_directory(usecases: UseCases, say: Say) -> list[DemoAccount]:
    """Loads calendar, city, accounts and the first signing key into the directory. Repeating it changes nothing."""
    usecases.keys.found()
    years = usecases.calendars.seed(FIRST_YEAR, LAST_YEAR)
    say(f"working calendar: {len(years)} years loaded")
    if _is_empty(usecases):
        report = usecases.workbooks.take(_LOADER, build_workbook(), apply=True)
        if not report.applied:
            raise RuntimeError(f"the demonstration city is refused: {report.rows[:3]}")
        say(f"清河市: {report.added} rows of the directory loaded")
    else:
        say("清河市: there already, kept")
    wanted = wanted_accounts()
    founded = usecases.accounts.found(_with_officials(usecases, wanted), PASSWORD, TOTP_SECRET)
    say(f"accounts: {len(founded)} made")
    return [DemoAccount(one.user_name, one.roles, PASSWORD, base32(TOTP_SECRET)) for one in wanted]


def _is_empty(usecases: UseCases) -> bool:
    found, _ = usecases.lookups.page(_LOADER, JURISDICTIONS, 1, "")
    return not found


def _is_anothers(usecases: UseCases) -> bool:
    """Whether there are accounts and none of them is the demonstration's."""
    names = [one.user_name for one in wanted_accounts()]
    with usecases.store.read(_LOADER) as tx:
        accounts = tx.rows(sa.select(ACCOUNTS.table.c.user_name.in_(names)))
    return bool(accounts) and not any(is_ours for (is_ours,) in accounts)


def _with_officials(usecases: UseCases, wanted: Iterable[Wanted]) -> list[Any]:
    """Each account with an official who holds such a post in its unit or below today, a different one each."""
    today = usecases.store.clock.today()
    taken: set[str] = set()
    accounts = []
    for one in wanted:
        official = _official(usecases, one, today, taken) if one.unit_path else ""
        taken.add(official)
        accounts.append(one.new(official))
    return accounts


def _official(usecases: UseCases, one: Wanted, today: date, taken: set[str]) -> str:
    """Somebody who holds the wanted post there; where all of them are taken, anybody who works there or in the office."""
    for place in (one.unit_path, one.unit_path.rpartition("/")[0]):
        posts, _ = usecases.lookups.page(_LOADER, POSTS, 500, "", place, on=today) if place else ((), "")
        free = [post for post in posts if post.official_id not in taken]
        fitting = [post for post in free if post.kind.value == one.post] or [
            post for post in free if post.kind.value != "unit_head"
        ]
        if fitting:
            return str(fitting[0].official_id)
    return ""
