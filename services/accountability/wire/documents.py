"""Documents as messages: what is wanted, the record of an issued one, the file."""

from __future__ import annotations

from collections.abc import Iterable

from zhengfeng.accountability.v1 import documents_pb2 as pb

from services.accountability.domain.documents import DocumentFormat, DocumentKind, IssuedDocument, PartyName, Wanted
from services.accountability.wire.parts import moment, number, word

MEDIA_TYPES = {
    DocumentFormat.PDF: "application/pdf",
    DocumentFormat.WORD: "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
}
_ENDINGS = {DocumentFormat.PDF: "pdf", DocumentFormat.WORD: "docx"}
_DRAFT = "草稿"
_IN_NAMES = str.maketrans(dict.fromkeys('\\/:*?"<>|\r\n\t'))


def read_wanted(message: pb.Wanted) -> Wanted:
    """What a document is to be."""
    return Wanted(
        word(DocumentKind, pb.DocumentKind, "DOCUMENT_KIND", message.kind),
        message.party_id,
        message.recommendation_id,
        read_names(message.names),
        message.secrecy,
        message.urgency,
        tuple(message.copies_to),
        message.addressee,
        message.asked,
    )


def read_names(messages: Iterable[pb.PartyName]) -> dict[str, PartyName]:
    """Names by party."""
    return {one.party_id: PartyName(one.name, one.post) for one in messages}


def read_format(value: int) -> DocumentFormat:
    """The file it is asked for as."""
    return word(DocumentFormat, pb.DocumentFormat, "DOCUMENT_FORMAT", value)


def document(issued: IssuedDocument) -> pb.Document:
    """The record of an issued document."""
    return pb.Document(
        id=issued.id,
        version=issued.version,
        case_id=issued.case_id,
        party_id=issued.party_id,
        kind=number(pb.DocumentKind, "DOCUMENT_KIND", issued.kind),
        number=issued.number,
        issued_at=moment(issued.issued_at),
        issued_by=issued.issued_by,
        sha256=issued.sha256,
    )


def file_name(title: str, document_number: str, format: DocumentFormat) -> str:
    """Number and title, or that it is a draft; without the signs no file system takes."""
    return f"{document_number or _DRAFT} {title}".translate(_IN_NAMES) + f".{_ENDINGS[format]}"
