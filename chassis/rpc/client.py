"""Channels to a service, for the gateway and the couriers. Services themselves call nobody.

A call made while another one is answered ends before it: its time limit is what is left, minus a margin in which the
answer can still travel back.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple

import grpc

from chassis.config import Config
from chassis.deadline import remaining
from chassis.rpc.server import MESSAGE_BYTES
from chassis.telemetry import traceparent

MARGIN_SECONDS = 0.05
LONGEST_SECONDS = 30.0
_OPTIONS = (
    ("grpc.max_receive_message_length", MESSAGE_BYTES),
    ("grpc.max_send_message_length", MESSAGE_BYTES),
    ("grpc.keepalive_time_ms", 60_000),
    ("grpc.initial_reconnect_backoff_ms", 100),
    ("grpc.max_reconnect_backoff_ms", 2_000),
)


class _Details(NamedTuple):
    """grpc's ClientCallDetails, which it declares without a way to make one."""

    method: str
    timeout: float | None
    metadata: Any
    credentials: Any
    wait_for_ready: Any
    compression: Any


class PassOn(
    grpc.UnaryUnaryClientInterceptor,
    grpc.UnaryStreamClientInterceptor,
    grpc.StreamUnaryClientInterceptor,
    grpc.StreamStreamClientInterceptor,
):
    """Passes on the end and the traceparent of the work at hand."""

    def intercept_unary_unary(self, continuation: Callable[..., Any], details: Any, request: Any) -> Any:
        """A single call always has an end."""
        return continuation(_passed_on(details, LONGEST_SECONDS), request)

    def intercept_unary_stream(self, continuation: Callable[..., Any], details: Any, request: Any) -> Any:
        """A stream ends with the work it is for."""
        return continuation(_passed_on(details, None), request)

    def intercept_stream_unary(self, continuation: Callable[..., Any], details: Any, requests: Any) -> Any:
        """A stream ends with the work it is for."""
        return continuation(_passed_on(details, None), requests)

    def intercept_stream_stream(self, continuation: Callable[..., Any], details: Any, requests: Any) -> Any:
        """A stream ends with the work it is for."""
        return continuation(_passed_on(details, None), requests)


def channel(target: str, config: Config | None = None, at: str = "") -> grpc.Channel:
    """A channel to `host:port`; with a TLS configuration, encrypted and with our certificate shown.

    With `at` it is connected to there, and the name in `target` is looked up by nobody; certificates are held against it.
    """
    options = (*_OPTIONS, ("grpc.default_authority", target)) if at else _OPTIONS
    if config is None or config.tls_ca is None:
        return grpc.intercept_channel(grpc.insecure_channel(at or target, options), PassOn())
    credentials = grpc.ssl_channel_credentials(
        root_certificates=config.tls_ca.read_bytes(),
        private_key=config.tls_key.read_bytes() if config.tls_key else None,
        certificate_chain=config.tls_cert.read_bytes() if config.tls_cert else None,
    )
    return grpc.intercept_channel(grpc.secure_channel(at or target, credentials, options), PassOn())


def time_limit(asked: float | None, longest: float | None = None) -> float | None:
    """Seconds a call made now may take: the least of what is asked, the longest allowed, and what is left."""
    left = remaining() - MARGIN_SECONDS
    limits = [limit for limit in (asked, longest, left) if limit is not None and limit != float("inf")]
    return max(0.0, min(limits)) if limits else None


def _passed_on(details: Any, longest: float | None) -> _Details:
    metadata = list(details.metadata or ())
    trace = traceparent()
    if trace:
        metadata.append(("traceparent", trace))
    return _Details(
        method=details.method,
        timeout=time_limit(details.timeout, longest if details.timeout is None else None),
        metadata=metadata,
        credentials=details.credentials,
        wait_for_ready=getattr(details, "wait_for_ready", None),
        compression=getattr(details, "compression", None),
    )
