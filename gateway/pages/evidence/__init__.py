"""Pictures, audio, video and PDF with a complaint: handing them in, by code or by those who work on it, and opening them."""

from __future__ import annotations

from starlette.routing import Route

from gateway.pages.evidence import desk, own
from gateway.pages.frame.menu import Entry
from gateway.pages.frame.site import Site

MENU: tuple[Entry, ...] = ()


def routes(site: Site) -> list[Route]:
    return [
        site.route("/evidence", own.give, signed_in=False, post=True, streams=True),
        site.route("/evidence/file", own.file, signed_in=False, post=True),
        site.route("/complaints/{ref}/files", desk.files, post=True, streams=True),
        site.route("/complaints/{ref}/files/{file}/show", desk.show, post=True),
        site.route("/complaints/{ref}/files/{file}/original", desk.original, post=True),
        site.route("/complaints/{ref}/files/{file}", desk.copy),
    ]
