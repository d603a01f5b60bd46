"""Stylesheet and scripts, served under names that carry their hash, so that browsers may keep them for ever.

Our own files lie in own/; what comes from elsewhere is put into built/ by `python -m gateway.assets.build`.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from pathlib import Path

from starlette.requests import Request
from starlette.responses import Response

FOLDERS = (Path(__file__).with_name("own"), Path(__file__).with_name("built"))
TYPES = {".css": "text/css; charset=utf-8", ".js": "text/javascript; charset=utf-8", ".svg": "image/svg+xml"}
PATH = "/assets"


class Assets:
    """The files, read once."""

    def __init__(self, files: Mapping[str, bytes]) -> None:
        self._by_address: dict[str, tuple[bytes, str]] = {}
        self._address: dict[str, str] = {}
        for name, content in files.items():
            path = Path(name)
            address = f"{path.stem}.{hashlib.sha256(content).hexdigest()[:12]}{path.suffix}"
            self._address[name] = f"{PATH}/{address}"
            self._by_address[address] = (content, TYPES[path.suffix])

    @classmethod
    def load(cls) -> Assets:
        files = [path for folder in FOLDERS if folder.exists() for path in sorted(folder.iterdir())]
        return cls({path.name: path.read_bytes() for path in files if path.suffix in TYPES})

    def has(self, name: str) -> bool:
        return name in self._address

    def address(self, name: str) -> str:
        return self._address[name]

    def content(self, name: str) -> bytes:
        """A file for a page that gives it another address."""
        return self._by_address[self._address[name].removeprefix(f"{PATH}/")][0]

    async def serve(self, request: Request) -> Response:
        found = self._by_address.get(request.path_params["name"])
        if found is None:
            return Response(status_code=404)
        headers = {"cache-control": "public, max-age=31536000, immutable", "x-content-type-options": "nosniff"}
        return Response(found[0], media_type=found[1], headers=headers)
