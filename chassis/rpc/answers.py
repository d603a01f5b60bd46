"""What leaves when a call does not succeed: google.rpc.Status with details, built in one place.

The kinds of refusal map to status codes in the table CODES. Details are ErrorInfo (reason, service, parameters), BadRequest
where fields are at fault, and the sentence in Chinese and English. An exception that is no refusal is logged without its
data and leaves as `internal error`.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import accumulate

from google.protobuf.any_pb2 import Any as AnyMessage
from google.protobuf.message import Message
from google.rpc import code_pb2, error_details_pb2, status_pb2

from chassis.db import database_away, taken_meanwhile
from chassis.errors import (
    Conflict,
    Invalid,
    NotAllowed,
    NotFound,
    Refusal,
    Stale,
    TooMany,
    Unauthenticated,
    Unavailable,
)
from chassis.i18n import Catalogue
from chassis.logs import log

CODES: Mapping[type[Refusal], int] = {
    Invalid: code_pb2.INVALID_ARGUMENT,
    Unauthenticated: code_pb2.UNAUTHENTICATED,
    NotAllowed: code_pb2.PERMISSION_DENIED,
    NotFound: code_pb2.NOT_FOUND,
    Conflict: code_pb2.FAILED_PRECONDITION,
    Stale: code_pb2.ABORTED,
    TooMany: code_pb2.RESOURCE_EXHAUSTED,
    Unavailable: code_pb2.UNAVAILABLE,
}
_LOCALES = {"zh": "zh-CN", "en": "en"}
_LONGEST_PARAM = 120
# A status travels in a trailing header: beyond 8 KiB, which base64 reaches at 6, gRPC drops answers by chance.
_ROOM_FOR_FAULTS = 3_500


@dataclass(frozen=True, slots=True)
class FieldFault:
    """One field that breaks its contract, in both languages."""

    field: str
    rule: str
    zh: str
    en: str


class BrokenContract(Invalid):
    """A request message breaks the constraints of its contract, in so many places, of which these are the first."""

    def __init__(self, faults: Iterable[FieldFault], count: int) -> None:
        self.faults = tuple(faults)
        super().__init__("REQUEST_INVALID", self.faults[0].field, count=count)


class DeadlinePassed(Refusal):
    """The caller no longer waits for an answer."""

    def __init__(self) -> None:
        super().__init__("DEADLINE_PASSED")


def refusal_of(error: Exception, service: str, rpc: str) -> Refusal | None:
    """The refusal an exception amounts to, or None for a fault of ours; anything that is no refusal is logged here."""
    if isinstance(error, Refusal):
        return error
    if database_away(error):
        log().warning("storage.unavailable", service=service, rpc=rpc, exc_info=error)
        return Unavailable("STORAGE_UNAVAILABLE")
    if taken_meanwhile(error):
        log().warning("key.taken", service=service, rpc=rpc, exc_info=error)
        return Conflict("TAKEN_MEANWHILE")
    log().error("call.failed", service=service, rpc=rpc, exc_info=error)
    return None


def status(refusal: Refusal | None, service: str, catalogue: Catalogue) -> status_pb2.Status:
    """The Status of a refusal, or the one sentence that a fault of ours leaves as."""
    if refusal is None:
        info = error_details_pb2.ErrorInfo(reason="INTERNAL_ERROR", domain=service)
        return status_pb2.Status(code=code_pb2.INTERNAL, message="internal error", details=[_packed(info)])
    params = {name: value[:_LONGEST_PARAM] for name, value in refusal.params.items()}
    sentences = {language: _sentence(catalogue, refusal.reason, language, params) for language in _LOCALES}
    details: list[Message] = [error_details_pb2.ErrorInfo(reason=refusal.reason, domain=service, metadata=params)]
    violations = _violations(refusal, sentences)
    if violations:
        details.append(error_details_pb2.BadRequest(field_violations=violations))
    details += [
        error_details_pb2.LocalizedMessage(locale=_LOCALES[language], message=sentence)
        for language, sentence in sentences.items()
    ]
    return status_pb2.Status(code=code_of(refusal), message=sentences["en"], details=[_packed(detail) for detail in details])


def code_of(refusal: Refusal) -> int:
    """The google.rpc code of a refusal, by its class or the nearest class above it."""
    if isinstance(refusal, DeadlinePassed):
        return int(code_pb2.DEADLINE_EXCEEDED)
    kinds = (kind for kind in type(refusal).__mro__ if kind in CODES)
    return int(CODES[next(kinds, Conflict)])


def _violations(refusal: Refusal, sentences: Mapping[str, str]) -> list[error_details_pb2.BadRequest.FieldViolation]:
    """The fields at fault, as many as a header has room for; the sentence says how many there are in all."""
    faults: tuple[FieldFault, ...] = ()
    if isinstance(refusal, BrokenContract):
        faults = refusal.faults
    elif refusal.field:
        faults = (FieldFault(refusal.field, refusal.reason, sentences["zh"], sentences["en"]),)
    told = [_violation(fault) for fault in faults]
    sizes = accumulate(violation.ByteSize() for violation in told)
    return [violation for violation, size in zip(told, sizes, strict=True) if size <= _ROOM_FOR_FAULTS]


def _violation(fault: FieldFault) -> error_details_pb2.BadRequest.FieldViolation:
    return error_details_pb2.BadRequest.FieldViolation(
        field=fault.field[:_LONGEST_PARAM],
        reason=fault.rule,
        description=fault.en,
        localized_message=error_details_pb2.LocalizedMessage(locale="zh-CN", message=fault.zh),
    )


def _sentence(catalogue: Catalogue, reason: str, language: str, params: Mapping[str, str]) -> str:
    try:
        return catalogue.text(reason, language, **params)
    except KeyError:  # the refusal stands without its sentence; the gap is loud in the log and fails a test
        log().error("catalogue.incomplete", reason=reason)
        return reason


def _packed(message: Message) -> AnyMessage:
    packed = AnyMessage()
    packed.Pack(message)
    return packed
