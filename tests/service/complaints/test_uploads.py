"""Tickets and how files come under them: a few at a time, none for ever, nothing told to who finds a ticket."""

from __future__ import annotations

import os
import threading
import time
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from typing import Any

import grpc
import pytest
import sqlalchemy as sa
from zhengfeng.complaints.v1 import uploads_pb2

from chassis.settings import Setting
from tests.doors import Refused, refusal
from tests.servers.programs import wait_until
from tests.service.complaints.city import City
from tests.service.complaints.test_attachments import given, kept, listed, pieces, sent
from tests.unit.complaints import files

PACE = {
    "open_tickets": 3,
    "at_once": 2,
    "at_once_of_one": 2,
    "first_seconds": 1,
    "piece_seconds": 1,
    "whole_seconds": 60,
}


def paced(city: City, **changed: int) -> None:
    """The city's pace, with less patience than shipped."""
    pace = Setting("", "attachments.pace", {**PACE, **changed}, date(2020, 1, 1), None, "test")
    city.door.store.settings.load([pace])


def ticket(city: City, receipt: Any) -> str:
    """A ticket for one more file."""
    told: str = city.do("BeginOwnUpload", None, receipt_code=receipt.receipt_code, file_name="欧阳若水拍摄.jpg").ticket
    return told


def refused(does: Callable[[], object]) -> Refused:
    """How a stream is refused."""
    with pytest.raises(grpc.RpcError) as fault:
        does()
    return refusal(fault.value)


class Halting:
    """A file whose sender stops after the first piece until it is told to go on."""

    def __init__(self, code: str) -> None:
        self.go_on = threading.Event()
        self._code = code

    def __iter__(self) -> Iterator[Any]:
        content = list(pieces(self._code, files.picture(), 500))
        yield content[0]
        self.go_on.wait(30)
        yield from content[1:]


def test_a_used_ticket_tells_neither_name_nor_hash_and_after_its_time_nothing(city: City) -> None:
    code = ticket(city, city.filed())
    first = sent(city, code, files.picture())
    again = sent(city, code, b"whatever")

    assert (again.attachment_id, again.file_name, again.sha256) == (first.attachment_id, "attachment-1.jpg", "")
    city.clock.advance(timedelta(minutes=61))
    assert refused(lambda: sent(city, code, files.picture())).reason == "UPLOAD_UNKNOWN"


def test_so_many_tickets_of_a_complaint_wait_for_their_files_and_no_more(city: City) -> None:
    paced(city)
    receipt = city.filed()
    codes = [ticket(city, receipt) for _ in range(3)]

    full = city.refused("BeginOwnUpload", None, receipt_code=receipt.receipt_code)
    assert (full.code, full.reason) == (grpc.StatusCode.RESOURCE_EXHAUSTED, "UPLOADS_OPEN")
    ticket(city, city.filed())

    sent(city, codes[0], files.picture())
    ticket(city, receipt)
    city.clock.advance(timedelta(minutes=61))
    ticket(city, receipt)


def test_a_program_that_asks_for_tickets_on_and_on_is_refused(city: City) -> None:
    row = {"at_once": 2, "per_hour": 2}
    limits = {"device": row, "address": row, "no_device": row, "not_limited": ["127.0.0.1"], "phone": "12345"}
    city.door.store.settings.load([Setting("", "flood.uploads", limits, date(2020, 1, 1), None, "test")])
    receipt = city.filed()
    asked = city.request("BeginOwnUpload", receipt_code=receipt.receipt_code)
    for _ in range(2):
        city.door.call(city.method("BeginOwnUpload"), asked, None, x_client="203.0.113.7")
    told = city.door.refused(city.method("BeginOwnUpload"), asked, None, x_client="203.0.113.7")
    assert told.reason == "UPLOADED_TOO_OFTEN" and "12345" in told.sentence
    city.door.call(city.method("BeginOwnUpload"), asked, None, x_client="203.0.113.8")


def test_who_stops_sending_loses_their_turn_and_leaves_nothing(city: City) -> None:
    paced(city)
    halting = Halting(ticket(city, city.filed()))

    assert refused(lambda: sent(city, "", iter(halting))).reason == "UPLOAD_TOO_SLOW"

    halting.go_on.set()
    assert kept(city) == []
    silent = threading.Event()

    def nothing() -> Iterator[Any]:
        silent.wait(30)
        yield uploads_pb2.UploadAttachmentRequest()

    assert refused(lambda: sent(city, "", nothing())).reason == "UPLOAD_TOO_SLOW"
    silent.set()
    paced(city, piece_seconds=30, whole_seconds=1)
    assert refused(lambda: sent(city, "", iter(Halting(ticket(city, city.filed()))))).reason == "UPLOAD_TOO_SLOW"


def test_one_file_at_a_time_under_a_ticket_and_only_so_many_at_once(city: City) -> None:
    paced(city, piece_seconds=30)
    receipt, other = city.filed(), city.filed()
    under_way = [Halting(ticket(city, receipt)), Halting(ticket(city, other))]
    free = ticket(city, receipt)
    taken: list[Any] = []
    one, turns = under_way[0], city.door.usecases.uploads._turns
    senders = [threading.Thread(target=lambda one=one: taken.append(sent(city, "", iter(one)))) for one in under_way]

    senders[0].start()
    wait_until(lambda: len(turns._named) == 1, 20, lambda: "not begun")
    assert refused(lambda: sent(city, one._code, files.picture())).reason == "UPLOAD_UNDER_WAY"
    senders[1].start()
    wait_until(lambda: len(turns._named) == 2, 20, lambda: "not begun")
    full = refused(lambda: sent(city, free, files.picture()))
    assert (full.code, full.reason) == (grpc.StatusCode.UNAVAILABLE, "UPLOADS_BUSY")

    for each, sender in zip(under_way, senders, strict=True):
        each.go_on.set()
        sender.join(30)
    assert len(taken) == 2
    assert sent(city, free, files.document()).attachment_id


def test_what_a_killed_process_left_behind_goes_by_its_age(city: City) -> None:
    folder = city.door.config.data_dir / "uploads"
    old, young = folder / "upload-old", folder / "upload-young"
    for place in (old, young):
        place.mkdir(parents=True)
        (place / "original").write_bytes(b"sealed")
    long_ago = time.time() - 3 * 3600  # the age on the disk is real
    os.utime(old, (long_ago, long_ago))
    city.door.usecases.shelving._staging._swept = None

    city.door.usecases.shelving.tidy()

    assert [place.name for place in folder.iterdir()] == ["upload-young"]


def test_a_list_asks_the_database_as_often_for_one_file_as_for_many(city: City) -> None:
    receipt = city.filed()

    def asked() -> int:
        count = 0

        def one_more(*_: object) -> None:
            nonlocal count
            count += 1

        sa.event.listen(city.door.store.engine, "after_cursor_execute", one_more)
        own = city.do("ListOwnAttachments", None, receipt_code=receipt.receipt_code).attachments
        assert len(own) == len(listed(city, receipt)) and all(one.sha256 for one in own)
        sa.event.remove(city.door.store.engine, "after_cursor_execute", one_more)
        return count

    given(city, receipt)
    for_one = asked()
    for width in range(4):
        given(city, receipt, files.picture("PNG", (10 + width, 10)))
    assert asked() == for_one


def test_a_ticket_takes_one_file_and_is_over_after_its_time(city: City) -> None:
    receipt = city.filed()
    code = city.do("BeginOwnUpload", None, receipt_code=receipt.receipt_code).ticket
    first = sent(city, code, files.picture())

    assert sent(city, code, files.document()).attachment_id == first.attachment_id
    assert given(city, receipt, files.picture()).attachment_id == first.attachment_id
    late = city.do("BeginOwnUpload", None, receipt_code=receipt.receipt_code).ticket
    city.clock.advance(timedelta(hours=3))
    assert refused(lambda: sent(city, late, files.picture())).reason == "UPLOAD_UNKNOWN"
