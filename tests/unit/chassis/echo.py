"""A small service behind the real server, for the tests of what surrounds every call."""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import grpc
from google.rpc import error_details_pb2, status_pb2
from grpc_status import rpc_status
from grpc_tools import protoc
from nacl.signing import SigningKey

from chassis.auth import Caller, sign_token
from chassis.clock import SettableClock
from chassis.config import Config
from chassis.i18n import Catalogue
from chassis.rpc import Listening, Mounted, build_server, caller_of
from chassis.telemetry import Telemetry
from protos import build

CONTRACTS = Path(__file__).parent / "contracts"
CLERK = Caller("u1", frozenset({"clerk"}), jurisdiction_paths=("/qinghe/donghe",), unit_paths=("/qinghe/donghe/office",))


def compile_echo() -> tuple[Any, Any]:
    """The generated modules of echo.proto, compiled into a folder of their own."""
    folder = tempfile.mkdtemp(prefix="echo.")
    known = Path(folder, "known.binpb")
    known.write_bytes(build.known_descriptors())
    name = "zhengfeng/echo/v1/echo.proto"
    include = [f"-I{CONTRACTS}", f"-I{build.PROTOS}", f"--descriptor_set_in={known}"]
    assert protoc.main(["protoc", *include, f"--python_out={folder}", f"--grpc_python_out={folder}", name]) == 0
    sys.path.append(folder)
    from zhengfeng.echo.v1 import echo_pb2, echo_pb2_grpc

    return echo_pb2, echo_pb2_grpc


pb, pb_grpc = compile_echo()


class EchoServicer:
    """Says things again, or does what the test asks of it."""

    def __init__(self) -> None:
        self.act: Callable[[Any], None] = lambda request: None

    def Say(self, request: Any, context: Any) -> Any:
        self.act(request)
        return _answer(request.text, context)

    Shout = Follow = Whisper = Say

    def Gather(self, requests: Any, context: Any) -> Any:
        return _answer("".join(request.text for request in requests), context)

    def Chat(self, requests: Any, context: Any) -> Iterator[Any]:
        for request in requests:
            self.act(request)
            yield _answer(request.text, context)

    def Repeat(self, request: Any, context: Any) -> Iterator[Any]:
        for _ in range(request.page_size):
            self.act(request)
            yield _answer(request.text, context)


def _answer(text: str, context: Any) -> Any:
    caller = caller_of(context)
    return pb.SayResponse(
        text=text,
        subject=caller.subject,
        everything=caller.rows.everything,
        jurisdictions=caller.rows.jurisdictions,
        units=caller.rows.units,
        request_hash=caller.request.body_hash.hex() if caller.request else "",
    )


@dataclass
class Echo:
    """The running service and a stub, and tokens signed as the directory signs them."""

    stub: Any
    servicer: EchoServicer
    clock: SettableClock
    telemetry: Telemetry
    listening: Listening
    key: SigningKey = field(default_factory=SigningKey.generate)

    def as_(self, caller: Caller = CLERK, **more: str) -> list[tuple[str, str]]:
        """The metadata of a call by this caller."""
        token = sign_token(self.key, "k1", caller, self.clock.now())
        return [("authorization", f"Bearer {token}"), *more.items()]


@contextmanager
def echo(**settings: Any) -> Iterator[Echo]:
    """The echo service behind the real chain, on a free port."""
    clock, servicer, telemetry = SettableClock(datetime(2026, 11, 16, 1, tzinfo=UTC)), EchoServicer(), Telemetry()
    key = SigningKey.generate()
    config = replace(Config(service="echo", database_url="", keys_dir=Path()), **settings)
    listening = build_server(
        config,
        [Mounted(pb_grpc.add_EchoServiceServicer_to_server, servicer, pb.DESCRIPTOR.services_by_name["EchoService"])],
        catalogues={"echo": Catalogue.load(CONTRACTS / "catalogue.toml")},
        keys={"k1": bytes(key.verify_key)},
        clock=clock,
        telemetry=telemetry,
    )
    listening.start()
    with grpc.insecure_channel(f"127.0.0.1:{listening.port}") as channel:
        yield Echo(pb_grpc.EchoServiceStub(channel), servicer, clock, telemetry, listening, key)
    listening.stop(0)


@dataclass(frozen=True)
class Refused:
    """A refused call as a client reads it."""

    code: str
    reason: str
    domain: str
    params: dict[str, str]
    fields: dict[str, tuple[str, str]]
    sentences: dict[str, str]
    message: str


def refused(call: Callable[[], Any]) -> Refused:
    """How the call is refused; fails if it is not."""
    try:
        call()
    except grpc.RpcError as error:
        return read(error)
    raise AssertionError("the call was not refused")


def read(error: Any) -> Refused:
    """The details of a refusal."""
    status = rpc_status.from_call(error) or status_pb2.Status(message=error.details())
    info, bad = error_details_pb2.ErrorInfo(), error_details_pb2.BadRequest()
    sentences: dict[str, str] = {}
    for detail in status.details:
        sentence = error_details_pb2.LocalizedMessage()
        if not detail.Unpack(info) and not detail.Unpack(bad) and detail.Unpack(sentence):
            sentences[sentence.locale] = sentence.message
    fields = {v.field: (v.localized_message.message, v.description) for v in bad.field_violations}
    return Refused(error.code().name, info.reason, info.domain, dict(info.metadata), fields, sentences, status.message)
