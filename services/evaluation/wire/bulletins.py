"""Bulletins as messages and files."""

from __future__ import annotations

from zhengfeng.evaluation.v1 import bulletins_pb2 as pb

from services.evaluation.domain.bulletin import Bulletin, BulletinFormat, BulletinState, File, Wanted
from services.evaluation.wire.words import member, timestamp, value

OFFICE_FILE = "application/vnd.openxmlformats-officedocument"
KINDS = {
    BulletinFormat.PDF: ("pdf", "application/pdf"),
    BulletinFormat.WORD: ("docx", f"{OFFICE_FILE}.wordprocessingml.document"),
    BulletinFormat.EXCEL: ("xlsx", f"{OFFICE_FILE}.spreadsheetml.sheet"),
}
DRAFT = "草稿"
IN_NAMES = str.maketrans("", "", '/\\:*?"<>|\0\r\n\t')


def wanted(request: pb.DraftBulletinRequest) -> Wanted:
    """What a bulletin is to be about."""
    return Wanted(request.campaign_id, request.year, request.jurisdiction_path, request.title, request.opening)


def wanted_state(number: int) -> BulletinState | None:
    """The state a list is asked for; None for all."""
    return member(BulletinState, pb.BulletinState, number)


def wanted_format(number: int) -> BulletinFormat:
    """The file that is asked for."""
    return member(BulletinFormat, pb.BulletinFormat, number) or BulletinFormat.PDF


def bulletin_message(one: Bulletin, paper_hash: str = "") -> pb.Bulletin:
    """One bulletin, without its paper."""
    same = ("version", "jurisdiction_path", "title", "campaign_id", "year", "opening", "number", "drafted_by", "issued_by")
    return pb.Bulletin(
        bulletin_id=one.id,
        state=value(pb.BulletinState, one.state),  # type: ignore[arg-type]
        drafted_at=timestamp(one.drafted_at),
        issued_at=timestamp(one.issued_at),
        paper_hash=paper_hash,
        **{name: getattr(one, name) for name in same},
    )


def file_message(file: File) -> pb.BuildBulletinResponse:
    """A file with its name: number and title, without the signs no file system takes."""
    ending, media_type = KINDS[file.format]
    name = f"{file.number or DRAFT} {file.title}".translate(IN_NAMES) + f".{ending}"
    return pb.BuildBulletinResponse(content=file.content, file_name=name, media_type=media_type)
