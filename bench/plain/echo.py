"""A bare grpcio server that returns what it was sent: what one call costs before anything is done with it.

`python -m bench.plain.echo PORT THREADS`, until it is stopped.
"""

from __future__ import annotations

import sys
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import grpc

METHOD = "/bench.Echo/Echo"


class Echo(grpc.GenericRpcHandler):  # type: ignore[misc, unused-ignore]
    """Every method returns its request."""

    def service(self, handler_call_details: Any) -> Any:
        """Bytes in, the same bytes out."""
        return grpc.unary_unary_rpc_method_handler(lambda request, _context: request)


def main(port: str, threads: str) -> None:
    """Serve for ever."""
    server = grpc.server(ThreadPoolExecutor(int(threads)), handlers=[Echo()])
    server.add_insecure_port(f"127.0.0.1:{port}")
    server.start()
    server.wait_for_termination()


if __name__ == "__main__":
    main(*sys.argv[1:])
