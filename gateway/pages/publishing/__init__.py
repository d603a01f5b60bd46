"""What follows a closing: feedback owed, second handling asked for, answers on their way to everybody, media, reviews."""

from __future__ import annotations

from starlette.routing import Route

from gateway.pages.frame.acts import act_routes
from gateway.pages.frame.ledger import ledger_routes
from gateway.pages.frame.menu import Entry
from gateway.pages.frame.site import Site
from gateway.pages.publishing import answers, making, records, reviewing
from gateway.pages.publishing.kinds import KINDS, LEDGERS

MENU = (
    Entry("/feedbacks", "title.feedbacks", "complaints.ListFeedbacks", "group.aftermath"),
    Entry("/second-requests", "title.second-requests", "complaints.ListSecondRequests", "group.aftermath"),
    Entry("/publications", "title.publications", "complaints.ListPublications", "group.aftermath"),
    Entry("/exposures", "title.exposures", "complaints.ListExposures", "group.aftermath"),
    Entry("/review-samples", "title.review-samples", "complaints.ListReviewSamples", "group.aftermath"),
    Entry("/review-items", "title.review-items", "complaints.ListReviewItems", "group.aftermath"),
    Entry("/answers", "menu.answers", signed_in=False),
)


def routes(site: Site) -> list[Route]:
    return [
        site.route("/publications/new/{ref}", making.draft, post=True),
        site.route("/exposures/new", making.expose, post=True),
        site.route("/review-samples/new", making.plan, post=True),
        *(route for ledger in LEDGERS for route in ledger_routes(site, ledger)),
        *(route for kind in KINDS for route in act_routes(site, kind)),
        site.route("/review-items/{ref}/review", reviewing.review, post=True),
        *(site.route(f"{kind.path}/{{ref}}", records.of(kind)) for kind in KINDS),
        site.route("/answers", answers.listed, signed_in=False),
        site.route("/answers/reviews", answers.reviews, signed_in=False),
        site.route("/answers/{ref}", answers.one, signed_in=False),
    ]
