"""What operators see of a process: metrics, traces and logs, none of which carries what people wrote.

One `Telemetry` per process. Metrics are Prometheus's, on one port. Traces leave by OTLP over HTTP, only if an endpoint is
configured; the W3C traceparent of a call or fact is passed on in any case. Ids are never labels. Nothing here knows
gRPC or nameko, so servers, workers and couriers share it. Logs are in chassis.logs.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass

from opentelemetry import trace
from opentelemetry.trace.propagation.tracecontext import TraceContextTextMapPropagator
from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, start_http_server
from prometheus_client.process_collector import ProcessCollector

from chassis.clock import monotonic
from chassis.config import Config

SECONDS = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0)
_TRACEPARENT: ContextVar[str] = ContextVar("traceparent", default="")
_W3C = TraceContextTextMapPropagator()


def traceparent() -> str:
    """The W3C traceparent of the call or fact being worked on, empty outside one; the outbox stores it."""
    return _TRACEPARENT.get()


class Telemetry:
    """The meters and the tracer of one process."""

    def __init__(self, process: str = "zhengfeng", otlp_endpoint: str = "") -> None:
        self.registry = CollectorRegistry()
        ProcessCollector(registry=self.registry)
        self._tracer = _tracer(process, otlp_endpoint) if otlp_endpoint else None
        self._rpcs = Counter("zhengfeng_rpc", "Calls answered.", ("service", "method", "code"), registry=self.registry)
        self._rpc_seconds = Histogram(
            "zhengfeng_rpc_seconds", "Time to answer.", ("service", "method"), buckets=SECONDS, registry=self.registry
        )
        self._facts = Counter(
            "zhengfeng_facts", "Facts heard, by outcome.", ("service", "fact", "outcome"), registry=self.registry
        )
        self._fact_delay = Histogram(
            "zhengfeng_fact_delay_seconds",
            "From what occurred to its being applied.",
            ("service",),
            buckets=SECONDS,
            registry=self.registry,
        )
        self._outbox_waiting = self._gauge("outbox_waiting", "Outbox rows not yet sent.")
        self._outbox_lag = self._gauge("outbox_lag_seconds", "Age of the oldest outbox row not yet sent.")
        self._parked = self._gauge("facts_parked", "Facts set aside after too many attempts.")
        self._standing = Gauge(
            "zhengfeng_standing", "What somebody should look at.", ("service", "what"), registry=self.registry
        )
        self._timers = Counter(
            "zhengfeng_timer_runs", "Timers run, by outcome.", ("service", "timer", "outcome"), registry=self.registry
        )
        self._deliveries = Counter(
            "zhengfeng_deliveries", "What left the house.", ("service", "channel", "outcome"), registry=self.registry
        )

    @staticmethod
    def start(config: Config) -> Telemetry:
        """The telemetry of a process, with its metrics served if a port is configured."""
        telemetry = Telemetry(config.service, config.otlp_endpoint)
        if config.metrics_port:
            telemetry.serve(config.metrics_port, config.grpc_host)
        return telemetry

    def rpc(self, service: str, method: str) -> RpcMeter:
        """The meter of one rpc; taken once when the server is built, so that a call looks nothing up by name."""
        return RpcMeter(self._rpcs, self._rpc_seconds.labels(service, method), service, method, {})

    def fact(self, service: str, fact: str, outcome: str, delay_seconds: float | None = None) -> None:
        """Counts a fact heard: outcome `applied`, `duplicate`, `failed` or `parked`; the delay only if applied."""
        self._facts.labels(service, fact, outcome).inc()
        if delay_seconds is not None:
            self._fact_delay.labels(service).observe(max(0.0, delay_seconds))

    def outbox(self, service: str, waiting: int, lag_seconds: float) -> None:
        """How many outbox rows wait to be sent, and for how long the oldest has."""
        self._outbox_waiting.labels(service).set(waiting)
        self._outbox_lag.labels(service).set(lag_seconds)

    def parked(self, service: str, count: int) -> None:
        """How many facts are set aside."""
        self._parked.labels(service).set(count)

    def timer(self, service: str, timer: str, outcome: str) -> None:
        """Counts one run of a timer: `ran`, `failed`, or `elsewhere` if another worker holds its lease."""
        self._timers.labels(service, timer, outcome).inc()

    def standing(self, service: str, what: str, count: int) -> None:
        """How many of something somebody should look at there are, as a timer last found."""
        self._standing.labels(service, what).set(count)

    def delivery(self, service: str, channel: str, outcome: str) -> None:
        """Counts one attempt to deliver to the outside: `delivered`, `retried` or `given_up`."""
        self._deliveries.labels(service, channel, outcome).inc()

    @contextmanager
    def span(self, name: str, parent: str = "") -> Iterator[None]:
        """Everything inside belongs to one span, a child of the traceparent `parent` if there is one."""
        before = _TRACEPARENT.get()
        if self._tracer is None:
            _TRACEPARENT.set(parent)
            try:
                yield
            finally:
                _TRACEPARENT.set(before)  # not reset by token: a stream's generator may be closed in another context
            return
        context = _W3C.extract({"traceparent": parent}) if parent else None
        # An exception's text may quote what people wrote, so spans record that it failed and not with what.
        with self._tracer.start_as_current_span(name, context, record_exception=False, set_status_on_exception=False):
            carrier: dict[str, str] = {}
            _W3C.inject(carrier)
            _TRACEPARENT.set(carrier.get("traceparent", ""))
            try:
                yield
            finally:
                _TRACEPARENT.set(before)

    def serve(self, port: int, host: str = "127.0.0.1") -> int:
        """Serves /metrics on the port (0: any free one) from a thread of its own; returns the port."""
        server, _ = start_http_server(port, addr=host, registry=self.registry)
        return int(server.server_port)

    def _gauge(self, name: str, meaning: str) -> Gauge:
        return Gauge(f"zhengfeng_{name}", meaning, ("service",), registry=self.registry)


@dataclass(frozen=True, slots=True)
class RpcMeter:
    """Counts and times one rpc."""

    calls: Counter
    seconds: Histogram
    service: str
    method: str
    by_code: dict[str, Counter]

    def done(self, code: str, started: float) -> None:
        """Records one call that began at `started` (chassis.clock.monotonic) and ended with this status code."""
        counter = self.by_code.get(code)
        if counter is None:
            counter = self.by_code[code] = self.calls.labels(self.service, self.method, code)
        counter.inc()
        self.seconds.observe(monotonic() - started)


def _tracer(process: str, endpoint: str) -> trace.Tracer:
    """A tracer that sends in the background; imported late, because most processes have no endpoint."""
    from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
    from opentelemetry.sdk.resources import Resource
    from opentelemetry.sdk.trace import TracerProvider
    from opentelemetry.sdk.trace.export import BatchSpanProcessor

    provider = TracerProvider(resource=Resource.create({"service.name": process}))
    provider.add_span_processor(BatchSpanProcessor(OTLPSpanExporter(endpoint=endpoint.rstrip("/") + "/v1/traces")))
    return provider.get_tracer("zhengfeng")
