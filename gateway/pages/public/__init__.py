"""Pages for everybody: the way in, filing a complaint, following it by its code."""

from __future__ import annotations

from starlette.routing import Route

from gateway.pages.frame.menu import Entry
from gateway.pages.frame.site import Site
from gateway.pages.public import filing, following, home, roads

MENU = (
    Entry("/file", "menu.file", signed_in=False),
    Entry("/follow", "menu.follow", signed_in=False),
    Entry("/rate", "menu.rate", signed_in=False),
    Entry("/results", "menu.results", signed_in=False),
)


def routes(site: Site) -> list[Route]:
    return [
        site.route("/", home.show, signed_in=False),
        site.route("/file", filing.file, signed_in=False, post=True, streams=True),
        site.route("/file/hints", roads.hints, signed_in=False, post=True),
        site.route("/follow", following.follow, signed_in=False, post=True),
        site.route("/large", home.large, signed_in=False, post=True),
    ]
