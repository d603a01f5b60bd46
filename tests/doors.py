"""The front door of a service in a test: a real gRPC server in this process, called with really signed tokens."""

from __future__ import annotations

from collections import ChainMap
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, TypeVar

import grpc
from google.protobuf.message import Message
from google.rpc import error_details_pb2
from grpc_status import rpc_status
from nacl.signing import SigningKey

from chassis import process
from chassis.auth import Caller, sign_token
from chassis.clock import Clock, new_id
from chassis.config import Config
from chassis.facts import fact_type
from chassis.i18n import Catalogue
from chassis.inbox import Arrival, Inbox
from chassis.known_keys import KnownKeys
from chassis.outbox import Unsent, replay_rows
from chassis.rpc import build_server
from chassis.telemetry import Telemetry

Stub = TypeVar("Stub")
_KEY_ID = "tests"


def caller(*roles: str, jurisdiction: str = "", unit: str = "", subject: str = "", official_id: str = "") -> Caller:
    """Somebody with these roles in this jurisdiction or unit, named after the first role unless told otherwise."""
    return Caller(
        subject=subject or f"{roles[0]}@{unit or jurisdiction}",
        roles=frozenset(roles),
        unit_paths=(unit,) if unit else (),
        jurisdiction_paths=(jurisdiction,) if jurisdiction else (),
        official_id=official_id,
    )


@dataclass(frozen=True, slots=True)
class Refused:
    """How a call was refused: status code, reason, the field at fault, the sentence."""

    code: grpc.StatusCode
    reason: str
    field: str
    sentence: str


class Door:
    """One service behind its door. `usecases` and `store` are at hand for setting the scene and looking behind it."""

    def __init__(self, config: Config, clock: Clock) -> None:
        self.service = config.service
        self.config = config
        self.clock = clock
        self.usecases: Any = process.module(self.service, "usecases").UseCases.build(config, clock)
        self.store = self.usecases.store
        self._key = SigningKey.generate()
        own_keys = getattr(self.usecases, "public_keys", None) or KnownKeys(self.store, config.public_keys)
        self._listening = build_server(
            config,
            process.module(self.service, "server").services(self.usecases),
            catalogues={self.service: Catalogue.load(process.folder(self.service) / "catalogue.toml")},
            keys=ChainMap({_KEY_ID: self._key.verify_key.encode()}, own_keys),
            clock=clock,
            telemetry=Telemetry(self.service),
        )
        self._listening.start()
        self.port = self._listening.port
        self.channel = grpc.insecure_channel(f"127.0.0.1:{self.port}")

    def close(self) -> None:
        """Stop answering and let go of the databases."""
        self.channel.close()
        self._listening.stop(grace=0)
        self.store.engine.dispose()

    def stub(self, kind: Callable[[grpc.Channel], Stub]) -> Stub:
        """A stub of a generated class on this door."""
        return kind(self.channel)

    def call(self, method: Any, request: Message, as_: Caller | None = None, **metadata: str) -> Any:
        """Call a stub's method, signed as this caller (nobody if None); raises grpc.RpcError if refused."""
        return method(request, metadata=self.metadata(as_, **metadata), timeout=30)

    def refused(self, method: Any, request: Message, as_: Caller | None = None, **metadata: str) -> Refused:
        """How this call is refused; fails if it is not."""
        try:
            answer = self.call(method, request, as_, **metadata)
        except grpc.RpcError as error:
            return refusal(error)
        raise AssertionError(f"not refused but answered: {answer}")

    def metadata(self, as_: Caller | None = None, **metadata: str) -> list[tuple[str, str]]:
        """The metadata of a call by this caller, for streams and calls of one's own."""
        signed = [("authorization", f"Bearer {self.token(as_)}")] if as_ is not None else []
        return [*signed, *((name.replace("_", "-"), value) for name, value in metadata.items())]

    def token(self, who: Caller, age: timedelta = timedelta()) -> str:
        """A token that this door believes, or did when it was signed."""
        return sign_token(self._key, _KEY_ID, who, self.clock.now() - age)

    def hear(self, *events: Any) -> None:
        """Deliver neighbours' facts, each an event message with its fact; they are applied when this returns."""
        worker = process.module(self.service, "worker")
        arrivals = [_arrival(event, self.clock) for event in events]
        Inbox(self.store, self.usecases, worker.HEARS).deliver(arrivals)

    def announced(self, *facts: type[Message]) -> Sequence[Any]:
        """The events this service has announced, oldest first; only those that hold one of `facts`, if any is named."""
        module = __import__(f"zhengfeng.{self.service}.v1.events_pb2", fromlist=["events_pb2"])
        event_class = getattr(module, _EVENTS[self.service])
        outbox = self.store.schema["outbox"]
        with self.store.engine.connect() as connection:
            every = [str(row.type) for row in connection.execute(outbox.select())]
        wanted = {fact.DESCRIPTOR.full_name for fact in facts}
        rows: list[Unsent] = replay_rows(self.store, sorted(wanted or set(every)))
        return [event_class.FromString(row.payload) for row in rows]

    def run_timer(self, name: str) -> None:
        """Run one of the service's timers now."""
        process.module(self.service, "worker").EVERY[name].run(self.usecases)


_EVENTS = {
    "directory": "DirectoryEvent",
    "complaints": "ComplaintEvent",
    "evaluation": "EvaluationEvent",
    "supervision": "SupervisionEvent",
    "accountability": "AccountabilityEvent",
}


def refusal(error: grpc.RpcError) -> Refused:
    """Read the rich status of a refused call."""
    status = rpc_status.from_call(error)
    if status is None:
        raise error
    info, bad = error_details_pb2.ErrorInfo(), error_details_pb2.BadRequest()
    for detail in status.details:
        detail.Unpack(info)
        detail.Unpack(bad)
    field = bad.field_violations[0].field if bad.field_violations else ""
    return Refused(error.code(), info.reason, field, status.message)


def _arrival(event: Any, clock: Clock) -> Arrival:
    if not event.event_id:
        event.event_id = new_id(clock)
    if not event.HasField("occurred_at"):
        event.occurred_at.FromDatetime(clock.now())
    return Arrival(event.event_id, fact_type(event), event.subject_id, event.SerializeToString())
