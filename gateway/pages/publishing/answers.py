"""The page of answers, and of what third parties found: for everybody."""

from __future__ import annotations

from starlette.responses import Response

from gateway.pages.frame.visit import Visit

AT_ONCE = 50


async def listed(visit: Visit) -> Response:
    """What is published, the latest first, all of it or that of one category or unit."""
    asked = visit.request.query_params
    wanted = {name: asked.get(name, "") for name in ("category", "unit_path", "jurisdiction_path")}
    answer = await visit.ask("complaints.ListAnswers", page_size=AT_ONCE, page_token=asked.get("page_token", ""), **wanted)
    values = {"answers": answer["answers"], "more": answer["next_page_token"], "wanted": wanted}
    return visit.site.page(visit, "publishing/answers.html", **values)


async def one(visit: Visit) -> Response:
    """One answer."""
    found = await visit.ask("complaints.GetAnswer", publication_id=visit.ref("ref"))
    return visit.site.page(visit, "publishing/answer.html", answer=found["answer"])


async def reviews(visit: Visit) -> Response:
    """What third parties found, with what anyone needs to draw the sample again."""
    token = visit.request.query_params.get("page_token", "")
    answer = await visit.ask("complaints.ListPublishedReviews", page_size=AT_ONCE, page_token=token)
    values = {"samples": answer["review_samples"], "more": answer["next_page_token"]}
    return visit.site.page(visit, "publishing/reviews.html", **values)
