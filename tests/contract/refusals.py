"""What every refusal must tell: a code that is nobody's fault but the caller's, the reason, the field, both languages."""

from __future__ import annotations

import grpc
from google.rpc import error_details_pb2
from grpc_status import rpc_status

OURS = {grpc.StatusCode.INTERNAL, grpc.StatusCode.UNKNOWN, grpc.StatusCode.UNIMPLEMENTED, grpc.StatusCode.DATA_LOSS}


def check_refusal(refused: grpc.RpcError) -> None:
    """Fails unless the refusal can be understood by a person in either language and by a program."""
    status = rpc_status.from_call(refused)
    assert refused.code() not in OURS, f"{refused.code().name}: {refused.details()}"
    assert status is not None, refused
    info, request, sentences = error_details_pb2.ErrorInfo(), error_details_pb2.BadRequest(), {}
    for detail in status.details:
        sentence = error_details_pb2.LocalizedMessage()
        if detail.Unpack(sentence):
            sentences[sentence.locale] = sentence.message
        detail.Unpack(info)
        detail.Unpack(request)
    assert info.reason, "no reason"
    assert set(sentences) == {"zh-CN", "en"} and info.reason not in sentences.values(), f"no sentence for {info.reason}"
    assert sentences["zh-CN"] != sentences["en"] and all(sentences.values()), sentences
    if refused.code() == grpc.StatusCode.INVALID_ARGUMENT:
        assert request.field_violations, f"{info.reason} names no field"
    for violation in request.field_violations:
        assert violation.field and violation.reason, violation
        assert violation.description and violation.localized_message.message, violation
