"""The door of third-party review."""

from __future__ import annotations

from typing import Any

from grpc import ServicerContext
from zhengfeng.complaints.v1 import review_items_pb2, review_items_pb2_grpc, reviews_pb2, reviews_pb2_grpc

from chassis.errors import Invalid
from chassis.rpc import caller_of
from services.complaints.domain.reviewing import Plan
from services.complaints.usecases import UseCases
from services.complaints.wire import review as wire


class ReviewServiceServicer(reviews_pb2_grpc.ReviewServiceServicer):
    """Samples: planned, drawn, published."""

    def __init__(self, usecases: UseCases) -> None:
        self.cases = usecases.reviews

    def PlanReview(self, request: Any, context: ServicerContext) -> reviews_pb2.PlanReviewResponse:
        plan = Plan(
            jurisdiction_path=request.jurisdiction_path,
            organisation=request.organisation,
            closed_from=wire.a_day(request, "closed_from"),
            closed_to=wire.a_day(request, "closed_to"),
            wanted=request.wanted,
            reviewers=tuple(request.reviewers),
        )
        return reviews_pb2.PlanReviewResponse(review_sample=wire.sample(self.cases.plan(caller_of(context), plan)))

    def DrawReviewSample(self, request: Any, context: ServicerContext) -> reviews_pb2.DrawReviewSampleResponse:
        on = (request.review_sample_id, request.expected_version, wire.seed(request))
        return reviews_pb2.DrawReviewSampleResponse(review_sample=wire.sample(self.cases.draw(caller_of(context), *on)))

    def PublishReview(self, request: Any, context: ServicerContext) -> reviews_pb2.PublishReviewResponse:
        done = self.cases.publish(caller_of(context), request.review_sample_id, request.expected_version)
        return reviews_pb2.PublishReviewResponse(review_sample=wire.sample(done))

    def GetReviewSample(self, request: Any, context: ServicerContext) -> reviews_pb2.GetReviewSampleResponse:
        seen = self.cases.get(caller_of(context), request.review_sample_id)
        return reviews_pb2.GetReviewSampleResponse(review_sample=wire.sample(seen))

    def ListReviewSamples(self, request: Any, context: ServicerContext) -> reviews_pb2.ListReviewSamplesResponse:
        state = wire.SAMPLE_STATE.get(request.state)
        found, token = self.cases.page(caller_of(context), state, request.page_size, request.page_token)
        rows = [wire.sample(seen) for seen in found]
        return reviews_pb2.ListReviewSamplesResponse(review_samples=rows, next_page_token=token)

    def ListPublishedReviews(self, request: Any, _context: ServicerContext) -> reviews_pb2.ListPublishedReviewsResponse:
        path = request.jurisdiction_path.rstrip("/")
        found, token = self.cases.published(path, request.page_size, request.page_token)
        rows = [wire.sample(seen, public=True) for seen in found]
        return reviews_pb2.ListPublishedReviewsResponse(review_samples=rows, next_page_token=token)


class ReviewItemServiceServicer(review_items_pb2_grpc.ReviewItemServiceServicer):
    """The complaints of a sample."""

    def __init__(self, usecases: UseCases) -> None:
        self.cases = usecases.reviews

    def AskExclusion(self, request: Any, context: ServicerContext) -> review_items_pb2.AskExclusionResponse:
        on = (request.review_item_id, request.expected_version)
        done = self.cases.ask_exclusion(caller_of(context), *on, request.reason)
        return review_items_pb2.AskExclusionResponse(review_item=wire.item(done))

    def DecideExclusion(self, request: Any, context: ServicerContext) -> review_items_pb2.DecideExclusionResponse:
        on = (request.review_item_id, request.expected_version)
        done = self.cases.decide_exclusion(caller_of(context), *on, request.approved, request.reason)
        return review_items_pb2.DecideExclusionResponse(review_item=wire.item(done))

    def ReviewHandling(self, request: Any, context: ServicerContext) -> review_items_pb2.ReviewHandlingResponse:
        on = (request.review_item_id, request.expected_version)
        done = self.cases.review(caller_of(context), *on, _grades(request), request.remark)
        return review_items_pb2.ReviewHandlingResponse(review_item=wire.item(done))

    def GetReviewItem(self, request: Any, context: ServicerContext) -> review_items_pb2.GetReviewItemResponse:
        seen = self.cases.item(caller_of(context), request.review_item_id)
        return review_items_pb2.GetReviewItemResponse(review_item=wire.item(seen))

    def ListReviewItems(self, request: Any, context: ServicerContext) -> review_items_pb2.ListReviewItemsResponse:
        wanted = (request.review_sample_id, wire.ITEM_STATE.get(request.state))
        found, token = self.cases.items(caller_of(context), *wanted, request.page_size, request.page_token)
        return review_items_pb2.ListReviewItemsResponse(
            review_items=[wire.item(seen) for seen in found], next_page_token=token
        )


def _grades(request: Any) -> dict[str, int]:
    """One grade a question. Raises Invalid with GRADES_INCOMPLETE where one question is graded twice."""
    grades = {one.question: one.grade for one in request.grades}
    if len(grades) != len(request.grades):
        raise Invalid("GRADES_INCOMPLETE", "grades")
    return grades


SERVICES = (
    (reviews_pb2, reviews_pb2_grpc, ReviewServiceServicer),
    (review_items_pb2, review_items_pb2_grpc, ReviewItemServiceServicer),
)
