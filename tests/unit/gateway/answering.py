"""A gRPC server that answers every rpc of the contracts with a filled message, so that every page can be drawn.

What the values mean is not its concern: the stories under tests/e2e walk the pages on real services.
"""

from __future__ import annotations

import base64
import json
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import grpc
from google.protobuf import descriptor_pb2, descriptor_pool, message_factory
from google.protobuf.descriptor import FieldDescriptor
from google.protobuf.message import Message

from gateway.contracts import Contracts

LONG_NAME = "清河市关于进一步加强和改进机关工作作风建设提高行政效能领导小组办公室综合协调督查督办处"
DAYS = set(
    (
        "decide_by valid_from valid_to day on conduct_day on_day from_day to_day term_from term_to added_to since until "
        "answer_by return_by closed_from closed_to commended_on monday hand_over_by receipted_on organ_receipted_on "
        "effect_by received_on"
    ).split()
)
FIGURES = set(
    (
        "score exact_score figure rating low high points points_off points_on points_cap "
        "points_on_cap median best score_before mean floor ceiling floor_after_points_off "
        "mean_width mean_reach trim min_answered from last_below commended_from"
    ).split()
)
WORDS = {
    "act": "dispatch",
    "budget": "30 working_days",
    "column": "severity",
    "device": "abc.def",
    "light": "LIGHT_RED",
    "limit": "10 working_days",
    "regime": "efficiency",
    "role": "clerk",
    "roles": "clerk",
    "service": "complaints",
    "session_secret": "secret",
    "share": "3/8",
    "step": "handle",
    "token": "x.e30.x",
}
DEPTH = 4


def token(*roles: str) -> str:
    """Claims as a page reads them; no page checks the signature."""
    claims = {"sub": "account-1", "roles": list(roles), "exp": 4_000_000_000}
    part = base64.urlsafe_b64encode(json.dumps(claims).encode()).rstrip(b"=").decode()
    return f"x.{part}.x"


class AnySuite(grpc.GenericRpcHandler):
    """All services at one address. `rows` is how many rows a list has; `silent` services answer UNAVAILABLE.

    `asked` are the rpcs in their order, `sent` the last request of each.
    """

    def __init__(self, contracts: Contracts) -> None:
        pool = descriptor_pool.DescriptorPool()
        for file in descriptor_pb2.FileDescriptorSet.FromString(contracts.image).file:
            pool.Add(file)
        self._pool = pool
        self._rpcs = {rpc.method: rpc for rpc in contracts.rpcs.values()}
        self.rows = 1
        self.silent: set[str] = set()
        self.asked: list[str] = []
        self.sent: dict[str, Any] = {}

    def service(self, handler_call_details: Any) -> Any:
        rpc = self._rpcs.get(handler_call_details.method)
        if rpc is None:
            return None

        def answer(request: bytes, context: grpc.ServicerContext) -> bytes:
            self.asked.append(rpc.key)
            self.sent[rpc.key] = self._kind(rpc.request).FromString(request)
            if rpc.owner in self.silent:
                context.abort(grpc.StatusCode.UNAVAILABLE, "away")
            return self.filled(rpc.answer).SerializeToString()

        def stream(request: bytes, context: grpc.ServicerContext) -> Iterator[bytes]:
            yield answer(request, context)

        def received(requests: Iterator[bytes], context: grpc.ServicerContext) -> bytes:
            first, *_ = requests
            return answer(first, context)

        if rpc.client_streaming:
            return grpc.stream_unary_rpc_method_handler(received)
        return (
            grpc.unary_stream_rpc_method_handler(stream)
            if rpc.server_streaming
            else grpc.unary_unary_rpc_method_handler(answer)
        )

    def _kind(self, name: str) -> type[Message]:
        return message_factory.GetMessageClass(self._pool.FindMessageTypeByName(name))

    def filled(self, name: str, depth: int = 0) -> Message:
        """A message with every field set."""
        message: Message = self._kind(name)()
        for field in message.DESCRIPTOR.fields:
            self._set(message, field, depth)
        return message

    def _set(self, message: Message, field: FieldDescriptor, depth: int) -> None:
        if field.name in ("next_page_token", "closed_at", "due_pending", "pending") or depth > DEPTH:
            return
        if field.type == FieldDescriptor.TYPE_MESSAGE:
            self._set_message(message, field, depth)
        elif field.is_repeated:
            getattr(message, field.name).extend([self._plain(field)] * (self.rows and 2))
        elif field.containing_oneof is None or field.containing_oneof.fields[0] is field:
            setattr(message, field.name, self._plain(field))

    def _set_message(self, message: Message, field: FieldDescriptor, depth: int) -> None:
        described = field.message_type
        if described.GetOptions().map_entry:
            return
        if described.full_name == "google.protobuf.Timestamp":
            if not field.is_repeated:
                getattr(message, field.name).FromJsonString("2026-11-16T01:00:00Z")
        elif field.is_repeated:
            count = self.rows if depth == 0 else min(self.rows, 2)
            getattr(message, field.name).extend(self.filled(described.full_name, depth + 1) for _ in range(count))
        else:
            getattr(message, field.name).CopyFrom(self.filled(described.full_name, depth + 1))

    def _plain(self, field: FieldDescriptor) -> Any:
        if field.type == FieldDescriptor.TYPE_ENUM:
            return field.enum_type.values[-1].number
        if field.type == FieldDescriptor.TYPE_STRING:
            return text(field.name)
        return {FieldDescriptor.TYPE_BOOL: True, FieldDescriptor.TYPE_BYTES: b"x" * 32}.get(field.type, 3)


def text(name: str) -> str:
    """A plausible text for a field of this name."""
    if name in WORDS:
        return WORDS[name]
    if name in FIGURES:
        return "87.5"
    if name.endswith("_on") or name in DAYS:
        return "2026-12-01"
    if name.endswith(("path", "paths")):
        return "/qinghe/housing"
    if name.endswith("_id") or name in ("id", "by"):
        return "abc"
    return "投诉〔2026〕1号" if name == "number" else LONG_NAME


def serve(suite: AnySuite, credentials: grpc.ServerCredentials | None = None) -> tuple[grpc.Server, str]:
    server = grpc.server(ThreadPoolExecutor(8), handlers=[suite])
    at = "127.0.0.1:0"
    port = server.add_secure_port(at, credentials) if credentials else server.add_insecure_port(at)
    server.start()
    return server, f"127.0.0.1:{port}"
