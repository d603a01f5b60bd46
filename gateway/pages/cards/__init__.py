"""Cards on paper: designed, printed, followed through the mail, scanned, doubted by people, looked into by auditors."""

from __future__ import annotations

from starlette.routing import Route

from gateway.pages.cards import (
    auditing,
    checking,
    deciding,
    designing,
    keying,
    lists,
    mail,
    overview,
    pictures,
    printing,
    scanning,
)
from gateway.pages.frame.menu import Entry
from gateway.pages.frame.site import Site

MENU = (Entry("/cards", "title.cards", "evaluation.ListCardDesigns", "group.campaigns", beside="/campaigns/*/cards*"),)
AT = "/campaigns/{ref}/cards"


def routes(site: Site) -> list[Route]:
    return [
        site.route("/cards", overview.campaigns),
        site.route(AT, overview.overview),
        *_made(site),
        *_mailed(site),
        *_read(site),
        site.route(f"{AT}/audit.xlsx", auditing.export),
        site.route(f"{AT}/samples.xlsx", lists.samples),
        site.route(f"{AT}/audit", auditing.audit, post=True),
        site.route(f"{AT}/all/{{card}}", auditing.card),
    ]


def _made(site: Site) -> list[Route]:
    """Designs, pictures of them, and the runs they are printed in."""
    return [
        site.route(f"{AT}/designs.xlsx", lists.designs),
        site.route(f"{AT}/designs", designing.designs, post=True),
        site.route(f"{AT}/designs/{{design}}", designing.design),
        site.route(f"{AT}/designs/{{design}}/{{page}}.png", designing.kept_page),
        site.route(f"{AT}/preview/{{page}}.png", designing.preview),
        site.route(f"{AT}/runs.xlsx", lists.runs),
        site.route(f"{AT}/runs", printing.runs, post=True),
        site.route(f"{AT}/runs/{{run}}", printing.run),
        site.route(f"{AT}/runs/{{run}}/print", printing.print_part, post=True),
    ]


def _mailed(site: Site) -> list[Route]:
    """The mail room."""
    return [
        site.route(f"{AT}/mail.xlsx", mail.export),
        site.route(f"{AT}/turnout.xlsx", lists.turnout),
        site.route(f"{AT}/mail", mail.mail, post=True),
        site.route(f"{AT}/mail/{{rater}}/reissue", printing.reissue, post=True),
    ]


def _read(site: Site) -> list[Route]:
    """Scans, and the rows that people are asked for."""
    return [
        site.route(f"{AT}/scans.xlsx", lists.files),
        site.route(f"{AT}/scans", scanning.scans, post=True, streams=True),
        site.route(f"{AT}/scans/reading", scanning.reading),
        site.route(f"{AT}/scans/again", scanning.all_again, post=True),
        site.route(f"{AT}/scans/{{scan}}/again", scanning.again, post=True),
        site.route(f"{AT}/faults.xlsx", scanning.faults_export),
        site.route(f"{AT}/faults", scanning.faults),
        site.route(f"{AT}/pictures/{{picture}}", pictures.picture),
        site.route(f"{AT}/check/rows", checking.rows),
        site.route(f"{AT}/check", checking.check, post=True),
        site.route(f"{AT}/decide", deciding.decide, post=True),
        site.route(f"{AT}/key.xlsx", keying.export),
        site.route(f"{AT}/key", keying.key, post=True),
    ]
