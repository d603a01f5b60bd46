"""Every rpc there is, read from the contracts: nothing here is listed by hand, so a new rpc is tested by being there."""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import grpc
import zhengfeng
from google.protobuf import message_factory
from google.protobuf.descriptor import MethodDescriptor
from google.protobuf.message import Message

from chassis.rpc.access import Door as Access
from suite.members import SERVICES

Metadata = Sequence[tuple[str, str]]
STREAM_SECONDS = 5.0
STREAM_ITEMS = 2


@dataclass(frozen=True, slots=True)
class Rpc:
    """One rpc: its name as people say it, its descriptor, and who may call it."""

    name: str
    service: str
    method: MethodDescriptor
    access: Access

    @property
    def request_class(self) -> type[Message]:
        """The class of its request."""
        return message_factory.GetMessageClass(self.method.input_type)

    @property
    def open(self) -> bool:
        """Whether it answers anyone, or anyone signed in, whatever the roles."""
        return self.access.public or self.access.signed_in

    @property
    def streams(self) -> bool:
        """Whether either side of it is a stream."""
        return bool(self.method.client_streaming or self.method.server_streaming)

    @property
    def keyed(self) -> bool:
        """Whether a repeated request is known by its id. One that answers row by row is not: there each row is known."""
        by_row = any(field.is_repeated for field in self.method.output_type.fields)
        return self.takes("request_id") and (self.streams or not by_row)

    def takes(self, field: str) -> bool:
        """Whether its request has such a field."""
        return field in self.method.input_type.fields_by_name

    def call(self, channel: grpc.Channel, request: Message, metadata: Metadata = ()) -> list[Message]:
        """Calls it and gives its answers: one, or the first few of a stream. Raises grpc.RpcError if refused."""
        sent: Any = iter([request]) if self.method.client_streaming else request
        answer = self._on(channel)(sent, metadata=metadata, timeout=STREAM_SECONDS if self.streams else 30)
        if not self.method.server_streaming:
            return [answer]
        answers = [item for item, _ in zip(answer, range(STREAM_ITEMS), strict=False)]
        answer.cancel()
        return answers

    def _on(self, channel: grpc.Channel) -> Callable[..., Any]:
        way = "_".join(
            "stream" if streams else "unary" for streams in (self.method.client_streaming, self.method.server_streaming)
        )
        answer_class = message_factory.GetMessageClass(self.method.output_type)
        path = f"/{self.method.containing_service.full_name}/{self.method.name}"
        stub: Callable[..., Any] = getattr(channel, way)(path, self.request_class.SerializeToString, answer_class.FromString)
        return stub


def every_rpc() -> list[Rpc]:
    """All rpcs of all services, as the generated contracts declare them."""
    return [
        Rpc(f"{service}.{method.name}", service, method, Access.of(method))
        for service in SERVICES
        for contract in _contracts(service)
        for declared in contract.DESCRIPTOR.services_by_name.values()
        for method in declared.methods
    ]


def _contracts(service: str) -> list[Any]:
    folders = [f"{folder}/{service}/v1" for folder in zhengfeng.__path__]
    names = sorted(found.name for found in pkgutil.iter_modules(folders) if found.name.endswith("_pb2"))
    return [importlib.import_module(f"zhengfeng.{service}.v1.{name}") for name in names]
