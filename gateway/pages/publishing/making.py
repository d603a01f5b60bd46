"""Where a new one is made: a draft about a complaint, an exposure, a plan of a review."""

from __future__ import annotations

from starlette.responses import Response

from gateway.pages.frame.single import single
from gateway.pages.frame.visit import Visit
from gateway.pages.publishing.kinds import names_in


async def draft(visit: Visit) -> Response:
    """What everybody is to read of one complaint."""
    complaint_id = visit.ref("ref")
    given = {"complaint_id": complaint_id, "names": await names_in(visit, complaint_id)}
    title, back = visit.t("act.complaints.DraftAnswer"), (visit.t("title.publications"), "/publications")
    return await single(
        visit,
        "complaints.DraftAnswer",
        title,
        back,
        lambda answer: f"/publications/{answer['publication']['publication_id']}?done=DraftAnswer",
        given=given,
    )


async def expose(visit: Visit) -> Response:
    """What a medium exposed."""
    title, back = visit.t("act.complaints.RecordExposure"), (visit.t("title.exposures"), "/exposures")
    return await single(
        visit,
        "complaints.RecordExposure",
        title,
        back,
        lambda answer: f"/exposures/{answer['exposure']['exposure_id']}?done=RecordExposure",
        without=("complaint_id",),
    )


async def plan(visit: Visit) -> Response:
    """What is to be sampled, before any seed is known."""
    title, back = visit.t("act.complaints.PlanReview"), (visit.t("title.review-samples"), "/review-samples")
    return await single(
        visit,
        "complaints.PlanReview",
        title,
        back,
        lambda answer: f"/review-samples/{answer['review_sample']['review_sample_id']}?done=PlanReview",
    )
