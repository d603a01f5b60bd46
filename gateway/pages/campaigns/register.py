"""The registrar's pages and where they lie."""

from __future__ import annotations

from starlette.routing import Route

from gateway.pages.campaigns import letters, raters, raters_import
from gateway.pages.frame.site import Site


def routes(site: Site) -> list[Route]:
    """The register, its workbook, codes and letters."""
    return [
        site.route("/campaigns/{ref}/raters.xlsx", raters.export),
        site.route("/campaigns/{ref}/raters/template.xlsx", raters_import.template),
        site.route("/campaigns/{ref}/raters/import", raters_import.bring, post=True),
        site.route("/campaigns/{ref}/raters/{rater}/reissue", letters.reissue, post=True),
        site.route("/campaigns/{ref}/raters", raters.raters),
        site.route("/campaigns/{ref}/codes", letters.codes, post=True),
        site.route("/campaigns/{ref}/letters", letters.letters, post=True),
    ]
