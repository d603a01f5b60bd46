"""Evidence named by its hash: the file stays with whoever recorded it, the record keeps what would betray any change."""

from __future__ import annotations

import hashlib
from typing import Any

from starlette.datastructures import FormData, UploadFile

from gateway.pages.frame.forms import Field, Form, typed
from gateway.pages.frame.visit import Visit
from gateway.refusals import Refused

PIECE = 1024 * 1024
LARGEST = 100 * PIECE


async def filled(visit: Visit, form: Form) -> dict[str, Any]:
    """What was typed into a form, and the hashes of the files that were put into it."""
    values = typed(form, visit.form)
    for one in form.fields:
        if one.kind == "evidence":
            values[one.name] = await _evidence(visit.form, one)
    return values


async def _evidence(sent: FormData, one: Field) -> Any:
    """The files of a field, hashed piece by piece as they were received: as evidence, or where the field holds no more, as
    their hashes. When they were taken nobody says here."""
    files = [file for file in sent.getlist(one.name) if isinstance(file, UploadFile) and file.filename]
    hashes = [await _hash(file) for file in files]
    if one.pattern:
        return hashes if one.repeated else next(iter(hashes), "")
    return [
        {"sha256": sha256, "kind": _kind(file.content_type or ""), "caption": (file.filename or "")[:200]}
        for file, sha256 in zip(files, hashes, strict=True)
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
