"""The receipt code: secret, given again to a repeated request, and all its holder needs."""

from __future__ import annotations

import grpc
from zhengfeng.complaints.v1 import complaint_pb2, events_pb2, intake_pb2

from tests.service.complaints.city import CLERK, CLOSING, HOUSING, OFFICE, City, draft


def test_a_repeated_filing_is_answered_with_the_same_number_and_code(city: City) -> None:
    first = city.do("FileComplaint", None, request_id="r-1", draft=draft())
    again = city.do("FileComplaint", None, request_id="r-1", draft=draft())
    assert again == first
    assert len(city.facts(events_pb2.ComplaintFiled)) == 1


def test_a_request_id_with_another_body_is_refused(city: City) -> None:
    city.do("FileComplaint", None, request_id="r-1", draft=draft())
    refused = city.refused("FileComplaint", None, request_id="r-1", draft=draft(title="另一件事"))
    assert (refused.reason, refused.field) == ("REQUEST_ID_REUSED", "request_id")


def test_each_filing_has_a_number_and_a_code_of_its_own(city: City) -> None:
    receipts = [city.filed() for _ in range(3)]
    assert len({receipt.number for receipt in receipts}) == 3
    assert len({receipt.receipt_code for receipt in receipts}) == 3


def test_a_code_is_known_however_it_is_typed(city: City) -> None:
    receipt = city.filed()
    typed = receipt.receipt_code.lower().replace("-", " ")
    assert city.do("FollowComplaint", None, receipt_code=typed).number == receipt.number


def test_a_wrong_code_tells_nothing(city: City) -> None:
    city.filed()
    refused = city.refused("FollowComplaint", None, receipt_code="ABCDE-ABCDE-ABCDE-ABCDE")
    assert (refused.code, refused.reason) == (grpc.StatusCode.NOT_FOUND, "RECEIPT_UNKNOWN")


def test_guessing_is_slowed_down(city: City) -> None:
    def guess(number: int) -> str:
        return city.refused("FollowComplaint", None, receipt_code=f"ABCDE-ABCDE-ABCDE-{number:05d}").reason

    assert "TOO_MANY_ATTEMPTS" in {guess(number) for number in range(40)}


def test_the_code_is_nowhere_in_the_database(city: City) -> None:
    code = city.do("FileComplaint", None, request_id="r-1", draft=draft()).receipt_code
    dump = city.dump()
    assert code.encode() not in dump
    assert code.replace("-", "").encode() not in dump


def test_an_anonymous_person_adds_answers_and_withdraws_by_code(city: City) -> None:
    receipt = city.filed(manner=complaint_pb2.MANNER_ANONYMOUS, identity=intake_pb2.Identity())
    code = receipt.receipt_code
    added = city.do("AddEvidence", None, receipt_code=code, text="还有照片为证")
    assert added.steps[-1].text == "还有照片为证"
    assert city.refused("AnswerQuestion", None, receipt_code=code, text="是").reason == "NO_OPEN_QUESTION"

    asked = city.do("AskComplainant", CLERK, on=city.seen(receipt), question="是哪一天？")
    assert city.refused("AskComplainant", CLERK, on=asked, question="几点？").reason == "QUESTION_OPEN"
    assert city.do("FollowComplaint", None, receipt_code=code).open_question == "是哪一天？"
    answered = city.do("AnswerQuestion", None, receipt_code=code, text="周三")
    assert not answered.open_question

    withdrawn = city.do("WithdrawComplaint", None, receipt_code=code, reason="已解决")
    assert withdrawn.stage == complaint_pb2.STAGE_WITHDRAWN
    assert not withdrawn.next
    assert city.refused("AddEvidence", None, receipt_code=code, text="再补").reason == "COMPLAINT_ENDED"
    assert city.refused("WithdrawComplaint", None, receipt_code=code).reason == "STAGE_FORBIDS"


def test_answering_lets_a_clock_run_on_that_was_paused_for_the_question(city: City) -> None:
    receipt = city.filed()
    asked = city.do("AskComplainant", CLERK, on=city.seen(receipt), question="是哪一天？")
    paused = city.do("Pause", OFFICE, on=asked, reason="question", legal_basis="本办法第九条")
    assert paused.paused
    assert not paused.HasField("due_at")
    city.go_to("2026-11-18 10:00")
    city.do("AnswerQuestion", None, receipt_code=receipt.receipt_code, text="周三")
    running = city.seen(receipt)
    assert not running.paused
    assert running.due_on == "2026-11-24"  # the day it runs again counts


def test_nothing_is_graded_before_it_is_closed(city: City) -> None:
    receipt = city.filed()
    refused = city.refused("RateHandling", None, receipt_code=receipt.receipt_code, grade=5)
    assert refused.reason == "NOT_CLOSED_YET"


def test_a_declined_complaint_tells_the_filer_why(city: City) -> None:
    receipt = city.filed()
    how = {"reason": "litigation", "explanation": "该事项请依法向人民法院起诉。"}
    assert (
        city.refused("DeclineComplaint", CLERK, on=city.seen(receipt), **{**how, "reason": "no"}).reason == "REASON_UNKNOWN"
    )
    city.do("DeclineComplaint", CLERK, on=city.seen(receipt), **how)
    followed = city.do("FollowComplaint", None, receipt_code=receipt.receipt_code)
    assert followed.stage == complaint_pb2.STAGE_NOT_ACCEPTED
    assert followed.steps[-1].text == "该事项请依法向人民法院起诉。"
    assert city.facts(events_pb2.ComplaintNotAccepted)[0].not_accepted.reason == "litigation"


def test_a_merged_complaints_filer_follows_the_other_ones_handling(city: City) -> None:
    kept, receipt = city.dispatched(), city.filed()
    merged = city.do("Merge", CLERK, on=city.seen(receipt), into_complaint_id=kept.complaint_id)
    assert (merged.stage, merged.matter_id) == (complaint_pb2.STAGE_MERGED, kept.complaint_id)
    assert city.do("FollowComplaint", None, receipt_code=receipt.receipt_code).stage == complaint_pb2.STAGE_HANDLING

    alone = city.do("Unmerge", CLERK, on=merged, reason="不是同一件事")
    assert (alone.stage, alone.matter_id) == (complaint_pb2.STAGE_RECEIVED, "")
    assert alone.due_on == "2026-11-23"


def test_whoever_was_merged_into_what_is_merged_itself_follows_the_last_one(city: City) -> None:
    kept, middle, receipt = city.signed(), city.filed(), city.filed()
    city.do("Merge", CLERK, on=city.seen(receipt), into_complaint_id=middle.complaint_id)
    city.do("Merge", CLERK, on=city.seen(middle), into_complaint_id=kept.complaint_id)
    city.do("Close", OFFICE, on=kept, **CLOSING)
    followed = city.do("FollowComplaint", None, receipt_code=receipt.receipt_code)
    assert (followed.stage, followed.answer) == (complaint_pb2.STAGE_CLOSED, CLOSING["answer"])


def test_nothing_is_merged_with_itself_or_into_what_has_ended(city: City) -> None:
    receipt, closed = city.filed(), city.closed()
    own = city.seen(receipt)
    assert city.refused("Merge", CLERK, on=own, into_complaint_id=own.complaint_id).reason == "MERGE_WITH_ITSELF"
    assert city.refused("Merge", CLERK, on=own, into_complaint_id=closed.complaint_id).reason == "MERGE_INTO_ENDED"


def test_a_unit_that_asks_gets_an_answer_without_the_identity(city: City) -> None:
    dispatched = city.dispatched()
    code = city.last_receipt.receipt_code
    city.do("AskComplainant", HOUSING, on=dispatched, question="当时几号窗口？")
    city.do("AnswerQuestion", None, receipt_code=code, text="3号窗口，我是欧阳若水，请打13912345678")
    entries = city.do("ListTimeline", HOUSING, complaint_id=dispatched.complaint_id).entries
    assert entries[-1].text == "3号窗口，我是〔隐〕，请打〔隐〕"
