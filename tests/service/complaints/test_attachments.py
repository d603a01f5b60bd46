"""Pictures, audio, video and PDF with a complaint: handed in, looked at, shown, hidden, erased."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import grpc
import pytest
from zhengfeng.complaints.v1 import attachments_pb2, complaint_pb2, uploads_pb2

from chassis.auth import Caller
from tests.doors import Refused, refusal
from tests.service.complaints.city import CLERK, DONGHE, HOUSING, HOUSING_HEAD, KEEPER, LEADER, OFFICE, WATER, City
from tests.unit.complaints import files

MEGABYTE = 1024 * 1024
_LATER = timedelta(hours=3)


def pieces(ticket: str, content: bytes, each: int = 200_000) -> Iterator[uploads_pb2.UploadAttachmentRequest]:
    """A file as a stream."""
    yield uploads_pb2.UploadAttachmentRequest(ticket=ticket, content=content[:each])
    for start in range(each, len(content), each):
        yield uploads_pb2.UploadAttachmentRequest(content=content[start : start + each])


def sent(city: City, ticket: str, content: bytes | Iterator[Any]) -> Any:
    """What was taken under a ticket."""
    stream = pieces(ticket, content) if isinstance(content, bytes) else content
    return city.method("UploadAttachment")(stream, timeout=60).attachment


def given(city: City, receipt: Any, content: bytes = b"", name: str = "欧阳若水拍摄.jpg") -> Any:
    """A file handed in under a receipt code."""
    asked = {"receipt_code": receipt.receipt_code, "file_name": name, "size": len(content)}
    ticket = city.do("BeginOwnUpload", None, **asked).ticket
    return sent(city, ticket, content or files.picture())


def by_desk(city: City, who: Caller, on: Any) -> Any:
    """A file handed in by somebody who works on it."""
    return sent(city, city.do("BeginUpload", who, complaint_id=on.complaint_id).ticket, files.document())


def shown(city: City, one: Any) -> Any:
    """The attachment once the office has shown it to the unit."""
    which = {"attachment_id": one.attachment_id, "expected_version": one.version}
    return city.do("ShowToUnit", OFFICE, shown=True, **which).attachment


def not_taken(city: City, receipt: Any, content: bytes | Iterator[Any]) -> Refused:
    """How a file is refused."""
    ticket = city.do("BeginOwnUpload", None, receipt_code=receipt.receipt_code).ticket
    with pytest.raises(grpc.RpcError) as refused:
        sent(city, ticket, content)
    return refusal(refused.value)


def fetched(city: City, rpc: str, as_: Caller | None, **asked: Any) -> tuple[Any, bytes]:
    """A file's head and bytes."""
    head, *rest = city.method(rpc)(city.request(rpc, **asked), metadata=city.door.metadata(as_), timeout=60)
    return head.head, b"".join(one.content for one in rest)


def listed(city: City, receipt: Any, as_: Caller = OFFICE) -> list[Any]:
    """What somebody is told of."""
    return list(city.do("ListAttachments", as_, complaint_id=receipt.complaint_id).attachments)


def kept(city: City) -> list[Path]:
    """Every file on the shelf and on its way there."""
    folder = city.door.config.data_dir
    return [path for name in ("files", "uploads") for path in (folder / name).rglob("*") if path.is_file()]


def tidy(city: City) -> None:
    """Lets the courier take away what belongs to nothing."""
    city.clock.advance(_LATER)
    city.door.usecases.shelving.tidy()


def test_a_picture_is_kept_as_it_came_and_travels_without_what_tells_of_its_maker(city: City) -> None:
    receipt, picture = city.filed(), files.picture()

    taken = given(city, receipt, picture)

    assert (taken.kind, taken.media_type, taken.size) == (
        attachments_pb2.ATTACHMENT_KIND_PICTURE,
        "image/jpeg",
        len(picture),
    )
    assert taken.sha256 == hashlib.sha256(picture).hexdigest()
    head, copy = fetched(city, "DownloadAttachment", CLERK, attachment_id=taken.attachment_id)
    assert (head.file_name, head.media_type, head.size) == ("attachment-1.jpg", "image/jpeg", len(copy))
    assert files.LATIN not in copy
    _, original = fetched(city, "DownloadOriginal", KEEPER, attachment_id=taken.attachment_id, purpose="鉴定拍摄时间")
    assert original == picture
    [look] = city.do("ListOriginalLooks", LEADER, complaint_id=receipt.complaint_id).looks
    assert (look.reader, look.purpose) == ("keeper", "鉴定拍摄时间")


def test_nothing_of_it_lies_in_the_clear_on_the_disk_or_in_the_database(city: City) -> None:
    given(city, city.filed(), files.picture(comment=files.SECRET))

    lying = b"".join(path.read_bytes() for path in kept(city)) + city.dump()
    assert len(kept(city)) == 2
    assert {path.stat().st_mode & 0o077 for path in kept(city)} == {0}
    for told in (files.LATIN, files.SECRET, "欧阳若水拍摄".encode(), b"CameraMaker", b"JFIF"):
        assert told not in lying


def test_the_holder_of_the_code_sees_what_was_handed_in_and_nobody_elses(city: City) -> None:
    receipt = city.filed()
    taken = given(city, receipt)
    other = given(city, city.filed())
    by_desk(city, CLERK, receipt)

    own = city.do("ListOwnAttachments", None, receipt_code=receipt.receipt_code).attachments

    assert [(one.attachment_id, one.file_name) for one in own] == [(taken.attachment_id, "欧阳若水拍摄.jpg")]
    asked = {"receipt_code": receipt.receipt_code}
    assert fetched(city, "DownloadOwnAttachment", None, attachment_id=taken.attachment_id, **asked)[1]
    with pytest.raises(grpc.RpcError) as refused:
        fetched(city, "DownloadOwnAttachment", None, attachment_id=other.attachment_id, **asked)
    assert refusal(refused.value).reason == "RECEIPT_UNKNOWN"
    assert [one.given_by for one in listed(city, receipt)] == ["complainant", "clerk"]


def test_a_unit_has_the_travelling_copy_of_what_is_shown_to_it_under_a_plain_name(city: City) -> None:
    receipt = city.dispatched()
    taken = shown(city, given(city, city.last_receipt))

    [seen] = listed(city, receipt, HOUSING)

    assert (seen.file_name, seen.sha256) == ("attachment-1.jpg", "")
    assert fetched(city, "DownloadAttachment", HOUSING, attachment_id=taken.attachment_id)[1]
    for nobody in (WATER, DONGHE):
        with pytest.raises(grpc.RpcError) as refused:
            fetched(city, "DownloadAttachment", nobody, attachment_id=taken.attachment_id)
        assert refusal(refused.value).reason == "ATTACHMENT_NOT_FOUND"
    hidden = {"attachment_id": taken.attachment_id, "expected_version": taken.version}
    city.do("ShowToUnit", OFFICE, shown=False, **hidden)
    assert listed(city, receipt, HOUSING) == []


@pytest.mark.parametrize("manner", [complaint_pb2.MANNER_NAMED, complaint_pb2.MANNER_CONFIDENTIAL])
def test_what_complainant_and_desk_give_is_hidden_from_the_unit_until_somebody_has_looked_at_it(
    city: City, manner: complaint_pb2.Manner
) -> None:
    receipt = city.dispatched(manner=manner)
    taken = given(city, city.last_receipt)
    by_desk(city, CLERK, receipt)

    assert listed(city, receipt, HOUSING) == []
    shown(city, taken)
    assert [one.attachment_id for one in listed(city, receipt, HOUSING)] == [taken.attachment_id]


def test_what_a_unit_gives_it_sees_at_once(city: City) -> None:
    receipt = city.dispatched()

    taken = by_desk(city, HOUSING, receipt)

    assert taken.given_by == "housing-clerk"
    assert [one.attachment_id for one in listed(city, receipt, HOUSING_HEAD)] == [taken.attachment_id]


def test_moving_a_complaint_to_the_discipline_organ_takes_every_file_with_it(city: City) -> None:
    receipt = city.filed()
    taken = given(city, receipt)

    with city.door.store.begin(Caller.service("complaints")) as tx:
        city.door.usecases.attachments._desk.contents.erase(tx, receipt.complaint_id)

    with pytest.raises(grpc.RpcError) as refused:
        fetched(city, "DownloadAttachment", CLERK, attachment_id=taken.attachment_id)
    assert refusal(refused.value).reason == "ATTACHMENT_NOT_FOUND"
    assert listed(city, receipt) == []
    tidy(city)
    assert kept(city) == []


@pytest.mark.parametrize(
    ("what", "content", "reason"),
    [
        ("empty", b"", "FILE_EMPTY"),
        ("a program", b"MZ" + bytes(500), "FILE_TYPE_REFUSED"),
        ("a page", b"<html><script>alert(1)</script></html>", "FILE_TYPE_REFUSED"),
        ("an archive", files.archive(), "FILE_TYPE_REFUSED"),
        ("a picture with an archive behind it", files.picture() + files.archive(), "FILE_LIES"),
        ("a picture of 3,600 million pixels", files.huge_picture(), "FILE_LIES"),
        ("a document that unpacks without end", files.bomb(), "FILE_LIES"),
    ],
)
def test_a_file_that_lies_leaves_nothing(city: City, what: str, content: bytes, reason: str) -> None:
    assert not_taken(city, city.filed(), content).reason == reason
    assert kept(city) == []
    assert b"FILE_LIES" not in city.dump()


def test_a_hundred_megabytes_are_refused_as_soon_as_the_limit_is_passed(city: City) -> None:
    receipt, counted = city.filed(), []
    asked = {"receipt_code": receipt.receipt_code, "size": 100 * MEGABYTE}
    assert city.refused("BeginOwnUpload", None, **asked).reason == "FILE_TOO_LARGE"
    ticket = city.do("BeginOwnUpload", None, receipt_code=receipt.receipt_code).ticket

    def endless() -> Iterator[uploads_pb2.UploadAttachmentRequest]:
        yield uploads_pb2.UploadAttachmentRequest(ticket=ticket, content=files.picture())
        for _ in range(100):
            counted.append(MEGABYTE)
            yield uploads_pb2.UploadAttachmentRequest(content=bytes(MEGABYTE))

    with pytest.raises(grpc.RpcError) as refused:
        sent(city, ticket, endless())

    assert refusal(refused.value).reason == "FILE_TOO_LARGE"
    assert sum(counted) < 70 * MEGABYTE
    assert kept(city) == []


def test_a_complaint_holds_so_many_files_and_no_more(city: City) -> None:
    receipt = city.filed()
    for width in range(20):
        given(city, receipt, files.picture("PNG", (10 + width, 10)))

    assert city.refused("BeginOwnUpload", None, receipt_code=receipt.receipt_code).reason == "TOO_MANY_FILES"


def test_nobody_adds_to_a_complaint_that_is_over_but_the_office_may_add_proof(city: City) -> None:
    closed = city.closed()
    code = city.last_receipt.receipt_code

    assert city.refused("BeginOwnUpload", None, receipt_code=code).reason == "COMPLAINT_ENDED"
    ticket = city.do("BeginUpload", OFFICE, complaint_id=closed.complaint_id).ticket
    assert sent(city, ticket, files.document()).given_by == "office"


def test_an_infected_file_is_never_opened_and_its_bytes_are_taken_away(city: City) -> None:
    receipt = city.filed()
    taken, clean = given(city, receipt), given(city, receipt, files.document())
    infected = taken.size

    def scanner(content: Any) -> str:
        return "Test.Virus" if sum(len(piece) for piece in content) == infected else ""

    assert city.door.usecases.shelving.scan(scanner) == 2

    with pytest.raises(grpc.RpcError) as refused:
        fetched(city, "DownloadAttachment", CLERK, attachment_id=taken.attachment_id)
    assert refusal(refused.value).reason == "FILE_HAS_A_VIRUS"
    assert fetched(city, "DownloadAttachment", CLERK, attachment_id=clean.attachment_id)[1]
    city.door.usecases.shelving.tidy()
    assert len(kept(city)) == 2


def test_a_file_changed_on_the_shelf_is_not_given_out(city: City) -> None:
    taken = given(city, city.filed())
    for path in kept(city):
        content = bytearray(path.read_bytes())
        content[-1] ^= 1
        path.write_bytes(content)

    with pytest.raises(grpc.RpcError) as refused:
        fetched(city, "DownloadAttachment", CLERK, attachment_id=taken.attachment_id)
    assert refusal(refused.value).reason == "FILE_UNREADABLE"


def test_how_much_may_be_given_is_told_before_anything_is_filed(city: City) -> None:
    told = city.do("ShowUploadLimits", None, jurisdiction_path="/qinghe/donghe")
    own = city.do("ListOwnAttachments", None, receipt_code=city.filed().receipt_code)

    assert (told.largest, told.files) == (own.largest, own.room)
    assert city.do("ShowUploadLimits", None) == told
    with pytest.raises(grpc.RpcError) as refused:
        city.do("ShowUploadLimits", None, jurisdiction_path="/elsewhere")
    assert refusal(refused.value).reason == "JURISDICTION_UNKNOWN"
