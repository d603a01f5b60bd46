"""Evidence named by its hash: the file stays with whoever recorded it, the record keeps what would betray any change."""

from __future__ import annotations

import hashlib
from typing import Any

from starlette.datastructures import FormData, UploadFile

from gateway.pages.frame.forms import Form, typed
from gateway.pages.frame.visit import Visit
from gateway.refusals import Refused

PIECE = 1024 * 1024
LARGEST = 100 * PIECE


async def filled(visit: Visit, form: Form) -> dict[str, Any]:
    """What was typed into a form, and the hashes of the files that were put into it."""
    values = typed(form, visit.form)
    for one in form.fields:
        if one.kind == "evidence":
            values[one.name] = await _evidence(visit.form, one.name)
    return values


async def _evidence(sent: FormData, name: str) -> list[dict[str, Any]]:
    """The files of a field, hashed piece by piece as they were received. When they were taken nobody says here."""
    return [
        {"sha256": await _hash(file), "kind": _kind(file.content_type or ""), "caption": file.filename[:200]}
        for file in sent.getlist(name)
        if isinstance(file, UploadFile) and file.filename
    ]


async def _hash(file: UploadFile) -> str:
    digest, size = hashlib.sha256(), 0
    while piece := await file.read(PIECE):
        digest.update(piece)
        size += len(piece)
        if size > LARGEST:
            raise Refused(413, "BODY_TOO_LARGE", "")
    return digest.hexdigest()


def _kind(media: str) -> str:
    return {"image": "photo", "video": "video", "audio": "audio"}.get(media.partition("/")[0], "document")
