"""The gateway on a thread of the embedded process."""

from __future__ import annotations

import threading
import time
from collections.abc import Mapping

import httpx
import uvicorn

from chassis.clock import Clock, monotonic
from gateway.server import build
from gateway.settings import Settings

START_SECONDS = 30.0


class PageServer:
    """Pages and REST on one port (0: any free one), calling the services at `addresses`."""

    def __init__(self, addresses: Mapping[str, str], port: int, clock: Clock) -> None:
        settings = Settings(addresses=addresses, port=port)
        config = uvicorn.Config(
            build(settings, clock), host=settings.host, port=port, log_level="warning", access_log=False, server_header=False
        )
        self._server = uvicorn.Server(config)
        self._thread = threading.Thread(target=self._server.run, name="pages", daemon=True)

    @property
    def port(self) -> int:
        """The port it is bound to, once it answers."""
        return int(self._server.servers[0].sockets[0].getsockname()[1])

    def start(self) -> None:
        """Begins to answer; raises RuntimeError if it does not within half a minute, as when the port is taken."""
        self._thread.start()
        deadline = monotonic() + START_SECONDS
        while not (self._server.started and self._answers()):
            if not self._thread.is_alive() or monotonic() > deadline:
                raise RuntimeError(f"pages could not be served on port {self._server.config.port}: is it taken?")
            time.sleep(0.02)

    def stop(self) -> None:
        """Ends after the requests under way."""
        self._server.should_exit = True
        self._thread.join(timeout=10)

    def _answers(self) -> bool:
        try:
            return httpx.get(f"http://127.0.0.1:{self.port}/healthz", timeout=2.0).status_code == 200
        except httpx.HTTPError:
            return False
