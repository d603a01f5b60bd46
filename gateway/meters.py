"""What operators see of the gateway: requests by kind and status, time to answer. No path, no id is a label."""

from __future__ import annotations

from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, Counter, Histogram, generate_latest
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from chassis.clock import monotonic

SECONDS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0)


class Meters:
    """The meters of one gateway process."""

    def __init__(self, registry: CollectorRegistry) -> None:
        self._registry = registry
        self._requests = Counter("zhengfeng_http_requests", "Requests answered.", ("kind", "status"), registry=registry)
        self._seconds = Histogram(
            "zhengfeng_http_seconds", "Time to the first byte of the answer.", ("kind",), buckets=SECONDS, registry=registry
        )

    async def show(self, request: Request) -> Response:
        return Response(generate_latest(self._registry), media_type=CONTENT_TYPE_LATEST)

    def middleware(self, app: ASGIApp) -> ASGIApp:
        async def metered(scope: Scope, receive: Receive, send: Send) -> None:
            if scope["type"] != "http":
                await app(scope, receive, send)
                return
            kind, started = _kind(scope["path"]), monotonic()

            async def counted(message: Message) -> None:
                if message["type"] == "http.response.start":
                    self._requests.labels(kind, str(message["status"])).inc()
                    self._seconds.labels(kind).observe(monotonic() - started)
                await send(message)

            await app(scope, receive, counted)

        return metered


def _kind(path: str) -> str:
    first = path.split("/")[1]
    return first if first in ("api", "assets", "healthz", "metrics") else "page"
