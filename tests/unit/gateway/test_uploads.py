"""Files go on to the service as they arrive: nothing of them is kept at the gateway, and one refused is passed over."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from typing import Any

import pytest
from starlette.requests import Request
from starlette.testclient import TestClient

from gateway.pages.frame.uploads import BODY_BYTES, FIELD_BYTES, Sent, bounded
from gateway.refusals import Refused
from gateway.transcode import Malformed
from tests.unit.gateway.answering import AnySuite, token
from tests.unit.gateway.apart import apart

BOUNDARY = "zf"
PIECE = 64 * 1024


def body(*parts: tuple[str, str | None, bytes]) -> bytes:
    """A form of parts: name, file name, content."""
    found = b""
    for name, file_name, content in parts:
        told = f'; filename="{file_name}"' if file_name is not None else ""
        found += f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="{name}"{told}\r\n\r\n'.encode() + content + b"\r\n"
    return found + f"--{BOUNDARY}--\r\n".encode()


def request(pieces: Iterator[bytes], **headers: str) -> Request:
    """A POST whose body comes in these pieces."""
    told = {"content-type": f"multipart/form-data; boundary={BOUNDARY}", **headers}
    scope = {
        "type": "http",
        "method": "POST",
        "headers": [(name.replace("_", "-").encode(), value.encode()) for name, value in told.items()],
    }

    async def receive() -> dict[str, Any]:
        piece = next(pieces, None)
        return {"type": "http.request", "body": piece or b"", "more_body": piece is not None}

    return Request(scope, receive)


def in_pieces(content: bytes, each: int = 7) -> Iterator[bytes]:
    """A body in pieces of a few bytes."""
    return iter([content[at : at + each] for at in range(0, len(content), each)])


async def read(sent: Sent) -> list[tuple[str, bytes]]:
    """Every file whole."""
    return [(name, b"".join([piece async for piece in content])) async for name, content in sent.files()]


def test_fields_come_before_files_and_files_as_they_were_sent() -> None:
    given = body(
        ("receipt_code", None, "码".encode()),
        ("files", "图.jpg", b"\r\n--z\r\n" * 9),
        ("files", "", b""),
        ("files", "b", b""),
    )
    sent = Sent(request(in_pieces(given)))

    assert apart(read(sent)) == [("图.jpg", b"\r\n--z\r\n" * 9), ("b", b"")]
    assert sent.fields == {"receipt_code": "码"}


def test_what_is_left_of_a_file_is_passed_over() -> None:
    sent = Sent(request(in_pieces(body(("files", "a", b"x" * 900), ("files", "b", b"y")), 100)))

    async def first_pieces() -> list[tuple[str, bytes]]:
        return [(name, await anext(content)) async for name, content in sent.files()]

    assert [(name, piece[:1]) for name, piece in apart(first_pieces())] == [("a", b"x"), ("b", b"y")]


def test_whoever_stops_waiting_for_a_piece_leaves_it_to_the_next() -> None:
    waiting = asyncio.Event()

    async def slow() -> dict[str, Any]:
        await waiting.wait()
        return {"type": "http.request", "body": body(("files", "a", b"x" * 10)), "more_body": False}

    async def stopped_once() -> list[tuple[str, bytes]]:
        kind = [(b"content-type", f"multipart/form-data; boundary={BOUNDARY}".encode())]
        sent = Sent(Request({"type": "http", "method": "POST", "headers": kind}, slow))
        first = asyncio.create_task(read(sent))
        await asyncio.sleep(0)
        first.cancel()
        waiting.set()
        return await read(sent)

    assert apart(stopped_once()) == [("a", b"x" * 10)]


def test_a_body_of_too_many_bytes_is_refused_by_its_length_or_as_it_grows() -> None:
    with pytest.raises(Refused) as told:
        Sent(request(iter([]), content_length=str(BODY_BYTES + 1)))
    assert told.value.reason == "BODY_TOO_LARGE"

    with pytest.raises(Refused):
        apart(bounded(request(in_pieces(bytes(5000), 1000)), 3000).body())
    with pytest.raises(Refused):
        apart(read(Sent(request(in_pieces(body(("name", None, bytes(FIELD_BYTES + 1))), PIECE)))))


@pytest.mark.parametrize("content", [b"no form at all", b"--zf\r\nContent-Disposition\r\n\r\nx\r\n--zf--"])
def test_what_is_no_form_is_refused(content: bytes) -> None:
    with pytest.raises(Malformed):
        apart(read(Sent(request(in_pieces(content)))))


def test_files_reach_the_service_with_the_code_in_the_form_and_never_in_an_address(
    browser: TestClient, any_suite: AnySuite
) -> None:
    files = [("files", ("现场.jpg", b"x" * 300_000)), ("files", ("合同.pdf", b"y"))]

    answer = browser.post("/evidence", data={"receipt_code": "A" * 20}, files=files)

    assert answer.status_code == 200
    asked = ["BeginOwnUpload", "UploadAttachment"] * 2 + ["ListOwnAttachments"]
    assert any_suite.asked == [f"complaints.{name}" for name in asked]
    assert any_suite.sent["complaints.BeginOwnUpload"].receipt_code == "A" * 20
    assert "现场.jpg" in answer.text
    assert "A" * 20 not in str(answer.url)


def test_files_in_the_form_of_filing_follow_the_complaint_under_its_own_code(
    browser: TestClient, any_suite: AnySuite
) -> None:
    words = {"draft.title": "大厅下午没有人", "draft.text": "等了两个小时", "hints_seen": "1"}
    files = [("files", ("现场.jpg", b"x" * 300_000)), ("files", ("合同.pdf", b"y"))]

    answer = browser.post("/file", data={**words, "draft.manner": "MANNER_ANONYMOUS"}, files=files)

    asked = [name.partition(".")[2] for name in any_suite.asked]
    first = asked.index("FileComplaint")
    assert asked[first : first + 5] == ["FileComplaint", *["BeginOwnUpload", "UploadAttachment"] * 2]
    assert any_suite.sent["complaints.FileComplaint"].draft.text == "等了两个小时"
    assert any_suite.sent["complaints.BeginOwnUpload"].file_name == "合同.pdf"
    assert answer.status_code == 200
    assert "现场.jpg" in answer.text


def test_files_of_a_complaint_that_is_not_filed_yet_are_read_to_their_end_and_asked_for_again(
    browser: TestClient, any_suite: AnySuite
) -> None:
    files = [("files", ("现场.jpg", b"x" * 300_000))]

    answer = browser.post("/file", data={"draft.title": "大厅下午没有人"}, files=files)

    assert "complaints.HintRoads" in any_suite.asked
    assert "complaints.FileComplaint" not in any_suite.asked
    assert "大厅下午没有人" in answer.text
    assert "data-again" in answer.text


def test_a_form_of_files_without_the_sessions_token_passes_nothing_on(browser: TestClient, any_suite: AnySuite) -> None:
    browser.cookies.set("session", f"secret|{token('clerk')}")

    answer = browser.post("/complaints/abc/files", files=[("files", ("a.jpg", b"x"))])

    assert answer.status_code == 403
    assert any_suite.asked == []


def test_nobody_spools_a_large_body_at_a_page_for_everybody(browser: TestClient) -> None:
    answer = browser.post("/follow", files=[("anything", ("a.bin", bytes(3 * 1024 * 1024)))])

    assert answer.status_code == 413


def test_a_ticket_comes_in_a_header_and_never_in_an_address(browser: TestClient, any_suite: AnySuite) -> None:
    binary = {"content-type": "application/octet-stream"}
    answer = browser.put("/api/v1/uploads", content=b"x" * 300_000, headers={**binary, "x-ticket": "ABCDE-FGHIJ"})

    assert answer.status_code == 200
    assert any_suite.sent["complaints.UploadAttachment"].ticket == "ABCDE-FGHIJ"

    any_suite.asked.clear()
    assert browser.put("/api/v1/uploads?ticket=ABCDE-FGHIJ", content=b"x", headers=binary).status_code == 400
    assert browser.put("/api/v1/uploads/ABCDE-FGHIJ", content=b"x", headers=binary).status_code == 404
    assert any_suite.asked == []
    told = browser.get("/openapi.json").json()["paths"]["/api/v1/uploads"]["put"]["parameters"]
    assert [(one["name"], one["in"]) for one in told] == [("x-ticket", "header")]
