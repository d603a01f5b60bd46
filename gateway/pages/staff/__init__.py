"""Pages for whoever signs in: the door, what waits, oneself, saved views, the leader's board, the state of the house."""

from __future__ import annotations

from starlette.routing import Route

from gateway.pages.frame.menu import Entry
from gateway.pages.frame.site import Site
from gateway.pages.staff import board, door, oneself, operations, work

MENU = (
    Entry("/work", "menu.work"),
    Entry("/board", "menu.board", "accountability.Statistics"),
)


def routes(site: Site) -> list[Route]:
    return [
        site.route("/sign-in", door.sign_in, signed_in=False, post=True),
        site.route("/sign-out", door.sign_out, signed_in=False, post=True),
        site.route("/work", work.work),
        site.route("/board", board.board),
        site.route("/operations", operations.operations),
        site.route("/me", oneself.me),
        site.route("/me/password", oneself.password, post=True),
        site.route("/me/second-factor", oneself.second_factor, post=True),
        site.route("/views", oneself.keep_view, post=True),
        site.route("/views/{view}/drop", oneself.drop_view, post=True),
    ]
