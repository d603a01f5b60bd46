"""What operators see, and what they must never see."""

from __future__ import annotations

import io
import json
import logging
import threading
import urllib.request
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import ClassVar

import pytest
import structlog
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest

from chassis.config import Config
from chassis.duties import Keeping
from chassis.facts import Timer
from chassis.i18n import Catalogue, CatalogueError
from chassis.logs import configure_logging, log
from chassis.relay import Member
from chassis.telemetry import Telemetry, traceparent

PARENT = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"
SECRET = "举报人 110101199003070000"


@pytest.fixture
def written() -> Iterator[io.StringIO]:
    stream = io.StringIO()
    before = logging.root.handlers[:], logging.root.level
    configured = structlog.get_config()
    configure_logging("complaints", "server", stream=stream)
    yield stream
    structlog.configure(**configured)
    logging.root.handlers[:], logging.root.level = before


class Always:
    """A lease nobody else wants."""

    def held(self) -> bool:
        """It is ours."""
        return True


def lines(stream: io.StringIO) -> list[dict[str, object]]:
    return [json.loads(line) for line in stream.getvalue().splitlines()]


def test_a_log_line_holds_known_fields_only_and_says_what_it_withheld(written: io.StringIO) -> None:
    log().info("complaint.filed", rpc="FileComplaint", text=SECRET, phone="13800000000")
    (line,) = lines(written)
    assert line["rpc"] == "FileComplaint"
    assert (line["service"], line["process"], line["withheld"]) == ("complaints", "server", ["phone", "text"])
    assert SECRET not in written.getvalue()


def test_an_exception_leaves_its_class_and_place_but_not_its_message(written: io.StringIO) -> None:
    try:
        int(SECRET)
    except ValueError:
        log().error("call.failed", exc_info=True)
    (line,) = lines(written)
    assert line["exception"] == "builtins.ValueError"
    assert "test_telemetry.py" in str(line["where"])
    assert SECRET not in written.getvalue()


def test_a_library_may_say_that_but_not_what(written: io.StringIO) -> None:
    try:
        json.loads(SECRET)
    except ValueError:
        logging.getLogger("kombu").exception("cannot decode %r", SECRET)
    (line,) = lines(written)
    assert line["event"] == "cannot decode %r"
    assert line["exception"] == "json.decoder.JSONDecodeError"
    assert SECRET not in written.getvalue()


def test_metrics_are_served_on_one_port_and_count_facts_timers_and_the_outbox() -> None:
    telemetry = Telemetry("complaints")
    telemetry.fact("complaints", "Decided", "applied", 0.2)
    telemetry.fact("complaints", "Decided", "duplicate")
    telemetry.outbox("complaints", 3, 1.5)
    telemetry.parked("complaints", 2)
    telemetry.timer("complaints", "lights", "ran")
    telemetry.delivery("complaints", "webhook", "delivered")
    port = telemetry.serve(0)
    page = urllib.request.urlopen(f"http://127.0.0.1:{port}/metrics", timeout=5).read().decode()
    for line in (
        'zhengfeng_facts_total{fact="Decided",outcome="applied",service="complaints"} 1.0',
        'zhengfeng_facts_total{fact="Decided",outcome="duplicate",service="complaints"} 1.0',
        'zhengfeng_fact_delay_seconds_count{service="complaints"} 1.0',
        'zhengfeng_outbox_waiting{service="complaints"} 3.0',
        'zhengfeng_outbox_lag_seconds{service="complaints"} 1.5',
        'zhengfeng_facts_parked{service="complaints"} 2.0',
        'zhengfeng_timer_runs_total{outcome="ran",service="complaints",timer="lights"} 1.0',
        'zhengfeng_deliveries_total{channel="webhook",outcome="delivered",service="complaints"} 1.0',
    ):
        assert line in page


def test_what_a_timer_says_somebody_should_look_at_becomes_a_metric() -> None:
    telemetry = Telemetry("complaints")
    member = Member("complaints", None, None, {})  # type: ignore[arg-type]
    Keeping(member, "retention", Timer(1, lambda _: {"without_rule": 3}), telemetry, Always()).run()  # type: ignore[arg-type]
    assert telemetry.registry.get_sample_value("zhengfeng_standing", {"service": "complaints", "what": "without_rule"}) == 3


def test_a_traceparent_is_passed_on_without_a_collector() -> None:
    telemetry = Telemetry()
    with telemetry.span("AcceptComplaint", PARENT):
        assert traceparent() == PARENT
    assert traceparent() == ""


class Collector(BaseHTTPRequestHandler):
    """Takes in spans as a collector does."""

    received: ClassVar[list[ExportTraceServiceRequest]] = []
    arrived: ClassVar[threading.Event] = threading.Event()

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["content-length"]))
        Collector.received.append(ExportTraceServiceRequest.FromString(body))
        self.send_response(200)
        self.end_headers()
        Collector.arrived.set()

    def log_message(self, format: str, *args: object) -> None:
        """Says nothing."""


def test_spans_go_to_the_configured_collector_as_children_and_without_messages(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OTEL_BSP_SCHEDULE_DELAY", "50")
    with HTTPServer(("127.0.0.1", 0), Collector) as collector:
        threading.Thread(target=collector.serve_forever, daemon=True).start()
        config = Config("complaints", "", Path(), otlp_endpoint=f"http://127.0.0.1:{collector.server_port}")
        telemetry = Telemetry.start(config)
        with pytest.raises(ValueError, match="举报人"), telemetry.span("AcceptComplaint", PARENT):
            inside = traceparent()
            raise ValueError(SECRET)
        assert Collector.arrived.wait(10)
        collector.shutdown()
    (span,) = Collector.received[0].resource_spans[0].scope_spans[0].spans
    assert (span.name, span.trace_id.hex(), span.parent_span_id.hex()) == (
        "AcceptComplaint",
        "0af7651916cd43dd8448eb211c80319c",
        "b7ad6b7169203331",
    )
    assert inside == f"00-{span.trace_id.hex()}-{span.span_id.hex()}-01"
    assert SECRET.encode() not in Collector.received[0].SerializeToString()


def test_a_catalogue_that_lacks_a_language_is_refused_by_name(tmp_path: Path) -> None:
    path = tmp_path / "catalogue.toml"
    path.write_text('[ONE]\nzh = "一"\n[TWO]\nzh = "二"\nen = "two"\n', encoding="utf-8")
    with pytest.raises(CatalogueError, match="ONE lacks en"):
        Catalogue.load(path)


def test_a_missing_key_is_an_error_and_not_an_empty_text() -> None:
    with pytest.raises(KeyError):
        Catalogue.load().text("NEVER_WRITTEN", "zh")
    assert Catalogue.load().text("TOO_MANY_ATTEMPTS", "zh", seconds=9) == "尝试次数过多，请在 9 秒后再试。"


def test_a_service_has_the_last_word_but_only_one(tmp_path: Path) -> None:
    first, second = tmp_path / "first.toml", tmp_path / "second.toml"
    first.write_text('[STALE_VERSION]\nzh = "旧"\nen = "old"\n', encoding="utf-8")
    second.write_text('[STALE_VERSION]\nzh = "过期"\nen = "outdated"\n', encoding="utf-8")
    assert Catalogue.load(first).text("STALE_VERSION", "en") == "old"
    with pytest.raises(CatalogueError, match="STALE_VERSION is already said otherwise"):
        Catalogue.load(first, second)
