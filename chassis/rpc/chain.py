"""What happens around every call, in one place and in this order: trace and measure, end, access, contract, request key,
errors. A servicer sees only requests that passed, and knows its caller by `caller_of(context)`.

Everything that can be known before a call (who may enter, whether the request has a request_id, the meters) is looked up
when the rpc is first seen and kept in its Guard; a call costs about 50 microseconds here.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from typing import Any, TypeAlias

import grpc
import psycopg
from google.protobuf.message import DecodeError, Message
from google.rpc import code_pb2
from grpc_status import rpc_status
from sqlalchemy.exc import IntegrityError

from chassis.auth import Caller, RequestKey
from chassis.clock import monotonic
from chassis.deadline import end_in, remaining
from chassis.errors import Conflict, Invalid, NotAllowed, NotFound, Refusal, Stale, Unauthenticated
from chassis.i18n import Catalogue
from chassis.requests import RequestUnderWay
from chassis.rpc.access import GATEWAY, Door, Identities
from chassis.rpc.answers import DeadlinePassed, refusal_of, status
from chassis.rpc.contract import Contract
from chassis.rpc.guesses import Guesses, client_of, is_local, network
from chassis.telemetry import RpcMeter, Telemetry

Handler: TypeAlias = "grpc.RpcMethodHandler[Any, Any]"
UNARY_SECONDS = 30.0
STREAM_SECONDS = 3600.0
_UNREADABLE = object()
_CALL = "zhengfeng_call"  # where a context keeps its Call
_GUESSED_WRONG = (NotFound, NotAllowed, Unauthenticated)


@dataclass(slots=True)
class Call:
    """One call while it runs."""

    method: str
    started: float
    caller: Caller
    client: str = ""
    device: str = ""
    from_gateway: bool = False
    code: str = "OK"
    metadata: Mapping[str, Any] = field(default_factory=dict)


def caller_of(context: grpc.ServicerContext) -> Caller:
    """Who makes this call, with the rows it may touch and its request key."""
    call: Call = getattr(context, _CALL)
    return call.caller


def visitor_of(context: grpc.ServicerContext) -> tuple[str, str]:
    """Where this call comes from: the address (of IPv6 its /64 network) and the device, as the gateway tells them.

    Both are empty for a call made on this machine itself; a caller from elsewhere is believed only to be at its peer.
    """
    call: Call = getattr(context, _CALL)
    peer = context.peer()
    if call.from_gateway or is_local(peer):
        return network(call.metadata.get("x-client", "")), call.metadata.get("x-device", "")[:64]
    return client_of(peer), ""


class Chain(grpc.ServerInterceptor):
    """The one interceptor. Methods it has no door for (health, reflection) pass untouched."""

    def __init__(self, guards: Mapping[str, Guard], streams: ThreadPoolExecutor) -> None:
        self._guards = guards
        self._streams = streams
        self._ready: dict[str, Handler] = {}

    def intercept_service(
        self, continuation: Callable[[grpc.HandlerCallDetails], Any], details: grpc.HandlerCallDetails
    ) -> Any:
        """The guarded handler of a method, made once."""
        method = details.method
        ready = self._ready.get(method)
        if ready is not None:
            return ready
        handler = continuation(details)
        guard = self._guards.get(method)
        if guard is None or handler is None:
            return handler
        ready = self._ready[method] = guard.around(handler, self._streams)
        return ready


@dataclass(frozen=True, slots=True)
class Guard:
    """What surrounds one rpc."""

    door: Door
    takes_request_id: bool
    catalogue: Catalogue
    contract: Contract
    identities: Identities
    guesses: Guesses
    known_device: Callable[[str], str]
    telemetry: Telemetry
    meter: RpcMeter
    certificates: bool

    def around(self, handler: Handler, streams: ThreadPoolExecutor) -> Handler:
        """The same handler with everything around it; streams run in a pool of their own, lest they starve the rest."""
        made: dict[str, Any] = {
            "request_deserializer": _readable(handler.request_deserializer),
            "response_serializer": handler.response_serializer,
        }
        if not handler.request_streaming and not handler.response_streaming:
            return grpc.unary_unary_rpc_method_handler(self._single(handler.unary_unary, False), **made)
        if not handler.response_streaming:
            behaviour, make = self._single(handler.stream_unary, True), grpc.stream_unary_rpc_method_handler
        elif not handler.request_streaming:
            behaviour, make = self._many(handler.unary_stream, False), grpc.unary_stream_rpc_method_handler
        else:
            behaviour, make = self._many(handler.stream_stream, True), grpc.stream_stream_rpc_method_handler
        behaviour.experimental_thread_pool = streams
        return make(behaviour, **made)

    def _single(self, run: Any, streaming: bool) -> Any:
        """Around an rpc with one answer."""

        def answer(request: Any, context: grpc.ServicerContext) -> Any:
            call = self._begin(context, STREAM_SECONDS if streaming else UNARY_SECONDS)
            try:
                with self.telemetry.span(call.method, call.metadata.get("traceparent", "")):
                    self._admit(call, context)
                    return _run(run, self._accept(call, request, streaming), context)
            except Exception as error:
                self._refuse(call, context, error)
            finally:
                self.meter.done(call.code, call.started)

        return answer

    def _many(self, run: Any, streaming: bool) -> Any:
        """Around an rpc that answers with a stream."""

        def answer(request: Any, context: grpc.ServicerContext) -> Iterator[Any]:
            call = self._begin(context, STREAM_SECONDS)
            try:
                with self.telemetry.span(call.method, call.metadata.get("traceparent", "")):
                    self._admit(call, context)
                    for response in run(self._accept(call, request, streaming), context):
                        yield response
                        _still_awaited()
            except GeneratorExit:
                call.code = "CANCELLED"
                raise
            except Exception as error:
                self._refuse(call, context, error)
            finally:
                self.meter.done(call.code, call.started)

        return answer

    def _begin(self, context: grpc.ServicerContext, longest: float) -> Call:
        end_in(min(context.time_remaining() or 0.0, longest))
        call = Call(self.meter.method, monotonic(), Caller.anonymous(), metadata=dict(context.invocation_metadata()))
        setattr(context, _CALL, call)
        return call

    def _admit(self, call: Call, context: grpc.ServicerContext) -> None:
        """Knows the caller and lets it in with its rows, or raises."""
        _still_awaited()
        authorization = call.metadata.get("authorization")
        machine = self.identities.by_certificate(_certificate_names(context)) if self.certificates else None
        from_gateway = call.from_gateway = machine is not None and machine.has(GATEWAY)
        caller = self.identities.by_token(authorization) if authorization else None if from_gateway else machine
        call.caller = self.door.admit(caller)
        if self.door.by_code and call.caller.subject == Caller.anonymous().subject:
            peer = context.peer()
            told = call.metadata.get("x-client", "") if from_gateway or is_local(peer) else ""
            call.client = network(told) or client_of(peer)
            call.device = self.known_device(call.metadata.get("x-device", "")) if told else ""
            self.guesses.check(call.client, call.device)

    def _accept(self, call: Call, request: Any, streaming: bool) -> Any:
        """The request, or the stream of requests, each checked against its contract."""
        if streaming:
            return self._accepted(request)
        self._check(request)
        if self.takes_request_id and request.request_id:
            body = hashlib.sha256(request.SerializeToString(deterministic=True)).digest()
            call.caller = replace(call.caller, request=RequestKey(self.door.rpc, request.request_id, body))
        return request

    def _accepted(self, requests: Iterable[Any]) -> Iterator[Message]:
        for request in requests:
            _still_awaited()
            self._check(request)
            yield request

    def _check(self, request: Any) -> None:
        if request is _UNREADABLE:
            raise Invalid("MESSAGE_UNREADABLE")
        self.contract.check(request)

    def _refuse(self, call: Call, context: grpc.ServicerContext, error: Exception) -> None:
        """Ends the call with the status of the error."""
        if isinstance(error, grpc.RpcError):  # the client went away while its stream was read
            call.code = "CANCELLED"
            raise error
        refusal = self._masked(call, refusal_of(error, self.door.service, self.door.rpc))
        answer = status(refusal, self.door.service, self.catalogue)
        call.code = code_pb2.Code.Name(answer.code)
        context.abort_with_status(rpc_status.to_status(answer))

    def _masked(self, call: Call, refusal: Refusal | None) -> Refusal | None:
        """An unknown code, a wrong one and one for something else look alike, and count as one failure.

        A service may have its own word for it, ending in `_UNKNOWN`; it leaves without field or parameters.
        """
        if not call.client or not isinstance(refusal, _GUESSED_WRONG):
            return refusal
        self.guesses.failed(call.client, call.device)
        if isinstance(refusal, Unauthenticated):  # a sign-in: it says the same whatever was wrong, in its own words
            return refusal
        return NotFound(refusal.reason if refusal.reason.endswith("_UNKNOWN") else "CODE_NOT_KNOWN")


def _still_awaited() -> None:
    if remaining() <= 0:
        raise DeadlinePassed


def _run(run: Any, request: Any, context: grpc.ServicerContext) -> Any:
    """Calls the servicer; once more if the same request may have been carried out meanwhile, to be given its answer.

    Whoever sends a request twice at once may find the row as the first of the two has left it, or its place taken.
    """
    try:
        return run(request, context)
    except (RequestUnderWay, Stale, Conflict, IntegrityError, psycopg.IntegrityError):
        if caller_of(context).request is None:
            raise
        return run(request, context)


def _readable(deserialize: Any) -> Callable[[bytes], Any]:
    """Bytes that are no message are refused like any other bad request, instead of failing inside grpc."""

    def read(raw: bytes) -> Any:
        try:
            return deserialize(raw)
        except DecodeError:
            return _UNREADABLE

    return read


def _certificate_names(context: grpc.ServicerContext) -> tuple[str, ...]:
    known = context.auth_context()
    names = [*known.get("x509_common_name", ()), *known.get("x509_subject_alternative_name", ())]
    return tuple(name.decode(errors="replace") for name in names)
