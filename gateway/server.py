"""Builds the gateway once and runs it: REST under /api, Open311, OpenAPI, health, metrics, assets, pages."""

from __future__ import annotations

import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import uvicorn
from prometheus_client import CollectorRegistry
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from chassis.clock import Clock, SystemClock, settled_clock
from chassis.config import ConfigError
from chassis.logs import configure_logging
from gateway import pages
from gateway.assets import PATH as ASSETS_PATH
from gateway.assets import Assets
from gateway.contracts import Contracts
from gateway.doors import Doors
from gateway.meters import Meters
from gateway.open311.door import Open311
from gateway.rest.entry import PREFIX, Rest
from gateway.rest.openapi import document
from gateway.session import Sessions
from gateway.settings import Settings
from gateway.transcode import Transcoder

METHODS = ["GET", "POST", "PUT", "PATCH", "DELETE"]
STOP_SECONDS = 10


def build(settings: Settings, clock: Clock) -> Starlette:
    """The whole gateway as one ASGI application; nothing is read or opened later."""
    contracts = Contracts.load(settings.image)
    meters = Meters(CollectorRegistry())
    catalogue = pages.words()
    doors = Doors(contracts, Transcoder(contracts.image), settings.addresses, settings.credentials())
    sessions = Sessions(doors, settings.secure_cookies, clock)
    rest = Rest(doors, sessions, catalogue)
    assets = Assets.load()
    site = pages.build_site(doors, sessions, catalogue, clock, assets)
    described = document(contracts, rest.routes.all)

    async def nowhere(request: Request, error: Exception) -> Response:
        """What no route takes: an odd path under /api is still answered as REST, anything else as a page."""
        return await (rest.answer(request) if request.url.path.startswith(f"{PREFIX}/") else site.nowhere(request))

    async def openapi(request: Request) -> Response:
        return JSONResponse(described)

    @asynccontextmanager
    async def lifespan(app: Starlette) -> AsyncIterator[None]:
        yield
        await doors.close()

    routes = [
        Route("/healthz", healthy),
        Route("/metrics", meters.show),
        Route("/openapi.json", openapi),
        Route(f"{PREFIX}/{{path:path}}", rest.answer, methods=METHODS),
        *Open311(doors).routes(),
        Route(f"{ASSETS_PATH}/{{name}}", assets.serve),
        *pages.routes(site),
    ]
    app = Starlette(routes=routes, lifespan=lifespan, exception_handlers={404: nowhere})
    app.add_middleware(meters.middleware)
    return app


async def healthy(request: Request) -> Response:
    """The gateway itself answers. Whether a service does is that service's own health."""
    return JSONResponse({"status": "serving"})


def serve(settings: Settings, clock: Clock) -> None:
    """Runs until it is told to stop; requests under way are finished first."""
    config = uvicorn.Config(
        build(settings, clock),
        host=settings.host,
        port=settings.port,
        log_level="warning",
        access_log=False,
        server_header=False,
        timeout_graceful_shutdown=STOP_SECONDS,
    )
    uvicorn.Server(config).run()


def main() -> None:
    try:
        settings = Settings.from_env()
    except ConfigError as wrong:
        sys.stderr.write(f"zhengfeng gateway: {wrong}\n")
        raise SystemExit(2) from None
    configure_logging("gateway", "server")
    serve(settings, settled_clock() or SystemClock())
