"""The published box as a file, for tests that recount it or lie in it."""

from __future__ import annotations

import io
import json
import zipfile
from pathlib import Path
from typing import Any

from suite.recount.telling import recount


def zfbox(files: dict[str, bytes], compressed: bool = False) -> bytes:
    """The file over these pieces."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED if compressed else zipfile.ZIP_STORED) as box:
        for name, content in files.items():
            box.writestr(name, content)
    return buffer.getvalue()


def recounted(folder: Path, content: bytes, *receipts: str, key: str = "") -> tuple[int, str]:
    """The exit code of a recount, and what it said in English."""
    path = folder / "box.zfbox"
    path.write_bytes(content)
    lines: list[str] = []
    code = recount(path, receipts, key, "en", lines.append)
    return code, "\n".join(lines)


def edited(files: dict[str, bytes], name: str, **members: Any) -> dict[str, bytes]:
    """The files with members of one document changed."""
    return files | {name: json.dumps(json.loads(files[name]) | members).encode()}
