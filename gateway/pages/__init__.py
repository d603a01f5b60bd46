"""The pages people see: one frame, a folder for each family of pages, one stylesheet."""

from __future__ import annotations

from pathlib import Path

from starlette.routing import Route

from chassis.clock import Clock
from gateway.assets import Assets
from gateway.doors import Doors
from gateway.pages import (
    campaigns,
    cards,
    cases,
    complaints,
    desk,
    directory,
    evidence,
    figures,
    outside,
    public,
    publishing,
    roads,
    staff,
    supervision,
    tracks,
    vault,
)
from gateway.pages.cases import cells
from gateway.pages.frame import ledger, told
from gateway.pages.frame.site import Site
from gateway.session import Sessions
from gateway.words import Words

FAMILIES = (
    evidence,
    public,
    staff,
    complaints,
    desk,
    figures,
    vault,
    roads,
    outside,
    publishing,
    tracks,
    supervision,
    cases,
    campaigns,
    cards,
    directory,
)
HERE = Path(__file__).resolve().parent


def words() -> Words:
    """The catalogues of the frame and of every family."""
    return Words.load(sorted(HERE.glob("*/words*.toml")))


def build_site(doors: Doors, sessions: Sessions, catalogue: Words, clock: Clock, assets: Assets) -> Site:
    """The frame of all pages. The menu is the families' entries in their order."""
    menu = [entry for family in FAMILIES for entry in family.MENU]
    site = Site(doors, sessions, catalogue, clock, assets, menu)
    site.templates.globals.update(
        value=ledger.value,
        cell_text=ledger.cell,
        without=ledger.without,
        chosen_word=ledger.chosen_word,
        condition=cells.told,
        operands=cells.operands,
        worded=cells.worded,
        organ=told.organ,
    )
    return site


def routes(site: Site) -> list[Route]:
    """All pages."""
    return [route for family in FAMILIES for route in family.routes(site)]
