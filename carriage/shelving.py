"""Where a service's files are kept, as configured: a folder of this machine, or a bucket that speaks S3."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

from carriage.shelves import Folder, NotOnShelf, Shelf, ShelfAway
from chassis.clock import Clock
from chassis.config import Config
from chassis.errors import Unavailable

_BUCKET = "s3+"


def shelf_of(config: Config, clock: Clock) -> Shelf:
    """OUTSIDE_FILES says where: empty for a folder in the data folder, a path, or `s3+https://host/bucket?region=...` with
    OUTSIDE_FILES_KEY as `access key:secret key`."""
    told = config.outside.get("files", "")
    if not told.startswith(_BUCKET):
        return Folder(Path(told) if told else config.data_dir / "files")
    from carriage.s3 import S3, Bucket

    address = urlsplit(told.removeprefix(_BUCKET))
    access_key, _, secret_key = config.outside.get("files_key", "").partition(":")
    region = parse_qs(address.query).get("region", ["us-east-1"])[0]
    return S3(Bucket(f"{address.scheme}://{address.netloc}{address.path}", region, access_key, secret_key), clock)


@contextmanager
def answering() -> Iterator[None]:
    """Turns a shelf that is away, or lacks a file, into Unavailable with FILE_UNREADABLE."""
    try:
        yield
    except (ShelfAway, NotOnShelf) as fault:
        raise Unavailable("FILE_UNREADABLE") from fault
