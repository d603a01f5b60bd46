"""The lists and records of what follows a closing, declared."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from gateway.pages.frame.acts import Act, Record, RecordKind
from gateway.pages.frame.ledger import Column, Ledger
from gateway.pages.frame.visit import Visit

FEEDBACKS = Ledger(
    key="feedbacks",
    path="/feedbacks",
    rpc="complaints.ListFeedbacks",
    rows="feedbacks",
    id="complaint_id",
    record="/complaints/{}",
    columns=(
        Column("number"),
        Column("light", "light"),
        Column("route", "FeedbackRoute"),
        Column("state", "FeedbackState"),
        Column("unit_path", "name"),
        Column("due_on", "day"),
        Column("attempts", "number"),
        Column("given_at", "moment"),
    ),
    filters=("state", "route", "light", "unit_path"),
)
SECONDS = Ledger(
    key="second-requests",
    path="/second-requests",
    rpc="complaints.ListSecondRequests",
    rows="second_requests",
    id="second_request_id",
    record="/second-requests/{}",
    columns=(
        Column("number"),
        Column("state", "SecondRequestState"),
        Column("source", "SecondRequestSource", word="begun_by"),
        Column("unit_path", "name"),
        Column("grade", "number"),
        Column("asked_at", "moment"),
    ),
    filters=("state", "source"),
)
PUBLICATIONS = Ledger(
    key="publications",
    path="/publications",
    rpc="complaints.ListPublications",
    rows="publications",
    id="publication_id",
    record="/publications/{}",
    columns=(
        Column("number"),
        Column("title", wide=True),
        Column("state", "PublicationState"),
        Column("complaint_number"),
        Column("unit_path", "name"),
        Column("drafted_at", "day"),
        Column("released_at", "day"),
    ),
    filters=("state",),
)
EXPOSURES = Ledger(
    key="exposures",
    path="/exposures",
    rpc="complaints.ListExposures",
    rows="exposures",
    id="exposure_id",
    record="/exposures/{}",
    columns=(
        Column("number"),
        Column("headline", wide=True),
        Column("medium"),
        Column("state", "ExposureState"),
        Column("unit_path", "name"),
        Column("exposed_on", "day"),
        Column("commitment_due_on", "day"),
    ),
    filters=("state", "unit_path"),
    new="/exposures/new",
    new_rpc="complaints.RecordExposure",
)
SAMPLES = Ledger(
    key="review-samples",
    path="/review-samples",
    rpc="complaints.ListReviewSamples",
    rows="review_samples",
    id="review_sample_id",
    record="/review-samples/{}",
    columns=(
        Column("number"),
        Column("organisation", wide=True),
        Column("state", "SampleState"),
        Column("closed_from", "day"),
        Column("closed_to", "day"),
        Column("drawn", "number"),
        Column("excluded", "number"),
        Column("reviewed", "number"),
    ),
    filters=("state",),
    new="/review-samples/new",
    new_rpc="complaints.PlanReview",
)
ITEMS = Ledger(
    key="review-items",
    path="/review-items",
    rpc="complaints.ListReviewItems",
    rows="review_items",
    id="review_item_id",
    record="/review-items/{}",
    columns=(
        Column("number"),
        Column("place", "number", word="draw_place"),
        Column("state", "ItemState"),
        Column("unit_path", "name"),
        Column("reviewer", "name"),
        Column("reviewed_at", "moment"),
    ),
    filters=("state",),
)
LEDGERS = (FEEDBACKS, SECONDS, PUBLICATIONS, EXPOSURES, SAMPLES, ITEMS)


def stands(*states: str) -> Callable[[Record], bool]:
    """Whether a record is in one of these states."""
    return lambda record: record["state"] in states


def next_is(name: str) -> Callable[[Record], bool]:
    """Whether the service says that this is next."""
    return lambda record: name in record["next"]


def wording(record: Record) -> Mapping[str, Any]:
    """Nobody types again what the draft already says."""
    return {name: record[name] for name in ("title", "question", "answer", "category")}


async def with_names(visit: Visit, command: dict[str, Any]) -> None:
    """Puts the names of the officials concerned beside the words, to be looked for in them."""
    answer = await visit.ask("complaints.GetPublication", publication_id=visit.ref("ref"))
    command["names"] = await names_in(visit, answer["publication"]["complaint_id"])


async def names_in(visit: Visit, complaint_id: str) -> Sequence[str]:
    """The names of the officials a complaint is about, as the directory has them: one for each."""
    answer = await visit.part("complaints.GetComplaint", complaint_id=complaint_id)
    if not answer:
        return []
    of = answer["complaint"]
    closing = of["closing"] or {}
    ids = sorted({one for one in (of["accused_official_id"], *closing.get("official_ids", [])) if one})
    await visit.learn([{"official_id": one} for one in ids])
    return [visit.names[one] for one in ids if len(visit.names.get(one, "")) > 1]


_P = "PUBLICATION_STATE_"
SECOND = RecordKind(
    key="second-requests",
    path="/second-requests",
    rpc="complaints.GetSecondRequest",
    field="second_request",
    id="second_request_id",
    acts=(Act("complaints.DecideSecondHandling", stands("SECOND_REQUEST_STATE_ASKED")),),
)
PUBLICATION = RecordKind(
    key="publications",
    path="/publications",
    rpc="complaints.GetPublication",
    field="publication",
    id="publication_id",
    acts=(
        Act("complaints.ReviewAnswer", stands(f"{_P}DRAFTED")),
        Act("complaints.ReleaseAnswer", stands(f"{_P}REVIEWED")),
        Act(
            "complaints.ReviseAnswer",
            stands(f"{_P}DRAFTED", f"{_P}RETURNED", f"{_P}REVIEWED"),
            only=("title", "question", "answer", "category"),
            start=wording,
            complete=with_names,
        ),
        Act("complaints.WithdrawAnswer", lambda record: record["state"] != f"{_P}WITHDRAWN"),
    ),
)
EXPOSURE = RecordKind(
    key="exposures",
    path="/exposures",
    rpc="complaints.GetExposure",
    field="exposure",
    id="exposure_id",
    acts=tuple(
        Act(f"complaints.{name}", next_is(name))
        for name in (
            "VerifyExposure",
            "SettleCommitment",
            "RecordInterview",
            "RecordCommitment",
            "FollowExposure",
            "CloseExposure",
        )
    ),
)
SAMPLE = RecordKind(
    key="review-samples",
    path="/review-samples",
    rpc="complaints.GetReviewSample",
    field="review_sample",
    id="review_sample_id",
    acts=(
        Act("complaints.DrawReviewSample", stands("SAMPLE_STATE_PLANNED")),
        Act("complaints.PublishReview", stands("SAMPLE_STATE_DRAWN")),
    ),
)
ITEM = RecordKind(
    key="review-items",
    path="/review-items",
    rpc="complaints.GetReviewItem",
    field="review_item",
    id="review_item_id",
    acts=(
        Act("complaints.DecideExclusion", stands("ITEM_STATE_EXCLUSION_ASKED")),
        Act("complaints.AskExclusion", stands("ITEM_STATE_DRAWN")),
    ),
)
KINDS = (SECOND, PUBLICATION, EXPOSURE, SAMPLE, ITEM)
STATES = {
    "second-requests": "SecondRequestState",
    "publications": "PublicationState",
    "exposures": "ExposureState",
    "review-samples": "SampleState",
    "review-items": "ItemState",
}
