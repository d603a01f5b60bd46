"""What follows a closing, as messages: feedback, second handling asked for, answers."""

from __future__ import annotations

from collections.abc import Sequence

from zhengfeng.complaints.v1 import answers_pb2, feedback_pb2, publication_pb2, second_pb2

from services.complaints.domain.feedback import Feedback, FeedbackState, Route
from services.complaints.domain.publishing import PublicationState, SeenPublication
from services.complaints.domain.second import SecondRequestSource, SecondRequestState, SeenRequest
from services.complaints.wire.complaints import due_on, light, pending
from services.complaints.wire.words import CONCLUSION, Pairs, stamp

ROUTE = Pairs(Route, feedback_pb2.FeedbackRoute)
FEEDBACK_STATE = Pairs(FeedbackState, feedback_pb2.FeedbackState)
SECOND_STATE = Pairs(SecondRequestState, second_pb2.SecondRequestState)
SECOND_SOURCE = Pairs(SecondRequestSource, second_pb2.SecondRequestSource)
PUBLICATION_STATE = Pairs(PublicationState, publication_pb2.PublicationState)


def feedback(one: Feedback, means: Sequence[str]) -> feedback_pb2.Feedback:
    """One feedback and the means its route has."""
    return feedback_pb2.Feedback(
        feedback_id=one.id,
        version=one.version,
        complaint_id=one.complaint_id,
        number=one.number,
        jurisdiction_path=one.jurisdiction_path,
        unit_path=one.unit_path,
        route=ROUTE.number(one.route),
        state=FEEDBACK_STATE.number(one.state),
        opened_at=stamp(one.opened_at),
        due_on=due_on(one.due_at),
        due_at=stamp(one.due_at),
        due_pending=pending(one.due_at, one.pending_year),
        light=light(one.light),
        attempts=one.attempts,
        given_at=stamp(one.given_at),
        means=one.means,
        given_by=one.given_by,
        allowed_means=means,
    )


def second_request(seen: SeenRequest) -> second_pb2.SecondRequest:
    """A wish for second handling."""
    one = seen.request
    return second_pb2.SecondRequest(
        second_request_id=one.id,
        version=one.version,
        complaint_id=one.complaint_id,
        number=one.number,
        jurisdiction_path=one.jurisdiction_path,
        unit_path=one.unit_path,
        state=SECOND_STATE.number(one.state),
        source=SECOND_SOURCE.number(one.source),
        grade=one.grade,
        asked_at=stamp(one.asked_at),
        text=seen.text,
        signs=one.signs,
        decided_by=one.decided_by,
        decided_at=stamp(one.decided_at),
        reason=seen.reason,
        to_unit_path=one.to_unit_path,
    )


def publication(seen: SeenPublication, whole: bool = True) -> publication_pb2.Publication:
    """A publication as its makers see it; a list leaves question and answer out."""
    one, said = seen.publication, seen.wording
    return publication_pb2.Publication(
        publication_id=one.id,
        version=one.version,
        number=one.number,
        complaint_id=one.complaint_id,
        complaint_number=one.complaint_number,
        jurisdiction_path=one.jurisdiction_path,
        unit_path=one.unit_path,
        state=PUBLICATION_STATE.number(one.state),
        category=one.category,
        title=said.title,
        question=said.question if whole else "",
        answer=said.answer if whole else "",
        conclusion=CONCLUSION.number(one.conclusion),
        drafted_by=one.drafted_by,
        drafted_at=stamp(one.drafted_at),
        opinion=said.opinion,
        reviewed_by=one.reviewed_by,
        reviewed_at=stamp(one.reviewed_at),
        released_by=one.released_by,
        released_at=stamp(one.released_at),
        withdrawn_by=one.withdrawn_by,
        withdrawn_at=stamp(one.withdrawn_at),
        withdrawn_because=said.withdrawn_because,
    )


def answer(seen: SeenPublication) -> answers_pb2.Answer:
    """A published answer, as everybody reads it."""
    one, said = seen.publication, seen.wording
    return answers_pb2.Answer(
        publication_id=one.id,
        number=one.number,
        jurisdiction_path=one.jurisdiction_path,
        unit_path=one.unit_path,
        unit_name=seen.unit_name,
        category=one.category,
        category_zh=seen.category[0],
        category_en=seen.category[1],
        title=said.title,
        question=said.question,
        answer=said.answer,
        conclusion=CONCLUSION.number(one.conclusion),
        released_at=stamp(one.released_at),
    )
