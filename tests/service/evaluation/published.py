"""The published box as a file, for tests that recount it or lie in it."""

from __future__ import annotations

import io
import json
import zipfile
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from services.evaluation.log import Signer, TreeHead
from services.evaluation.wire import published
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


def resealed(files: dict[str, bytes], signer: Signer) -> dict[str, bytes]:
    """The files with the seal of an office that lies: whoever holds the key can seal whatever it likes."""
    known = json.loads(files["seal.json"])
    last = TreeHead(known["campaign_id"], 0, b"", b"", datetime.now(UTC), suite=known["suite"])
    documents = [(name, text) for name, text in files.items() if name not in ("seal.json", "ballots.bin")]
    return files | dict([published.seal(documents, last, signer)])


def edited(files: dict[str, bytes], name: str, **members: Any) -> dict[str, bytes]:
    """The files with members of one document changed."""
    return files | {name: json.dumps(json.loads(files[name]) | members).encode()}
