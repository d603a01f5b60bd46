"""Calling the suite as somebody: one call for each request message, made under that person's token.

The request's type names the rpc, because every rpc has a request message of its own. The demonstration, the story tests and
the benches act through the same doors as everybody else.
"""

from __future__ import annotations

import importlib
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import grpc
from google.protobuf import message_factory
from google.protobuf.descriptor import MethodDescriptor
from google.protobuf.message import Message

CALL_SECONDS = 30.0
STREAM_SECONDS = 300.0
Token = Callable[[str], str]


@dataclass(frozen=True)
class Stage:
    """The suite as a place to act on: channels by service, and how a user's token is had."""

    channels: Mapping[str, grpc.Channel]
    token: Token

    @staticmethod
    def at(addresses: Mapping[str, str], token: Token) -> Stage:
        """The stage behind these addresses; services at one address share a channel."""
        channels = {address: grpc.insecure_channel(address) for address in set(addresses.values())}
        return Stage({service: channels[address] for service, address in addresses.items()}, token)

    def close(self) -> None:
        """Lets go of the channels."""
        for channel in set(self.channels.values()):
            channel.close()

    def as_(self, user: str = "") -> Actor:
        """Somebody acting; without a user name, somebody who has not signed in."""
        return Actor(self, user)


@dataclass(frozen=True)
class Actor:
    """Somebody who calls. `actor(request)` answers, `actor.stream(request)` and `actor.send(requests)` are for streams."""

    stage: Stage
    user: str

    def __call__(self, request: Message) -> Any:
        """Makes the call the request belongs to; raises grpc.RpcError if it is refused."""
        path, answer = _rpc(request.DESCRIPTOR.full_name)
        channel = self._channel(request)
        call: Any = channel.unary_unary(path, type(request).SerializeToString, answer.FromString)
        return call(request, timeout=CALL_SECONDS, metadata=self._metadata())

    def stream(self, request: Message) -> Iterator[Any]:
        """One request, many answers."""
        path, answer = _rpc(request.DESCRIPTOR.full_name)
        call: Any = self._channel(request).unary_stream(path, type(request).SerializeToString, answer.FromString)
        yield from call(request, timeout=STREAM_SECONDS, metadata=self._metadata())

    def send(self, requests: Iterable[Message], kind: type[Message]) -> Any:
        """Many requests of one kind, one answer."""
        path, answer = _rpc(kind.DESCRIPTOR.full_name)
        call: Any = self._channel(kind()).stream_unary(path, kind.SerializeToString, answer.FromString)
        return call(iter(requests), timeout=STREAM_SECONDS, metadata=self._metadata())

    def _channel(self, request: Message) -> grpc.Channel:
        return self.stage.channels[request.DESCRIPTOR.file.package.split(".")[1]]

    def _metadata(self) -> list[tuple[str, str]]:
        return [("authorization", f"Bearer {self.stage.token(self.user)}")] if self.user else []


@cache
def _rpc(request: str) -> tuple[str, type[Any]]:
    """The path and answer type of the rpc that takes this request message."""
    method = _methods()[request]
    path = f"/{method.containing_service.full_name}/{method.name}"
    return path, message_factory.GetMessageClass(method.output_type)


@cache
def _methods() -> dict[str, MethodDescriptor]:
    """Every rpc of the suite by its request's full name."""
    import zhengfeng

    found: dict[str, MethodDescriptor] = {}
    for path in (path for folder in zhengfeng.__path__ for path in Path(folder).glob("*/v1/*_pb2.py")):
        module = importlib.import_module(f"zhengfeng.{path.parent.parent.name}.v1.{path.stem}")
        for service in module.DESCRIPTOR.services_by_name.values():
            found |= {method.input_type.full_name: method for method in service.methods}
    return found
