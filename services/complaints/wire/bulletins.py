"""Bulletins as messages and files."""

from __future__ import annotations

from typing import Any

from zhengfeng.complaints.v1 import bulletins_pb2 as pb

from chassis.errors import Invalid
from services.complaints.domain.bulletins import (
    BulletinFormat,
    BulletinState,
    ComplaintBulletin,
    CountedRows,
    File,
    Period,
    Wanted,
)
from services.complaints.wire import complaints as wire
from services.complaints.wire.words import FIGURES, STATISTICS_KEYS, Pairs, day, stamp

OFFICE_FILE = "application/vnd.openxmlformats-officedocument"
KINDS = {
    BulletinFormat.PDF: ("pdf", "application/pdf"),
    BulletinFormat.WORD: ("docx", f"{OFFICE_FILE}.wordprocessingml.document"),
    BulletinFormat.EXCEL: ("xlsx", f"{OFFICE_FILE}.spreadsheetml.sheet"),
}
STATE = Pairs(BulletinState, pb.BulletinState)
PERIOD = Pairs(Period, pb.BulletinPeriod)
FORMAT = Pairs(BulletinFormat, pb.BulletinFormat)
BY = {word: number for number, word in STATISTICS_KEYS.items()}
DRAFT = "草稿"
IN_NAMES = str.maketrans("", "", '/\\:*?"<>|\0\r\n\t')


def wanted(request: Any) -> Wanted:
    """What a bulletin is to be about. Raises Invalid with DAY_INVALID."""
    since = day(request, "since")
    if since is None:
        raise Invalid("DAY_INVALID", "since")
    return Wanted(PERIOD[request.period], since, request.jurisdiction_path, request.title, request.opening)


def asked_for(request: Any) -> tuple[BulletinState | None, Period | None]:
    """The state and the length a list is asked for; None for all."""
    return STATE.get(request.state), PERIOD.get(request.period)


def counted_rows(request: Any) -> CountedRows:
    """Which complaints of a bulletin are asked for."""
    by = STATISTICS_KEYS.get(request.counted_by, "")
    return CountedRows(FIGURES.get(request.figure, ""), by, request.key, request.matters_only)


def bulletin(one: ComplaintBulletin, whole: bool = True) -> pb.ComplaintBulletin:
    """One bulletin, without its paper; a row of a list also without its tables."""
    same = ("version", "jurisdiction_path", "title", "opening", "number", "drafted_by", "issued_by")
    message = pb.ComplaintBulletin(
        complaint_bulletin_id=one.id,
        state=STATE.number(one.state),
        period=PERIOD.number(one.period),
        since=one.since.isoformat(),
        until=one.until.isoformat(),
        drafted_at=stamp(one.drafted_at),
        issued_at=stamp(one.issued_at),
        **{name: getattr(one, name) for name in same},
    )
    if whole:
        message.total.CopyFrom(wire.figures(one.frozen.total))
        message.matters_total.CopyFrom(wire.figures(one.frozen.matters))
        message.before.CopyFrom(wire.figures(one.frozen.before))
        for table in one.frozen.tables:
            rows = [wire.figures(row) for row in table.rows]
            message.tables.append(pb.BulletinTable(by=BY[table.by], rows=rows))
    return message


def file(one: File) -> pb.BuildComplaintBulletinResponse:
    """A file with its name: number and title, without the signs no file system takes."""
    ending, media_type = KINDS[one.format]
    name = f"{one.number or DRAFT} {one.title}".translate(IN_NAMES) + f".{ending}"
    return pb.BuildComplaintBulletinResponse(content=one.content, file_name=name, media_type=media_type)
