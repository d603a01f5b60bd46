"""The door of what follows a closing: feedback, second handling, publishing."""

from __future__ import annotations

from typing import Any

from grpc import ServicerContext
from zhengfeng.complaints.v1 import (
    answers_pb2,
    answers_pb2_grpc,
    feedback_pb2,
    feedback_pb2_grpc,
    publishing_pb2,
    publishing_pb2_grpc,
    second_pb2,
    second_pb2_grpc,
)

from chassis.rpc import caller_of
from services.complaints.domain.feedback import WantedFeedback
from services.complaints.domain.publishing import Wording
from services.complaints.domain.second import SeenRequest, WantedSecond
from services.complaints.usecases import UseCases
from services.complaints.wire import aftermath as wire
from services.complaints.wire.complaints import followed
from services.complaints.wire.words import LIGHT


class FeedbackServiceServicer(feedback_pb2_grpc.FeedbackServiceServicer):
    """The ledger of feedback."""

    def __init__(self, usecases: UseCases) -> None:
        self.cases = usecases.feedback

    def ListFeedbacks(self, request: Any, context: ServicerContext) -> feedback_pb2.ListFeedbacksResponse:
        wanted = WantedFeedback(
            complaint_id=request.complaint_id,
            route=wire.ROUTE.get(request.route),
            state=wire.FEEDBACK_STATE.get(request.state),
            light=LIGHT[request.light].value if request.light else "",
            unit_path=request.unit_path.rstrip("/"),
        )
        found, token = self.cases.page(caller_of(context), wanted, request.page_size, request.page_token)
        rows = [wire.feedback(one, means) for one, means in found]
        return feedback_pb2.ListFeedbacksResponse(feedbacks=rows, next_page_token=token)


class SecondHandlingServiceServicer(second_pb2_grpc.SecondHandlingServiceServicer):
    """Asking for second handling, and deciding."""

    def __init__(self, usecases: UseCases) -> None:
        self.cases = usecases.second
        self.receipts = usecases.receipts

    def AskForSecondHandling(self, request: Any, context: ServicerContext) -> second_pb2.AskForSecondHandlingResponse:
        shown = self.receipts.ask_second(caller_of(context), request.receipt_code, request.reason)
        return second_pb2.AskForSecondHandlingResponse(complaint=followed(shown))

    def DecideSecondHandling(self, request: Any, context: ServicerContext) -> second_pb2.DecideSecondHandlingResponse:
        on = (request.second_request_id, request.expected_version, request.granted)
        done = self.cases.decide(caller_of(context), *on, request.unit_path.rstrip("/"), request.reason)
        return second_pb2.DecideSecondHandlingResponse(second_request=wire.second_request(SeenRequest(done)))

    def GetSecondRequest(self, request: Any, context: ServicerContext) -> second_pb2.GetSecondRequestResponse:
        seen = self.cases.get(caller_of(context), request.second_request_id)
        return second_pb2.GetSecondRequestResponse(second_request=wire.second_request(seen))

    def ListSecondRequests(self, request: Any, context: ServicerContext) -> second_pb2.ListSecondRequestsResponse:
        states = (wire.SECOND_STATE.get(request.state), wire.SECOND_SOURCE.get(request.source))
        wanted = WantedSecond(request.complaint_id, *states)
        found, token = self.cases.page(caller_of(context), wanted, request.page_size, request.page_token)
        rows = [wire.second_request(seen) for seen in found]
        return second_pb2.ListSecondRequestsResponse(second_requests=rows, next_page_token=token)


class PublishingServiceServicer(publishing_pb2_grpc.PublishingServiceServicer):
    """Draft, review, release, withdrawal."""

    def __init__(self, usecases: UseCases) -> None:
        self.cases = usecases.publishing

    def DraftAnswer(self, request: Any, context: ServicerContext) -> publishing_pb2.DraftAnswerResponse:
        said = (_wording(request), request.category, request.names)
        seen = self.cases.draft(caller_of(context), request.complaint_id, *said)
        return publishing_pb2.DraftAnswerResponse(publication=wire.publication(seen))

    def ReviseAnswer(self, request: Any, context: ServicerContext) -> publishing_pb2.ReviseAnswerResponse:
        on = (request.publication_id, request.expected_version)
        seen = self.cases.revise(caller_of(context), *on, _wording(request), request.category, request.names)
        return publishing_pb2.ReviseAnswerResponse(publication=wire.publication(seen))

    def ReviewAnswer(self, request: Any, context: ServicerContext) -> publishing_pb2.ReviewAnswerResponse:
        on = (request.publication_id, request.expected_version)
        seen = self.cases.review(caller_of(context), *on, request.passed, request.opinion)
        return publishing_pb2.ReviewAnswerResponse(publication=wire.publication(seen))

    def ReleaseAnswer(self, request: Any, context: ServicerContext) -> publishing_pb2.ReleaseAnswerResponse:
        on = (request.publication_id, request.expected_version)
        seen = self.cases.release(caller_of(context), *on)
        return publishing_pb2.ReleaseAnswerResponse(publication=wire.publication(seen))

    def WithdrawAnswer(self, request: Any, context: ServicerContext) -> publishing_pb2.WithdrawAnswerResponse:
        on = (request.publication_id, request.expected_version)
        seen = self.cases.withdraw(caller_of(context), *on, request.reason)
        return publishing_pb2.WithdrawAnswerResponse(publication=wire.publication(seen))

    def GetPublication(self, request: Any, context: ServicerContext) -> publishing_pb2.GetPublicationResponse:
        seen = self.cases.get(caller_of(context), request.publication_id)
        return publishing_pb2.GetPublicationResponse(publication=wire.publication(seen))

    def ListPublications(self, request: Any, context: ServicerContext) -> publishing_pb2.ListPublicationsResponse:
        wanted = (wire.PUBLICATION_STATE.get(request.state), request.complaint_id)
        found, token = self.cases.page(caller_of(context), *wanted, request.page_size, request.page_token)
        rows = [wire.publication(seen, whole=False) for seen in found]
        return publishing_pb2.ListPublicationsResponse(publications=rows, next_page_token=token)


class AnswerServiceServicer(answers_pb2_grpc.AnswerServiceServicer):
    """What everybody reads."""

    def __init__(self, usecases: UseCases) -> None:
        self.cases = usecases.publishing

    def ListAnswers(self, request: Any, _context: ServicerContext) -> answers_pb2.ListAnswersResponse:
        paths = (request.jurisdiction_path.rstrip("/"), request.unit_path.rstrip("/"))
        found, token = self.cases.answers(*paths, request.category, request.page_size, request.page_token)
        return answers_pb2.ListAnswersResponse(answers=[wire.answer(seen) for seen in found], next_page_token=token)

    def GetAnswer(self, request: Any, _context: ServicerContext) -> answers_pb2.GetAnswerResponse:
        return answers_pb2.GetAnswerResponse(answer=wire.answer(self.cases.answer(request.publication_id)))


def _wording(request: Any) -> Wording:
    return Wording(title=request.title, question=request.question, answer=request.answer)


SERVICES = (
    (feedback_pb2, feedback_pb2_grpc, FeedbackServiceServicer),
    (second_pb2, second_pb2_grpc, SecondHandlingServiceServicer),
    (publishing_pb2, publishing_pb2_grpc, PublishingServiceServicer),
    (answers_pb2, answers_pb2_grpc, AnswerServiceServicer),
)
