"""Messages of attachments."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from zhengfeng.complaints.v1 import attachments_pb2

from services.complaints.domain.attachments import Given, Kind, Look, Scan, Shown
from services.complaints.wire.words import Pairs, stamp

KIND = Pairs(Kind, attachments_pb2.AttachmentKind)
SCAN = Pairs(Scan, attachments_pb2.ScanState)


def attachment(shown: Shown) -> attachments_pb2.Attachment:
    """An attachment as its reader is shown it."""
    one = shown.attachment
    return attachments_pb2.Attachment(
        attachment_id=one.id,
        version=one.version,
        complaint_id=one.complaint_id,
        place=one.place,
        kind=KIND.number(one.kind),
        media_type=one.media_type,
        file_name=shown.file_name,
        size=one.size,
        copy_size=one.copy_size,
        sha256=shown.sha256,
        scan=SCAN.number(one.scan),
        openable=shown.openable,
        shown_to_unit=one.shown_to_unit,
        given_by=one.given_by,
        received_at=stamp(one.received_at),
    )


def given(page: Given) -> dict[str, Any]:
    """The fields of a page of attachments."""
    rows = [attachment(one) for one in page.attachments]
    return {"attachments": rows, "next_page_token": page.next_token, "largest": page.largest, "room": page.room}


def look(one: Look) -> attachments_pb2.OriginalLook:
    """One look at an original."""
    return attachments_pb2.OriginalLook(
        at=stamp(one.at),
        complaint_id=one.complaint_id,
        attachment_id=one.attachment_id,
        reader=one.reader,
        purpose=one.purpose,
    )


def streamed(kind: type[Any], shown: Shown, size: int, pieces: Iterator[bytes], media_type: str) -> Iterator[Any]:
    """A head, then bytes."""
    yield kind(head=attachments_pb2.FileHead(file_name=shown.file_name, media_type=media_type, size=size))
    for piece in pieces:
        yield kind(content=piece)
