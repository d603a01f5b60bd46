"""What a service said no to, as one exception, and the HTTP status each kind of no has.

Services answer with google.rpc.Status: ErrorInfo carries the reason, BadRequest the fields at fault,
LocalizedMessage the sentence in the caller's language. Rules and sentences stay with the services.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import grpc
from google.protobuf import any_pb2
from google.rpc import error_details_pb2, status_pb2

HTTP_STATUS: Mapping[grpc.StatusCode, int] = {
    grpc.StatusCode.INVALID_ARGUMENT: 400,
    grpc.StatusCode.OUT_OF_RANGE: 400,
    grpc.StatusCode.UNAUTHENTICATED: 401,
    grpc.StatusCode.PERMISSION_DENIED: 403,
    grpc.StatusCode.NOT_FOUND: 404,
    grpc.StatusCode.ALREADY_EXISTS: 409,
    grpc.StatusCode.ABORTED: 409,
    grpc.StatusCode.FAILED_PRECONDITION: 409,
    grpc.StatusCode.RESOURCE_EXHAUSTED: 429,
    grpc.StatusCode.CANCELLED: 499,
    grpc.StatusCode.UNIMPLEMENTED: 501,
    grpc.StatusCode.UNAVAILABLE: 503,
    grpc.StatusCode.DEADLINE_EXCEEDED: 504,
}


@dataclass(frozen=True, slots=True)
class Violation:
    """One field at fault and why."""

    field: str
    detail: str
    reason: str = ""


class Refused(Exception):
    """A call that was answered with no, or not answered at all (503, 504)."""

    def __init__(
        self,
        status: int,
        reason: str,
        sentence: str,
        violations: tuple[Violation, ...] = (),
        params: Mapping[str, str] | None = None,
    ) -> None:
        super().__init__(f"{status} {reason}")
        self.status = status
        self.reason = reason
        self.sentence = sentence
        self.violations = violations
        self.params = params or {}

    @property
    def unreachable(self) -> bool:
        return self.status in (503, 504)


def refused(error: grpc.aio.AioRpcError, language: str) -> Refused:
    """Reads the rich status of a failed call in one language; a bare one keeps its code's name as the reason."""
    status = HTTP_STATUS.get(error.code(), 500)
    reason, sentence = error.code().name, error.details() or ""
    violations: list[Violation] = []
    params: dict[str, str] = {}
    for detail in _details(error):
        if detail.Is(error_details_pb2.ErrorInfo.DESCRIPTOR):
            told = error_details_pb2.ErrorInfo()
            detail.Unpack(told)
            reason = told.reason or reason
            params = dict(told.metadata)
        elif detail.Is(error_details_pb2.BadRequest.DESCRIPTOR):
            faults = error_details_pb2.BadRequest()
            detail.Unpack(faults)
            violations += [_violation(one, language) for one in faults.field_violations]
        elif detail.Is(error_details_pb2.LocalizedMessage.DESCRIPTOR):
            words = error_details_pb2.LocalizedMessage()
            detail.Unpack(words)
            sentence = words.message if words.locale.startswith(language) else sentence
    if status in (500, 503, 504):
        sentence = ""
    return Refused(status, reason, sentence, tuple(violations), params)


def _violation(fault: error_details_pb2.BadRequest.FieldViolation, language: str) -> Violation:
    """The field at fault; the description is English, the localized message Chinese."""
    local = fault.localized_message
    told = local.message if local.locale.startswith(language) and local.message else fault.description
    return Violation(fault.field, told, fault.reason)


def _details(error: grpc.aio.AioRpcError) -> list[any_pb2.Any]:
    for key, value in error.trailing_metadata() or ():
        if key == "grpc-status-details-bin" and isinstance(value, bytes):
            return list(status_pb2.Status.FromString(value).details)
    return []
