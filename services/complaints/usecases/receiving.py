"""A file as it arrives: sealed piece by piece, looked at, refused as early as it can be, its travelling copy made."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from carriage.sealed_files import SealedWriter, from_head, reader
from chassis.errors import Invalid
from chassis.keys import Keyring
from services.complaints.domain.attachments import MEGABYTE, Kind, Limits, Upload
from services.complaints.evidence import HEAD, Bounds, media_type_of, travelling_copy


@dataclass(frozen=True, slots=True)
class Received:
    """A file that has arrived whole: sealed in two copies on this machine, and what it is."""

    upload: Upload
    size: int
    copy_size: int
    sha256: str
    kind: Kind
    media_type: str
    file: str
    folder: Path


def receive(
    keys: Keyring,
    upload: Upload,
    key: bytes,
    limits: Limits,
    kinds: Mapping[str, Kind],
    pieces: Iterator[bytes],
    folder: Path,
) -> Received:
    """Seals the file as it comes, refuses what it must as early as it can, and makes the travelling copy of it."""
    digest, size = hashlib.sha256(), 0
    media_type = ""
    with (folder / "original").open("wb") as file:
        original = SealedWriter(file, key)
        for piece in from_head(pieces, HEAD):
            if not size:
                media_type = _allowed(piece, kinds)
            size += len(piece)
            if size > limits.largest:
                raise limits.too_large()
            digest.update(piece)
            original.write(piece)
        original.close()
    if not size:
        raise Invalid("FILE_EMPTY", "content")
    bounds = Bounds(limits.million_pixels * 1_000_000, limits.longest_edge, limits.unpacked_megabytes * MEGABYTE)
    with (folder / "copy").open("wb") as file, reader(folder / "original", key) as source:
        copy = SealedWriter(file, key)
        media_type = travelling_copy(source, copy, media_type, bounds)
        copy.close()
    sha256 = digest.hexdigest()
    named = keys.mac("complaints.files", upload.complaint_id, sha256).hex()
    kind = kinds.get(media_type) or Kind.PICTURE
    return Received(upload, size, copy.size, sha256, kind, media_type, named, folder)


def _allowed(head: bytes, kinds: Mapping[str, Kind]) -> str:
    """The media type told by the first bytes. Refused with FILE_TYPE_REFUSED unless it is on the list."""
    found = media_type_of(head)
    if found not in kinds:
        raise Invalid("FILE_TYPE_REFUSED", "content")
    return found
