"""Bad input is refused by its field, and nothing changes."""

from __future__ import annotations

import base64
import json

import grpc
import pytest
from zhengfeng.complaints.v1 import history_pb2

from tests.service.complaints.city import CLERK, CLOSING, OFFICE, City, draft

BEYOND = (2**62, -(2**62), 253402300799, -62135596800)


@pytest.mark.parametrize("seconds", BEYOND)
def test_a_moment_no_ledger_could_hold_is_refused(city: City, seconds: int) -> None:
    refused = city.refused("ListComplaints", OFFICE, as_of={"seconds": seconds})
    assert (refused.reason, refused.field) == ("INSTANT_INVALID", "as_of")


@pytest.mark.parametrize("seconds", BEYOND)
def test_a_row_of_history_with_such_a_moment_is_refused_alone(city: City, seconds: int) -> None:
    row = {"source_number": "1", "jurisdiction_path": "/qinghe", "title": "路灯", "channel": 1}
    row = {**row, "received_at": {"seconds": 1}}
    rows = [row, {**row, "source_number": "2", "deadline_at": {"seconds": seconds}}]
    answers = city.do("ImportComplaints", OFFICE, source="old", complaints=rows).rows
    assert [(answer.result, answer.field) for answer in answers] == [
        (history_pb2.IMPORT_RESULT_ADDED, ""),
        (history_pb2.IMPORT_RESULT_REFUSED, "deadline_at"),
    ]


@pytest.mark.parametrize("day", ["0000-01-01", "0001-01-01", "9999-12-31", "2026-02-30", "2026-13-01"])
def test_a_day_beyond_reason_is_refused(city: City, day: str) -> None:
    for field in ("received_from", "received_to"):
        refused = city.refused("ListComplaints", OFFICE, filter={field: day})
        assert (refused.reason, refused.field) == ("DAY_INVALID", field)


@pytest.mark.parametrize("key", ["not-a-uuid", "01928f6e-7b1a-7c3d-9e4f-00000000000g", "a\x00b", ""])
def test_a_page_token_with_a_key_of_somebodys_making_is_refused(city: City, key: str) -> None:
    plain = json.dumps([{"t": "2026-11-16T01:00:00+00:00"}, key]).encode()
    refused = city.refused("ListComplaints", OFFICE, page_token=base64.urlsafe_b64encode(plain).decode())
    assert refused.code is grpc.StatusCode.INVALID_ARGUMENT


@pytest.mark.parametrize("id", ["x", "", "01928f6e-7b1a-7c3d-9e4f-000000000000", "' OR 1=1 --", "../" * 9])
def test_an_unknown_complaint_is_not_found_whatever_it_is_called(city: City, id: str) -> None:
    refused = city.refused("Remind", CLERK, complaint_id=id, expected_version=1, text="请尽快")
    assert refused.reason in {"COMPLAINT_NOT_FOUND", "REQUEST_INVALID"}


def test_no_text_may_hold_the_character_no_database_takes(city: City) -> None:
    """NUL would be an internal error on PostgreSQL."""
    accepted = city.accepted()
    refusals = [
        city.refused("FileComplaint", None, draft=draft(accused_official_id="a\x00b")),
        city.refused("ListComplaints", OFFICE, filter={"number": "a\x00b"}),
        city.refused("Pause", OFFICE, on=accepted, reason="question", legal_basis="a\x00b"),
        city.refused("Close", OFFICE, on=accepted, **{**CLOSING, "official_ids": ["a\x00b"]}),
    ]
    assert {refused.code for refused in refusals} == {grpc.StatusCode.INVALID_ARGUMENT}
    assert [refused.field for refused in refusals] == [
        "draft.accused_official_id",
        "filter.number",
        "legal_basis",
        "official_ids[0]",
    ]
    assert city.seen(accepted).version == accepted.version
