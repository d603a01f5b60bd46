"""Answers for everybody: drafted, reviewed by another, released, withdrawn; sealed ones never; nobody given away."""

from __future__ import annotations

from typing import Any

import pytest
from zhengfeng.complaints.v1 import complaint_pb2, events_pb2, feedback_pb2, publication_pb2

from tests.doors import caller
from tests.service.complaints.city import CLERK, LEADER, OFFICE, SECRET_NAME, SECRET_PHONE, City, draft

PUBLISHER = caller("publisher", jurisdiction="/qinghe", subject="publisher")
SAID: dict[str, Any] = {
    "title": "办证窗口无人值守",
    "question": "群众反映房产窗口无人值守。",
    "answer": "情况属实，已补岗并公示值班表。",
    "names": ["钱文"],
}


def from_hotline(city: City, **changed: Any) -> complaint_pb2.Complaint:
    """A complaint of the hotline, closed as established."""

    def entered(**said: Any) -> Any:
        channel = complaint_pb2.CHANNEL_HOTLINE
        return city.do("RegisterForCaller", CLERK, draft=draft(**{**said, **changed}), channel=channel)

    city.filed = entered  # type: ignore[method-assign]
    return city.closed()


def drafted(city: City, **changed: Any) -> publication_pb2.Publication:
    """A draft about a complaint of the hotline."""
    on = from_hotline(city)
    return city.do("DraftAnswer", CLERK, complaint_id=on.complaint_id, **{**SAID, **changed}).publication


def on(one: publication_pb2.Publication) -> dict[str, Any]:
    return {"publication_id": one.publication_id, "expected_version": one.version}


def released(city: City) -> publication_pb2.Publication:
    passed = city.do("ReviewAnswer", OFFICE, **on(drafted(city)), passed=True, opinion="可以公开").publication
    return city.do("ReleaseAnswer", PUBLISHER, **on(passed)).publication


def test_what_is_released_everybody_reads_and_it_proves_the_feedback(city: City) -> None:
    one = released(city)

    [listed] = city.do("ListAnswers", None).answers
    read = city.do("GetAnswer", None, publication_id=one.publication_id).answer
    assert (read.title, read.question, read.answer) == (SAID["title"], SAID["question"], SAID["answer"])
    assert (listed.category_zh, listed.number) == ("人难见", "公开〔2026〕1号")
    [owed] = city.do("ListFeedbacks", OFFICE, complaint_id=one.complaint_id).feedbacks
    assert (owed.state, owed.means) == (feedback_pb2.FEEDBACK_STATE_GIVEN, "web")
    [published] = city.facts(events_pb2.AnswerPublished)
    assert published.answer_published.complaint_id == one.complaint_id
    assert len(city.facts(events_pb2.FeedbackGiven)) == 1


def test_the_web_is_no_proof_before_anything_is_published(city: City) -> None:
    closed = from_hotline(city)

    refused = city.refused("RecordFeedback", CLERK, on=closed, by="web", reached=True, proof="已上网")

    assert refused.reason == "NOT_PUBLISHED"


def test_nobody_reviews_or_releases_what_they_wrote_and_nothing_is_released_unreviewed(city: City) -> None:
    one = drafted(city)
    writes_too = caller("office", "publisher", "clerk", jurisdiction="/qinghe", subject="clerk")

    assert city.refused("ReleaseAnswer", PUBLISHER, **on(one)).reason == "PUBLICATION_STATE"
    assert city.refused("ReviewAnswer", writes_too, **on(one), passed=True, opinion="好").reason == "SAME_PERSON"
    passed = city.do("ReviewAnswer", OFFICE, **on(one), passed=True, opinion="好").publication
    assert city.refused("ReleaseAnswer", writes_too, **on(passed)).reason == "SAME_PERSON"
    assert city.refused("GetAnswer", None, publication_id=one.publication_id).reason == "PUBLICATION_NOT_FOUND"


def test_another_wording_voids_the_review(city: City) -> None:
    passed = city.do("ReviewAnswer", OFFICE, **on(drafted(city)), passed=True, opinion="好").publication

    revised = city.do("ReviseAnswer", CLERK, **on(passed), **{**SAID, "answer": "已整改。"}).publication

    assert revised.state == publication_pb2.PUBLICATION_STATE_DRAFTED and not revised.reviewed_by
    assert city.refused("ReleaseAnswer", PUBLISHER, **on(revised)).reason == "PUBLICATION_STATE"


@pytest.mark.parametrize(
    "text",
    [
        f"经{SECRET_NAME}反映，窗口无人。",
        f"反映人电话{SECRET_PHONE}。",
        "请拨打13800138000。",
        "反映人说窗口的人认识我家，请不要告诉他们。",
        "经办人钱文已受批评。",
        "经办人钱　文已受批评。",
    ],
)
def test_a_text_that_gives_somebody_away_is_refused_and_nowhere_stored(city: City, text: str) -> None:
    closed = from_hotline(city)

    said = {**SAID, "answer": text}
    refused = city.refused("DraftAnswer", CLERK, complaint_id=closed.complaint_id, **said)

    assert (refused.reason, refused.field) == ("NOT_REDACTED", "answer")
    assert not city.do("ListPublications", OFFICE).publications


def test_a_draft_stands_nowhere_in_the_clear(city: City) -> None:
    drafted(city, answer="这是尚未公开的答复草稿。")

    assert "尚未公开的答复草稿".encode() not in city.dump()


def test_a_sealed_complaint_is_never_published_and_its_complainant_is_told(city: City) -> None:
    closed = from_hotline(city, manner=complaint_pb2.MANNER_CONFIDENTIAL)

    refused = city.refused("DraftAnswer", CLERK, complaint_id=closed.complaint_id, **SAID)

    assert refused.reason == "SEALED_NEVER"
    [owed] = city.do("ListFeedbacks", OFFICE).feedbacks
    assert owed.route == feedback_pb2.FEEDBACK_ROUTE_COMPLAINANT


def test_a_direct_complaint_is_not_told_on_the_web(city: City) -> None:
    closed = city.closed()

    assert city.refused("DraftAnswer", CLERK, complaint_id=closed.complaint_id, **SAID).reason == "ROUTE_FORBIDS"


def test_what_is_withdrawn_leaves_the_page_and_the_clear_at_once(city: City) -> None:
    one = released(city)

    gone = city.do("WithdrawAnswer", LEADER, **on(one), reason="情况有变").publication

    assert not city.do("ListAnswers", None).answers
    assert SAID["answer"].encode() not in city.dump()
    assert (gone.withdrawn_because, gone.answer) == ("情况有变", SAID["answer"])
    assert len(city.facts(events_pb2.AnswerWithdrawn)) == 1
    again = city.do("DraftAnswer", CLERK, complaint_id=one.complaint_id, **SAID).publication
    assert again.number == "公开〔2026〕2号"


def test_one_closing_has_one_answer(city: City) -> None:
    one = drafted(city)

    assert city.refused("DraftAnswer", CLERK, complaint_id=one.complaint_id, **SAID).reason == "ALREADY_DRAFTED"


def test_leaving_out_the_names_of_officials_it_concerns_publishes_none_of_them(city: City) -> None:
    closed = from_hotline(city)
    gives_away = {**SAID, "answer": "经办人钱文已受批评。"}

    unnamed = city.refused("DraftAnswer", CLERK, complaint_id=closed.complaint_id, **{**gives_away, "names": []})
    assert (unnamed.reason, unnamed.field) == ("OFFICIALS_UNNAMED", "names")

    draft = city.do("DraftAnswer", CLERK, complaint_id=closed.complaint_id, **SAID).publication
    later = city.refused("ReviseAnswer", CLERK, **on(draft), **{**gives_away, "names": ["某某"]})
    assert (later.reason, later.field) == ("NOT_REDACTED", "answer")
    assert "钱文".encode() not in city.dump()
