"""Figures for leaders and the office: tables by key with denominators, and bulletins. Every figure opens its records."""

from __future__ import annotations

from starlette.routing import Route

from gateway.pages.figures import bulletins, tables
from gateway.pages.frame.menu import Entry
from gateway.pages.frame.site import Site

MENU = (
    Entry("/figures", "menu.figures", "complaints.Statistics", "group.complaints"),
    Entry("/complaint-bulletins", "title.complaint_bulletins", "complaints.ListComplaintBulletins", "group.complaints"),
)


def routes(site: Site) -> list[Route]:
    """Both."""
    return [
        site.route("/figures.xlsx", tables.export),
        site.route("/figures", tables.tables),
        *bulletins.routes(site),
    ]
